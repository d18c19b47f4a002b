"""Under which host names the site answers."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound


def known_host(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware, the first of all: under a host name that is not the site's nothing is there, no
    page, no style sheet, and no redirection that would carry the name on.

    Plain text, because a page would link to style sheets that are not there either. Nothing is
    logged: strangers who try host names would fill the log.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            return HttpResponseNotFound(
                "There is no site at this address.\n",
                content_type="text/plain; charset=utf-8",
                headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
            )
        return get_response(request)

    return answer
