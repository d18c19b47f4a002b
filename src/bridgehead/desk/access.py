"""What a reader may see of which school: the one place where the desk asks."""

from django.http import Http404

from bridgehead.accounts.rules import Permission, Reader
from bridgehead.core.home import home
from bridgehead.desk.queries.sight import Sight
from bridgehead.picture.picture import Picture
from bridgehead.schools.access import visible_urns


def sight(reader: Reader) -> Sight:
    """The reader's sight of the current picture: one query. Raises ``NoPicture``."""
    picture = Picture.open(home())
    return Sight(
        reader=reader,
        picture=picture,
        # The register may hold a URN that has been replaced since.
        urns=picture.newest_urns(visible_urns(reader)),
        own=picture.newest_urns(reader.urns(Permission.SEE_OWN_SCHOOL)),
        every=reader.can(Permission.SEE_EVERY_SCHOOL),
    )


def newest_urn(seen: Sight, urn: int) -> int:
    """The newest URN of a school of the partnership. A school that the picture does not hold and
    one of another partnership are the same to the reader: both raise ``Http404``."""
    newest = seen.picture.resolve(urn)
    if newest is None or newest not in seen.urns:
        raise Http404("There is no such school in this partnership.")
    return newest
