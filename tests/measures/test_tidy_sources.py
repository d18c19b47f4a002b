"""Where tidy files hold a measure: one entry serves every group."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bridgehead.core.errors import Refused
from bridgehead.measures.loader import DEFINITIONS, load
from bridgehead.measures.model import Measure
from bridgehead.opendata.kind import Role, normal
from bridgehead.opendata.sources import KINDS
from tests.measures.test_loader import WELL_FORMED, load_one

OURS = load(DEFINITIONS)
TIDY = {
    "file": "ees_ks2",
    "where": {"subject": ["Handwriting", "Penmanship"]},
    "value": "expected_standard_pupil_percent",
    "cohort_file": "ees_ks2_info",
}


def with_tidy(tmp_path: Path, entry: Any) -> Measure:
    content = yaml.safe_load(WELL_FORMED)
    content["tidy"] = entry
    return load_one(tmp_path, content)


def test_an_entry_serves_every_group_but_the_gap(tmp_path: Path) -> None:
    measure = with_tidy(tmp_path, TIDY)
    for key, cohort in (("all", "TELIG"), ("disadvantaged", "TFSM"), ("others", "TNFSM")):
        first, last = measure.groups[key].sources
        assert first.kind == "ks2"  # the definition's own file goes first
        assert (last.kind, last.value) == ("ees_ks2", "expected_standard_pupil_percent")
        assert last.where == (("subject", ("Handwriting", "Penmanship")),)
        assert (last.cohort_file, last.cohort) == ("ees_ks2_info", cohort)
    assert measure.groups["gap"].sources == ()


def test_an_entry_may_serve_some_groups_and_some_years(tmp_path: Path) -> None:
    entry = TIDY | {"only": ["disadvantaged"], "first_file": "2023/24"}
    measure = with_tidy(tmp_path, [entry])
    assert [s.kind for s in measure.groups["all"].sources] == ["ks2"]
    group = measure.groups["disadvantaged"]
    assert not list(group.sources_for("ees_ks2", 2022))
    assert len(list(group.sources_for("ees_ks2", 2023))) == 1


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"file": "ks2"}, "tidy.file", "ees_ks2"),
        ({"file": "ees_ks3"}, "tidy.file", "ees_ks2"),
        ({"value": ""}, "tidy.value", "empty"),
        ({"where": {"subject": 4}}, "tidy.where.subject", "text"),
        ({"only": ["boy"]}, "tidy.only", "boys"),
        ({"only": ["gap"]}, "tidy.only", "boys"),
        ({"cohort": "telig"}, "tidy.cohort_file", "twice"),
        ({"cohort_file": "ks2"}, "tidy.cohort_file", "ees_ks2_info"),
        ({"wear": {}}, "tidy.wear", "`where`"),
    ],
)
def test_a_wrong_entry_is_refused_by_file_and_field(
    tmp_path: Path, change: dict[str, Any], field: str, says: str
) -> None:
    with pytest.raises(Refused) as refused:
        with_tidy(tmp_path, TIDY | change)
    assert refused.value.file == "ks2.handwriting.yaml"
    assert refused.value.column == field
    assert says in f"{refused.value.problem} {refused.value.remedy}"


def test_a_word_is_no_entry(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        with_tidy(tmp_path, ["ees_ks2"])
    assert refused.value.column == "tidy"


@pytest.mark.parametrize("measure", OURS.values(), ids=lambda m: m.key)
def test_every_tidy_column_that_we_name_is_known_to_its_kind(measure: Measure) -> None:
    for group in measure.groups.values():
        for source in group.sources:
            kind = KINDS[source.kind]
            if kind.tidy is None:
                assert not source.where
                continue
            own = None if source.cohort_file else source.cohort
            for column in (source.value, own, source.lower, source.upper):
                assert column is None or kind.role(column, 2024) is Role.FIGURE, column
            if source.cohort_file and source.cohort:
                counting = KINDS[source.cohort_file]
                assert counting.role(source.cohort, 2024) is Role.FIGURE
            assert {normal(column) for column, _ in source.where} <= set(kind.tidy.items)
            # A kind that measures several things in rows of their own is asked for one of them.
            assert bool(source.where) == bool(kind.tidy.items)


def test_reading_of_girls_is_not_the_disadvantaged() -> None:
    """The slip of the DfE's map: its READ_AVERAGE_G reads "Disadvantaged". Ours cannot: the group
    chooses the row."""
    girls = OURS["ks2.reading_average"].groups["girls"]
    (source,) = girls.sources_for("ees_ks2", 2024)
    assert girls.rows == "girls"
    assert source.cohort == "GELIG"
