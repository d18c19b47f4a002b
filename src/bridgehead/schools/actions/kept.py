"""Keeping the similar schools of a school as they are today."""

from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from bridgehead.accounts.actions import record
from bridgehead.accounts.rules import Reader
from bridgehead.picture.picture import Picture
from bridgehead.schools.access import check_can_keep
from bridgehead.schools.models import KeptSet, Organisation, Partnership
from bridgehead.schools.rules import SimilarMethod


@transaction.atomic
def keep_similar(
    *,
    partnership: Partnership,
    organisation: Organisation,
    picture: Picture,
    purpose: str,
    token: UUID,
    by: Reader,
) -> KeptSet:
    """Keep the similar schools of a member as this picture has them; the same ``token`` again gives
    back what it kept. Raises ``Denied``, ``KeyError`` where the picture does not hold the school,
    ``ValueError`` where it has nobody similar or no purpose is given."""
    person = check_can_keep(by, partnership.pk)
    urn, belongs = organisation.urn, partnership.memberships.filter(organisation=organisation)
    if urn is None or not belongs.exists():
        raise KeyError(urn)
    # One at a time: of two presses at the same moment, the later must see what the earlier kept.
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    made = KeptSet.objects.filter(partnership=partnership, token=token).first()
    if made is not None:
        return made
    pictured, purpose = picture.school(urn), purpose.strip()
    if not pictured.similar or not purpose:
        raise ValueError("a kept set has similar schools and a purpose")
    kept = KeptSet.objects.create(
        partnership=partnership,
        organisation=organisation,
        urn=pictured.school.urn,
        name=pictured.school.name[:200],
        method=SimilarMethod.BRIDGEHEAD,
        picture=picture.digest,
        purpose=purpose,
        note=pictured.similar_note,
        context=pictured.context,
        neighbours=[
            {
                "urn": near.urn,
                "name": picture.register(near.urn).name,
                "distance": near.distance,
                "differences": near.differences,
            }
            for near in pictured.similar
        ],
        kept_on=localdate(),
        kept_by_id=person,
        token=token,
    )
    record(
        verb="kept a set of similar schools",
        by=by,
        partnership=partnership,
        about=kept,
        details={
            "urn": kept.urn,
            "method": kept.method,
            "picture": kept.picture,
            "purpose": kept.purpose,
            "schools": len(kept.neighbours),
        },
    )
    return kept
