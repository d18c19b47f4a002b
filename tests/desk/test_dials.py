"""The dials: every mark of one dial lies on one scale, that of the schools it is ranked with."""

import pytest

from bridgehead.desk.queries import charts
from bridgehead.picture.model import SchoolPicture, Series
from bridgehead.picture.picture import Picture
from bridgehead.picture.words import headline_series
from tests.cast import Site

pytestmark = pytest.mark.django_db


def ranked(picture: Picture) -> list[tuple[SchoolPicture, Series]]:
    """Every headline of every school that has a place in England."""
    schools = [picture.school(urn) for urn in picture.schools["urn"]]
    return [
        (school, one)
        for school in schools
        for one in headline_series(school)
        if one.latest is not None and one.latest.percentile is not None
    ]


def test_a_dot_lies_where_its_own_figure_would_among_the_other_marks(site: Site) -> None:
    """England, similar schools and range are placed as a figure is; the dot is the percentile."""
    found = ranked(site.picture)
    assert {school.school.phase for school, _ in found} >= {"primary", "secondary"}
    for school, one in found:
        point = one.latest
        places = charts._Places(site.picture, school.school.urn, one, point)
        assert places.of(point.value) == pytest.approx(point.percentile, abs=0.01), one.key


def test_among_all_schools_whatever_their_phase_it_would_lie_elsewhere(site: Site) -> None:
    """The negative control: secondaries miss more sessions than primaries, so that a secondary's
    absence lies further right among secondaries than among all schools."""
    apart = 0.0
    for school, one in ranked(site.picture):
        if one.key == "absence.persistent" and school.school.phase == "secondary":
            everybody = site.picture.values(one.key, one.latest.year)
            worse = float((everybody > one.latest.value).mean() * 100)
            apart = max(apart, one.latest.percentile - worse)
    assert apart > 5


def test_a_school_that_is_not_ranked_has_an_empty_scale(site: Site) -> None:
    schools = site.picture.schools
    special = schools.filter(schools["phase"] == "special")["urn"][0]
    assert not len(site.picture.values_among("absence.persistent", 2024, special))
