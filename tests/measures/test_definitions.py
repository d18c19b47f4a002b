"""What must be true of the definitions that are shipped, whoever edits them."""

from collections import Counter

import pytest

from bridgehead.measures.loader import DEFINITIONS, load
from bridgehead.measures.model import High, Law, Measure

OURS = load(DEFINITIONS)
NAMED = {
    "ks2.rwm_expected",
    "ks2.rwm_higher",
    "ks2.reading_average",
    "ks2.maths_average",
    "ks2.reading_progress",
    "ks2.writing_progress",
    "ks2.maths_progress",
    "ks4.attainment8",
    "ks4.progress8",
    "ks4.basics_94",
    "ks4.basics_95",
    "ks5.alevel_points",
    "ks5.academic_points",
    "absence.overall",
    "absence.persistent",
    "census.pupils",
    "census.fsm_ever",
    "census.eal",
    "census.sen_support",
    "census.ehcp",
}

each = pytest.mark.parametrize("measure", OURS.values(), ids=lambda m: m.key)


def test_at_least_forty_and_every_key_that_others_rely_on() -> None:
    assert len(OURS) >= 40
    assert not NAMED - OURS.keys()


@pytest.mark.parametrize(("stage", "at_most"), [("ks2", 4), ("ks4", 4), ("ks5", 4)])
def test_a_few_headlines_a_stage(stage: str, at_most: int) -> None:
    count = Counter(m.stage for m in OURS.values() if m.headline)[stage]
    assert 3 <= count <= at_most


@each
def test_the_reason_is_two_sentences_worth_reading(measure: Measure) -> None:
    sentences = [s for s in measure.why_it_matters.rstrip(".").split(". ") if s]
    assert len(sentences) == 2
    assert 60 <= len(measure.why_it_matters) <= 300


@each
def test_the_short_name_says_subjects_in_words(measure: Measure) -> None:
    assert not {"RWM", "GPS"} & set(measure.short.split())


def test_no_two_measures_share_a_title_or_a_reason() -> None:
    for of in (lambda m: m.title, lambda m: m.short, lambda m: m.why_it_matters):
        repeated = [text for text, n in Counter(map(of, OURS.values())).items() if n > 1]
        assert set(repeated) <= SHARED


#: One reason may serve the same question about two cohorts.
SHARED = {
    "A year group can differ greatly from the school around it. "
    "Read results beside the make-up of the cohort that earned them."
}


@each
def test_a_gap_stands_wherever_both_sides_of_it_are_published(measure: Measure) -> None:
    both = {"disadvantaged", "others"} <= measure.groups.keys()
    assert ("gap" in measure.groups) == both


@each
def test_a_percentage_of_pupils_names_the_cohort_that_it_is_of(measure: Measure) -> None:
    if measure.law is Law.PROPORTION and measure.stage != "absence":
        for group in measure.groups.values():
            for source in group.sources:
                assert source.cohort or source.offset < 0, f"{measure.key}.{group.key}"


@each
def test_what_is_better_is_said_of_results_and_never_of_who_is_there(measure: Measure) -> None:
    if measure.law is Law.CENSUS:
        assert measure.high is High.NEITHER
    if measure.stage == "absence":
        assert measure.high is High.WORSE


@each
def test_no_results_are_claimed_for_the_years_without_examinations(measure: Measure) -> None:
    if measure.stage in ("ks2", "ks4", "ks5"):
        assert not measure.exists_in(2019)
        assert not measure.exists_in(2020)
    if measure.stage == "ks2":
        assert not measure.exists_in(2021)
        assert measure.exists_in(2018)
        assert measure.exists_in(2022)


@pytest.mark.parametrize("key", ["reading", "writing", "maths"])
def test_key_stage_2_progress_pauses_and_changes_its_baseline(key: str) -> None:
    measure = OURS[f"ks2.{key}_progress"]
    years = {y: measure.exists_in(y) for y in range(2022, 2028)}
    assert years == {2022: True, 2023: False, 2024: False, 2025: True, 2026: True, 2027: True}
    assert [b.year for b in measure.breaks] == [2027]
    # Only all pupils are 0 by construction: the gap is against the published figure of others.
    assert (measure.england_for("all"), measure.england_for("others")) == (0, None)


def test_pandemic_and_generous_years_are_marked() -> None:
    assert set(OURS["absence.persistent"].marked_years) == {2020, 2021}
    assert not OURS["absence.persistent"].exists_in(2019)
    assert 2021 in OURS["ks4.attainment8"].marked_years
    assert [b.year for b in OURS["ks4.basics_94"].breaks] == [2016]


@each
def test_a_missing_year_says_why(measure: Measure) -> None:
    assert tuple(measure.why_missing) == measure.missing_years


@each
def test_somebody_else_checked_it_and_somebody_looks_again(measure: Measure) -> None:
    assert measure.author != measure.checker
    assert measure.review_by > "2026-11-22"
