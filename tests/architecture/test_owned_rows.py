"""Whatever belongs to a partnership carries its key, from the first migration."""

import pytest
from django.apps import apps
from django.db.models import Model

#: Tables that are shared by every partnership of an installation, and why.
SHARED = {
    "accounts.User": "a person may work with several partnerships",
    "accounts.Pseudonym": "a person has one in every ledger, so that erasure is whole",
    "accounts.Authenticator": "of a person, who shows it wherever they work",
    "accounts.RecoveryCode": "of a person, likewise",
    "accounts.AccountElsewhere": "of a person, likewise",
    "accounts.Passkey": "of a person, likewise; it answers to one host name",
    "accounts.WrongCode": "of a person, likewise",
    "accounts.Session": "a browser's, before anybody knows whose",
    "schools.Partnership": "it is the key",
}


def ours() -> list[type[Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("bridgehead.")]


def carries_its_key(model: type[Model]) -> bool:
    """A column of its own: a row that points at this one from elsewhere is no key."""
    return bool({f.attname for f in model._meta.concrete_fields} & {"partnership_id"})


@pytest.mark.parametrize("model", ours(), ids=lambda m: m._meta.label)
def test_partnership_key(model: type[Model]) -> None:
    assert model._meta.label in SHARED or carries_its_key(model), (
        f"{model._meta.label} has no partnership key. Add a `partnership` foreign key in its first "
        "migration, or list it under SHARED with the reason why every partnership may see it."
    )


def test_tables_that_are_shared_have_no_key_and_would_be_caught() -> None:
    assert {m._meta.label for m in ours() if not carries_its_key(m)} == SHARED.keys()
