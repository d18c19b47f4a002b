"""Which account elsewhere is whose. The first with which a person signs in is bound to the person,
and from then on no other speaks for that person: neither whoever is given the address later, nor
another organisation that confirms it.
"""

from django.conf import settings
from django.db import IntegrityError, transaction

from bridgehead.accounts.models import AccountElsewhere, User
from bridgehead.accounts.notices import changed
from bridgehead.accounts.queries import person_at
from bridgehead.accounts.rules import Reader
from bridgehead.accounts.sign_in.oidc import Account


class AnotherAccount(Exception):
    """The person at the address signs in with an account, and it is not this one."""


def person_of(account: Account) -> User | None:
    """Whose account it is: of the person to whom it is bound, else of the person at its address, if
    that person has none. Raises ``AnotherAccount``."""
    bound = AccountElsewhere.objects.select_related("person").filter(
        issuer=account.issuer, subject=account.subject
    )
    if found := bound.first():
        return found.person
    person = person_at(account.email)
    if person and AccountElsewhere.objects.filter(person=person).exists():
        raise AnotherAccount
    return person


@transaction.atomic
def bind(*, person: User, account: Account, by: Reader) -> None:
    """Keep that this account is the person's, once every factor has been shown. Doing it again
    changes nothing. Raises ``AnotherAccount`` where another was bound meanwhile."""
    try:
        with transaction.atomic():
            kept, new = AccountElsewhere.objects.get_or_create(
                person=person, defaults={"issuer": account.issuer, "subject": account.subject}
            )
    except IntegrityError as error:  # this account is somebody else's by now
        raise AnotherAccount from error
    if (kept.issuer, kept.subject) != (account.issuer, account.subject):
        raise AnotherAccount
    if new:
        name = name_of(account.issuer)
        changed(
            person,
            verb="bound an account elsewhere",
            what=f"You now sign in with your account at {name}, and with no other one there",
            by=by,
            details={"at": name},
        )


@transaction.atomic
def unbind(*, person: User, by: Reader) -> bool:
    """Let the next account that signs in at the person's address be the person's: after a move to
    another tenant, say. False where none is bound."""
    kept = AccountElsewhere.objects.select_for_update().filter(person=person).first()
    if kept is None:
        return False
    name = name_of(kept.issuer)
    kept.delete()
    changed(
        person,
        verb="let go of an account elsewhere",
        what=f"Your account at {name} is no longer bound to your sign-in",
        by=by,
        details={"at": name},
    )
    return True


def name_of(issuer: str) -> str:
    """What people call the organisation; its address where it is no longer set."""
    return next((p.name for p in settings.OIDC_PROVIDERS if p.issuer == issuer), issuer)
