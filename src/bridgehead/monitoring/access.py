"""Which review a reader may reach, and what the reader may do with it."""

from django.http import Http404

from bridgehead.accounts.rules import Denied, Permission, Reader
from bridgehead.monitoring.models import Reply, Review, ReviewRound
from bridgehead.monitoring.queries import reviews_of, rounds, school_of, with_steps
from bridgehead.schools.models import Organisation


def get_review_for(reader: Reader, review_id: int) -> Review:
    """A review of the reader's partnership, with its steps: any for those who work on the support
    review; the own school's once it has been sent. Everything else is "not found"."""
    found = with_steps(reviews_of(reader).filter(pk=review_id)).first()
    if found is None or not _sees(reader, found):
        raise Http404("There is no such review.")
    return found


def get_school_for(reader: Reader, urn: int) -> Organisation:
    """A school that belongs or belonged to the reader's partnership, for those who work on the
    support review and for the school itself. Everything else is "not found"."""
    seen = reader.can(Permission.SEE_SUPPORT_REVIEW) or reader.can(Permission.SEE_OWN_SCHOOL, urn)
    found = school_of(reader.partnership_id or 0, urn) if seen else None
    if found is None:
        raise Http404("There is no such school here.")
    return found


def get_round_for(reader: Reader, round_id: int) -> ReviewRound:
    """A round of the reader's partnership, for those who work on the support review."""
    seen = reader.partnership_id is not None and reader.can(Permission.SEE_SUPPORT_REVIEW)
    found = rounds(reader.partnership_id or 0).filter(pk=round_id).first() if seen else None
    if found is None:
        raise Http404("There is no such round.")
    return found


def check_can_open(reader: Reader, partnership_id: int) -> None:
    """Raise ``Denied`` unless the reader may open rounds, tell schools and send proposals."""
    _check(reader, partnership_id, Permission.OPEN_SUPPORT_REVIEW)


def check_can_judge(reader: Reader, partnership_id: int) -> None:
    """Raise ``Denied`` unless the reader may record judgements and support."""
    _check(reader, partnership_id, Permission.JUDGE)


def check_can_reply(reader: Reader, review: Review) -> None:
    """Raise ``Denied`` unless the reader replies for this review's school."""
    urn = review.organisation.urn
    ours = reader.partnership_id == review.partnership_id
    if not ours or urn not in reader.urns(Permission.REPLY_FOR_SCHOOL):
        raise Denied("reply", "Only the head of the school can reply for it.")


def may_read_confidence(reader: Reader, review: Review, reply: Reply) -> bool:
    """Whether the reader may read what a reply says in confidence: those whom it names, while they
    work on the support review, and whoever replies for the school."""
    named = reader.user_id in reply.confided_to and reader.can(Permission.SEE_SUPPORT_REVIEW)
    ours = reader.partnership_id == review.partnership_id
    return ours and (named or review.organisation.urn in reader.urns(Permission.REPLY_FOR_SCHOOL))


def _sees(reader: Reader, review: Review) -> bool:
    if reader.can(Permission.SEE_SUPPORT_REVIEW):
        return True
    own = reader.can(Permission.SEE_OWN_SCHOOL, review.organisation.urn)
    return own and review.sent_at is not None


def _check(reader: Reader, partnership_id: int, permission: Permission) -> None:
    if reader.partnership_id != partnership_id or not reader.can(permission):
        raise Denied(permission.name.lower(), f"Your role does not let you {permission.value}.")
