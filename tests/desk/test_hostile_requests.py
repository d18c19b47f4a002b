"""What an attacker finds on the pages about schools, their kept sets and their downloads: nothing
of another partnership, no page that fails, no row that was not asked for, no live mark-up."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from bridgehead.desk.queries import area
from bridgehead.desk.views import area as area_page
from bridgehead.picture.picture import Picture
from bridgehead.schools.actions import create_group, keep_similar
from bridgehead.schools.models import KeptSet, Organisation
from bridgehead.schools.rules import GroupKind
from tests.cast import Site, person
from tests.desk.conftest import keep_only
from tests.desk.test_pages import MOST_QUERIES, TOKEN

pytestmark = pytest.mark.django_db

Open = Callable[[str], Client]

#: Below ``/schools/<urn>/``; ``{kept}`` is a set that is kept of Helen Okafor's school.
PARTS = (
    "",
    "standards/",
    "inspections/",
    "inspections/inspections.csv",
    "similar/",
    "similar/keep/",
    "similar/kept/{kept}/",
    "sources/",
    "series/ks2.rwm_expected/",
    "series/ks2.rwm_expected/figures.csv",
)
#: ``stranger`` is signed in and has no role; ``lost`` is the other partnership's broker, who has
#: come to this partnership's address.
READERS = (
    "nobody",
    "stranger",
    "head",
    "other_head",
    "governor",
    "officer",
    "broker",
    "board_member",
    "administrator",
    "outsider",
    "lost",
)
NUMBERS = (
    "0",
    "-1",
    "2147483648",
    "9223372036854775808",
    "1" + "0" * 30,
    "9" * 4000,
    "9" * 5000,
    "２０１９",
    "%00",
)
KEYS = (
    "%2e%2e",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "ks2.rwm_expected%00",
    "a" * 10_000,
    "__class__",
    "ks2.rwm_expected.",
    "%0d%0aSet-Cookie:x=1",
    "%3Cscript%3E",
    "{{7*7}}",
    "%E2%80%AE",
)
YEARS = ("0", "99999", "20１９-20", "%00", "9" * 5000)


@pytest.fixture
def kept(site: Site) -> KeptSet:
    """A set that is kept of Helen Okafor's school."""
    return keep(site)


def keep(site: Site, purpose: str = "Maths plan") -> KeptSet:
    return keep_similar(
        partnership=site.partnership,
        organisation=site.school,
        picture=site.picture,
        purpose=purpose,
        token=uuid4(),
        by=site.reader("officer"),
    )


@pytest.fixture
def reader(site: Site) -> Open:
    """Sign in as one of ``READERS``. An error of the site is an answer of 500, as for anybody."""
    stranger = person("Ann Stranger")

    def sign_in(who: str) -> Client:
        host = "elsewhere.localhost" if who == "outsider" else "localhost"
        client = Client(headers={"host": host}, raise_request_exception=False)
        if who == "stranger":
            client.force_login(stranger)
        elif who != "nobody":
            client.force_login(getattr(site.cast, "outsider" if who == "lost" else who))
        return client

    return sign_in


def sent() -> dict[str, str]:
    """What the page of a set to keep sends."""
    return {"purpose": "Maths plan", "token": str(uuid4())}


def odd_addresses(site: Site, kept: KeptSet) -> Iterator[str]:
    own = f"/schools/{site.school.urn}/"
    for number in NUMBERS:
        yield from (f"/schools/{number}/{part.format(kept=kept.pk)}" for part in PARTS)
        yield from (f"{own}similar/kept/{number}/", f"/supporters/{number}/")
        yield from (f"/schools/?page={number}", f"/supporters/{site.school.urn}/?within={number}")
    for key in KEYS:
        yield from (f"{own}series/{key}/", f"{own}series/{key}/figures.csv")
        yield from (f"/measures/{key}/", f"/data/{key}/")
        yield from (f"/schools/?figure={key}&sort={key}", f"/schools/schools.csv?trust={key}")
    yield from (f"{own}sources/?year={year}" for year in YEARS)


@pytest.mark.parametrize("who", ["broker", "lost"])
def test_nothing_odd_in_an_address_makes_a_page_fail(site: Site, kept, reader: Open, who) -> None:
    client = reader(who)
    addresses = list(odd_addresses(site, kept))
    answers = [(address, client.get(address)) for address in addresses]
    assert len(answers) > 150
    assert not [(a[:80], r.status_code) for a, r in answers if r.status_code >= 500]
    assert not [a[:80] for a, r in answers if "no-store" not in r.headers["Cache-Control"]]
    away = [r["Location"] for _, r in answers if "Location" in r.headers]
    assert all(re.match(r"/(?!/)", where) and "\n" not in where for where in away)
    assert KeptSet.objects.get() == kept


