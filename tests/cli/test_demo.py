"""A demo is made once, kept, never mixed with real figures, and written by named people."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from bridgehead.accounts.models import AuditEntry, User
from bridgehead.cli import demo, demo_seed
from bridgehead.cli.main import main, parser
from bridgehead.core.errors import Refused
from bridgehead.core.home import MARK
from bridgehead.monitoring.models import Judgement, Reply, Review, View
from bridgehead.monitoring.rules import Outcome
from bridgehead.opendata.releases import Store
from bridgehead.people.models import Appointment


@pytest.fixture
def site_home(
    tmp_path: Path, synthetic_home: Path, picture: Any, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An empty home. Files and picture are those of the session's England, made already."""

    class Opened:
        @staticmethod
        def open(folder: Path) -> Any:
            return picture

    monkeypatch.setenv("BRIDGEHEAD_HOME", str(synthetic_home))
    monkeypatch.setattr(demo, "_files", lambda folder, *, schools, seed: None)
    monkeypatch.setattr(demo, "build", lambda folder: None)
    monkeypatch.setattr(demo, "Picture", Opened)
    return tmp_path


@pytest.mark.django_db
def test_every_role_can_sign_in_with_the_printed_password(site_home: Path, client: Client) -> None:
    mark = demo.made(site_home, schools=200, seed=1)
    assert {s["role"] for s in mark["sign_ins"]} == {
        "head",
        "governor",
        "authority_officer",
        "broker",
        "board_member",
        "administrator",
        "partnership_director",
        "trust_improvement_lead",
        "observer",
    }
    for sign_in in mark["sign_ins"]:
        assert client.login(
            request=RequestFactory().post("/"),
            username=sign_in["email"],
            password=mark["password"],
        ), sign_in["email"]


@pytest.mark.django_db
def test_the_review_is_under_way(site_home: Path) -> None:
    mark = demo.made(site_home, schools=200, seed=1)
    review = mark["review"]
    assert review["proposals"] == Review.objects.count() > 40
    assert 0 < review["sent"] < review["proposals"]
    assert review["replies"] >= 3
    assert review["judgements"] >= 2
    states = set(Review.objects.values_list("state", flat=True))
    assert {"proposed", "sent", "replied", "judged", "decided"} <= states


@pytest.mark.django_db
def test_replies_and_judgements_fit_what_was_proposed(site_home: Path) -> None:
    demo.made(site_home, schools=200, seed=1)
    replies = list(Reply.objects.select_related("review"))
    for reply in replies:
        said = (reply.view, reply.text, reply.help_with)
        assert said in demo_seed.REPLIES[Outcome(reply.review.outcome)]
    assert len({reply.text for reply in replies}) == len(replies)
    judged = list(Judgement.objects.select_related("reply"))
    otherwise = [one for one in judged if one.outcome != one.proposed]
    assert otherwise == [one for one in judged if one.reply.view == View.DISAGREES] != []
    assert all(one.reasons for one in otherwise)


@pytest.mark.django_db
def test_the_head_has_something_to_reply_to(site_home: Path) -> None:
    demo.made(site_home, schools=200, seed=1)
    head = Appointment.objects.get(person__name="Helen Okafor")
    review = Review.objects.get(organisation=head.organisation)
    assert review.state == "sent"
    assert not review.replies.exists()


@pytest.mark.django_db
def test_a_second_run_keeps_what_is_there(site_home: Path) -> None:
    first = demo.made(site_home, schools=200, seed=1)
    before = (User.objects.count(), AuditEntry.objects.count())
    again = demo.made(site_home, schools=5000, seed=2)
    assert again == first
    assert (User.objects.count(), AuditEntry.objects.count()) == before


@pytest.mark.django_db
def test_an_interrupted_demo_is_finished_as_it_was_begun(
    site_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []

    def stopped(folder: Path, *, schools: int, seed: int) -> None:
        asked.append((schools, seed))
        if len(asked) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(demo, "_files", stopped)
    with pytest.raises(KeyboardInterrupt):
        demo.made(site_home, schools=200, seed=1)
    assert demo.made(site_home, schools=300, seed=2)["complete"]
    assert asked == [(200, 1), (200, 1)]


def test_a_home_with_real_figures_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    with pytest.raises(Refused, match="releases"):
        demo.made(tmp_path, schools=200, seed=1)
    assert not (tmp_path / MARK).exists()


@pytest.mark.slow
def test_files_are_loaded_like_real_ones_and_not_kept(tmp_path: Path) -> None:
    demo._files(tmp_path, schools=200, seed=1)
    cards = Store(tmp_path).cards()
    assert len(cards) == 49
    assert all(card.synthetic for card in cards)
    assert [p.name for p in tmp_path.iterdir()] == ["releases"]


def test_what_is_printed_names_address_password_and_people() -> None:
    mark = {
        "partnership": "Bridgeshire Learning Partnership",
        "members": 215,
        "schools": 5000,
        "password": "only-invented-schools",
        "sign_ins": [
            {"role": "broker", "name": "Priya Nair", "email": "broker@x.example", "place": ""},
            {
                "role": "head",
                "name": "Helen Okafor",
                "email": "head@x.example",
                "place": "A School",
            },
        ],
    }
    said = demo.words(mark, "http://localhost:8123")
    for part in (
        "http://localhost:8123/",
        "only-invented-schools",
        "Priya Nair, broker",
        "A School",
        "No second factor is asked here",
    ):
        assert part in said
    assert "invented" in said


def test_no_second_factor_is_asked_unless_one_wants_to_see_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SECOND_FACTOR", raising=False)
    assert demo.server_environment()["SECOND_FACTOR"] == "optional"
    monkeypatch.setenv("SECOND_FACTOR", "required")
    assert demo.server_environment()["SECOND_FACTOR"] == "required"


def test_the_result_is_json_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    mark = {"complete": True, "schools": 200, "seed": 1, "sign_ins": []}
    (tmp_path / MARK).write_text(json.dumps(mark), "utf-8")
    assert main(["demo", "--schools", "200", "--seed", "1", "--no-serve", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schools"] == 200
    assert told["home"] == str(tmp_path)


def test_a_demo_of_too_few_schools_is_refused_at_the_command_line() -> None:
    with pytest.raises(SystemExit):
        parser(["demo"]).parse_args(["demo", "--schools", "20"])
    args: Namespace = parser(["demo"]).parse_args(["demo"])
    assert (args.schools, args.port) == (5000, 8000)
