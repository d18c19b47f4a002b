"""Small schools made by hand, so that each rule can be seen at work."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import UTC, date, datetime
from itertools import count
from uuid import uuid4

import polars as pl
import pytest
from django.utils.timezone import localdate

from bridgehead.measures.loader import series as definition
from bridgehead.monitoring import actions
from bridgehead.monitoring.models import Review, ReviewRound
from bridgehead.monitoring.rules import Outcome, Policy, Proposal, propose
from bridgehead.monitoring.rules.policy import DEFAULT, parse_policy
from bridgehead.picture.model import (
    Direction,
    Framework,
    Inspection,
    Point,
    School,
    SchoolPicture,
    Series,
    Travel,
)
from bridgehead.picture.picture import Picture
from bridgehead.schools.models import Organisation
from tests.cast import Site

TODAY = date(2026, 11, 22)
URN = 900_001


def make_school(**changes: object) -> School:
    facts: dict[str, object] = {
        "urn": URN,
        "urns": (URN,),
        "name": "Hazel Bank Primary School",
        "laestab": 9902001,
        "la": "990",
        "la_name": "Bridgeshire",
        "phase": "primary",
        "phase_detail": "Primary",
        "type_name": "Community school",
        "type_group": "maintained",
        "status": "open",
        "low_age": 4,
        "high_age": 11,
        "gender": "Mixed",
        "religious_character": "",
        "trust": "",
        "pupils": 210,
        "easting": None,
        "northing": None,
        "postcode": "",
        "town": "",
        "website": "",
    }
    return School(**(facts | changes))


def make_series(
    key: str,
    label: Direction,
    *,
    value: float | None = 52.0,
    to_year: int = 2025,
    probability: float = 0.84,
) -> Series:
    measure, group = definition(key)
    down = label in (Direction.DECLINING, Direction.PROBABLY_DECLINING)
    point = Point(
        year=to_year,
        value=value,
        raw="" if value is None else f"{value:.0f}",
        reason=None,
        cohort=30.0,
        england=61.0,
        percentile=None,
        similar_place=None,
        similar_median=None,
        level=None,
        low=None,
        high=None,
        release="abc123abc123",
        row=7,
        column="PTRWM_EXP",
        status="final",
    )
    p_up, p_down = (0.05, probability) if down else (probability, 0.05)
    return Series(
        key, measure, group.key, (point,), Travel(label, p_up, p_down, to_year - 3, to_year)
    )


def make_picture(
    *inspections: Inspection,
    directions: dict[str, Direction] | None = None,
    **school: object,
) -> SchoolPicture:
    """A primary school. Without ``directions``, attainment and absence show no clear change."""
    if directions is None:
        directions = {
            "ks2.rwm_expected": Direction.NO_CLEAR_CHANGE,
            "absence.persistent": Direction.NO_CLEAR_CHANGE,
        }
    return SchoolPicture(
        school=make_school(**school),
        series={key: make_series(key, label) for key, label in directions.items()},
        headlines=(),
        similar=(),
        similar_note="",
        inspections=tuple(sorted(inspections, key=lambda i: i.date, reverse=True)),
        context={},
    )


def make_inspection(framework: Framework, on: date, **facts: object) -> Inspection:
    found: dict[str, object] = {
        "urn": URN,
        "framework": framework,
        "date": on,
        "published": None,
        "grades": {},
        "category": None,
        "safeguarding": None,
        "outcome": "",
        "this_urn": True,
        "release": "def456def456",
        "row": 12,
    }
    return Inspection(**(found | facts))


CARD_AREAS = (
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Leadership and governance",
)


@pytest.fixture(scope="session")
def today() -> date:
    return TODAY


@pytest.fixture(scope="session")
def policy() -> Policy:
    return parse_policy(DEFAULT.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def a_school() -> Callable[..., SchoolPicture]:
    return make_picture


@pytest.fixture(scope="session")
def a_series() -> Callable[..., Series]:
    return make_series


@pytest.fixture(scope="session")
def card() -> Callable[..., Inspection]:
    """A report card: every area at the expected standard but those named."""

    def make(on: date = date(2026, 3, 10), **facts: object) -> Inspection:
        grades = dict.fromkeys(CARD_AREAS, "Expected standard") | facts.pop("grades", {})
        facts.setdefault("safeguarding", "Met")
        return make_inspection(Framework.REPORT_CARD, on, grades=grades, **facts)

    return make


@pytest.fixture(scope="session")
def judgements() -> Callable[..., Inspection]:
    """An inspection of 2024/25: four key judgements, Good but those named, and no overall grade."""

    def make(on: date = date(2025, 2, 4), **facts: object) -> Inspection:
        areas = (
            "Quality of education",
            "Behaviour and attitudes",
            "Personal development",
            "Effectiveness of leadership and management",
        )
        grades = dict.fromkeys(areas, "Good") | facts.pop("grades", {})
        facts.setdefault("safeguarding", "Yes")
        return make_inspection(Framework.KEY_JUDGEMENTS, on, grades=grades, **facts)

    return make


@pytest.fixture(scope="session")
def overall() -> Callable[..., Inspection]:
    """An inspection with an overall grade."""

    def make(grade: str, on: date = date(2023, 5, 9), **facts: object) -> Inspection:
        grades = {"Overall effectiveness": grade}
        return make_inspection(Framework.OVERALL, on, grades=grades, **facts)

    return make


@pytest.fixture(scope="session")
def visit() -> Callable[..., Inspection]:
    """An ungraded visit with its outcome in words."""

    def make(outcome: str, on: date = date(2025, 6, 3), **facts: object) -> Inspection:
        return make_inspection(Framework.UNGRADED, on, outcome=outcome, **facts)

    return make


@pytest.fixture(scope="session")
def proposal(policy: Policy) -> Callable[[SchoolPicture], Proposal]:
    """What the default policy proposes for a school today."""
    return lambda picture: propose(picture, policy, TODAY)


class HandPicture:
    """As much of a picture as the support review reads, from schools made by hand."""

    made = count(1)

    def __init__(self, *pictures: SchoolPicture) -> None:
        self.held = {p.school.urn: p for p in pictures}
        self.digest = f"hand{next(self.made):08d}"
        self.built_at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
        self.synthetic = True

    @property
    def schools(self) -> pl.DataFrame:
        names = [f.name for f in fields(School) if f.name != "urns"]
        rows = [{n: getattr(p.school, n) for n in names} for p in self.held.values()]
        return pl.DataFrame(rows, infer_schema_length=None)

    def resolve(self, urn: int) -> int | None:
        return urn if urn in self.held else None

    def newest(self, urns: Iterable[int]) -> dict[int, int]:
        return {urn: at for urn in urns if (at := self.resolve(urn)) is not None}

    def newest_urns(self, urns: Iterable[int]) -> frozenset[int]:
        return frozenset(self.newest(urns).values())

    def school(self, urn: int) -> SchoolPicture:
        return self.held[urn]

    def series_keys(self) -> tuple[str, ...]:
        return tuple(sorted({key for p in self.held.values() for key in p.series}))

    def latest(self, key: str) -> pl.DataFrame:
        found = [p.series[key].latest for p in self.held.values() if key in p.series]
        return pl.DataFrame({"year": [p.year for p in found if p and p.value is not None]})


@pytest.fixture(scope="session")
def hand_picture() -> type[HandPicture]:
    return HandPicture


@pytest.fixture
def bridge(db: None, card: Callable[..., Inspection], monkeypatch: pytest.MonkeyPatch) -> Site:
    """A partnership of two schools: the first in need of priority support, the second of brokered.
    Its picture is made by hand, and is the current one."""
    site = Site.small()
    first, second = site.school, site.other_school
    site.picture = HandPicture(
        make_picture(card(safeguarding="Not met", urn=first.urn), urn=first.urn, urns=(first.urn,)),
        make_picture(
            card(grades={"Inclusion": "Needs attention"}, urn=second.urn),
            urn=second.urn,
            urns=(second.urn,),
        ),
    )
    monkeypatch.setattr(Picture, "open", lambda *_: site.picture)
    return site


@pytest.fixture
def opened(bridge: Site) -> ReviewRound:
    """A round opened by the officer: nothing told, nothing sent."""
    return actions.open_round(
        partnership=bridge.partnership,
        name="Spring term 2027",
        picture=bridge.picture,
        token=uuid4(),
        by=bridge.reader("officer"),
    )


@pytest.fixture
def review_of(bridge: Site, opened: ReviewRound) -> Callable[[Organisation], Review]:
    """The review of a school in the opened round, read anew."""
    return lambda school: Review.objects.get(round=opened, organisation=school)


@pytest.fixture
def sent(
    bridge: Site, opened: ReviewRound, review_of: Callable[[Organisation], Review]
) -> Callable[[Organisation], Review]:
    """Send a review to its school today, telling head and chair first; gives it back."""

    def send(school: Organisation) -> Review:
        by = bridge.reader("officer")
        review = review_of(school)
        if review.outcome == Outcome.PRIORITY:
            actions.tell(review=review, on=localdate(), how="a meeting", by=by)
        actions.send(reviews=[review], by=by)
        return review_of(school)

    return send
