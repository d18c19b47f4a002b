"""From when to when: the days of appointments and invitations, as they are entered on the pages."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import localdate

from bridgehead.accounts.models import User
from bridgehead.people.actions import Misplaced, accept, appoint, end_appointment, invite
from bridgehead.people.models import Appointment, Invitation
from bridgehead.people.queries import invitation_address
from tests.cast import Site

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SET = {"new_password1": "seventeen-quiet-otters", "new_password2": "seventeen-quiet-otters"}


@pytest.fixture
def administrator(small_site: Site) -> Client:
    client = Client()
    client.force_login(
        small_site.cast.administrator, backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def on(name: str, day: date) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def grace(site: Site, **changed: object) -> dict[str, object]:
    """Grace Lind is to be a clerk of the other school."""
    given = {"name": "Grace Lind", "email": site.cast.governor.email, "role": "clerk"}
    return given | {"school": site.other_school.pk} | changed


def noor(site: Site, **changed: object) -> dict[str, object]:
    given = {"name": "Noor Aziz", "email": "noor@example.org", "role": "clerk"}
    return given | {"school": site.school.pk} | changed


@pytest.mark.parametrize("days", [-400, 0, 30])
def test_an_appointment_runs_for_the_days_that_were_entered(
    administrator: Client, small_site: Site, days: int
) -> None:
    starts, ends = localdate() + days * DAY, localdate() + 60 * DAY
    given = grace(small_site) | on("starts", starts) | on("ends", ends)
    for _ in range(2):  # pressing twice makes one
        assert administrator.post("/people/appoint/", given).status_code == 302
    made = Appointment.objects.get(role="clerk")
    assert (made.starts, made.ends) == (starts, ends)
    assert made.holds_on(localdate()) is (days <= 0)


def test_today_is_offered_and_stands_for_what_was_left_empty(
    administrator: Client, small_site: Site
) -> None:
    page = administrator.get("/people/appoint/").content.decode()
    today = localdate()
    assert [_value(page, f"starts_{part}") for part in ("day", "month", "year")] == [
        str(each) for each in (today.day, today.month, today.year)
    ]
    administrator.post("/people/appoint/", grace(small_site))
    made = Appointment.objects.get(role="clerk")
    assert (made.starts, made.ends) == (localdate(), None)


def _value(page: str, name: str) -> str:
    """What stands in a box of a page at first."""
    tag = next(each for each in page.split("<input") if f'name="{name}"' in each.split(">")[0])
    return tag.split('value="')[1].split('"')[0]


@pytest.mark.parametrize("page", ["appoint", "invite"])
@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (0, 0, "The end must be after the day on which the role starts"),
        (10, 5, "The end must be after the day on which the role starts"),
        (-10, -5, "The end must be after today, or the role would give nothing"),
    ],
)
def test_days_that_do_not_follow_each_other_are_told(
    administrator: Client, small_site: Site, page: str, starts: int, ends: int, said: str
) -> None:
    today = localdate()
    given = grace(small_site) | on("starts", today + starts * DAY) | on("ends", today + ends * DAY)
    answer = administrator.post(f"/people/{page}/", given).content.decode()
    assert answer.count(said) == 2  # in the summary and at the field
    assert not Appointment.objects.filter(role="clerk").exists()
    assert not Invitation.objects.exists()


def test_a_day_that_is_none_is_told(administrator: Client, small_site: Site) -> None:
    given = {"starts_day": "31", "starts_month": "2", "starts_year": "2026"}
    answer = administrator.post("/people/appoint/", grace(small_site) | given).content.decode()
    assert "31 2 2026 is not a real date" in answer


@pytest.mark.parametrize(
    ("starts", "ends", "fits"),
    [
        (-20, None, False),  # around it
        (5, 15, False),  # inside it
        (5, None, False),
        (-20, 1, False),  # into it
        (30, None, True),  # from the day on which it ends
        (-20, 0, True),  # until the day on which it starts
    ],
)
def test_two_appointments_to_one_role_and_place_do_not_run_at_once(
    small_site: Site, starts: int, ends: int | None, fits: bool
) -> None:
    """Ending one of them would not end the role."""
    today, by = localdate(), small_site.reader("administrator")
    where = {
        "person": small_site.cast.governor,
        "role": "clerk",
        "organisation": small_site.school,
        "partnership": small_site.partnership,
        "by": by,
    }
    appoint(**where, starts=today, ends=today + 30 * DAY)
    days = {"starts": today + starts * DAY, "ends": None if ends is None else today + ends * DAY}
    if fits:
        appoint(**where, **days)
    else:
        with pytest.raises(Misplaced, match=r"Grace Lind is Clerk to governors, .* already, from"):
            appoint(**where, **days)
    assert Appointment.objects.filter(role="clerk").count() == 1 + fits


def test_what_was_ended_is_in_nobodys_way(small_site: Site) -> None:
    by = small_site.reader("administrator")
    where = {
        "person": small_site.cast.governor,
        "role": "clerk",
        "organisation": small_site.school,
        "partnership": small_site.partnership,
        "by": by,
    }
    later = localdate() + 5 * DAY
    end_appointment(appointment=appoint(**where, starts=later), by=by)  # it will never run
    end_appointment(appointment=appoint(**where), by=by)  # nor has this one, for a day
    assert appoint(**where, starts=localdate() - DAY).ends is None


def test_the_page_says_what_is_in_the_way(administrator: Client, small_site: Site) -> None:
    given = grace(small_site, role="governor", school=small_site.school.pk)
    answer = administrator.post(
        "/people/appoint/", given | on("starts", localdate())
    ).content.decode()
    assert "Grace Lind is Governor, Alder Bank Primary School already, from 1 September" in answer
    assert "End that appointment first" in answer


def test_an_invitation_carries_both_days(administrator: Client, small_site: Site, settings) -> None:
    settings.EMAIL_GOES_OUT = True
    starts, ends = localdate() - 500 * DAY, localdate() + 60 * DAY
    given = noor(small_site) | on("starts", starts) | on("ends", ends)
    page = administrator.post("/people/invite/", given, follow=True).content.decode()
    said = f"{ends:%-d %B %Y}"
    assert said in page
    assert said in mail.outbox[0].body
    link = invitation_address(Invitation.objects.get())
    assert said in Client().get(link).content.decode()
    Client().post(link, SET)
    made = Appointment.objects.get(person__email="noor@example.org")
    assert (made.starts, made.ends) == (starts, ends)


def test_a_head_gives_days_too(small_site: Site) -> None:
    head = Client()
    head.force_login(small_site.cast.head, backend="django.contrib.auth.backends.ModelBackend")
    ends = localdate() + 60 * DAY
    head.post(f"/people/of/{small_site.school.urn}/invite/", noor(small_site) | on("ends", ends))
    made = Invitation.objects.get()
    assert (made.starts, made.ends) == (None, ends)


def test_after_its_end_a_role_cannot_be_taken_up(small_site: Site) -> None:
    made = invited(small_site, ends=localdate() + DAY)
    Invitation.objects.update(starts=localdate() - 2 * DAY, ends=localdate())
    answer = Client().post(invitation_address(made), SET)
    assert answer.status_code == 410
    assert "The role would have ended on" in answer.content.decode()
    assert not User.objects.filter(email="noor@example.org").exists()


def test_an_open_invitation_to_other_days_is_told(small_site: Site) -> None:
    made = invited(small_site)
    assert invited(small_site) == made
    with pytest.raises(Misplaced, match="for other days"):
        invited(small_site, ends=localdate() + DAY)
    with pytest.raises(Misplaced, match="after the start, and after today"):
        invited(small_site, role="governor", ends=localdate())


def test_accepting_what_is_held_for_other_days_is_refused_in_words(small_site: Site) -> None:
    governor = small_site.cast.governor
    made = invited(small_site, email=governor.email, role="governor", starts=localdate(), ends=None)
    with pytest.raises(Misplaced, match="already, from 1 September 2020 with no end set"):
        accept(invitation=made, person=governor)
    client = Client()
    client.force_login(governor, backend="django.contrib.auth.backends.ModelBackend")
    assert "already, from" in client.post(invitation_address(made)).content.decode()


def invited(site: Site, **changed: object) -> Invitation:
    given = {
        "name": "Noor Aziz",
        "email": "noor@example.org",
        "role": "clerk",
        "organisation": site.school,
        "partnership": site.partnership,
        "by": site.reader("administrator"),
    }
    return invite(**given | changed)
