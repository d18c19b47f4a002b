"""Every request has a number, is counted, and is told of in the log once it has been answered."""

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from bridgehead.config import metrics
from bridgehead.config.logs import request_id
from bridgehead.core.printable import place

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
log = logging.getLogger("bridgehead.requests")


def watched(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware, the first of all. A proxy may give the number in ``X-Request-ID``; one that is no
    plain word is replaced, because it goes into the log and the answer."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        number = given if _GIVEN.fullmatch(given) else uuid4().hex
        before = request_id.set(number)
        began = time.perf_counter()
        try:
            response = get_response(request)
            seconds = time.perf_counter() - began
            route = _route(request)
            metrics.count(route, response.status_code, seconds)
            told = {
                "method": request.method if request.method in metrics.METHODS else "other",
                "route": route,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000, 1),
            }
            words = "{method} {page} {status} in {milliseconds} ms"
            log.info(words.format(page=place(request), **told), extra={"told": told})
        finally:
            request_id.reset(before)
        response[HEADER] = number
        return response

    return answer


def _route(request: HttpRequest) -> str:
    """The route's name, such as ``desk:area``; ``static`` and ``none`` for what has none."""
    if match := request.resolver_match:
        return match.view_name or "none"
    return "static" if request.path.startswith("/static/") else "none"
