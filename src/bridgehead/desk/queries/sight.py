"""A reader in front of a picture."""

from dataclasses import dataclass

import polars as pl

from bridgehead.accounts.rules import Reader
from bridgehead.picture.picture import Picture
from bridgehead.schools.queries import member_urns


@dataclass(frozen=True)
class Sight:
    """Which schools there are for a reader to see in a picture, and which of them in full.

    ``urns`` are the newest URNs of the partnership's schools. *In full* means with direction,
    likely range, similar schools, proposal and need; of every other school only published figures
    are shown, because neighbours do not watch. ``access.sight`` makes one.
    """

    reader: Reader
    picture: Picture
    urns: frozenset[int]
    own: frozenset[int]
    every: bool

    def full(self, urn: int) -> bool:
        """Whether the reader sees this school in full (by its newest URN)."""
        return self.every or urn in self.own

    def entered(self, partnership_id: int) -> frozenset[int]:
        """The newest URNs of the schools that were entered one by one, in one query. Counts of what
        is not published leave them out for readers who may not know of a single school: else
        whoever enters one, and looks again, would."""
        return self.picture.newest_urns(member_urns(partnership_id, by_hand=True))

    def schools(self) -> pl.DataFrame:
        """The rows of the picture's register for the schools of the partnership."""
        return self.picture.schools.filter(pl.col("urn").is_in(list(self.urns)))
