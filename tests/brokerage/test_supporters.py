"""Supporters found in a picture: the need, the constraints, the policy, the page."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from bridgehead.brokerage.queries import supporters as queries
from bridgehead.brokerage.queries.need import (
    Kind,
    Need,
    find_need,
    headlines,
    named,
    newest_report_card,
)
from bridgehead.brokerage.queries.policy import load_policy, read_policy
from bridgehead.brokerage.queries.supporters import (
    context_inputs,
    in_difficulty,
    possible_supporters,
)
from bridgehead.brokerage.rules import Difficulty, RuledOut
from bridgehead.cli.main import main
from bridgehead.core.errors import Refused
from bridgehead.monitoring.rules import Outcome
from bridgehead.monitoring.rules import load_policy as review_policy
from bridgehead.monitoring.rules.area import propose_all
from bridgehead.picture.model import Framework, Inspection
from tests.cast import Site

TODAY = date(2026, 11, 22)
READING = Need("ks2.reading_average", "Reading", Kind.FIGURE)


@pytest.fixture
def primary(picture, monkeypatch, synthetic_home) -> int:
    """A primary school with results, whose home is the synthetic England."""
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(synthetic_home))
    frame = picture.latest("ks2.rwm_expected").join(picture.schools, on="urn")
    frame = frame.filter((frame["phase"] == "primary") & (frame["la"] == "990")).sort("value")
    return int(frame["urn"][0])


def test_the_weakest_headline_is_the_need_and_says_so(picture, primary):
    need = find_need(picture, primary, None)
    assert need.kind is Kind.FIGURE
    assert need.chosen


@pytest.mark.parametrize(
    ("text", "kind"),
    [("inclusion", Kind.AREA), (" Achievement ", Kind.AREA), ("ks2.maths_average", Kind.FIGURE)],
)
def test_a_need_is_a_series_or_an_area_in_any_case(text, kind):
    assert named(text).kind is kind


@pytest.mark.parametrize("text", ["nonsense", "ks2.nothing", "census.eal", "Inklusion"])
def test_what_is_neither_is_refused_with_a_remedy(text):
    with pytest.raises(Refused) as refused:
        named(text)
    assert refused.value.remedy


def test_everybody_suggested_is_open_near_clearly_stronger_and_not_in_difficulty(picture, primary):
    found = possible_supporters(picture, primary, need=READING, today=TODAY)
    urns = [s.urn for s in found.answer.suggestions]
    proposals = propose_all(picture, urns, review_policy(found_home()), TODAY)
    assert urns
    for one in found.answer.suggestions:
        assert one.km is None or one.km <= found.policy.travel_limit_km
        assert proposals[one.urn].outcome is not Outcome.PRIORITY
        assert READING.key not in proposals[one.urn].needs


def found_home():
    from bridgehead.core.home import home

    return home()


def test_every_other_school_is_named_with_its_reason(picture, primary):
    found = possible_supporters(picture, primary, need=READING, today=TODAY)
    answer = found.answer
    assert len(answer.suggestions) + len(answer.excluded) == picture.schools.height - 1
    assert all(one.words for one in answer.excluded)
    assert sum(answer.counts.values()) == len(answer.excluded)


def test_within_changes_the_limit_and_urns_the_field(picture, primary):
    near = possible_supporters(picture, primary, need=READING, today=TODAY, within_km=0.001)
    assert near.answer.counts[RuledOut.TOO_FAR] > 0
    few = possible_supporters(picture, primary, need=READING, today=TODAY, urns={primary, 1})
    assert few.answer.suggestions == few.answer.excluded == ()


def test_an_area_asks_for_a_strong_grade_at_the_newest_report_card(picture, primary):
    need = named("Inclusion")
    found = possible_supporters(picture, primary, need=need, today=TODAY, within_km=1000)
    for one in found.answer.suggestions:
        card = newest_report_card(picture.school(one.urn).inspections)
        assert card is not None
        assert card.grades["Inclusion"] in found.policy.area_grades
    for other in found.answer.excluded:
        card = newest_report_card(picture.school(other.urn).inspections)
        if other.why is RuledOut.NOT_STRONG:
            assert card is not None
            assert card.grades["Inclusion"] not in found.policy.area_grades


def test_a_predecessors_report_card_is_no_evidence_of_the_school():
    card = Inspection(
        urn=900001,
        framework=Framework.REPORT_CARD,
        date=date(2026, 2, 1),
        published=None,
        grades={"Inclusion": "Exceptional"},
        category=None,
        safeguarding="Met",
        outcome="",
        this_urn=True,
        release="r1",
    )
    theirs = replace(card, urn=900777, this_urn=False)
    assert newest_report_card((card,)) is card
    assert newest_report_card((theirs,)) is None
    older = replace(card, date=date(2025, 12, 1))
    assert newest_report_card((theirs, older)) is older


def test_a_school_that_only_its_predecessor_was_inspected_of_is_told_so(picture, primary):
    told = possible_supporters(
        picture, primary, need=named("Inclusion"), today=TODAY, within_km=1000
    ).answer
    unseen = {
        other.urn
        for other in told.excluded
        if (seen := picture.school(other.urn).inspections) and not any(i.this_urn for i in seen)
    }
    words = {
        other.words
        for other in told.excluded
        if other.urn in unseen and other.why is RuledOut.NO_EVIDENCE
    }
    assert words == {"It has not been inspected since it replaced another school."}
    assert not unseen & {one.urn for one in told.suggestions}


def test_context_is_written_as_the_measure_writes_it(picture, primary):
    """A share has its per cent sign in a reason, as it has everywhere else."""
    inputs = {one.key: one for one in context_inputs(picture, load_policy())}
    assert {key: one.write(24.0) for key, one in inputs.items()} == {
        key: picture.measure(key).format(24.0) for key in inputs
    }
    found = possible_supporters(picture, primary, need=READING, today=TODAY)
    differing = [
        reason for s in found.answer.suggestions for reason in s.reasons if "they differ" in reason
    ]
    assert any("% there" in reason for reason in differing)


def test_a_school_in_priority_would_be_suggested_if_nobody_looked(picture, primary, monkeypatch):
    guarded = possible_supporters(picture, primary, need=READING, today=TODAY)
    blocked = {e.urn for e in guarded.answer.excluded if e.why is RuledOut.PRIORITY}
    assert blocked
    monkeypatch.setattr(queries, "propose_all", lambda *_: {})
    unguarded = possible_supporters(picture, primary, need=READING, today=TODAY)
    assert blocked <= {s.urn for s in unguarded.answer.suggestions}


def test_support_with_the_same_thing_rules_out_whatever_the_group_of_pupils(picture, primary):
    proposal = next(
        iter(propose_all(picture, [primary], review_policy(found_home()), TODAY).values())
    )
    broker = replace(proposal, outcome=Outcome.BROKER, needs=("ks2.reading_average.disadvantaged",))
    assert in_difficulty(broker, READING)[0] is Difficulty.SAME_NEED
    assert in_difficulty(broker, named("Inclusion"))[0] is Difficulty.OTHER_NEED
    assert in_difficulty(replace(broker, needs=("inclusion",)), named("Inclusion"))[0] is (
        Difficulty.SAME_NEED
    )
    assert in_difficulty(replace(broker, outcome=Outcome.CELEBRATE), READING)[0] is Difficulty.NONE


def test_a_partnership_changes_the_limits_in_its_own_file(monkeypatch, tmp_path):
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    shipped = load_policy()
    text = "\n".join(
        f"{name}: {json.dumps(value)}"
        for name, value in {
            **{k: getattr(shipped, k) for k in shipped.__dataclass_fields__},
            "area_grades": dict(shipped.area_grades),
            "travel_limit_km": 5,
        }.items()
    )
    (tmp_path / "brokerage.yaml").write_text(text)
    assert load_policy().travel_limit_km == 5


@pytest.mark.parametrize(
    ("text", "named_field"),
    [
        ("version: 1", "area_grades"),
        ("[]", None),
        ("a: [", None),
    ],
)
def test_a_wrong_policy_is_refused_by_its_field(text, named_field):
    with pytest.raises(Refused) as refused:
        read_policy(text, file="brokerage.yaml")
    assert refused.value.column == named_field


def test_the_terminal_gives_the_whole_answer_as_json(capsys, primary):
    assert main(["suggest", str(primary), "--need", "ks2.reading_average", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["urn"] == primary
    assert answer["need"] == "ks2.reading_average"
    assert len(answer["suggestions"]) <= 10
    assert set(answer["suggestions"][0]) == {"urn", "name", "score", "km", "reasons", "same_trust"}
    assert sum(answer["ruled_out"].values()) == len(answer["ruled_out_schools"])


def test_the_terminal_tells_the_need_it_chose(capsys, primary):
    assert main(["suggest", str(primary), "--within", "20"]) == 0
    assert "furthest behind England's" in " ".join(capsys.readouterr().out.split())


def test_an_unknown_school_is_refused_in_words(capsys, primary):
    assert main(["suggest", "123"]) == 1
    assert "no school with URN 123" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_page_offers_needs_and_names_who_is_ruled_out(client, site: Site):
    client.force_login(site.cast.broker)
    address = reverse("brokerage:supporters", args=[site.other_school.urn])
    page = client.get(address).content.decode()
    assert "Ruled out" in page
    assert "furthest behind" in page
    chosen = client.get(f"{address}?need=Inclusion&within=5").content.decode()
    assert '<option value="Inclusion" selected>' in chosen


@pytest.mark.django_db
def test_where_nothing_is_there_to_start_from_the_page_points_to_its_own_list(client, site: Site):
    client.force_login(site.cast.broker)
    without = next(u for u in site.urns if not headlines(site.picture.school(u)))
    page = client.get(reverse("brokerage:supporters", args=[without])).content.decode()
    assert "has no headline figure to start from. Choose below what is needed." in page
    assert "ks2.maths_average" not in page.partition("<form")[0]


@pytest.mark.django_db
def test_a_distance_that_is_none_is_said_on_the_page(client, site: Site):
    client.force_login(site.cast.broker)
    address = reverse("brokerage:supporters", args=[site.other_school.urn])
    page = client.get(f"{address}?within=far").content.decode()
    assert "<title>Error: " in page
    assert "Enter a distance in kilometres, such as 30" in page


@pytest.mark.django_db
def test_only_the_partnership_s_schools_are_looked_at_on_the_page(client, site: Site):
    client.force_login(site.cast.broker)
    response = client.get(reverse("brokerage:supporters", args=[site.other_school.urn]))
    answer = response.context["found"].answer
    named_urns = {s.urn for s in answer.suggestions} | {e.urn for e in answer.excluded}
    assert named_urns == set(site.urns) - {site.other_school.urn}


@pytest.mark.django_db
def test_another_partnership_s_school_is_missing(client, site: Site):
    outside = next(u for u in site.picture.schools["urn"] if u not in site.urns)
    client.force_login(site.cast.broker)
    assert client.get(reverse("brokerage:supporters", args=[outside])).status_code == 404
