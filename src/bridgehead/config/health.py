"""Two addresses for whatever watches the site: does it run, and can it do its work?"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from bridgehead.accounts.access import public


def pending_migrations() -> list[str]:
    """Migrations that the database has not had yet, such as ``people.0002_…``."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is in step with the program."""
    try:
        waiting = pending_migrations()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", "text/plain", status=503)
    if waiting:
        return HttpResponse("migrations are pending\n", "text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
