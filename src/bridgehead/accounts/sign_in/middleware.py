"""Whoever works beyond one school reaches nothing before a second factor is set up."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

SET_UP = "accounts:set-up-second-factor"

#: All that is reached without one: where it is set up, the way out, and what watches the machine.
OPEN = frozenset({SET_UP, "accounts:sign-in", "accounts:sign-out", "healthz", "readyz"})


class SecondFactorMiddleware:
    """Leads people to where a second factor is set up, whatever address they go to.

    Who has one has shown it: nobody with a second factor is signed in by less. So the person's own
    row tells, and no request pays a query for it. ``request.beyond_one_school`` is set by
    ``people.middleware``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name in OPEN or not must_set_up(request):
            return None
        return redirect(SET_UP)


def must_set_up(request: Any) -> bool:
    """Whether the person of a request needs a second factor and has none."""
    if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
        return False
    return request.user.second_factor_at is None and bool(request.beyond_one_school)
