"""Invitations: who may send them, that they work once and for some days, and what a head may do."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from bridgehead.accounts.actions import disable_person, verify_chain
from bridgehead.accounts.models import AuditEntry, User
from bridgehead.accounts.rules import COMMAND_LINE, Denied
from bridgehead.people.actions import Misplaced, end_appointment, invite
from bridgehead.people.models import Appointment, Invitation
from bridgehead.people.queries import invitation_address
from tests.cast import PASSWORD, Site

pytestmark = pytest.mark.django_db
NEW = "seventeen-quiet-otters"
NOOR = {"name": "Noor Aziz", "email": "noor@example.org", "role": "governor"}
SET = {"new_password1": NEW, "new_password2": NEW}


@pytest.fixture(autouse=True)
def _by_email(settings) -> None:
    settings.EMAIL_GOES_OUT = True


def signed_in(site: Site, who: str) -> Client:
    client = Client()
    person = getattr(site.cast, who)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def own(site: Site) -> str:
    return f"/people/of/{site.school.urn}/"


def invited(site: Site, who: str = "head", **changed: object) -> Invitation:
    given = {**NOOR, "organisation": site.school, "partnership": site.partnership} | changed
    return invite(**given, by=site.reader(who))


def test_a_head_invites_a_governor_who_accepts_by_the_link(small_site: Site) -> None:
    page = signed_in(small_site, "head").post(f"{own(small_site)}invite/", NOOR, follow=True)
    assert "An invitation is on its way to Noor Aziz" in page.content.decode()
    (letter,) = mail.outbox
    assert letter.to == ["noor@example.org"]
    assert "Helen Okafor invites you" in letter.body
    link = re.search(r"http://testserver(/invitation/\S+)", letter.body)[1]
    assert link not in page.content.decode()  # a head never sees it
    stranger = Client()
    assert "You are invited as Governor" in stranger.get(link).content.decode()
    assert not User.objects.filter(email="noor@example.org").exists()
    stranger.post(link, SET)
    made = Appointment.objects.get(person__email="noor@example.org")
    assert (made.role, made.organisation, made.starts) == (
        "governor",
        small_site.school,
        localdate(),
    )
    again = stranger.get(link)
    assert (again.status_code, "works once" in again.content.decode()) == (410, True)
    stranger.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert User.objects.get(email="noor@example.org").check_password(NEW)
    assert verify_chain() == []


@pytest.mark.parametrize("typed", ["Noor Aziz", "the command line", "person-000000000000"])
def test_no_name_that_somebody_typed_stands_in_the_audit(small_site: Site, typed: str) -> None:
    Client().post(invitation_address(invited(small_site, name=typed)), SET)
    noor = User.objects.get(email="noor@example.org")
    told = AuditEntry.objects.filter(partnership_id=small_site.partnership.pk)
    assert told.get(verb="created a person", object_id=noor.pseudonym.word).actor == (
        "somebody who was invited"
    )
    assert told.get(verb="accepted an invitation").actor == noor.pseudonym.word
    assert verify_chain() == []


@pytest.mark.parametrize(
    "ended",
    [
        lambda i: Invitation.objects.update(last_day=localdate() - timedelta(days=1)),
        lambda i: signed_of(i).post(f"/people/invited/{i.pk}/withdraw/"),
        lambda i: end_appointment(
            appointment=Appointment.objects.get(person=i.invited_by), by=COMMAND_LINE
        ),
        lambda i: disable_person(person=i.invited_by, by=COMMAND_LINE),
        lambda i: i.organisation.memberships.update(left=localdate()),
    ],
    ids=["some days later", "withdrawn", "head has left", "head is disabled", "school has left"],
)
def test_an_invitation_that_is_over_gives_nothing(small_site: Site, ended) -> None:
    made = invited(small_site)
    ended(made)
    answer = Client().post(invitation_address(made), SET)
    assert answer.status_code == 410
    assert not User.objects.filter(email="noor@example.org").exists()


def signed_of(invitation: Invitation) -> Client:
    client = Client()
    client.force_login(invitation.invited_by, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_link_that_was_made_up_or_is_of_elsewhere_is_missing(small_site: Site) -> None:
    made = invited(small_site)
    link = invitation_address(made)
    for address in (link[:-2] + "x/", f"/invitation/{made.nonce}/", f"/invitation/{made.pk}/"):
        assert Client().get(address).status_code == 404
    elsewhere = Client(headers={"host": "elsewhere.localhost"})
    assert elsewhere.get(link).status_code == 404
    assert elsewhere.post(link, SET).status_code == 404


def test_somebody_known_signs_in_to_accept(small_site: Site) -> None:
    made = invited(small_site, email=small_site.cast.board_member.email)
    link = invitation_address(made)
    assert "Sign in to accept" in Client().get(link).content.decode()
    Client().post(link, SET)
    assert small_site.cast.board_member.check_password(PASSWORD)
    wrong = signed_in(small_site, "broker")
    assert "another e-mail address" in wrong.post(link).content.decode()
    made.refresh_from_db()
    assert made.accepted_at is None
    signed_in(small_site, "board_member").post(link)
    held = Appointment.objects.get(person=small_site.cast.board_member, role="governor")
    assert held.organisation == small_site.school


def test_nobody_learns_by_a_link_whom_the_site_knows(small_site: Site) -> None:
    """The page, a wrong password and the answer are the same for a stranger, for somebody of
    another partnership, and where somebody else is signed in."""
    said = []
    for email in ("noor@example.org", small_site.cast.outsider.email):
        made = invited(small_site, "administrator", email=email)
        link, client = invitation_address(made), Client()
        looks = [
            client.get(link),
            client.post(link, {"new_password1": NEW, "new_password2": "another"}),
            signed_in(small_site, "board_member").get(link),
            client.post(link, SET),
        ]
        said.append([_plain(each, link) for each in looks])
    assert said[0] == said[1]
    assert said[0][3] == "302 /sign-in/?next=LINK "
    assert small_site.cast.outsider.check_password(PASSWORD)


def _plain(answer, link: str) -> str:
    """Where an answer leads, or the main part of its page; without what each request and each link
    has of its own."""
    page = answer.content.decode().partition("<main")[2].partition("</main")[0]
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    said = f"{answer.status_code} {answer.get('Location', '')} {page}"
    return said.replace(link, "LINK").replace(quote(link), "LINK")


def test_whoever_has_accepted_goes_on_by_the_same_link(small_site: Site) -> None:
    link, client = invitation_address(invited(small_site)), Client()
    assert client.post(link, SET)["Location"] == f"/sign-in/?next={quote(link)}"
    given = {"username": "noor@example.org", "password": NEW}
    there = client.post(f"/sign-in/?next={quote(link)}", given, follow=True)
    assert "An invitation that" not in there.content.decode()
    assert there.status_code == 200
    assert there.wsgi_request.reader.role == "governor"
    assert Client().get(link).status_code == 410


@pytest.mark.parametrize(
    ("who", "changed"),
    [
        ("head", {"role": "head"}),
        ("head", {"role": "broker", "organisation": None}),
        ("head", {"role": "administrator", "organisation": None}),
        ("other_head", {}),
        ("governor", {}),
        ("broker", {}),
        ("outsider", {}),
    ],
)
def test_a_head_invites_to_the_own_school_and_never_a_head(
    small_site: Site, who: str, changed
) -> None:
    with pytest.raises(Denied):
        invited(small_site, who, **changed)


def test_nobody_invites_themselves(small_site: Site) -> None:
    with pytest.raises(Denied, match="You cannot invite yourself"):
        invited(small_site, "administrator", email="Owen.Pryce@example.org")


def test_a_broker_who_accepts_to_teach_is_told(small_site: Site) -> None:
    made = invited(small_site, email=small_site.cast.broker.email, role="staff_member")
    answer = signed_in(small_site, "broker").post(invitation_address(made))
    assert "sees what is unpublished" in answer.content.decode()
    assert not Appointment.objects.filter(person=small_site.cast.broker, role="staff_member")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Noor\nYour account ends today", "Enter the name on one line"),
        ("Noor\r\nBcc: all@example.org", "Enter the name on one line"),
        ("Noor\u2028Aziz", "Enter the name on one line"),
        ("ziZA\u202e rooN", "in letters that can be seen"),
        ("Noor\x07Aziz", "in letters that can be seen"),
        ("Noor, see HTTPS://bad.example", "without the address of a web page"),
        ("Noor, see Www.bad.example", "without the address of a web page"),
        ("0000", "Enter the name in letters"),
        ("N" * 151, "at most 150 characters"),
    ],
)
@pytest.mark.parametrize("own_school", [False, True])
def test_a_name_is_a_name_and_no_letter_of_somebodys_own(
    small_site: Site, typed: str, said: str, own_school: bool
) -> None:
    who, address = ("head", own(small_site)) if own_school else ("administrator", "/people/")
    given = NOOR | {"name": typed, "school": small_site.school.pk}
    page = signed_in(small_site, who).post(f"{address}invite/", given).content.decode()
    assert page.count(said) == 2  # in the summary and at the field
    assert (mail.outbox, Invitation.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    "typed", ["Noor Aziz", "Dr. Åsa O’Neill-Þór (née Ng)", "李小龍", "J.\xa03rd"]
)
def test_peoples_names_are_taken(small_site: Site, typed: str) -> None:
    signed_in(small_site, "head").post(f"{own(small_site)}invite/", NOOR | {"name": typed})
    assert Invitation.objects.get().name == typed.replace("\xa0", " ")


def test_inviting_twice_sends_and_writes_once(small_site: Site) -> None:
    client = signed_in(small_site, "head")
    for _ in range(2):
        client.post(f"{own(small_site)}invite/", NOOR)
    assert (Invitation.objects.count(), len(mail.outbox)) == (1, 1)
    assert AuditEntry.objects.filter(verb="invited a person").count() == 1


@pytest.mark.parametrize("works", [False, True])
def test_where_no_email_goes_out_an_administrator_hands_the_link_over(
    small_site: Site, settings, works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise SMTPServerDisconnected("gone")

    settings.EMAIL_GOES_OUT = works
    small_site.alone()
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fails)
    head = signed_in(small_site, "head")
    page = head.post(f"{own(small_site)}invite/", NOOR, follow=True).content.decode()
    assert "no e-mail went out" in page
    made = Invitation.objects.get()
    link = invitation_address(made)
    assert link not in page
    administrator = signed_in(small_site, "administrator")
    assert link in administrator.get(f"/people/invited/{made.pk}/").content.decode()
    listed = administrator.get("/people/").content.decode()
    assert "noor@example.org · no e-mail went out: hand the link over" in listed
    own_list, asked = (
        head.get(f"{own(small_site)}{at}").content.decode() for at in ("", "invite/")
    )
    assert "no e-mail went out" in own_list
    assert "hand the link over" not in own_list
    assert ("tell an administrator of the partnership" in asked) is not works


@pytest.mark.parametrize("works", [False, True])
def test_partnerships_that_share_a_site_show_no_link_where_email_goes_out(
    small_site: Site, settings, works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opened it could act as that person where another partnership appoints later."""

    def fails(*_: object) -> None:
        raise SMTPServerDisconnected("gone")

    settings.EMAIL_GOES_OUT = works
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fails)
    administrator = signed_in(small_site, "administrator")
    given = NOOR | {"school": small_site.school.pk}
    page = administrator.post("/people/invite/", given, follow=True).content.decode()
    assert (invitation_address(Invitation.objects.get()) in page) is not works
    assert ("Invite Noor Aziz again" in page) is works
    assert ("Whoever sees this address can use it" in page) is not works
    if works:
        monkeypatch.undo()
        page = administrator.post("/people/invite/", given, follow=True).content.decode()
        assert "An invitation is on its way to Noor Aziz" in page
        assert invitation_address(Invitation.objects.get()) in mail.outbox[0].body


