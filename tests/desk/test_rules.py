"""The stock of schools, groups large enough to be counted, and pooled figures."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.desk.queries.area import Directions, phases, report_cards
from bridgehead.desk.queries.area_charts import directions
from bridgehead.desk.rules import (
    LEAST_SCHOOLS,
    OTHERS,
    Counted,
    large_enough,
    pooled,
    says_one_thing_of_all,
    stock,
)
from bridgehead.measures.loader import measures
from bridgehead.picture.model import Framework, Inspection


def inspected(framework: Framework, day: date, **grades: str) -> Inspection:
    """An inspection as printed; areas are written with underscores."""
    return Inspection(
        urn=900001,
        framework=framework,
        date=day,
        published=None,
        grades={area.replace("_", " "): grade for area, grade in grades.items()},
        category=None,
        safeguarding=None,
        outcome="",
        this_urn=True,
        release="r1",
    )


GOOD_2019 = inspected(Framework.OVERALL, date(2019, 3, 1), Overall_effectiveness="Good")
RI_2022 = inspected(
    Framework.OVERALL, date(2022, 3, 1), Overall_effectiveness="Requires improvement"
)
UNGRADED_2024 = inspected(Framework.UNGRADED, date(2024, 5, 1))
JUDGEMENTS_2025 = inspected(Framework.KEY_JUDGEMENTS, date(2025, 2, 1), Quality_of_education="Good")
SECURE_CARD = inspected(
    Framework.REPORT_CARD,
    date(2026, 2, 1),
    Inclusion="Strong standard",
    Achievement="Expected standard",
)
MIXED_CARD = inspected(
    Framework.REPORT_CARD,
    date(2026, 3, 1),
    Inclusion="Exceptional",
    Achievement="Needs attention",
)


def test_stock_keeps_the_frameworks_apart():
    (day,) = stock(
        [[GOOD_2019], [RI_2022], [JUDGEMENTS_2025], [SECURE_CARD], [MIXED_CARD], []],
        [date(2026, 8, 31)],
    )
    assert (day.good_of_old, day.old) == (1, 2)
    assert day.judgements == 1
    assert (day.expected_of_cards, day.cards) == (1, 2)
    assert day.none == 1


def test_the_latest_judgement_on_the_day_counts_not_a_later_one():
    before, after = stock([[SECURE_CARD, GOOD_2019]], [date(2025, 8, 31), date(2026, 8, 31)])
    assert (before.good_of_old, before.cards) == (1, 0)
    assert (after.good_of_old, after.old, after.cards) == (0, 0, 1)


def test_an_ungraded_visit_leaves_the_grade_before_it_standing():
    (day,) = stock([[UNGRADED_2024, GOOD_2019]], [date(2024, 8, 31)])
    assert (day.good_of_old, day.old, day.none) == (1, 1, 0)


THEIRS_2018 = replace(
    inspected(Framework.OVERALL, date(2018, 5, 1), Overall_effectiveness="Outstanding"),
    urn=900777,
    this_urn=False,
)


def test_a_predecessors_grade_is_not_the_schools_own():
    (day,) = stock([[THEIRS_2018], [GOOD_2019], []], [date(2026, 8, 31)])
    assert (day.good_of_old, day.old, day.replaced, day.none) == (1, 1, 1, 1)
    assert day.grades == {"Good": 1}


def test_the_schools_own_grade_stands_whatever_its_predecessor_had():
    before, after = stock([[RI_2022, THEIRS_2018]], [date(2020, 8, 31), date(2026, 8, 31)])
    assert (before.good_of_old, before.old, before.replaced) == (0, 0, 1)
    assert (after.good_of_old, after.old, after.replaced) == (0, 1, 0)
    (odd,) = stock([[replace(THEIRS_2018, date=date(2024, 5, 1)), RI_2022]], [date(2026, 8, 31)])
    assert (odd.good_of_old, odd.old, odd.replaced) == (0, 1, 0)


def test_a_predecessors_report_card_is_in_no_count_of_cards():
    theirs = replace(MIXED_CARD, urn=900777, this_urn=False)
    areas, carded = report_cards([(theirs,), (SECURE_CARD,)], date(2026, 8, 31))
    assert carded == 1
    assert {area.name: area.total for area in areas} == {"Inclusion": 1, "Achievement": 1}


@given(
    st.lists(
        st.lists(
            st.builds(
                lambda one, own, year: replace(one, this_urn=own, date=date(year, 3, 1)),
                st.sampled_from([GOOD_2019, RI_2022, UNGRADED_2024, JUDGEMENTS_2025, MIXED_CARD]),
                st.booleans(),
                st.integers(2016, 2026),
            ),
            max_size=4,
        ),
        max_size=6,
    )
)
def test_every_school_is_counted_once(schools):
    for day in stock(schools, [date(2019, 8, 31), date(2026, 8, 31)]):
        assert day.old + day.judgements + day.cards + day.replaced + day.none == len(schools)


def test_small_groups_are_joined_so_that_none_can_be_worked_out():
    groups = [Counted("Primary", {"improving": 30}), Counted("Special", {"declining": 4})]
    assert large_enough(groups) == (Counted(OTHERS, {"declining": 4, "improving": 30}),)


def test_the_name_of_a_group_stands_within_a_label_as_a_word():
    few = large_enough(
        [Counted("primary", {"improving": 30}), Counted("special", {"improving": 9})]
    )
    chart = directions([Directions(measures()["ks2.rwm_expected"], few)])
    assert [row.label for row in chart.rows] == ["Reading, writing and maths, other schools"]


def test_nothing_is_counted_where_all_schools_together_are_too_few():
    assert large_enough([Counted("Primary", {"improving": 9})]) == ()


def test_a_count_that_names_every_school_is_noticed():
    assert says_one_thing_of_all(Counted("Secondary", {"declining": 12, "improving": 0}))
    assert not says_one_thing_of_all(Counted("Secondary", {"declining": 11, "improving": 1}))


@given(
    st.lists(
        st.builds(
            Counted,
            st.sampled_from(["Primary", "Secondary", "Special", "Nursery", "16-18"]),
            st.dictionaries(st.sampled_from(["up", "down", "flat"]), st.integers(0, 20)),
        ),
        unique_by=lambda group: group.name,
    )
)
def test_every_group_shown_is_large_and_nobody_is_lost(groups):
    shown = large_enough(groups)
    everyone = sum(group.total for group in groups)
    assert all(group.total >= LEAST_SCHOOLS for group in shown)
    assert sum(group.total for group in shown) == (everyone if everyone >= LEAST_SCHOOLS else 0)


def test_a_hidden_figure_is_never_a_zero():
    result = pooled([(60.0, 30.0), (None, 3.0), (80.0, 10.0), (50.0, None)])
    assert result.value == pytest.approx(65.0)
    assert (result.schools, result.hidden, result.pupils) == (2, 2, 40.0)


def test_nothing_published_has_no_mean():
    assert pooled([(None, 3.0)]).value is None


def test_phases_are_told_apart_from_their_counts():
    held = pl.DataFrame({"phase": ["primary"] * 3 + ["16-18"] * 2 + [""]})
    assert phases(held) == "primary: 3 · 16 to 18: 2 · no phase stated: 1"
