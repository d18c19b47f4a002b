"""A wrong definition is refused by file, field and remedy; a right one becomes a frozen measure."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
import yaml

from bridgehead.core.errors import Refused
from bridgehead.measures import loader
from bridgehead.measures.model import High, Law, Measure

WELL_FORMED = """
key: ks2.handwriting
title: Handwriting
short: Handwriting
stage: ks2
phases: [primary]
unit: percent
decimals: 0
high: better
law: proportion
minimum_cohort: 6
years:
  first: 2015/16
  missing:
    2019/20: Tests were cancelled.
  marked:
    2017/18: Judged by a revised framework.
breaks:
  2022/23: Judged by another framework.
why_it_matters: It matters. Readers can tell.
how: Pupils who can, as a percentage of all.
example: "Of 30 pupils 15 can: 50%."
publisher: Department for Education
file: ks2
groups:
  all: {value: HAND, cohort: TELIG}
  disadvantaged: {value: HAND_FSM, cohort: TFSM}
  others: {value: HAND_NFSM, cohort: TNFSM}
  gap: true
version: 1
status: draft
author: One person
checker: Another person
review_by: "2027-09-30"
"""

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(autouse=True)
def bridgehead_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def load_one(tmp_path: Path, content: dict[str, Any]) -> Measure:
    folder = tmp_path / "definitions"
    folder.mkdir(exist_ok=True)
    text = yaml.safe_dump(content, allow_unicode=True)
    (folder / "ks2.handwriting.yaml").write_text(text, encoding="utf-8")
    return loader.load(folder)["ks2.handwriting"]


def test_a_well_formed_definition_becomes_a_frozen_measure(tmp_path: Path) -> None:
    measure = load_one(tmp_path, yaml.safe_load(WELL_FORMED))
    assert (measure.high, measure.law, measure.unit) == (High.BETTER, Law.PROPORTION, "percent")
    assert measure.missing_years == (2019,)
    assert measure.why_missing == {2019: "Tests were cancelled."}
    assert measure.marked_years == {2017: "Judged by a revised framework."}
    assert measure.series_keys() == [
        "ks2.handwriting",
        "ks2.handwriting.disadvantaged",
        "ks2.handwriting.others",
        "ks2.handwriting.gap",
    ]
    assert measure.groups["gap"].sources == ()
    with pytest.raises(FrozenInstanceError):
        measure.title = "Something else"


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        (lambda d: d.pop("how"), "how", "missing"),
        (lambda d: d.update(how="  "), "how", "empty"),
        (lambda d: d.update(hgih="better"), "hgih", "Did you mean `high`?"),
        (lambda d: d.update(high="good"), "high", "better, worse, neither"),
        (lambda d: d.update(unit="percents"), "unit", "percent, points, score, pupils"),
        (lambda d: d.update(decimals="none"), "decimals", "whole number"),
        (lambda d: d.update(decimals=True), "decimals", "whole number"),
        (lambda d: d.update(version=0), "version", "1 or more"),
        (lambda d: d.update(phases=["junior"]), "phases", "alternative provision"),
        (lambda d: d.update(checker="one PERSON"), "checker", "same"),
        (lambda d: d.update(review_by="soon"), "review_by", "2027-09-30"),
        (lambda d: d.update(key="ks2.spelling"), "key", "ks2.spelling.yaml"),
        (lambda d: d.update(stage="ks4"), "key", "ks4.some_name"),
        (lambda d: d.update(sigma=9.0, sigma_source="A guess."), "sigma", "mean or a rate"),
        (lambda d: d.update(law="mean"), "sigma", "missing"),
        (lambda d: d.update(law="mean", sigma=9.0), "sigma_source", "missing"),
        (lambda d: d.update(law="mean", sigma=0, sigma_source="A guess."), "sigma", "above 0"),
        (lambda d: d["years"].update(first="2015"), "years.first", "2018/19"),
        (lambda d: d["years"].update(first="2015/17"), "years.first", "2018/19"),
        (lambda d: d["years"].update(last="2014/15"), "years.last", "before the first"),
        (lambda d: d["years"]["missing"].update({"2012/13": "Why."}), "years.missing", "outside"),
        (lambda d: d["years"]["missing"].update({"2020/21": ""}), "years.missing", "reason"),
        (
            lambda d: d["years"]["marked"].update({"2019/20": "A"}),
            "years.marked",
            "missing as well",
        ),
        (lambda d: d.update(breaks={"2019/20": "A"}), "breaks", "year with figures"),
        (lambda d: d.update(breaks={"2015/16": "A"}), "breaks", "after the first"),
        (lambda d: d["groups"].pop("all"), "groups.all", "group"),
        (lambda d: d["groups"].update(boys=None), "groups.boys", "no source"),
        (lambda d: d["groups"].update(boys={"cohort": "BELIG"}), "groups.boys.value", "missing"),
        (lambda d: d["groups"].update(boy={"value": "A"}), "groups.boy", "`boys`"),
        (lambda d: d["groups"].update(boys="HAND_B"), "groups.boys", "not a source"),
        (lambda d: d["groups"].pop("others"), "groups.gap", "`others:`"),
        (lambda d: d["groups"]["all"].update(file="ks3"), "groups.all.file", "ks2, ks4"),
        (
            lambda d: d["groups"]["all"].update(history={"value": "HAND_16"}),
            "groups.all.history.value",
            "{yy}",
        ),
        (
            lambda d: d["groups"]["all"].update(first_file="2018/19", last_file="2016/17"),
            "groups.all.last_file",
            "before the first",
        ),
    ],
)
def test_a_fault_is_refused_by_file_and_field(
    tmp_path: Path, change: Change, field: str, says: str
) -> None:
    content = yaml.safe_load(WELL_FORMED)
    change(content)
    with pytest.raises(Refused) as refusal:
        load_one(tmp_path, content)
    assert refusal.value.file == "ks2.handwriting.yaml"
    assert refusal.value.column == field
    assert refusal.value.remedy
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (WELL_FORMED + "version: 2\n", "'version' is written twice"),
        (WELL_FORMED.replace("  gap: true", "  all: {value: A}"), "'all' is written twice"),
        ("key: [", "not valid YAML"),
        ("key: \x07", "not valid YAML"),
        ("key: !!python/name:os.system", "not valid YAML"),
        ("key: &itself [*itself]", "this is not text"),
        ("", "holds no fields"),
        ("- a list", "holds no fields"),
    ],
)
def test_a_file_that_is_no_definition_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "ks2.handwriting.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=r"ks2\.handwriting\.yaml") as refusal:
        loader.load(tmp_path)
    assert says in str(refusal.value)


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ks2.handwriting.yaml").write_bytes("key: café".encode("cp1252"))
    with pytest.raises(Refused, match="UTF-8"):
        loader.load(tmp_path)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many seconds pass."""
    now = [0.0]
    monkeypatch.setattr(loader, "monotonic", lambda: now[0])

    def wait(seconds: float) -> None:
        now[0] += seconds

    return wait


