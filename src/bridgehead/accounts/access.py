"""Who may pass which door. Default is deny: a view without ``@needs`` or ``@public`` is refused.

How to write a page here:

1.  ``@needs(Permission.SEE_AREA)`` above a function view. ``request.reader`` is the ``Reader``,
    ``request.partnership`` the ``schools.models.Partnership``: both are built once per request.
2.  A view answers GET and HEAD only; say ``@needs(Permission.JUDGE, methods=GET_AND_POST)`` or
    ``methods=POST`` where it answers others. Several permissions mean "any of them".
3.  ``@needs`` asks whether the permission is held *somewhere*. For which object, your own
    ``access.py`` asks: ``reader.can(Permission.SEE_OWN_SCHOOL, urn)``. Fetch with
    ``filter(partnership_id=reader.partnership_id)``; ``raise Http404`` for what may not be seen.
4.  ``raise Denied("code", "A sentence that says why.")`` at a door not the reader's: 403 in words.
5.  A page for anybody signed in: ``@needs()``. For everybody, signed in or not: ``@public``.
6.  Annotate ``request`` as ``SignedIn`` (from here): it knows reader and partnership.
7.  ``schools.access.visible_urns(reader)``: the URNs of the reader's partnership, in one query.
8.  Write with an action: ``@transaction.atomic``, ``by=request.reader``, and inside it
    ``accounts.actions.record(verb=…, by=by, partnership=by.partnership_id, about=…, details=…)``.
9.  Declare the route in ``tests/accounts/test_routes.py``: an undeclared one fails.
10. A page that shows what is held of a named school beyond published figures says so:
    ``@needs(…, shows="a review")``, and the view tells of which schools: ``showed(request, urns)``.
    Who saw it is then kept, by one row, before the page goes out.
11. Test with ``site`` and its cast: ``client.force_login(site.cast.broker)``.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import resolve_url

from bridgehead.accounts.audit.sightings import saw
from bridgehead.accounts.models import User
from bridgehead.accounts.rules import Denied, Permission, Reader

GET = ("GET", "HEAD")
POST = ("POST",)
GET_AND_POST = (*GET, *POST)

View = Callable[..., HttpResponseBase]

if TYPE_CHECKING:

    class SignedIn(HttpRequest):
        """A request after the middleware: with its reader and its partnership."""

        reader: Reader
        partnership: Any
        held: Any
        showed: frozenset[int]

        def themselves(self, person: User) -> Reader: ...

else:
    SignedIn = HttpRequest


def needs(
    *permissions: Permission, methods: tuple[str, ...] = GET, shows: str = ""
) -> Callable[[View], View]:
    """Let a signed-in person pass who holds any of the permissions anywhere (none: any person).

    ``shows`` names, in words for a head to read, what protected data the page shows; the view then
    says of which schools (``showed``). Who was shown it is kept before the page goes out: a page
    that cannot be kept is not shown.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            reader: Reader = cast(SignedIn, request).reader
            if reader.user_id is None:
                return _to_sign_in(request)
            check_may_enter(reader, permissions)
            response = view(request, *args, **kwargs)
            if shows and response.status_code == 200 and request.method != "HEAD":
                _keep_who_saw(cast(SignedIn, request), shows)
            return response

        cast(Any, guarded).shows = shows
        return _door(guarded, permissions, methods)

    return mark


def public(view: View | None = None, *, methods: tuple[str, ...] = GET) -> Any:
    """Let everybody pass. Used as ``@public`` or ``@public(methods=GET_AND_POST)``."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        return _door(guarded, None, methods)

    return mark if view is None else mark(view)


def showed(request: HttpRequest, urns: Iterable[int | None]) -> None:
    """Say of which schools a page shows protected data: of none where it shows published figures
    only. Said more than once, it adds up. None stands for a member that is no school."""
    asked = cast(SignedIn, request)
    asked.showed = getattr(asked, "showed", frozenset()) | {urn for urn in urns if urn is not None}


def _keep_who_saw(request: SignedIn, what: str) -> None:
    urns = getattr(request, "showed", None)
    if urns is None:
        raise RuntimeError(
            f"the page shows {what}, and did not say of which schools: call showed(request, urns)"
        )
    if urns:
        saw(by=request.reader, what=what, urns=urns)


def check_may_enter(reader: Reader, permissions: tuple[Permission, ...]) -> None:
    """Raise ``Denied`` unless the reader holds one of the permissions somewhere."""
    if permissions and not any(reader.can_somewhere(p) for p in permissions):
        wanted = " or ".join(p.value for p in permissions)
        role = f"Your role ({reader.role_label})" if reader.role_label else "Your account"
        raise Denied("door", f"{role} does not let you {wanted}.")


def is_guarded(view: Any) -> bool:
    """Whether a view says who may pass."""
    return hasattr(view, "door")


def _door(view: View, permissions: tuple[Permission, ...] | None, methods: tuple[str, ...]) -> View:
    """Say on a view who may pass: None for everybody, else any of the permissions."""
    marked = cast(Any, view)
    marked.door, marked.methods = permissions, methods
    return view


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page, and back afterwards; what was being sent is not repeated."""
    back = request.get_full_path() if request.method in GET else "/"
    return redirect_to_login(back, resolve_url(settings.LOGIN_URL))
