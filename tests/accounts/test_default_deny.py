"""A view that does not say who may pass is not run; ``Denied`` is a page in words."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from bridgehead.accounts.access import GET_AND_POST, needs, public
from bridgehead.accounts.middleware import DefaultDenyMiddleware
from bridgehead.accounts.models import User
from bridgehead.accounts.rules import ANONYMOUS, Denied, Grant, Permission, Reader


def unmarked(request: HttpRequest) -> HttpResponse:
    raise AssertionError("this must not run")


@needs(Permission.JUDGE, methods=GET_AND_POST)
def judging(request: HttpRequest) -> HttpResponse:
    return HttpResponse("judged")


@needs(Permission.SEE_DATA, Permission.SEE_AUDIT)
def either(request: HttpRequest) -> HttpResponse:
    return HttpResponse("seen")


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def reader(*grants: Grant) -> Reader:
    return Reader(7, "Somebody", 1, "some", "Some role", frozenset(grants))


def ask(method: str = "GET", by: Reader = ANONYMOUS) -> HttpRequest:
    request = RequestFactory().generic(method, "/judging/?page=2")
    request.reader = by
    return request


def middleware() -> DefaultDenyMiddleware:
    return DefaultDenyMiddleware(lambda request: HttpResponse())


def test_an_unmarked_view_is_refused() -> None:
    response = middleware().process_view(ask(), unmarked, (), {})
    assert response is not None
    assert response.status_code == 403


@pytest.mark.parametrize("view", [judging, open_to_all])
def test_a_marked_view_goes_on(view: object) -> None:
    assert middleware().process_view(ask(), view, (), {}) is None


def test_nobody_is_sent_to_sign_in_and_back() -> None:
    assert judging(ask())["Location"] == "/sign-in/?next=/judging/%3Fpage%3D2"
    assert judging(ask("POST"))["Location"] == "/sign-in/?next=/"


def test_a_permission_held_at_one_school_opens_the_door() -> None:
    holder = reader(Grant(Permission.JUDGE, 900001))
    assert judging(ask(by=holder)).content == b"judged"


def test_without_the_permission_the_reason_is_told() -> None:
    with pytest.raises(
        Denied, match=r"Your role \(Some role\) does not let you record a judgement"
    ):
        judging(ask(by=reader(Grant(Permission.SEE_AREA))))


def test_any_of_several_permissions_will_do() -> None:
    assert either(ask(by=reader(Grant(Permission.SEE_AUDIT)))).content == b"seen"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST"])
def test_a_method_that_is_not_named_is_not_answered(method: str) -> None:
    assert open_to_all(ask(method)).status_code == 405
    assert either(ask(method, reader(Grant(Permission.SEE_DATA)))).status_code == 405


def test_denied_becomes_a_page_that_says_why() -> None:
    response = middleware().process_exception(ask(), Denied("door", "Only officers may."))
    assert response is not None
    assert response.status_code == 403
    assert "Only officers may." in response.content.decode()


def test_what_is_denied_is_logged_by_its_route_and_never_by_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An address may hold the word that accepts an invitation, and could hold a line break too."""
    caplog.set_level("INFO", logger="bridgehead")
    asked = RequestFactory().generic("GET\r\nINFO all is well", "/invitation/the-word-that-opens/")
    asked.resolver_match = resolve(asked.path)
    asked.user = User(pk=7)
    middleware().process_exception(asked, Denied("door", "Only officers may."))
    (line,) = caplog.messages
    assert "the-word-that-opens" not in line
    assert "/invitation/<str:token>/ to person 7: door" in line
    assert line.isprintable()


def test_other_errors_are_left_alone() -> None:
    assert middleware().process_exception(ask(), ValueError()) is None


def test_no_answer_is_kept_by_a_browser_or_a_proxy() -> None:
    kept = middleware()(ask())["Cache-Control"]
    assert set(kept.split(", ")) == {"private", "no-store"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"), [("/", 302), ("/role/", 302), ("/nowhere/", 404), ("/sign-in/", 200)]
)
def test_errors_and_redirections_are_not_kept_either(
    client: Client, address: str, status: int
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert "no-store" in answer["Cache-Control"]
