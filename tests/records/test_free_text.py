"""Beside every box for free text stands: no concern, no pupil’s name, and whom to call."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

import bridgehead
from bridgehead.monitoring import actions
from tests.accounts.test_routes import TABLE, Row, _address, _sent
from tests.cast import Site
from tests.records.conftest import sign_in

pytestmark = pytest.mark.django_db

READERS = ("officer", "head", "administrator", "broker")
BOX = re.compile(r"<textarea[^>]*>")
CARE = re.compile(r'<p class="govuk-hint bh-care" id="([^"]+)">(.*?)</p>', re.DOTALL)


def boxes(page: str) -> list[str]:
    """Those that can be seen: one that only carries an answer on is hidden."""
    return [box for box in BOX.findall(page) if " hidden" not in box]


def unwarned(page: str) -> list[str]:
    """The boxes of a page that are not tied to the warning."""
    care = {
        found[1]
        for found in CARE.finditer(page)
        if "do not name pupils" in found[2] and "999" in found[2]
    }
    return [box for box in boxes(page) if not care & set(_described_by(box))]


def _described_by(box: str) -> list[str]:
    found = re.search(r'aria-describedby="([^"]*)"', box)
    return found[1].split() if found else []


def pages(row: Row, site: Site) -> list[str]:
    address = _address(row, site)
    found = []
    for who in READERS:
        client: Client = sign_in(who, site)
        for answer in (client.get(address), client.post(address) if row.post else None):
            if answer is not None and answer.get("Content-Type", "").startswith("text/html"):
                found.append(answer.content.decode())
    return found


#: Routes with a box; the walk below must find each, or it has looked at nothing.
WITH_BOX = {
    "monitoring:reply",
    "monitoring:judge",
    "monitoring:decide",
    "schools:add-sheet",
}


@pytest.mark.parametrize(
    "row", [r for r in TABLE if r.post and r.route != "accounts:sign-out"], ids=lambda r: r.route
)
def test_every_box_on_every_route_warns(row: Row, site: Site) -> None:
    if row.route in ("monitoring:judge", "monitoring:decide"):
        replied(site)
    if row.route == "monitoring:decide":
        judged(site)
    found = pages(row, site)
    assert [box for page in found for box in unwarned(page)] == [], (
        f"{row.route} asks for free text and does not say whom to call about a child: draw the "
        "field with <c-field> or <c-textarea>."
    )
    if row.route in WITH_BOX:
        assert any(boxes(page) for page in found)
    else:
        assert not any(boxes(page) for page in found), f"put {row.route} into WITH_BOX"


def replied(site: Site) -> None:
    """The school has been heard, without which nobody judges."""
    actions.reply(
        review=_sent(site),
        view="agrees",
        text="",
        help_with="",
        token=uuid4(),
        by=site.reader("head"),
    )


def judged(site: Site) -> None:
    """As was proposed; the support is decided later."""
    review = _sent(site)
    actions.judge(
        review=review,
        outcome=review.proposed.outcome,
        reasons="",
        heard=review.replies.get().pk,
        token=uuid4(),
        by=site.reader("officer"),
    )


def test_a_box_without_the_warning_would_be_found() -> None:
    assert unwarned('<textarea name="text" aria-describedby="id_text-hint"></textarea>')
    assert unwarned('<textarea name="text"></textarea>')


def test_no_template_draws_a_box_of_its_own() -> None:
    templates = Path(bridgehead.__file__).parent.rglob("templates/**/*.html")
    assert not [path for path in templates if boxes(path.read_text(encoding="utf-8"))]
