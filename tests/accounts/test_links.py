"""No page leads anybody where they may not go: every link that a reader is shown can be followed.

From the first page on, two links to each route are followed, those from different routes: whether a
link may be followed depends on the routes and on the reader, not on which school it names. Of roles
with the same permissions one walks for all.
"""

import re
from collections import defaultdict
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from bridgehead.people.rules import roles
from tests.cast import FurtherCast, Site

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

#: The cast holds one person of these roles under another name.
NAMES = {"authority_officer": "officer"}


#: One role of each set of permissions at each kind of place.
WALKERS = {(each.scope, each.permissions): key for key, each in reversed(roles().items())}
TWICE = 2


@pytest.mark.parametrize("role", sorted(WALKERS.values()))
def test_every_link_can_be_followed(role: str, site: Site) -> None:
    client, name = Client(), NAMES.get(role, role)
    who = getattr(site.cast, name, None) or FurtherCast(site)[name]
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    refused, followed = walk(client, "/")
    assert followed > 5
    assert not refused, "\n".join(refused)


def walk(client: Client, start: str) -> tuple[list[str], int]:
    """Follow the links from a page: what was refused or missing, and how many were followed."""
    waiting, refused, followed = [("", start)], [], 0
    seen: dict[str, set[str]] = defaultdict(set)
    while waiting:
        source, path = waiting.pop()
        answer = client.get(path, follow=True)
        followed += 1
        if answer.status_code != 200:
            refused.append(f"{source or 'start'} leads to {path}: {answer.status_code}")
        elif not answer.streaming and answer["Content-Type"].startswith("text/html"):
            route = resolve(urlsplit(path).path).view_name
            for link in links(path, answer.content):
                sources = seen[resolve(urlsplit(link).path).view_name]
                if route not in sources and len(sources) < TWICE:
                    sources.add(route)
                    waiting.append((path, link))
    return refused, followed


def links(path: str, page: bytes) -> list[str]:
    """Addresses on this site to which a page links, style sheets and built files apart."""
    named = re.findall(r'<a\b[^>]*?\shref="([^"]+)"', page.decode())
    found = [urljoin(path, unescape(address)) for address in named]
    return [
        at
        for at in found
        if at.startswith("/") and not at.startswith(("/static/", "//")) and "#" not in at
    ]
