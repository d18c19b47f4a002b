"""Between the password and the second factor. Who is half way is signed in nowhere: the session
holds no person that any page would know, only a note for the page that asks for the code."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from bridgehead.accounts.models import User
from bridgehead.accounts.sign_in.oidc import Account

#: How long a password that was right stays good for a code.
PATIENCE = timedelta(minutes=10)

_KEY = "half_way"


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Who has shown a password, or with which account elsewhere the person came, and where the
    person was going."""

    person: User
    onward: str
    account: Account | None


def begin(request: HttpRequest, person: User, onward: str, account: Account | None = None) -> None:
    """Note that the password was right, in a session with a new key that holds nothing else."""
    request.session.flush()
    request.session[_KEY] = {
        "person": person.pk,
        "bound": person.get_session_auth_hash(),
        "since": timezone.now().isoformat(),
        "onward": onward,
        "account": account and asdict(account),
    }


def found(request: HttpRequest) -> HalfWay | None:
    """Who is half way in this session; nobody after ten minutes, nor once the person has been
    disabled or has another password."""
    note = request.session.get(_KEY)
    if note is None or timezone.now() - datetime.fromisoformat(note["since"]) > PATIENCE:
        return None
    person = User.objects.filter(pk=note["person"], is_active=True).first()
    if person is None or not constant_time_compare(note["bound"], person.get_session_auth_hash()):
        return None
    account = note.get("account")
    return HalfWay(person, note["onward"], Account(**account) if account else None)


def end(request: HttpRequest) -> None:
    """The note has served."""
    request.session.pop(_KEY, None)
