"""The page that ``benchmarks.pages`` measures beside ours: one query, one table, and nothing else
of the site: no session, no sign-in, no policy, no audit."""

from collections.abc import Callable
from itertools import cycle, islice

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

_TABLE = Engine().from_string(
    "<!DOCTYPE html><html><head><title>Schools</title></head><body><table>"
    "{% for urn, name, town, postcode in rows %}<tr><td>{{ urn }}</td><td>{{ name }}</td>"
    "<td>{{ town }}</td><td>{{ postcode }}</td></tr>\n{% endfor %}</table></body></html>"
)
#: What a row comes to.
ROW_BYTES = 100


def table(request: HttpRequest, size: int) -> HttpResponse:
    """A table of schools of about so many bytes."""
    from bridgehead.schools.models import Organisation

    rows = max(1, size // ROW_BYTES)
    found = Organisation.objects.values_list("urn", "name", "town", "postcode")
    held = list(found[: min(rows, 500)])
    return HttpResponse(_TABLE.render(Context({"rows": islice(cycle(held), rows)})))


def own_urls(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Lets a request be answered from the addresses of this module."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__  # type: ignore[attr-defined]
        return get_response(request)

    return answer


urlpatterns = [path("<int:size>/", table)]
