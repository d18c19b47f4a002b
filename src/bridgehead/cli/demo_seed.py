"""Fill a demo's database: the partnership, its people, and a support review under way.

Everything is written by the same actions as on a real site, each by a named person, so that the
audit ledger of a demo reads like a real one. Imported once Django is set up.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from bridgehead.accounts.actions import create_person
from bridgehead.accounts.models import User
from bridgehead.accounts.rules import COMMAND_LINE, Reader
from bridgehead.cli.demo_words import OTHERWISE, REPLIES
from bridgehead.monitoring import actions as monitoring
from bridgehead.monitoring.models import Judgement, Review, ReviewRound, View
from bridgehead.monitoring.queries import policy_in_force
from bridgehead.monitoring.rules import Outcome, State, Trend
from bridgehead.people.actions import appoint
from bridgehead.people.queries import reader_of
from bridgehead.picture.picture import Picture
from bridgehead.records.actions.contacts import set_contacts
from bridgehead.schools.actions import (
    add_members,
    create_group,
    create_partnership,
    import_register,
)
from bridgehead.schools.models import Group, Organisation, Partnership
from bridgehead.schools.rules import GroupKind, MemberKind
from bridgehead.schools.rules.sheet import MemberRow

NAME = "Bridgeshire Learning Partnership"
AUTHORITY = "990"
ROUND = "Autumn 2026"
#: Works in a demo and nowhere else: every school, person and figure of it is invented.
PASSWORD = "only-invented-schools"  # noqa: S105 - printed on purpose
LONG_AGO = date(2025, 9, 1)

#: role → full name. Addresses follow from the role.
PEOPLE = {
    "head": "Helen Okafor",
    "governor": "Grace Lind",
    "authority_officer": "Samuel Hart",
    "broker": "Priya Nair",
    "board_member": "Edith Marsh",
    "administrator": "Owen Pryce",
    "partnership_director": "Marian Doyle",
    "trust_improvement_lead": "Joan Pryor",
    "observer": "Karl Benn",
}
#: They are appointed at the school of the head, or at the trust that it is in.
AT_SCHOOL, AT_TRUST = ("head", "governor"), "trust_improvement_lead"
TRUST = "Harbour Learning Trust"
#: Members that no register of schools knows.
MEMBERS = (
    (MemberKind.COLLEGE, "Bridgeshire College"),
    (MemberKind.UNIVERSITY, "University of Bridgeshire"),
    (MemberKind.DIOCESE, "Diocese of Bridgeshire"),
    (MemberKind.HUB, "Bridgeshire Teaching School Hub"),
    (MemberKind.CHARITY, "Bridgeshire Reading Friends"),
    (MemberKind.EMPLOYER, "Bridgeshire Shipyards"),
)
CONTACT = "Bridgeshire children’s services, 01632 960001, weekdays 9am to 5pm"
OUT_OF_HOURS = "01632 960002"
#: Heads of other schools, who answer for them in the review.
OTHER_HEADS = (
    "Tom Reyes",
    "Amina Farouk",
    "Colin Webb",
    "Lowri Prosser",
    "Dev Patel",
    "Ruth Adeyemi",
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in of a demo."""

    role: str
    name: str
    email: str
    place: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was written."""

    partnership: str
    schools: int
    sign_ins: tuple[SignIn, ...]
    proposals: int
    sent: int
    replies: int
    judgements: int


def seed(picture: Picture) -> Seeded:
    """Write the partnership, its people and its review. A second time changes nothing."""
    partnership = create_partnership(name=NAME, authority_codes=[AUTHORITY], by=COMMAND_LINE)
    import_register(picture=picture, partnership=partnership, by=COMMAND_LINE)
    staff = {
        role: _appointed(partnership, name, role)
        for role, name in PEOPLE.items()
        if role not in {*AT_SCHOOL, AT_TRUST}
    }
    broker = reader_of(staff["broker"], partnership)
    opened = monitoring.open_round(
        partnership=partnership, name=ROUND, picture=picture, token=_token("round"), by=broker
    )
    reviews = list(opened.reviews.select_related("organisation").order_by("urn"))
    own = _school_of_the_head(reviews)
    for role in AT_SCHOOL:
        staff[role] = _appointed(partnership, PEOPLE[role], role, own.organisation)
    _clusters(partnership, reviews)
    trust = _trust(partnership, reviews, own)
    staff[AT_TRUST] = _appointed(partnership, PEOPLE[AT_TRUST], AT_TRUST, group=trust)
    _members(partnership, picture, by=reader_of(staff["administrator"], partnership))
    officer = reader_of(staff["authority_officer"], partnership)
    _send(opened, own, broker=broker, officer=officer)
    _hear_and_judge(partnership, opened, own, officer=officer)
    return Seeded(
        partnership=partnership.name,
        schools=partnership.memberships.filter(left=None).count(),
        sign_ins=tuple(_sign_in(role, staff[role], own) for role in PEOPLE),
        proposals=len(reviews),
        sent=opened.reviews.exclude(sent_at=None).count(),
        replies=opened.reviews.filter(replies__isnull=False).distinct().count(),
        judgements=opened.reviews.filter(state__in=[State.JUDGED, State.DECIDED]).count(),
    )


def _token(what: str) -> UUID:
    """The same token each time, so that seeding again writes nothing twice."""
    return uuid5(NAMESPACE_URL, f"bridgehead-demo/{what}")


def _appointed(
    partnership: Partnership,
    name: str,
    role: str,
    school: Organisation | None = None,
    group: Group | None = None,
) -> User:
    key = role if role in PEOPLE and PEOPLE[role] == name else name.lower().replace(" ", ".")
    email = f"{key.replace('_', '.')}@bridgeshire.example"
    person = create_person(email=email, name=name, password=PASSWORD, by=COMMAND_LINE)
    appoint(
        person=person,
        role=role,
        partnership=partnership,
        organisation=school,
        group=group,
        starts=LONG_AGO,
        by=COMMAND_LINE,
    )
    return person


def _sign_in(role: str, person: User, own: Review) -> SignIn:
    place = {AT_TRUST: TRUST} | dict.fromkeys(AT_SCHOOL, own.organisation.name)
    return SignIn(role, person.name, person.email, place.get(role, ""))


def _school_of_the_head(reviews: Iterable[Review]) -> Review:
    """A primary school for which broker support is proposed, so that there is much to see."""
    ranked = sorted(
        reviews,
        key=lambda r: (
            r.phase != "primary",
            r.outcome != Outcome.BROKER,
            r.trend != Trend.DECLINING,
            r.urn,
        ),
    )
    return ranked[0]


def _clusters(partnership: Partnership, reviews: list[Review]) -> None:
    """A cluster for each town."""
    by_town: dict[str, list[Organisation]] = {}
    for review in reviews:
        by_town.setdefault(review.organisation.town, []).append(review.organisation)
    for town, schools in sorted(by_town.items()):
        if town:
            create_group(
                partnership=partnership,
                kind=GroupKind.CLUSTER,
                name=f"{town} cluster",
                schools=schools,
                joined=LONG_AGO,
                by=COMMAND_LINE,
            )


def _trust(partnership: Partnership, reviews: list[Review], own: Review) -> Group:
    """A trust of the head's school and three others of its phase."""
    alike = [r.organisation for r in reviews if r.phase == own.phase and r.pk != own.pk]
    return create_group(
        partnership=partnership,
        kind=GroupKind.TRUST,
        name=TRUST,
        schools=[own.organisation, *alike[:3]],
        joined=LONG_AGO,
        by=COMMAND_LINE,
    )


