"""Default deny: a view that does not say who may pass is not run, and no answer is kept by a
browser or a proxy, where the next person at the machine would find it."""

import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.defaults import permission_denied

from bridgehead.accounts.access import is_guarded
from bridgehead.accounts.rules import Denied
from bridgehead.core.printable import place, printable

log = logging.getLogger(__name__)


class DefaultDenyMiddleware:
    """Refuses unmarked views, turns ``Denied`` into the 403 page that says why, and forbids to
    store what is answered. Style sheets never come here: they are served before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if is_guarded(view):
            return None
        name = f"{view.__module__}.{view.__qualname__}"
        log.error("%s carries neither @needs nor @public, so nobody may pass", name)
        return permission_denied(request, Denied("unmarked", "Nobody may see this page yet."))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Denied):
            return None
        # The route, not the address: that of an invitation holds the word that accepts it.
        who = getattr(getattr(request, "user", None), "pk", None) or "nobody"
        said = (printable(str(request.method)), place(request), who, exception.code)
        log.info("denied %s %s to person %s: %s", *said)
        return permission_denied(request, exception)
