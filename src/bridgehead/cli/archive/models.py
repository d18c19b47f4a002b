"""The models of a database as its own migrations describe them, which may be older than the
program: a backup before an upgrade is taken from the tables of the day before."""

from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, Model

from bridgehead.core.errors import Refused

Node = tuple[str, str]


def applied(connection: Any) -> list[Node]:
    """The migrations that a database has had, as (app, name), in order. Raises ``Refused`` where
    the program does not know one of them."""
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations or {})
    if ahead := sorted(set(loader.applied_migrations) - known):
        raise Refused(
            f"the database is ahead of this program: it has had {'.'.join(ahead[0])}.",
            "Install the program that made it, or a newer one.",
        )
    return sorted(loader.applied_migrations)


def at(connection: Any, nodes: list[Node]) -> list[type[Model]]:
    """Every model with a table of its own once these migrations have run, join tables included, by
    label. Their classes know fields and constraints only: nothing that the program does on saving.
    """
    loader = MigrationLoader(connection)
    state = loader.project_state([node for node in nodes if node in loader.graph.nodes])
    found = [
        model
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    for model in found:
        for field in fields(model):  # what was written then is kept, not the time of the restore
            for auto in ("auto_now", "auto_now_add"):
                if hasattr(field, auto):
                    setattr(field, auto, False)
    return sorted(found, key=lambda model: model._meta.label_lower)


def fields(model: type[Model]) -> "list[Field[Any, Any]]":
    """The fields that are columns of the model's own table and that hold what was given to them."""
    own = model._meta.local_concrete_fields
    return [field for field in own if not getattr(field, "generated", False)]


def last_of_each_app(connection: Any, nodes: list[Node]) -> list[Node]:
    """What to migrate an empty database to, so that it has had exactly these migrations."""
    graph, asked = MigrationLoader(connection).graph, set(nodes)

    def followed(node: Node) -> bool:
        children = (child.key for child in graph.node_map[node].children)
        return any(child in asked and child[0] == node[0] for child in children)

    return [node for node in nodes if node in graph.nodes and not followed(node)]