def test_a_partnership_adds_a_measure_and_a_running_site_soon_sees_an_edit(
    bridgehead_home: Path, later: Callable[[float], None]
) -> None:
    assert "ks2.handwriting" not in loader.measures()
    folder = bridgehead_home / "measures"
    folder.mkdir(parents=True)
    path = folder / "ks2.handwriting.yaml"
    path.write_text(WELL_FORMED, encoding="utf-8")
    later(loader.LOOK_AGAIN)
    assert loader.measures()["ks2.handwriting"].title == "Handwriting"
    path.write_text(WELL_FORMED.replace("title: Handwriting", "title: Neat hands"))
    later(loader.LOOK_AGAIN)
    assert loader.measures()["ks2.handwriting"].title == "Neat hands"


def test_a_new_process_sees_an_edit_at_once(bridgehead_home: Path) -> None:
    folder = bridgehead_home / "measures"
    folder.mkdir(parents=True)
    code = (
        "from bridgehead.measures import loader; print(loader.series('ks2.handwriting')[0].title)"
    )
    for title in ("Handwriting", "Neat hands"):
        text = WELL_FORMED.replace("title: Handwriting", f"title: {title}")
        (folder / "ks2.handwriting.yaml").write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        assert done.stdout.decode().strip() == title


def test_a_page_of_questions_looks_at_the_folders_once(
    monkeypatch: pytest.MonkeyPatch, later: Callable[[float], None]
) -> None:
    looked: list[Path] = []
    stamp = loader._stamp

    def look(folder: Path) -> object:
        looked.append(folder)
        return stamp(folder)

    monkeypatch.setattr(loader, "_stamp", look)
    for _ in range(300):
        loader.series("ks2.rwm_expected.gap")
    assert len(looked) == 2
    later(loader.LOOK_AGAIN)
    loader.series("ks2.rwm_expected.gap")
    assert len(looked) == 4


