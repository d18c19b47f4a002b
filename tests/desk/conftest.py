"""Reading the pages of the desk as one of the cast."""

from collections.abc import Callable
from html import unescape

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from bridgehead.schools.models import Membership
from tests.cast import Site

Get = Callable[..., str]


@pytest.fixture
def get(client: Client, site: Site) -> Get:
    """Read a page as one of the cast; it must answer 200 (or what is asked for)."""

    def read(who: str, name: str, *args: object, query: str = "", status: int = 200) -> str:
        client.force_login(getattr(site.cast, who))
        response = client.get(reverse(name, args=args) + query)
        assert response.status_code == status, (who, name, response.status_code)
        return unescape(response.content.decode())

    return read


def keep_only(site: Site, schools: int) -> None:
    """Let all but a few schools leave the partnership; the two best known stay."""
    staying = sorted({site.school.urn, site.other_school.urn, *site.urns[:schools]})[:schools]
    Membership.objects.filter(partnership=site.partnership).exclude(
        organisation__urn__in=staying
    ).update(left=F("joined"))
