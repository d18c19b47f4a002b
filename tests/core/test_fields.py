"""A YAML file that people write is read strictly: what is wrong in it has a name and a remedy."""

from pathlib import Path

import pytest

from bridgehead.core.errors import Refused
from bridgehead.core.fields import Fields, parse_yaml, read_yaml


@pytest.mark.parametrize(
    "text",
    ["", "[]", "words", "a: [", "a: 1\na: 2", "a:\n  b: 1\n  b: 2", "a: [{b: 1, b: 2}]"],
)
def test_what_is_no_mapping_or_says_a_thing_twice_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_yaml(text, file="policy.yaml")
    assert refused.value.file == "policy.yaml"
    assert refused.value.remedy


def test_a_key_may_be_used_again_in_another_mapping() -> None:
    assert parse_yaml("a: {b: 1}\nc: {b: 2}", file="x") == {"a": {"b": 1}, "c": {"b": 2}}


def test_a_number_within_its_bounds_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("least: 0\nmost: 1\n", encoding="utf-8")
    fields = read_yaml(path)
    assert (fields.between("least", 0, 1), fields.between("most", 0, 1)) == (0.0, 1.0)
    fields.done()


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), True, "0.5", None])
def test_any_other_is_refused_by_its_whole_name(value: object) -> None:
    fields = Fields({"share": value}, file="policy.yaml", inside="grades")
    with pytest.raises(Refused) as refused:
        fields.between("share", 0, 1)
    assert refused.value.column == "grades.share"
    assert refused.value.remedy


def test_a_field_that_nobody_asks_for_is_refused_with_the_nearest_name() -> None:
    fields = Fields({"version": 1, "limti": 2}, file="policy.yaml")
    fields.whole("version", at_least=1)
    fields.known.add("limit")
    with pytest.raises(Refused, match="limit"):
        fields.done()