def test_a_partnership_replaces_one_of_ours(bridgehead_home: Path) -> None:
    ours = loader.DEFINITIONS / "ks2.rwm_expected.yaml"
    folder = bridgehead_home / "measures"
    folder.mkdir(parents=True)
    text = ours.read_text(encoding="utf-8").replace("minimum_cohort: 6", "minimum_cohort: 11")
    (folder / ours.name).write_text(text, encoding="utf-8")
    assert loader.measures()["ks2.rwm_expected"].minimum_cohort == 11
    assert len(loader.measures()) == len(list(loader.DEFINITIONS.glob("*.yaml")))


def test_a_wrong_definition_of_a_partnership_is_refused_too(bridgehead_home: Path) -> None:
    (bridgehead_home / "measures").mkdir(parents=True)
    (bridgehead_home / "measures" / "ks2.typo.yaml").write_text("key: ks2.tpyo\n")
    with pytest.raises(Refused, match=r"ks2\.typo\.yaml"):
        loader.measures()


def test_a_series_is_found_by_its_key() -> None:
    measure, group = loader.series("ks2.rwm_expected")
    assert (measure.key, group.key) == ("ks2.rwm_expected", "all")
    measure, group = loader.series("ks2.rwm_expected.gap")
    assert (measure.key, group.is_gap) == ("ks2.rwm_expected", True)


@pytest.mark.parametrize(
    "key", ["ks2", "ks2.nothing", "ks2.rwm_expected.tall", "ks2.rwm_expected.all"]
)
def test_an_unknown_series_is_a_key_error(key: str) -> None:
    with pytest.raises(KeyError):
        loader.series(key)


def test_every_series_key_leads_back_to_its_series() -> None:
    for measure in loader.measures().values():
        for key, group in zip(measure.series_keys(), measure.groups.values(), strict=True):
            assert loader.series(key) == (measure, group)


def test_history_is_read_from_the_suffix_of_the_year_it_speaks_of(tmp_path: Path) -> None:
    content = yaml.safe_load(WELL_FORMED)
    content["groups"]["all"]["history"] = {
        "value": ["HAND_{yy}", "HAND_{prev}"],
        "cohort": ["TELIG_{yy}", "TELIG_{prev}"],
    }
    sources = load_one(tmp_path, content).groups["all"].sources

    def columns(file_year: int) -> list[tuple[str, str | None, int]]:
        return [
            (s.value, s.cohort, s.offset)
            for s in sources
            if s.reads("ks2", file_year) and s.offset < 0
        ]

    assert columns(2016) == [("HAND_16", "TELIG_16", -1), ("HAND_PREV", "TELIG_PREV", -1)]
    assert [c for c in columns(2018) if "PREV" not in c[0]] == [
        ("HAND_18", "TELIG_18", -1),
        ("HAND_17", "TELIG_17", -2),
        ("HAND_16", "TELIG_16", -3),
    ]
    assert ("HAND_PREV2", "TELIG_PREV2", -2) in columns(2018)
    # 2019/20 does not exist, so no column of a later file is taken to speak of it.
    assert all(2020 + offset != 2019 for _, _, offset in columns(2020))
    assert not [s for s in sources if s.reads("ks4", 2018)]
