"""At most twelve queries a page, whatever the number of schools."""

from uuid import uuid4

import pytest
from django.urls import reverse

from bridgehead.monitoring import actions
from bridgehead.monitoring.models import Review
from bridgehead.schools.models import Membership, Organisation
from tests.cast import LONG_AGO

pytestmark = pytest.mark.django_db

MOST = 12


@pytest.fixture(params=[20, 200])
def many(bridge, a_school, card, request):
    """So many more schools in the partnership and in its picture."""
    made = Organisation.objects.bulk_create(
        Organisation(
            urn=910_000 + n,
            name=f"School {n}",
            phase="primary",
            type_group="maintained",
            la="990",
            status="open",
        )
        for n in range(request.param)
    )
    Membership.objects.bulk_create(
        Membership(partnership=bridge.partnership, organisation=o, joined=LONG_AGO) for o in made
    )
    for o in made:
        bridge.picture.held[o.urn] = a_school(
            card(urn=o.urn, grades={"Inclusion": "Needs attention"}), urn=o.urn, urns=(o.urn,)
        )
    bridge.picture.digest += f"-{request.param}"
    return bridge


@pytest.fixture
def answered(many):
    """A round in which every school that could be asked has replied, and half are decided."""
    officer, broker = many.reader("officer"), many.reader("broker")
    opened = actions.open_round(
        partnership=many.partnership,
        name="Spring term 2027",
        picture=many.picture,
        token=uuid4(),
        by=officer,
    )
    own = Review.objects.get(organisation=many.other_school)
    actions.send(reviews=[r for r in opened.reviews.all() if r.outcome == own.outcome], by=officer)
    said = actions.reply(
        review=own,
        view="agrees",
        text="",
        help_with="",
        token=uuid4(),
        by=many.reader("other_head"),
    )
    actions.judge(
        review=own,
        outcome=own.proposed.outcome,
        reasons="",
        heard=said.pk,
        token=uuid4(),
        by=broker,
    )
    return opened


def get(client, many, who: str, counted, name: str, *args: object, **query: str) -> None:
    client.force_login(getattr(many.cast, who))
    with counted(MOST):
        answer = client.get(reverse(f"monitoring:{name}", args=args), query)
    assert answer.status_code == 200


def test_the_board_before_a_round(client, many, django_assert_max_num_queries) -> None:
    get(client, many, "broker", django_assert_max_num_queries, "board")


def test_every_page_in_a_round(client, many, answered, django_assert_max_num_queries) -> None:
    counted = django_assert_max_num_queries
    own = Review.objects.get(organisation=many.other_school)
    waiting = Review.objects.exclude(organisation=many.other_school).filter(state="sent")[0]
    for query in (
        {},
        {"outcome": "broker", "sort": "name", "page": "2"},
        {"waiting": "a judgement"},
    ):
        get(client, many, "broker", counted, "board", **query)
    for name in ("rounds", "how", "open"):
        get(client, many, "officer", counted, name)
    get(client, many, "officer", counted, "round", answered.pk)
    get(client, many, "officer", counted, "review", own.pk)
    get(client, many, "officer", counted, "review", waiting.pk)
    get(client, many, "officer", counted, "decide", own.pk)
    get(client, many, "officer", counted, "school", many.other_school.urn)
    for name in ("own", "review", "school"):
        args = {"own": [], "review": [own.pk], "school": [many.other_school.urn]}[name]
        get(client, many, "other_head", counted, name, *args)


def test_the_file_of_every_school(client, many, answered, django_assert_max_num_queries) -> None:
    # What the ledger writes is beside what the page reads.
    client.force_login(many.cast.officer)
    with django_assert_max_num_queries(MOST + 10):
        assert client.get(reverse("monitoring:board-csv")).status_code == 200


def test_sending_all_takes_a_constant_number(many, django_assert_max_num_queries) -> None:
    officer = many.reader("officer")
    opened = actions.open_round(
        partnership=many.partnership,
        name="Spring term 2027",
        picture=many.picture,
        token=uuid4(),
        by=officer,
    )
    ready = [r for r in opened.reviews.all() if r.outcome == "broker support"]
    with django_assert_max_num_queries(20):
        assert actions.send(reviews=ready, by=officer) == len(ready)
