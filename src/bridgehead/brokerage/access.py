"""Who may look for supporters of which school."""

from dataclasses import dataclass

from django.http import Http404

from bridgehead.accounts.rules import Permission, Reader
from bridgehead.core.home import home
from bridgehead.picture.picture import Picture
from bridgehead.schools.access import visible_urns


@dataclass(frozen=True)
class Asked:
    """A school that a reader may find supporters for, and among which schools."""

    picture: Picture
    urn: int
    urns: frozenset[int]


def get_school_for(reader: Reader, urn: int) -> Asked:
    """The school by its newest URN, and the partnership's schools: one query.

    A school of another partnership is the same as none, and so is any school for a reader who may
    not find supporters: ``Http404``. Raises ``NoPicture``.
    """
    if not reader.can(Permission.SUGGEST_SUPPORTERS, urn):
        raise Http404("There is no such page for this reader.")
    picture = Picture.open(home())
    urns = picture.newest_urns(visible_urns(reader))
    newest = picture.resolve(urn)
    if newest is None or newest not in urns:
        raise Http404("There is no such school in this partnership.")
    return Asked(picture, newest, urns)
