"""The pages: what each shows, to whom, and that every step is typed, checked and taken once."""

import csv
import io
import re
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from bridgehead.accounts.models import AuditEntry
from bridgehead.accounts.queries import in_words
from bridgehead.monitoring import actions
from bridgehead.monitoring.forms import TellForm
from bridgehead.monitoring.models import Judgement, Reply, Review, ReviewRound
from bridgehead.monitoring.rules import Outcome, State
from bridgehead.picture.picture import NoPicture, Picture

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"monitoring:{name}", args=args)


def text(response) -> str:
    """The words of a page, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def token_of(response) -> str:
    found = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def heard_of(response) -> str:
    found = re.search(r'name="heard" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


@pytest.fixture
def as_(bridge, client):
    """Sign in as one of the cast."""

    def sign_in(who: str):
        client.force_login(getattr(bridge.cast, who))
        return client

    return sign_in


@pytest.fixture
def replied(bridge, sent, review_of):
    """The second school has replied."""
    actions.reply(
        review=sent(bridge.other_school),
        view="agrees in part",
        text="A new head since September.",
        help_with="inclusion",
        token=uuid4(),
        by=bridge.reader("other_head"),
    )
    return review_of(bridge.other_school)


class TestBoard:
    def test_before_a_round_it_shows_live_proposals_and_says_so(self, as_, bridge) -> None:
        shown = text(as_("broker").get(url("board")))
        assert "No review is open" in shown
        assert "Alder Bank Primary School" in shown
        assert "Inclusion: Needs attention (report card, March 2026)" in shown
        assert "synthetic" in shown

    def test_a_round_shows_each_school_and_what_it_waits_for(self, as_, opened) -> None:
        shown = text(as_("broker").get(url("board")))
        assert "Support review, Spring term 2027" in shown
        assert "head and chair to be told first" in shown
        assert "not sent yet" in shown

    def test_filters_narrow_and_counts_stay(self, as_, opened) -> None:
        broker = as_("broker")
        one = broker.get(url("board"), {"outcome": "broker"})
        assert "1 school: broker support" in text(one)
        assert "Alder Bank" not in text(one)
        none = broker.get(url("board"), {"outcome": "broker", "phase": "secondary"})
        assert "1 school: broker support" in text(none), "an unknown value filters nothing"
        told = broker.get(url("board"), {"waiting": "head and chair to be told"})
        assert "Alder Bank" in text(told)
        assert "Beck Side" not in text(told)

    def test_filters_that_fit_no_school_say_so(self, as_, opened) -> None:
        answer = as_("broker").get(
            url("board"), {"outcome": "broker", "waiting": "head and chair to be told"}
        )
        assert "No school fits these filters" in text(answer)

    def test_without_a_picture_it_says_so(self, as_, monkeypatch) -> None:
        def nothing(*_: object) -> None:
            raise NoPicture("Nothing has been loaded.")

        monkeypatch.setattr(Picture, "open", nothing)
        assert "There is no picture yet" in text(as_("broker").get(url("board")))
        assert as_("broker").get(url("open")).status_code == 409

    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("officer", 200),
            ("broker", 200),
            ("head", 403),
            ("governor", 403),
            ("board_member", 403),
            ("administrator", 403),
        ],
    )
    def test_only_officers_and_brokers_see_it(self, as_, opened, who, status) -> None:
        assert as_(who).get(url("board")).status_code == status
        assert as_(who).get(url("board-csv")).status_code == status

    def test_another_partnership_sees_nothing_of_it(self, as_, bridge, opened) -> None:
        answer = as_("outsider").get(url("board"), headers={"host": "elsewhere.localhost"})
        assert "Alder Bank" not in text(answer)

    @pytest.mark.parametrize("asked", ["999999", "x", "-1", "9" * 30, "9" * 5000])
    def test_an_unknown_round_is_not_found(self, as_, opened, asked) -> None:
        assert as_("broker").get(url("board"), {"round": asked}).status_code == 404

    def test_the_file_opens_in_a_spreadsheet_runs_nothing_and_is_recorded(
        self, as_, bridge, opened
    ) -> None:
        bridge.school.name = '=HYPERLINK("https://example.org")'
        bridge.school.save()
        answer = as_("officer").get(url("board-csv"))
        assert answer.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert {r["Figures propose"] for r in rows} == {"priority support", "broker support"}
        assert "'=HYPERLINK" in {r["School"][:11] for r in rows}
        line = AuditEntry.objects.get(verb="downloaded proposals")
        (told,) = in_words([line], bridge.reader("officer"))
        assert told.about == "board of the support review"


class TestWhoSeesAReview:
    @pytest.mark.parametrize(
        ("who", "before", "after"),
        [
            ("officer", 200, 200),
            ("broker", 200, 200),
            ("other_head", 404, 200),
            ("head", 404, 404),
            ("governor", 404, 404),
            ("board_member", 403, 403),
            ("administrator", 403, 403),
        ],
    )
    def test_the_school_sees_its_own_once_sent_and_no_neighbour_ever(
        self, as_, bridge, sent, review_of, who, before, after
    ) -> None:
        review = review_of(bridge.other_school)
        assert as_(who).get(url("review", review.pk)).status_code == before
        sent(bridge.other_school)
        assert as_(who).get(url("review", review.pk)).status_code == after

    def test_another_partnership_finds_nothing(self, as_, bridge, sent) -> None:
        review = sent(bridge.other_school)
        elsewhere = {"host": "elsewhere.localhost"}
        foreign = as_("outsider").get(url("review", review.pk), headers=elsewhere)
        missing = as_("outsider").get(url("review", 999_999), headers=elsewhere)
        assert foreign.status_code == missing.status_code == 404

    def test_a_governor_reads_and_does_not_reply(self, as_, bridge, sent) -> None:
        review = sent(bridge.school)
        assert as_("governor").get(url("review", review.pk)).status_code == 200
        assert as_("governor").get(url("reply", review.pk)).status_code == 403

    def test_own_school_page(self, as_, bridge, sent) -> None:
        assert "No proposal has been sent" in text(as_("head").get(url("own")))
        sent(bridge.school)
        assert "priority support is proposed" in text(as_("head").get(url("own")))

    def test_history_is_kept_from_neighbours(self, as_, bridge, replied) -> None:
        urn = bridge.other_school.urn
        assert as_("head").get(url("school", urn)).status_code == 404
        assert "A new head since September" in text(as_("other_head").get(url("school", urn)))
        assert as_("broker").get(url("school", 123)).status_code == 404


class TestSteps:
    def test_open_is_checked_first_and_a_double_click_opens_one(self, as_, bridge) -> None:
        officer = as_("officer")
        typed = {"name": "Spring term 2027", "token": token_of(officer.get(url("open")))}
        assert "Check your answers" in text(officer.post(url("open"), typed))
        assert not ReviewRound.objects.exists()
        for _ in range(2):
            answer = officer.post(url("open"), typed | {"step": "confirm"})
            assert answer.status_code == 302
        assert ReviewRound.objects.count() == 1

    def test_change_brings_back_what_was_typed(self, as_, bridge) -> None:
        officer = as_("officer")
        typed = {"name": "A name of ours", "token": str(uuid4()), "step": "change"}
        assert 'value="A name of ours"' in officer.post(url("open"), typed).content.decode()

    def test_the_example_of_a_day_that_has_passed_has_passed(self) -> None:
        example = str(TellForm().fields["on"].help_text).removeprefix("For example, ")
        day, month, year = map(int, example.split())
        typed = {"token": uuid4(), "how": "In a meeting"}
        parts = {"on_day": day, "on_month": month, "on_year": year}
        assert TellForm(typed | parts).is_valid()

    def test_telling_is_recorded_with_its_person(self, as_, bridge, review_of) -> None:
        review, officer = review_of(bridge.school), as_("officer")
        typed = {
            "token": str(uuid4()),
            "on_day": "20",
            "on_month": "11",
            "on_year": "2026",
            "how": "a meeting at the school",
        }
        page = officer.post(url("tell", review.pk), typed)
        assert "20 November 2026" in text(page)
        assert 'name="on_day" value="20"' in page.content.decode()
        answer = officer.post(url("tell", review.pk), typed | {"step": "confirm"}, follow=True)
        assert "You told head and chair" in text(answer)
        told = text(officer.get(url("review", review.pk)))
        assert "told on 20 November 2026 by Samuel Hart: a meeting at the school" in told

    def test_an_untold_priority_cannot_be_sent_from_the_page(self, as_, bridge, review_of) -> None:
        review, officer = review_of(bridge.school), as_("officer")
        refused = officer.get(url("send", review.pk))
        assert refused.status_code == 409
        assert "head and the chair" in text(refused)
        forced = officer.post(url("send", review.pk), {"token": str(uuid4()), "step": "confirm"})
        assert "head and the chair" in text(forced)
        assert review_of(bridge.school).sent_at is None

    def test_sending_the_round_leaves_the_untold(self, as_, bridge, opened, review_of) -> None:
        officer = as_("officer")
        officer.post(url("send-round", opened.pk), {"token": str(uuid4()), "step": "confirm"})
        assert review_of(bridge.other_school).state == State.SENT
        assert review_of(bridge.school).state == State.PROPOSED

    def test_the_head_replies_and_gets_a_reference(self, as_, bridge, sent) -> None:
        review, head = sent(bridge.other_school), as_("other_head")
        form = head.get(url("reply", review.pk))
        assert "do not name pupils" in text(form)
        typed = {"view": "disagrees", "token": token_of(form), "help_with": "", "text": ""}
        wrong = head.post(url("reply", review.pk), typed)
        assert "<title>Error:" in wrong.content.decode()
        assert "Say where you see it differently" in text(wrong)
        typed["text"] = "Two families moved away."
        checked = head.post(url("reply", review.pk), typed)
        assert "Two families moved away." in text(checked)
        assert not Reply.objects.exists()
        for _ in range(2):
            done = head.post(url("reply", review.pk), typed | {"step": "confirm"}, follow=True)
        assert review.reference in text(done)
        assert Reply.objects.count() == 1
        assert "Your reply has been sent" in text(head.get(url("done", review.pk, "replied")))

    def test_nobody_judges_before_the_school_is_heard(self, as_, bridge, sent) -> None:
        review, broker = sent(bridge.other_school), as_("broker")
        assert broker.get(url("judge", review.pk)).status_code == 409
        forced = {
            "outcome": "broker support",
            "category": "later",
            "heard": "none",
            "token": str(uuid4()),
            "step": "confirm",
        }
        assert "has not replied" in text(broker.post(url("judge", review.pk), forced))
        assert not Judgement.objects.exists()

    def test_judgement_and_support_stand_beside_proposal_and_reply(
        self, as_, bridge, replied
    ) -> None:
        broker, address = as_("broker"), url("judge", replied.pk)
        typed = {
            "token": token_of(broker.get(address)),
            "heard": heard_of(broker.get(address)),
            "outcome": "keep in touch",
            "reasons": "",
            "category": "universal",
            "support_reasons": "",
            "review_on_day": "1",
            "review_on_month": "6",
            "review_on_year": "2099",
        }
        assert "otherwise than was proposed" in text(broker.post(address, typed))
        typed["reasons"] = "A new head; look again in June."
        assert "Check your answers" in text(broker.post(address, typed))
        for _ in range(2):
            done = broker.post(address, typed | {"step": "confirm"}, follow=True)
            assert done.status_code == 200
        assert Judgement.objects.count() == 1
        seen = text(as_("other_head").get(url("review", replied.pk)))
        for words in (
            "Proposed: broker support",
            "A new head since September.",
            "Keep in touch, otherwise than was proposed",
            "A new head; look again in June.",
            "Universal offer and termly contact",
            "1 June 2099",
        ):
            assert words in seen

    def test_a_reply_that_came_meanwhile_is_read_first(self, as_, bridge, replied) -> None:
        broker, address = as_("broker"), url("judge", replied.pk)
        typed = {"token": str(uuid4()), "outcome": "broker support", "category": "later"}
        typed["heard"] = heard_of(broker.get(address))
        checked = broker.post(address, typed)
        assert heard_of(checked) == typed["heard"]
        actions.reply(
            review=replied,
            view="disagrees",
            text="Two families moved away.",
            help_with="",
            token=uuid4(),
            by=bridge.reader("other_head"),
        )
        refused = broker.post(address, typed | {"step": "confirm"})
        assert "The school has replied since you began" in text(refused)
        assert "Two families moved away." in text(refused)
        assert not Judgement.objects.exists()
        broker.post(address, typed | {"heard": heard_of(refused), "step": "confirm"})
        assert Judgement.objects.get().reply.view == "disagrees"

    @pytest.mark.parametrize("heard", [None, "", "perhaps", "9" * 5000])
    def test_nobody_judges_without_saying_what_was_read(self, as_, replied, heard) -> None:
        typed = {"token": str(uuid4()), "outcome": "broker support", "category": "later"}
        typed |= {"step": "confirm"} if heard is None else {"step": "confirm", "heard": heard}
        refused = as_("broker").post(url("judge", replied.pk), typed)
        assert "Read what the school says" in text(refused)
        assert not Judgement.objects.exists()

    def test_priority_is_told_before_it_is_judged(self, as_, bridge, replied) -> None:
        broker = as_("broker")
        typed = {
            "token": str(uuid4()),
            "heard": str(replied.replies.get().pk),
            "outcome": "priority support",
            "reasons": "Worse than the figures say.",
            "category": "later",
        }
        refused = broker.post(url("judge", replied.pk), typed | {"step": "confirm"})
        assert "Record on the page of the review" in text(refused)
        assert "record that you told them" in text(broker.get(url("review", replied.pk)))
        assert broker.get(url("tell", replied.pk)).status_code == 200

    def test_support_can_be_recorded_later(self, as_, bridge, replied, review_of) -> None:
        broker = as_("broker")
        typed = {"token": str(uuid4()), "outcome": "broker support", "category": "later"}
        typed["heard"] = str(replied.replies.get().pk)
        broker.post(url("judge", replied.pk), typed | {"step": "confirm"})
        assert review_of(bridge.other_school).state == State.JUDGED
        support = {
            "token": str(uuid4()),
            "category": "contribute",
            "review_on_day": "1",
            "review_on_month": "6",
            "review_on_year": "2099",
        }
        refused = text(broker.post(url("decide", replied.pk), support))
        assert "not the usual support for broker support" in refused
        support |= {"category": "brokered", "step": "confirm"}
        broker.post(url("decide", replied.pk), support)
        assert review_of(bridge.other_school).state == State.DECIDED

    @pytest.mark.parametrize("step", ["", "confirm"])
    def test_support_is_refused_where_nothing_has_been_judged(
        self, as_, bridge, replied, step
    ) -> None:
        typed = {"token": str(uuid4()), "category": "brokered", "step": step}
        refused = as_("broker").post(url("decide", replied.pk), typed)
        assert refused.status_code == 409
        assert "There is no judgement yet" in text(refused)

    def test_only_a_step_that_was_taken_is_confirmed(self, as_, bridge, replied) -> None:
        """Whoever guesses the address of a confirmation is not told of what never happened."""
        answers = {
            what: as_("broker").get(url("done", replied.pk, what)).status_code
            for what in ("told", "sent", "replied", "judged", "decided")
        }
        assert answers == {
            "told": 404,
            "sent": 200,
            "replied": 200,
            "judged": 404,
            "decided": 404,
        }

    def test_a_confirmation_of_an_absurd_number_is_not_found(self, as_, bridge) -> None:
        assert as_("broker").get(f"/support-review/{'9' * 5000}/judged/").status_code == 404

    def test_nothing_can_be_done_to_a_superseded_review(self, as_, bridge, replied) -> None:
        actions.open_round(
            partnership=bridge.partnership,
            name="Next",
            picture=bridge.picture,
            token=uuid4(),
            by=bridge.reader("officer"),
        )
        assert Review.objects.get(pk=replied.pk).state == State.SUPERSEDED
        shown = text(as_("other_head").get(url("review", replied.pk)))
        assert "A newer review has replaced this one" in shown
        assert as_("broker").get(url("judge", replied.pk)).status_code == 409


def test_how_proposals_are_made_is_written_from_the_policy(as_, bridge) -> None:
    shown = text(as_("governor").get(url("how")))
    for words in (
        "Education and Inspections Act 2006, sections 60 to 66",
        "has 10 school days to reply",
        "6 years old or older: too old to rely on",
        "Reading, writing and maths: expected standard",
        "Switched off: it has not been published",
        "The local authority",
    ):
        assert words in shown


def test_rounds_so_far(as_, bridge, opened) -> None:
    officer = as_("officer")
    assert "Spring term 2027" in text(officer.get(url("rounds")))
    assert "Send 1 proposal" in text(officer.get(url("round", opened.pk)))
    assert officer.get(url("round", 999)).status_code == 404


def test_the_ledger_does_not_tell_an_administrator_what_is_proposed(as_, bridge, sent) -> None:
    """Neighbours do not watch, through the ledger either: who sees no proposal on a page finds
    neither school nor outcome nor words of a review among the lines of who did what."""
    review = sent(bridge.school)
    actions.reply(
        review=review,
        view="disagrees",
        text="Two families moved away.",
        help_with="",
        token=uuid4(),
        by=bridge.reader("head"),
    )
    actions.judge(
        review=review,
        outcome=Outcome.BROKER,
        reasons="The boiler burst in test week.",
        heard=review.replies.get().pk,
        token=uuid4(),
        by=bridge.reader("broker"),
    )
    page = as_("administrator").get("/audit/")
    shown = text(page)
    assert "judged a review" in shown
    assert "Priya Nair" in shown
    for words in (
        "broker support",
        "priority support",
        "boiler",
        "disagrees",
        f"review {review.pk} ",
    ):
        assert words not in shown
    assert str(bridge.school.urn) not in text(
        as_("administrator").get("/audit/?verb=sent+proposals+to+their+schools")
    )