def test_a_head_removes_a_governor_whose_session_ends_there_and_then(small_site: Site) -> None:
    governor, head = signed_in(small_site, "governor"), signed_in(small_site, "head")
    address = reverse("monitoring:own")
    assert governor.get(address).status_code != 403
    held = Appointment.objects.get(person=small_site.cast.governor)
    assert "Grace Lind" in head.get(own(small_site)).content.decode()
    head.post(f"/people/{held.pk}/end/")
    assert governor.get(address).status_code == 403
    page = head.get(own(small_site)).content.decode()
    assert "Who held one before" in page  # the record of a leaver stays readable
    assert "Grace Lind" in page


def test_a_head_removes_neither_heads_nor_neighbours(small_site: Site) -> None:
    client = signed_in(small_site, "other_head")
    for who in ("governor", "head", "other_head", "broker", "outsider"):
        held = Appointment.objects.get(person=getattr(small_site.cast, who))
        assert client.post(f"/people/{held.pk}/end/").status_code == 404
        held.refresh_from_db()
        assert held.ends is None
        with pytest.raises(Denied):
            end_appointment(appointment=held, by=small_site.reader("other_head"))


def test_a_place_that_does_not_fit_is_told(small_site: Site) -> None:
    with pytest.raises(Misplaced):
        invited(small_site, "administrator", role="cluster_lead")


def test_nobody_sends_letters_without_end(small_site: Site, monkeypatch) -> None:
    monkeypatch.setattr("bridgehead.people.actions.invitations.MOST_AN_HOUR", 2)
    for number in range(2):
        invited(small_site, email=f"someone.{number}@example.org")
    with pytest.raises(Denied, match="2 people in an hour"):
        invited(small_site, email="one.more@example.org")
    invited(small_site, "administrator", email="one.more@example.org")  # counted apart
    Invitation.objects.update(invited_at=now() - timedelta(hours=1))
    invited(small_site, email="another@example.org")