def _members(partnership: Partnership, picture: Picture, *, by: Reader) -> None:
    """Members that are no schools, and whom to call about a child."""
    rows = [MemberRow(n, None, kind, name) for n, (kind, name) in enumerate(MEMBERS, 2)]
    add_members(partnership=partnership, rows=rows, picture=picture, joined=LONG_AGO, by=by)
    set_contacts(contact=CONTACT, out_of_hours=OUT_OF_HOURS, by=by)


def _send(opened: ReviewRound, own: Review, *, broker: Reader, officer: Reader) -> None:
    """Tell three priority schools, then send most proposals; some of each kind are left to do."""
    if opened.reviews.exclude(sent_at=None).exists():
        return
    waiting = list(opened.reviews.exclude(pk=own.pk).order_by("urn"))
    priority = [r for r in waiting if r.outcome == Outcome.PRIORITY][:3]
    told = timezone.localdate() - timedelta(days=4)
    for review in priority if own.outcome != Outcome.PRIORITY else [own, *priority]:
        monitoring.tell(review=review, on=told, how="Visit to the school", by=officer)
    others = [r for r in waiting if r.outcome != Outcome.PRIORITY]
    monitoring.send(reviews=[own, *priority[:2], *others[: len(others) * 2 // 3]], by=broker)


def _hear_and_judge(
    partnership: Partnership, opened: ReviewRound, own: Review, *, officer: Reader
) -> None:
    """Six heads reply; three of their schools are judged, and two of those have their support."""
    heard, replies = _heard(opened, own), []
    said: Counter[str] = Counter()
    for n, (review, name) in enumerate(zip(heard, OTHER_HEADS, strict=False)):
        head = _appointed(partnership, name, "head", review.organisation)
        known = REPLIES[Outcome(review.outcome)]
        view, text, help_with = known[said[review.outcome] % len(known)]
        said[review.outcome] += 1
        replies.append(
            monitoring.reply(
                review=review,
                view=view,
                text=text,
                help_with=help_with,
                token=_token(f"reply {n}"),
                by=reader_of(head, partnership),
            )
        )
    for n, reply in enumerate(replies[:3]):
        outcome, reasons = Outcome(heard[n].outcome), ""
        if reply.view == View.DISAGREES:
            outcome, reasons = OTHERWISE
        monitoring.judge(
            review=heard[n],
            outcome=outcome,
            reasons=reasons,
            heard=reply.pk,
            token=_token(f"judgement {n}"),
            by=officer,
        )
    for n, review in enumerate(heard[:2]):
        _decide(review, n, officer)


def _heard(opened: ReviewRound, own: Review) -> list[Review]:
    """One school, or two, of each outcome among those sent."""
    wanted = [Outcome.PRIORITY, Outcome.BROKER, Outcome.BROKER]
    wanted += [Outcome.KEEP_IN_TOUCH, Outcome.CELEBRATE, Outcome.TALK]
    sent = list(opened.reviews.exclude(sent_at=None).exclude(pk=own.pk).order_by("urn"))
    heard: list[Review] = []
    for outcome in wanted:
        heard += [r for r in sent if r.outcome == outcome and r not in heard][:1]
    return heard


def _decide(review: Review, number: int, officer: Reader) -> None:
    """The usual support for what was judged."""
    judged = Outcome(Judgement.objects.get(review=review).outcome)
    usual = next(s for s in policy_in_force().support if judged in s.usual_for)
    monitoring.decide(
        review=review,
        category=usual.key,
        reasons="",
        review_on=timezone.localdate() + timedelta(days=120),
        token=_token(f"support {number}"),
        by=officer,
    )
