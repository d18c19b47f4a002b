"""However much is held, its pages and files ask the database as often."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate

from bridgehead.monitoring.models import Judgement, Reply, Review
from bridgehead.records.queries.person import counts_of, held_of
from tests.cast import Site
from tests.records.conftest import sign_in
from tests.records.test_disclosure import ADDRESS, ALL, asked

pytestmark = pytest.mark.django_db


def more(site: Site) -> None:
    """Replies by the head and by the other one that name the head, in every review; and judgements
    of some of them, which a row says by the reply, its review and its school."""
    for person in (site.cast.head, site.cast.other_head):
        Reply.objects.bulk_create(
            Reply(
                partnership=site.partnership,
                review=review,
                view="disagrees",
                text="Helen Okafor came.",
                at=timezone.now(),
                by=person,
                token=uuid4(),
            )
            for review in Review.objects.all()
        )
    for reply in Reply.objects.filter(review__judgement=None, by=site.cast.head)[:3]:
        Judgement.objects.create(
            partnership=site.partnership,
            review=reply.review,
            proposed=reply.review.outcome,
            outcome=reply.review.outcome,
            reply=reply,
            told_on=localdate(),
            on=localdate(),
            at=timezone.now(),
            by=site.cast.head,
            token=uuid4(),
        )


ASKED: dict[str, Callable[[Client, int], Any]] = {
    "the own page": lambda client, pk: client.get("/records/about-you/"),
    "the own file": lambda client, pk: client.post("/records/about-you/file/"),
    "a request": lambda client, pk: client.get(f"/records/requests/people/{pk}/"),
    "a person's file": lambda client, pk: client.post(f"/records/requests/people/{pk}/file/"),
    "before erasing": lambda client, pk: client.post(
        f"/records/requests/people/{pk}/erase/", {"why": "x"}
    ),
    "a disclosure": lambda client, pk: client.post(ADDRESS, asked(kinds=ALL)),
}


@pytest.mark.parametrize("what", ASKED)
def test_the_number_of_queries_does_not_grow(full_site: Site, what: str) -> None:
    client = sign_in("head" if "own" in what else "administrator", full_site)
    pk, counts = full_site.cast.head.pk, []
    more(full_site)
    ASKED[what](client, pk)  # what is worked out once is there
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked_for:
            assert ASKED[what](client, pk).status_code == 200
        counts.append(len(asked_for))
        more(full_site)
    assert counts[0] == counts[1]
    assert counts[0] < 90


@pytest.mark.parametrize("who", ["head", "broker", "administrator"])
def test_a_page_counts_what_the_file_holds(full_site: Site, who: str) -> None:
    person, home = getattr(full_site.cast, who), full_site.partnership.pk
    counted = {(each.kind.key, each.name): each.many for each in counts_of(person, home)}
    held = {(sheet.kind.key, sheet.name): len(sheet.lines) for sheet in held_of(person, home)}
    assert counted == held
