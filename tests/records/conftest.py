"""A site in which something of every kind is kept."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.accounts.audit.sightings import saw, seal_views
from bridgehead.accounts.sign_in.wrong_codes import note
from bridgehead.monitoring import actions as monitoring
from bridgehead.monitoring.models import Review
from tests.accounts.test_routes import _asked_for_buddy, _invitation, _kept, _sent
from tests.cast import Site
from tests.clock import Clock, long_ago

#: What the head writes: somebody in full, in capitals, and by address.
WORDS = (
    "Priya Nair promised help; PRIYA NAIR (priya.nair@example.org) came once. Ours is Tom Reyes."
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The site's own time."""
    made = long_ago()
    monkeypatch.setattr(timezone, "now", made)
    return made


def write_records(site: Site) -> Review:
    """A sent review with the head's reply and a judgement, a kept set, an invitation, a buddy asked
    for, a sign-in, a wrong code, and sightings in a batch."""
    review = _sent(site)
    head, officer = site.reader("head"), site.reader("officer")
    said = monitoring.reply(
        review=review, view="disagrees", text=WORDS, help_with="maths", token=uuid4(), by=head
    )
    review.refresh_from_db()
    monitoring.judge(
        review=review,
        outcome=review.proposed.outcome,
        reasons="As Priya Nair says.",
        heard=said.pk,
        token=uuid4(),
        by=officer,
    )
    _kept(site)
    _invitation(site)
    _asked_for_buddy(site)
    note(site.cast.broker, "192.0.2.1", timezone.now())
    sign_in("broker", site)
    saw(by=officer, what="a review", urns=[site.school.urn])
    seal_views(site.partnership.pk)
    return review


def sign_in(who: str, site: Site) -> Client:
    """The browser of one of the cast."""
    client = Client(headers={"host": "localhost"})
    client.force_login(getattr(site.cast, who), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def full_site(site: Site) -> Any:
    write_records(site)
    return site
