"""The policy is data: what is wrong in it is refused by field, and a home can have its own."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bridgehead.core.errors import Refused
from bridgehead.measures.loader import series
from bridgehead.monitoring.rules import Outcome, load_policy, parse_policy, propose
from bridgehead.monitoring.rules.policy import DEFAULT, KINDS, MOST_TRIGGERS

Edit = Callable[[dict[str, Any]], object]


def edited(edit: Edit) -> str:
    data = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    edit(data)
    return yaml.safe_dump(data, allow_unicode=True)


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (lambda d: d.pop("name"), "name is missing"),
        (lambda d: d.update(version=0), "version should be a whole number from 1"),
        (lambda d: d.update(version=True), "version should be a whole number"),
        (lambda d: d.update(dated="soon"), "dated should be a date"),
        (lambda d: d.update(colour="red"), "colour is not a field"),
        (lambda d: d["direction"].update(clear_aspect=1), "direction.clear_aspect is not a field"),
        (lambda d: d["arms"]["broker support"].update(academy="council"), "'council'"),
        (lambda d: d["arms"].pop("too little known"), "arms.too little known is missing"),
        (lambda d: d["routes"].update(free="x"), "routes.free is not a field"),
        (
            lambda d: d["clauses"]["report card"]["outcomes"].update(urgent="close it"),
            "clauses.report card.outcomes.urgent should be one of",
        ),
        (
            lambda d: d["clauses"]["report card"].update(safeguarding_not_met=[False]),
            "clauses.report card.safeguarding_not_met should be a list of words",
        ),
        (
            lambda d: d["triggers"].update(
                primary=[{"series": f"ks2.m{n}", "aspect": "a"} for n in range(MOST_TRIGGERS + 1)]
            ),
            "triggers.primary names 6 measures",
        ),
        (lambda d: d["support"].pop(0), "support names no usual support for 'priority support'"),
        (lambda d: d["support"][0].pop("label"), "support[1].label is missing"),
        (lambda d: d["rise_low_attainment"].update(below={"ks2.x": "low"}), "ks2.x should be a"),
        (
            lambda d: d["powers"][0].update(schools="academies"),
            "powers[1].schools should be one of",
        ),
    ],
)
def test_a_wrong_policy_is_refused_by_field(edit: Edit, field: str) -> None:
    with pytest.raises(Refused, match=re.escape(field)) as refusal:
        parse_policy(edited(edit), "policy.yaml")
    assert refusal.value.file == "policy.yaml"
    assert refusal.value.remedy


@pytest.mark.parametrize("text", ["", "- a\n- b", "name: [", "just words"])
def test_a_file_that_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_policy(text)


def test_the_default_reads_and_covers_every_outcome_and_kind(policy) -> None:
    for outcome in Outcome:
        for kind in KINDS:
            assert policy.holder(outcome, kind)
    assert all(len(found) <= MOST_TRIGGERS for found in policy.triggers.values())


def test_every_measure_of_the_default_is_defined(policy) -> None:
    named = {t.series for found in policy.triggers.values() for t in found}
    for key in named | {key for keys in policy.context.values() for key in keys}:
        series(key)


def test_a_home_can_have_its_own_policy(tmp_path: Path) -> None:
    assert load_policy(tmp_path).version == 1
    own = tmp_path / "policy.yaml"
    own.write_text(edited(lambda d: d.update(name="Ours", version=4)), encoding="utf-8")
    assert (load_policy(tmp_path).name, load_policy(tmp_path).version) == ("Ours", 4)


def test_who_holds_an_arm_is_configured(a_school, card, today) -> None:
    def ours(data: dict[str, Any]) -> None:
        data["holders"]["hub"] = "The hub in the valley"
        data["arms"]["broker support"]["maintained"] = "hub"

    policy = parse_policy(edited(ours))
    weak = a_school(card(grades={"Inclusion": "Needs attention"}))
    assert propose(weak, policy, today).arm == "The hub in the valley"
