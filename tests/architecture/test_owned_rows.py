"""Whatever belongs to a partnership carries its key, from the first migration."""

import pytest
from django.apps import apps

#: Tables that are shared by every partnership of an installation, and why.
SHARED = {
    "accounts.User": "a person may work with several partnerships",
    "schools.Partnership": "it is the key",
    "schools.Organisation": "the register of schools is open data",
}


@pytest.mark.parametrize(
    "model",
    [m for m in apps.get_models() if m.__module__.startswith("bridgehead.")],
    ids=lambda m: m._meta.label,
)
def test_partnership_key(model: type) -> None:
    names = {field.name for field in model._meta.get_fields()}
    assert model._meta.label in SHARED or names & {"partnership", "partnership_id"}, (
        f"{model._meta.label} has no partnership key. Add a `partnership` foreign key in its first "
        "migration, or list it under SHARED with the reason why every partnership may see it."
    )
