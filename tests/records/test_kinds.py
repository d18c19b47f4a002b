"""The table of kinds: every table of the database is in one, every key to a person is declared, and
what is wrong is refused by name."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, ForeignKey, Model, TextField
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.accounts.audit.sightings import LEAST_KEPT
from bridgehead.accounts.models import User
from bridgehead.core.errors import Refused
from bridgehead.records.queries.tables import field_at, lookup
from bridgehead.records.reference import markdown
from bridgehead.records.rules import Kind, Period, Rows, kind_of, kinds, read_kinds

PAGE = Path(__file__).parents[2] / "docs/reference/records.md"
TEXT = (files("bridgehead.records") / "kinds.yaml").read_text(encoding="utf-8")

#: Tables of Django itself, in which no record of ours is kept, and why.
EMPTY = {
    "auth.Group": "roles are in people/roles.yaml",
    "auth.Permission": "likewise",
    "contenttypes.ContentType": "names of tables",
    "sessions.Session": "sessions are in accounts.Session",
}

TABLES = [(kind, rows) for kind in kinds().values() for rows in kind.rows]


def models() -> list[type[Model]]:
    return [m for m in apps.get_models() if m._meta.managed and m._meta.label not in EMPTY]


def our_models() -> list[type[Model]]:
    return [m for m in models() if m.__module__.startswith("bridgehead.")]


@pytest.mark.parametrize("model", models(), ids=lambda m: m._meta.label)
def test_every_table_is_in_a_kind(model: type[Model]) -> None:
    assert kind_of(model._meta.label), (
        f"{model._meta.label} is in no kind of record: nobody has said why it is kept, for how "
        "long and whose it is. Put it under `rows` of the kind that it belongs to in "
        "records/kinds.yaml, or begin a new kind there; rows that point at others come before them."
    )


def test_no_kind_names_a_table_that_is_not_there() -> None:
    there = {m._meta.label for m in models()}
    assert {rows.model for _, rows in TABLES} == there


def declared(rows: Rows) -> set[str]:
    """The fields of a table itself through which it names people."""
    return {path.split(".")[0] for path in rows.person}


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_every_key_to_a_person_is_declared(model: type[Model]) -> None:
    rows = next(rows for _, rows in TABLES if rows.model == model._meta.label)
    keys = {f.name for f in model._meta.concrete_fields if isinstance(f, ForeignKey)}
    to_people = {name for name in keys if model._meta.get_field(name).related_model is User}
    assert to_people <= declared(rows), (
        f"{model._meta.label} names people in {sorted(to_people - declared(rows))}: put that under "
        "`person` in records/kinds.yaml, or a person's file will be without it."
    )


#: Long texts in which nobody is named, and why.
NAMELESS = {
    "accounts.AuditView.urns": "URNs",
    "accounts.Passkey.public_key": "a key",
    "accounts.Session.session_data": "signed by the site, and never handed out",
    "monitoring.Reply.in_confidence": "read by those whom it names alone, in no file or request",
    "schools.KeptSet.note": "written by the program",
}


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_every_long_text_is_declared(model: type[Model]) -> None:
    rows = next(rows for _, rows in TABLES if rows.model == model._meta.label)
    long = {f.name for f in model._meta.concrete_fields if isinstance(f, TextField)}
    other = {name for name in long - set(rows.text) if f"{rows.model}.{name}" not in NAMELESS}
    assert not other, (
        f"{rows.model}: may people be named in {sorted(other)}? Put it under `text` in "
        "records/kinds.yaml, or under NAMELESS here with the reason."
    )


@pytest.mark.parametrize(("kind", "rows"), TABLES, ids=lambda each: getattr(each, "model", ""))
def test_every_path_leads_to_a_field(kind: Kind, rows: Rows) -> None:
    model = apps.get_model(rows.model)
    paths = {rows.date, rows.made, rows.urn, *rows.person, *rows.address, *rows.word, *rows.text}
    for path in paths - {"", "self", "role_free_since"}:
        assert field_at(model, path) is not None, f"{rows.model}.{path} leads nowhere"
        assert model._base_manager.filter(**{f"{lookup(path)}__isnull": False}) is not None
    names = {f.name for f in model._meta.concrete_fields}
    assert rows.secret | rows.impersonal <= names


SECRET = ("password", "secret", "digest", "nonce", "token", "session_key", "session_data", "stamp")


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_no_secret_is_handed_out(model: type[Model]) -> None:
    rows = next(rows for _, rows in TABLES if rows.model == model._meta.label)
    fields: list[Field] = list(model._meta.concrete_fields)
    secret = {f.name for f in fields if any(word in f.name for word in SECRET)}
    assert secret <= rows.secret, f"{rows.model}: put {secret - rows.secret} under `secret`"


def test_sightings_are_kept_as_long_as_verifying_asks() -> None:
    period = kinds()["sightings"].period
    assert period is not None
    today = date(2027, 3, 1)
    assert today - period.before(today) >= LEAST_KEPT


def test_the_reference_page_is_in_step() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), (
        "Make it again: python -m bridgehead.records.reference > docs/reference/records.md"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: Sessions", "nam: Sessions", "kinds.sign_in_sessions.name"),
        ('["6(1)(e)"]', '["6(1)(z)"]', r"6\(1\)\(z\)"),
        ("keep: {for: 1 day}", "keep: {for: soon}", "this is not a period"),
        ("keep: {for: 1 day}", "keep: {for: 1 day, while: it lasts}", "how long is not said"),
        ("keep: {for: 1 day}", "keep: {while: it lasts}", "does not fit the period"),
        ("date: expire_date", "made: expire_date", "accounts.Session.*no date to count from"),
        ("exemptions: [s.31, s.40]", "exemptions: [s.99]", "s.99"),
        ("stance: withhold", "stance: hide", "hide"),
        ("accounts.WrongCode:", "accounts.Session:", "is in sign_in_sessions too"),
        ("outside: the folder `releases` of the home folder", "", "in the database or outside it"),
    ],
)
def test_what_is_wrong_is_refused_by_name(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(Refused, match=f"kinds.yaml.*{said}"):
        read_kinds(TEXT.replace(old, new, 1))


def test_a_period_ends_on_a_day_that_there_is() -> None:
    assert Period(6, "year").before(date(2028, 2, 29)) == date(2022, 2, 28)
    assert Period(1, "month").before(date(2027, 3, 31)) == date(2027, 2, 28)
    assert Period(90, "day").before(date(2027, 3, 31)) == date(2026, 12, 31)


@given(
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.integers(1, 300),
    st.sampled_from(["day", "month", "year"]),
)
def test_a_longer_period_never_ends_later(today: date, count: int, unit: str) -> None:
    if unit == "year":
        count = count % 40 + 1
    assert Period(count + 1, unit).before(today) <= Period(count, unit).before(today) < today
