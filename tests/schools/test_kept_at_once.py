"""Sets of similar schools that are kept at the same moment, each over a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bridgehead.accounts.models import AuditEntry
from bridgehead.schools.models import KeptSet

pytestmark = pytest.mark.django_db(transaction=True)

PRESSES = 6


def press_together(site, tokens: list[UUID]) -> list[HttpResponse]:
    """Officer and broker press the button by turns, all at one moment."""
    address = reverse("desk:keep-similar", args=[site.school.urn])
    clients = []
    for number in range(len(tokens)):
        client = Client(raise_request_exception=False)
        client.force_login((site.cast.officer, site.cast.broker)[number % 2])
        clients.append(client)

    def press(number: int) -> HttpResponse:
        try:
            typed = {"purpose": "Maths plan, spring 2027", "token": str(tokens[number])}
            return clients[number].post(address, typed)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tokens)) as pool:
        return list(pool.map(press, range(len(tokens))))


def test_a_button_pressed_many_times_at_once_keeps_one_set(site) -> None:
    answers = press_together(site, [uuid4()] * PRESSES)
    assert [answer.status_code for answer in answers] == [302] * PRESSES
    kept = KeptSet.objects.get()
    page = reverse("desk:kept-similar", args=[site.school.urn, kept.pk])
    assert {answer["Location"] for answer in answers} == {page}
    assert AuditEntry.objects.filter(verb="kept a set of similar schools").count() == 1


def test_sets_kept_at_once_by_several_people_are_all_kept(site) -> None:
    answers = press_together(site, [uuid4() for _ in range(PRESSES)])
    assert len({answer["Location"] for answer in answers}) == PRESSES
    assert KeptSet.objects.count() == PRESSES
