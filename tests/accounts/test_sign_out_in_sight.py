"""Whoever is signed in finds the way out on every page, and whoever is not finds none."""

import pytest
from django.test import Client

from tests.cast import Site

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/", "/role/", "/schools/", "/sessions/", "/second-factor/", "/nowhere/", "/audit/"]
)
def test_every_page_offers_the_way_out(client: Client, site: Site, address: str) -> None:
    client.force_login(site.cast.head)
    page = client.get(address).content.decode()
    assert '<form action="/sign-out/" method="post">' in page
    assert "/sign-out/" not in Client().get("/sign-in/").content.decode()
