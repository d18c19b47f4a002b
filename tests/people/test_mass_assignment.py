"""What a form does not ask for is not taken from what is sent, whatever its name."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.utils.timezone import localdate

from bridgehead.accounts.models import Pseudonym, Session
from bridgehead.people.actions import ask_for_buddy, invite
from bridgehead.people.models import Appointment
from bridgehead.people.queries import invitation_address
from bridgehead.schools.actions import join_groups
from bridgehead.schools.rules import GroupKind, MemberKind
from tests.cast import LONG_AGO, Site, group, member

pytestmark = pytest.mark.django_db

PASSWORDS = {"new_password1": "seventeen-quiet-otters", "new_password2": "seventeen-quiet-otters"}
WHO = {"name": "Noor Aziz", "email": "noor@example.org"}


def day(name: str) -> dict[str, str]:
    return {f"{name}_day": "1", f"{name}_month": "9", f"{name}_year": "2026"}


def invitation(site: Site) -> Any:
    return invite(
        **WHO,
        role="clerk",
        organisation=site.school,
        partnership=site.partnership,
        by=site.reader("head"),
    )


def asked(site: Site) -> Any:
    held = Appointment.objects.filter(person=site.cast.other_head)
    held.update(starts=localdate() - timedelta(days=1))
    return ask_for_buddy(by=site.reader("other_head"))


def cluster(site: Site) -> Any:
    return group(site, GroupKind.CLUSTER, "Harbour cluster")


def part(site: Site) -> Any:
    both = group(site, GroupKind.JOINT, "Both banks")
    return join_groups(
        whole=both, part=cluster(site), joined=LONG_AGO, by=site.reader("administrator")
    )


def charity(site: Site) -> Any:
    return member(site.partnership, MemberKind.CHARITY, "Read Together").memberships.get()


def appointed(site: Site, who: str) -> int:
    return Appointment.objects.get(person=getattr(site.cast, who)).pk


Asked = Callable[[Site], tuple[str, dict[str, Any]]]
#: Form → who sends it, and from the site its address and what it asks for.
FORMS: dict[str, tuple[str, Asked]] = {
    "add a member": (
        "administrator",
        lambda s: ("/members/add/", {"kind": "charity", "name": "Mill", **day("joined")}),
    ),
    "add a sheet": (
        "administrator",
        lambda s: ("/members/sheet/", {"text": "kind,name\ntrust,Mill\n", "step": "confirm"}),
    ),
    "a member leaves": ("administrator", lambda s: (f"/members/{charity(s).pk}/leave/", {})),
    "add a group": ("administrator", lambda s: ("/groups/add/", {"kind": "family", "name": "F"})),
    "join a group": (
        "administrator",
        lambda s: (
            f"/groups/{cluster(s).pk}/join/",
            {"who": s.other_school.pk, **day("joined")},
        ),
    ),
    "leave a group": (
        "administrator",
        lambda s: (f"/groups/members/{cluster(s).members.get().pk}/leave/", day("on")),
    ),
    "a group leaves": (
        "administrator",
        lambda s: (f"/groups/parts/{part(s).pk}/leave/", day("on")),
    ),
    "appoint": (
        "administrator",
        lambda s: (
            "/people/appoint/",
            {**WHO, "email": s.cast.governor.email, "role": "clerk", "school": s.school.pk},
        ),
    ),
    "invite": (
        "administrator",
        lambda s: ("/people/invite/", {**WHO, "role": "governor", "school": s.school.pk}),
    ),
    "invite to the own school": (
        "head",
        lambda s: (f"/people/of/{s.school.urn}/invite/", {**WHO, "role": "governor"}),
    ),
    "withdraw": ("head", lambda s: (f"/people/invited/{invitation(s).pk}/withdraw/", {})),
    "accept": ("", lambda s: (invitation_address(invitation(s)), PASSWORDS)),
    "end": ("head", lambda s: (f"/people/{appointed(s, 'governor')}/end/", {})),
    "ask for a buddy": ("other_head", lambda s: (asked(s) and "/buddy/", {})),
    "name a buddy": (
        "broker",
        lambda s: (f"/buddies/{asked(s).pk}/", {"buddy": appointed(s, "head")}),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_taken_that_was_not_asked_for(form: str, small_site: Site) -> None:
    who, prepare = FORMS[form]
    address, given = prepare(small_site)
    before = everything()
    plain = after_sending(small_site, who, address, given)
    assert plain != before or form == "ask for a buddy"  # it was asked for already
    extra = {name: value for name, value in further(small_site).items() if name not in given}
    # Fields that the form itself offers, and that were left empty, are asked for.
    offered = {"urn", "town", "postcode", "group", "member", "file", "step", "joined", "left"}
    hostile = {name: value for name, value in extra.items() if name not in offered}
    assert after_sending(small_site, who, address, given | hostile) == plain


def after_sending(site: Site, who: str, address: str, given: dict[str, Any]) -> Any:
    """Every row of every table once a form has been sent; the sending itself is undone."""
    client = Client()
    if who:
        person = getattr(site.cast, who)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    with transaction.atomic():
        answer = client.post(address, given)
        assert answer.status_code == 302, answer.content.decode()
        rows = everything()
        transaction.set_rollback(True)
    return rows


def further(site: Site) -> dict[str, Any]:
    """Every column of every table of ours with a value that somebody hostile would like."""
    found: dict[str, Any] = {}
    for model in ours():
        for field in model._meta.concrete_fields:
            hostile: Any = "7"
            if isinstance(field, models.BooleanField):
                hostile = "on"
            elif isinstance(field, models.DateField):
                hostile = "2001-01-01"
            elif field.name == "partnership":
                hostile = site.elsewhere.pk
            elif field.name in {"person", "invited_by", "named_by"}:
                hostile = site.cast.outsider.pk
            elif field.name == "role":
                hostile = "administrator"
            found |= {field.name: hostile, field.attname: hostile}
    return found


def ours() -> list[type[models.Model]]:
    return [
        model
        for label in ("schools", "people", "accounts")
        for model in apps.get_app_config(label).get_models()
        # Signing in for the test makes a session, and a line of the audit a random word.
        if not model.__name__.startswith("Audit") and model not in {Session, Pseudonym}
    ]


def everything() -> dict[str, list[list[str]]]:
    """The rows of our tables in words; moments only as there or not, random words not at all."""
    return {
        model._meta.label: sorted(
            [_word(row, field) for field in model._meta.concrete_fields]
            for row in model._default_manager.all()
        )
        for model in ours()
    }


def _word(row: models.Model, field: Any) -> str:
    value = getattr(row, field.name)
    if field.primary_key or field.name in {"nonce", "password", "session_stamp"}:
        return ""
    return str(value is not None) if isinstance(value, datetime) else str(value)
