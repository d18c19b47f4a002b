"""What became of each school: academised, opened, closed or merged, and when."""

from dataclasses import dataclass

import numpy as np

from bridgehead.opendata.synthetic.published import LAST
from bridgehead.opendata.synthetic.setting import among
from bridgehead.opendata.synthetic.text import Flags, Ints

NEVER = 9999
#: Opened before anyone counted; an academy since before the figures begin.
LONG_AGO, ACADEMY_SINCE = 1950, 2012
MERGED = 2023

ACADEMY_SHARE = {
    "primary": 0.45,
    "infant": 0.3,
    "junior": 0.45,
    "first": 0.4,
    "middle": 0.7,
    "secondary": 0.82,
    "all-through": 0.9,
    "special": 0.45,
    "alternative provision": 0.4,
}


@dataclass(frozen=True)
class Fates:
    """One entry a site. ``recent`` says which became academies while the figures run: they have
    two URNs. Years are the integer in which they start; ``closed`` is the first year without."""

    academy: Flags
    recent: Flags
    converted: Ints
    opened: Ints
    closed: Ints
    merged_into: Ints


def fates(kind: list[str], la: Ints, rng: np.random.Generator) -> Fates:
    """Draw what became of every site. The first primary school opened last year,
    so that there is one of which nothing is known yet."""
    n = len(kind)
    academy = rng.random(n) < np.array([ACADEMY_SHARE.get(k, 0.0) for k in kind])
    new = rng.random(n) < 0.012
    opened = np.where(new, np.where(rng.random(n) < 0.5, 2021, LAST), LONG_AGO)
    first = np.flatnonzero(among(kind, "primary"))[:1]
    new[first], opened[first] = True, LAST
    recent = academy & ~new & (rng.random(n) < 0.4)
    converted = np.where(recent, rng.integers(2017, LAST + 1, n), NEVER)
    converted = np.where(academy & ~recent, ACADEMY_SINCE, converted)
    converted = np.where(new, opened, converted)

    plain = ~recent & ~new & among(kind, "primary", "infant")
    closed = np.full(n, NEVER)
    shut = np.flatnonzero(plain & (rng.random(n) < 0.01))
    closed[shut] = rng.integers(2018, LAST, len(shut))
    merged_into = np.full(n, -1)
    # Some infant schools become part of a primary school of the same authority, which goes on.
    for infant in np.flatnonzero(among(kind, "infant") & plain & (closed == NEVER))[::8]:
        near = among(kind, "primary") & plain & (la == la[infant]) & (closed == NEVER)
        for primary in np.flatnonzero(near)[:1]:
            merged_into[infant], closed[infant] = primary, MERGED
    return Fates(academy | new, recent, converted, opened, closed, merged_into)
