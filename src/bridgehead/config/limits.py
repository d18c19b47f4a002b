"""How much may be sent."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def limited(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: what is larger than ``LARGEST_REQUEST`` bytes is refused before any of it is
    read. What is sent without saying how long it is, Django takes to be empty."""

    def answer(request: HttpRequest) -> HttpResponse:
        told = str(request.META.get("CONTENT_LENGTH") or "0")
        if not (told.isascii() and told.isdecimal()) or int(told) > settings.LARGEST_REQUEST:
            megabytes = settings.LARGEST_REQUEST // 1_000_000
            return HttpResponse(
                f"This is too much to send at once. The most is {megabytes} megabytes.\n",
                content_type="text/plain; charset=utf-8",
                status=413,
                headers={"Cache-Control": "no-store", "Connection": "close"},
            )
        return get_response(request)

    return answer
