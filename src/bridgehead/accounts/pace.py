"""How much one person may ask for. Only who is signed in is counted, and each person alone, so
nobody can use up what is another's; what a stranger may reach is cheap, or slowed by ``throttle``.

Each process counts for itself, in memory: with two workers a person may ask for up to twice that.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: A file is worth so many pages, and a write so many: it is not read, and costs more to make.
FILE, WRITE, PAGE = 10, 3, 1
#: More people than this at one moment, and those who have not asked for a minute are forgotten.
_MOST_PEOPLE = 10_000


class Pace:
    """A purse for each person, which holds a minute's worth and fills again as time goes by."""

    def __init__(self) -> None:
        self._left: dict[int, tuple[float, float]] = {}
        self._one_at_a_time = threading.Lock()

    def spend(self, person: int, cost: int, most: int, now: float) -> bool:
        """Whether the person may have what costs so much. ``now`` is in seconds, of any clock that
        does not go back."""
        with self._one_at_a_time:
            if len(self._left) > _MOST_PEOPLE:
                self._left = {p: (n, t) for p, (n, t) in self._left.items() if now - t < 60}
            left, then = self._left.get(person, (float(most), now))
            left = min(most, left + (now - then) * most / 60)
            enough = left >= cost
            self._left[person] = (left - cost if enough else left, now)
            return enough


_pace = Pace()


class PaceMiddleware:
    """Answers 429 to a person who asks for more than ``REQUESTS_A_MINUTE``; 0 counts nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        most, person = settings.REQUESTS_A_MINUTE, request.user
        if not most or not person.is_authenticated:
            return None
        if _pace.spend(person.pk, cost(request), most, time.monotonic()):
            return None
        answer = render(request, "accounts/too_fast.html", status=429)
        answer["Retry-After"] = "60"
        return answer


def cost(request: HttpRequest) -> int:
    """What an answer is worth, in pages."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name.endswith(("-csv", "-file")):
        return FILE
    return PAGE if request.method in {"GET", "HEAD"} else WRITE