@pytest.mark.parametrize("who", READERS)
def test_what_is_anothers_is_the_same_as_what_is_not_there(
    site: Site, kept: KeptSet, reader: Open, who: str
) -> None:
    client = reader(who)
    outside = next(urn for urn in site.picture.schools["urn"] if urn not in site.urns)
    foreign = site.school.urn if who in {"outsider", "lost"} else outside
    for part in PARTS:
        tail = part.format(kept=kept.pk)
        theirs, none = (f"/schools/{urn}/{tail}" for urn in (foreign, 123))
        if who == "lost":  # this partnership's schools are no secret, but nothing of them is shown
            assert client.get(theirs).status_code == 403
            continue
        assert told(client.get(theirs), foreign) == told(client.get(none), 123)
        assert told(client.post(theirs, sent()), foreign) == told(client.post(none, sent()), 123)
    assert KeptSet.objects.get() == kept


@pytest.mark.parametrize("who", READERS)
def test_a_kept_set_of_another_school_is_the_same_as_none(
    site: Site, kept: KeptSet, reader: Open, who: str
) -> None:
    client, none = reader(who), kept.pk + 1
    for urn in (site.school.urn, site.other_school.urn):
        theirs, missing = (
            client.get(f"/schools/{urn}/similar/kept/{number}/") for number in (kept.pk, none)
        )
        sees = urn == site.school.urn and who in {"head", "governor", "officer", "broker"}
        assert (theirs.status_code == 200) is sees
        if not sees:
            assert told(theirs, kept.pk) == told(missing, none)


def told(answer: HttpResponse, number: int) -> tuple[int, str, str]:
    """An answer without what differs for everybody: the token, and the number asked for where it
    stands in an address."""
    body = TOKEN.sub("", answer.content.decode())
    where = answer.headers.get("Location", "")
    return answer.status_code, body, where.replace(f"/{number}/", "/N/")


def test_nothing_but_the_purpose_is_taken_from_what_is_sent(site: Site, reader: Open) -> None:
    forged = {
        "id": 7,
        "pk": 7,
        "partnership": site.elsewhere.pk,
        "organisation": site.other_school.pk,
        "urn": site.other_school.urn,
        "name": "Evil School",
        "method": "dfe",
        "picture": "evil",
        "note": "evil",
        "context": "{}",
        "neighbours": "[]",
        "kept_on": "1999-01-01",
        "kept_by": site.cast.head.pk,
        "by": site.cast.head.pk,
    }
    reader("officer").post(f"/schools/{site.school.urn}/similar/keep/", sent() | forged)
    kept = KeptSet.objects.get()
    assert (kept.partnership, kept.organisation) == (site.partnership, site.school)
    assert (kept.urn, kept.name) == (site.school.urn, site.school.name)
    assert (kept.kept_by, kept.kept_on) == (site.cast.officer, localdate())
    assert (kept.method, kept.picture) == ("bridgehead", site.picture.digest)
    assert len(kept.neighbours) == len(site.picture.school(site.school.urn).similar)
    assert "evil" not in kept.note


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Say what the set is kept for"),
        ({"purpose": "\u200b\u2060"}, "Say what the set is kept for"),
        ({"purpose": "a" * 10_000}, "must be 200 characters or fewer"),
        ({"purpose": "a\0b"}, "Null characters are not allowed"),
        ({"purpose": "Plan", "token": ""}, "The page did not come back whole"),
        ({"purpose": "Plan", "token": '"><x-evil>'}, "The page did not come back whole"),
    ],
)
def test_what_cannot_be_kept_is_said_in_words(site: Site, reader: Open, typed, said) -> None:
    typed = ({"token": str(uuid4())} | typed) if typed else {}
    answer = reader("officer").post(f"/schools/{site.school.urn}/similar/keep/", typed)
    page = answer.content.decode()
    assert said in page
    assert "<title>Error: " in page
    assert "<x-evil" not in page
    assert not KeptSet.objects.exists()


def test_a_purpose_is_one_line_that_reads_in_one_direction(site: Site, reader: Open) -> None:
    typed = sent() | {"purpose": " Maths\r\nplan \u202e2027 "}
    reader("officer").post(f"/schools/{site.school.urn}/similar/keep/", typed)
    assert KeptSet.objects.get().purpose == "Maths plan 2027"


def test_a_page_of_another_site_keeps_nothing(site: Site) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(site.cast.officer)
    answer = strict.post(f"/schools/{site.school.urn}/similar/keep/", sent())
    assert answer.status_code == 403
    assert not KeptSet.objects.exists()


