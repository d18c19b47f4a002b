"""What every page knows: who reads, where they can go, and whose site it is.

``web`` knows no domain. It reads what middleware has put on the request, each part with a
fall-back, and the navigation from ``settings.BRIDGEHEAD_NAVIGATION``.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject

#: Addresses that the frame of a page links to. One that the site does not have is left out.
LINKS = {
    "sign_in": "accounts:sign-in",
    "sign_out": "accounts:sign-out",
    "role": "people:choose-role",
    "accessibility": "desk:accessibility",
    "kept": "records:kept",
    "own_records": "records:own",
}

#: Where a partnership's settings keep whom to call about a child, and outside office hours.
SAFEGUARDING = {
    "contact": "safeguarding_contact",
    "out_of_hours": "safeguarding_out_of_hours",
}


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the service navigation. ``current`` is ``page``, ``true`` (a page below it) or
    empty, as ``aria-current`` wants it."""

    label: str
    href: str
    current: str


def site(request: HttpRequest) -> dict[str, Any]:
    """``navigation``, ``reader``, ``partnership_name``, ``synthetic``, ``links`` and
    ``safeguarding`` for templates.

    Nothing is looked up until a template asks for it.
    """
    return {
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "reader": SimpleLazyObject(lambda: getattr(request, "reader", None)),
        "partnership_name": SimpleLazyObject(lambda: partnership_name(request)),
        "synthetic": SimpleLazyObject(lambda: bool(getattr(request, "synthetic", False))),
        "links": SimpleLazyObject(links),
        "safeguarding": SimpleLazyObject(lambda: safeguarding(request)),
    }


def partnership_name(request: HttpRequest) -> str:
    """The name of the partnership whose site this is; empty where there is none."""
    partnership = getattr(request, "partnership", None)
    return str(partnership.name) if partnership else ""


def safeguarding(request: HttpRequest) -> dict[str, str]:
    """Whom to call about a child, under ``contact`` and ``out_of_hours``; empty where the
    partnership has not said, and the warning then names nobody."""
    partnership = getattr(request, "partnership", None)
    kept = partnership.settings if partnership else {}
    return {name: kept.get(key, "") for name, key in SAFEGUARDING.items()}


def links() -> dict[str, str]:
    """The addresses of ``LINKS`` that exist here."""
    found = {key: address(name) for key, name in LINKS.items()}
    return {key: href for key, href in found.items() if href}


def address(name: str) -> str:
    """The address of a route, or nothing where the site has no such route."""
    return _address(name, get_urlconf(settings.ROOT_URLCONF), get_script_prefix())


@lru_cache(maxsize=256)
def _address(name: str, urlconf: str, prefix: str) -> str:
    """Every page asks for the same sixteen. ``urlconf`` and ``prefix`` are what they depend on."""
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """The entries that this reader may follow; nobody who is signed out has any. Of two entries
    with one label the first that is allowed is shown. A fourth part of an entry names the route
    below which it is marked, where that is not its own."""
    reader = getattr(request, "reader", None)
    if reader is None or not reader.user_id:
        return []
    held = {grant.permission.name for grant in reader.grants}
    items: dict[str, NavigationItem] = {}
    for label, name, permission, *section in getattr(settings, "BRIDGEHEAD_NAVIGATION", ()):
        href = address(name)
        if href and label not in items and (permission is None or permission in held):
            under = address(section[0]) if section else href
            items[label] = NavigationItem(label, href, current(request.path, href, under))
    return list(items.values())


def current(path: str, href: str, under: str) -> str:
    """``page`` on the page itself, ``true`` below the address ``under``. The front page has nothing
    below it."""
    if path == href:
        return "page"
    return "true" if under != "/" and path.startswith(under) else ""
