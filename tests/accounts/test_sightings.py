"""Who saw protected data: kept for every page that shows it, by one row, before it goes out."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from bridgehead.accounts import access
from bridgehead.accounts.access import needs
from bridgehead.accounts.audit.verify import verify_chain
from bridgehead.accounts.models import AuditView
from tests.accounts.test_routes import TABLE, Row, _address, _client, _sent, routes
from tests.cast import Site

pytestmark = pytest.mark.django_db

#: Every page that shows more of a named school than published figures. Whatever is not here shows
#: published figures, counts, or what belongs to no school.
PROTECTED = {
    "brokerage:supporters",
    "desk:area",
    "desk:home",
    "desk:kept-similar",
    "desk:school",
    "desk:schools",
    "desk:series",
    "desk:series-csv",
    "desk:similar",
    "desk:standards",
    "monitoring:board",
    "monitoring:board-csv",
    "monitoring:decide",
    "monitoring:done",
    "monitoring:judge",
    "monitoring:own",
    "monitoring:reply",
    "monitoring:review",
    "monitoring:school",
    "monitoring:send",
    "monitoring:tell",
    "records:address-file",
    "records:disclosure-file",
    "records:erase",
    "records:own-file",
    "records:person-file",
}


def test_every_page_that_shows_protected_data_says_so() -> None:
    found = {name for name, pattern in routes() if getattr(pattern.callback, "shows", "")}
    assert found == PROTECTED, (
        "Ask of each page that differs whether it shows more of a named school than published "
        "figures. If it does, @needs(…, shows=…) and showed(request, urns); and name it above."
    )


#: Who is shown no named school there, only counts.
COUNTS_ONLY = {("head", "desk:area"), ("officer", "desk:home")}


@pytest.mark.parametrize(
    "row", [row for row in TABLE if row.route in PROTECTED], ids=lambda row: row.route
)
def test_one_row_tells_of_each_page_shown(row: Row, site: Site) -> None:
    address, urn = _address(row, site), site.school.urn
    for who in ("head", "officer", "other_head", "board_member"):
        before = set(AuditView.objects.values_list("pk", flat=True))
        client = _client(who, site)
        head = client.head(address)
        assert set(AuditView.objects.values_list("pk", flat=True)) == before
        status = client.get(address).status_code
        assert head.status_code == status
        new = AuditView.objects.exclude(pk__in=before)
        named = [view for view in new if f" {urn} " in view.urns]
        if who in ("other_head", "board_member"):
            assert not named, "a neighbour is shown nothing of this school"
            continue
        if (who, row.route) in COUNTS_ONLY:
            assert not new
        elif status == 200:
            assert len(new) == 1
        if status == 200 and who == "head" and row.route != "desk:area":
            assert len(named) == 1
            assert named[0].actor == site.cast.head.pseudonym.word
            assert named[0].role == "Head teacher"
        elif status != 200:
            assert not new
    assert verify_chain() == []


def test_a_page_that_cannot_be_kept_is_not_shown(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise DatabaseError("no space")

    monkeypatch.setattr(access, "saw", full)
    client = _client("head", site)
    client.raise_request_exception = False
    assert client.get(reverse("desk:school", args=[site.school.urn])).status_code == 500
    assert client.get(reverse("desk:school", args=[site.other_school.urn])).status_code == 200


def test_a_page_that_does_not_say_of_which_schools_is_not_shown(small_site: Site) -> None:
    from django.http import HttpResponse

    page = needs(shows="something")(lambda request: HttpResponse("seen"))
    request = RequestFactory().get("/")
    request.reader = small_site.reader("head")  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError, match="call showed"):
        page(request)


def _page(client: Client, site: Site, query: str = "") -> str:
    answer = client.get(reverse("desk:seen", args=[site.school.urn]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_head_sees_who_looked_when_and_at_what(site: Site, django_assert_max_num_queries) -> None:
    head, officer, outsider = (_client(who, site) for who in ("head", "officer", "other_head"))
    assert "<strong>nobody</strong> opened a page" in _page(head, site)
    review = _sent(site)
    officer.get(reverse("monitoring:review", args=[review.pk]))
    officer.get(reverse("desk:school", args=[site.school.urn]))
    officer.get(reverse("desk:inspections", args=[site.school.urn]))
    officer.get(reverse("desk:school", args=[site.other_school.urn]))
    outsider.get(reverse("desk:school", args=[site.school.urn]))
    with django_assert_max_num_queries(12):
        page = _page(head, site)
    assert "were opened <strong>2 times</strong>" in page
    assert page.count("Samuel Hart") == 2
    assert "Authority officer" in page
    assert "A review" in page
    assert "The dials, with direction" in page
    assert "Tom Reyes" not in page


def test_months_are_looked_at_one_at_a_time(site: Site) -> None:
    from proofs._damage import lift_guards

    client = _client("officer", site)
    client.get(reverse("desk:school", args=[site.school.urn]))
    lift_guards()
    before = timezone.now() - timedelta(days=40)
    AuditView.objects.update(at=before)
    head = _client("head", site)
    assert "Samuel Hart" not in _page(head, site)
    assert "Samuel Hart" in _page(head, site, f"?month={before:%Y-%m}")
    assert "Samuel Hart" not in _page(head, site, "?month=1066-10&page=x")


def test_of_no_other_school(site: Site) -> None:
    head = _client("head", site)
    for urn in (site.other_school.urn, 999999):
        assert head.get(reverse("desk:seen", args=[urn])).status_code == 404