#: A name that would break out of text, of an attribute, of a drawing, of a template.
EVIL = """=A'"><x-evil onevil="1">{{ 7|add:7 }}{% now "Y" %}<c-csv href="x"/></title></desc>"""
#: What it is on every page, and nothing else.
INERT = "=A&#x27;&quot;&gt;&lt;x-evil onevil=&quot;1&quot;&gt;{{ 7|add:7 }}"


@pytest.fixture
def call_everything(site: Site, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give schools, trusts, groups and what inspectors wrote one and the same name."""

    def call(name: str) -> None:
        # The picture is the run's: these give it back as it was.
        columns = ("name", "trust", "town", "la_name", "type_name", "phase_detail")
        named = site.picture.schools.with_columns(*(pl.lit(name).alias(c) for c in columns))
        monkeypatch.setattr(site.picture, "schools", named)
        read = Picture._inspections_of

        def inspections_of(self: Picture, at: int) -> tuple[Any, ...]:
            words = {"category": name, "safeguarding": name, "outcome": name, "release": name}
            return tuple(replace(i, grades={name: name}, **words) for i in read(self, at))

        monkeypatch.setattr(Picture, "_inspections_of", inspections_of)
        _forget()
        Organisation.objects.update(name=name, trust=name, town=name)
        create_group(
            partnership=site.partnership,
            kind=GroupKind.CLUSTER,
            name=name,
            schools=[site.school],
            by=site.reader("administrator"),
        )

    yield call
    _forget()


def _forget() -> None:
    """What is kept of a picture, which here does change."""
    for kept in (area._inspections, area_page._map, area_page.figures):
        kept.cache_clear()


class Tags(HTMLParser):
    """Finds tags and attributes that nobody here wrote."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [word for word in (tag, *(name for name, _ in attrs)) if "evil" in word]


def test_the_finder_of_tags_finds_one() -> None:
    assert Tags(f"<p>{EVIL}</p>").found == ["x-evil", "onevil"]
    assert not Tags(f"<p>{INERT}</p>").found


def test_no_name_is_live_mark_up(site: Site, reader: Open, call_everything) -> None:
    call_everything(EVIL)
    kept, own = keep(site, EVIL), f"/schools/{site.school.urn}/"
    seen = next(urn for urn in site.urns if site.picture.school(urn).inspections)
    pages = [own + part.format(kept=kept.pk) for part in PARTS if not part.endswith(".csv")]
    pages += ["/area/", "/schools/", f"/schools/{seen}/inspections/", "/support-review/"]
    pages += [f"/supporters/{site.school.urn}/", "/schools/?q=%22%3E%3Cx-evil%20onevil=1%3E"]
    for who in ("broker", "head"):
        client = reader(who)
        for address in pages:
            answer = client.get(address)
            page = answer.content.decode()
            assert not Tags(page).found, (who, address)
            assert (INERT in page) is (answer.status_code == 200), (who, address)


@pytest.mark.parametrize("live", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "\u200b=1"])
def test_no_name_is_a_live_formula(site: Site, reader: Open, call_everything, live: str) -> None:
    call_everything(live)
    seen = next(urn for urn in site.urns if site.picture.school(urn).inspections)
    client = reader("broker")
    for address in (
        "/schools/schools.csv",
        f"/schools/{seen}/inspections/inspections.csv",
        "/support-review/support-review.csv",
    ):
        text = client.get(address).content.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert f"'{live}" in cells
        assert live not in cells


@pytest.mark.parametrize("who", ["broker", "head"])
def test_no_page_asks_more_of_the_database_where_there_is_more(
    site: Site, reader: Open, who: str
) -> None:
    client, kept = reader(who), keep(site)
    pages = [f"/schools/{site.school.urn}/{part.format(kept=kept.pk)}" for part in PARTS]
    pages += ["/how-we-work-out-direction/", "/measures/ks2.rwm_expected/"]
    many = [queries(client, page) for page in pages]
    keep_only(site, 12)
    assert [len(asked) for asked in many] == [len(queries(client, page)) for page in pages]
    for number in range(20):
        keep(site, f"Plan {number}")
    more = [queries(client, page) for page in pages]
    assert [len(asked) for asked in many] == [len(asked) for asked in more]
    assert max(len(asked) for asked in more) <= MOST_QUERIES
    listed = next(sql for sql in more[PARTS.index("similar/")] if "schools_keptset" in sql)
    assert "neighbours" not in listed


def queries(client: Client, page: str) -> list[str]:
    """What a page asks of the database."""
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    return [one["sql"] for one in asked]
