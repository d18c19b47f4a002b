"""No page leads anybody where they may not go: every link that a reader is shown can be followed.

From the first page on, two links to each route are followed, those from different routes: whether a
link may be followed depends on the routes and on the reader, not on which school it names. Of roles
with the same permissions one walks for all.
"""

from collections import defaultdict

import pytest
from django.test import Client

from benchmarks.visits import links_of, page_of
from bridgehead.people.rules import roles
from tests.cast import ROLES, FurtherCast, Site

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

#: Whom the cast has for a role.
CAST = {role: who for who, role in reversed(ROLES.items())}
#: One role of each set of permissions at each kind of place.
WALKERS = {(each.scope, each.permissions): key for key, each in reversed(roles().items())}
TWICE = 2


@pytest.mark.parametrize("role", sorted(WALKERS.values()))
def test_every_link_can_be_followed(role: str, site: Site) -> None:
    client = Client()
    who = getattr(site.cast, CAST[role]) if role in CAST else FurtherCast(site)[role]
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
            continue
        at = answer.request["PATH_INFO"]
        for link in links_of(at, answer["Content-Type"], answer.getvalue()):
            sources = seen[page_of(link)]
            if page_of(at) not in sources and len(sources) < TWICE:
                sources.add(page_of(at))
                waiting.append((at, link))
    return refused, followed
