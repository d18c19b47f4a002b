"""The schools of a synthetic England: who exists, where, of what kind, and what became of them.

A *site* is a school that lives on through academisation, a merger or a closure; an establishment
is one URN of it. All arrays have one entry a site.
"""

from dataclasses import dataclass

import numpy as np

from bridgehead.opendata.synthetic import names
from bridgehead.opendata.synthetic.fate import fates
from bridgehead.opendata.synthetic.setting import KINDS, among, places_of, settings, trust_of
from bridgehead.opendata.synthetic.text import Flags, Floats, Ints

AUTHORITY = 990
AUTHORITY_NAME = "Bridgeshire"
#: Schools in the partnership's authority, and the share of a small England that they are.
AUTHORITY_SCHOOLS, AUTHORITY_SHARE = 220, 0.3
FIRST_URN = 900001
_FIRST_NUMBER = {
    "nursery": 1000,
    "alternative provision": 1100,
    "secondary": 4000,
    "all-through": 4000,
    "middle": 4500,
    "independent": 6000,
    "special": 7000,
    "16-18": 8600,
}


@dataclass(frozen=True)
class Register:
    """Every site as parallel arrays. Years are the integer in which they start."""

    kind: list[str]
    name: list[str]
    town: list[str]
    faith: list[str]
    la: Ints
    la_names: dict[int, str]
    estab: Ints
    old_estab: Ints  # the establishment number before academisation
    urn: Ints
    old_urn: Ints  # 0 where the school never changed its URN
    low_age: Ints
    high_age: Ints
    sixth_form: Flags
    size: Ints  # pupils in a year group, as the school was built
    disadvantage: Floats  # share of pupils
    eal: Floats
    boys: Floats
    academy: Flags
    converted: Ints  # the year in which it became an academy; NEVER, or before FIRST
    opened: Ints
    closed: Ints
    merged_into: Ints  # site that took the pupils; -1 where none
    trust: Ints  # -1 where none
    trusts: list[str]
    easting: Ints
    northing: Ints

    @property
    def count(self) -> int:
        """How many sites there are, closed ones included."""
        return len(self.kind)

    def is_kind(self, *kinds: str) -> Flags:
        """Which sites are of one of these kinds."""
        return among(self.kind, *kinds)

    def open_in(self, year: int) -> Flags:
        """Which sites taught in an academic year."""
        return (self.opened <= year) & (self.closed > year)

    def urn_in(self, year: int) -> Ints:
        """The URN that each site had in an academic year."""
        return np.where((self.old_urn > 0) & (year < self.converted), self.old_urn, self.urn)

    def estab_in(self, year: int) -> Ints:
        """The establishment number that each site had in an academic year."""
        return np.where((self.old_urn > 0) & (year < self.converted), self.old_estab, self.estab)

    def academy_in(self, year: int) -> Flags:
        """Which sites were academies in an academic year."""
        return self.academy & (self.converted <= year)

    @property
    def state(self) -> Flags:
        """Which sites are state-funded."""
        return ~self.is_kind("independent")

    @property
    def ours(self) -> Flags:
        """Which sites are in the partnership's authority."""
        return np.asarray(self.la == AUTHORITY, dtype=np.bool_)


def make(schools: int, rng: np.random.Generator) -> Register:
    """Draw the register: ``schools`` sites, a share of them in the partnership's authority."""
    here = min(AUTHORITY_SCHOOLS, max(1, round(schools * AUTHORITY_SHARE)))
    others = min(149, max(3, schools // 33))
    codes = np.arange(501, 501 + others)
    kind = _shares(here) + _shares(schools - here)
    n = len(kind)
    elsewhere = codes[rng.permutation(np.arange(n - here) % others)]
    la = np.concatenate([np.full(here, AUTHORITY), elsewhere]).astype(np.int64)

    setting = settings(kind, la, codes, rng)
    fate = fates(kind, la, rng)
    estab = _numbers(kind, la)
    moved = fate.recent & (rng.random(n) < 0.25)
    urn = FIRST_URN + np.arange(n)

    place = names.places(rng, n + others * 4)
    la_names = {int(code): f"{place[n + i]}shire" for i, code in enumerate(codes)}
    la_names[AUTHORITY] = AUTHORITY_NAME
    towns = {AUTHORITY: list(names.BRIDGESHIRE_TOWNS.items())}
    found = places_of(la, codes, place[n + others :], towns, village=setting.village, rng=rng)
    faith = [names.FAITHS[f] for f in rng.choice(3, n, p=[0.66, 0.24, 0.1])]
    trusts = names.trusts(rng, max(4, schools // 40))
    home_of = codes[np.arange(len(trusts)) % others].copy()
    home_of[: max(2, here // 22)] = AUTHORITY
    return Register(
        kind=kind,
        name=_names(kind, faith, place, found.town, fate.academy),
        town=found.town,
        faith=faith,
        la=la,
        la_names=la_names,
        estab=np.where(moved, estab + 700, estab),
        old_estab=estab,
        urn=np.where(fate.recent, FIRST_URN + n + np.cumsum(fate.recent), urn),
        old_urn=np.where(fate.recent, urn, 0),
        low_age=setting.low_age,
        high_age=setting.high_age,
        sixth_form=setting.sixth_form,
        size=setting.size,
        disadvantage=setting.disadvantage,
        eal=setting.eal,
        boys=setting.boys,
        academy=fate.academy,
        converted=fate.converted,
        opened=fate.opened,
        closed=fate.closed,
        merged_into=fate.merged_into,
        trust=trust_of(fate.academy, la, home_of, rng),
        trusts=trusts,
        easting=found.easting,
        northing=found.northing,
    )


def _shares(wanted: int) -> list[str]:
    """Kinds in their shares, at least one of each where there are thirty schools or more."""
    least = 1 if wanted >= 30 else 0
    counts = {k: max(least, round(share * wanted)) for k, (share, _, _) in KINDS.items()}
    counts["primary"] += wanted - sum(counts.values())
    return [kind for kind, count in counts.items() for _ in range(count)]


def _names(
    kind: list[str], faith: list[str], place: list[str], town: list[str], academy: Flags
) -> list[str]:
    """A name for every site. A saint is told apart by the town, and by the quarter at need."""
    taken: set[str] = set()
    out = []
    for i, k in enumerate(kind):
        near = town[i] if faith[i] else place[i]
        name = names.school(near, k, faith[i], number=i, academy=bool(academy[i]))
        if name in taken:
            name = names.school(place[i], k, faith[i], number=i, academy=bool(academy[i]))
        taken.add(name)
        out.append(name)
    return out


def _numbers(kind: list[str], la: Ints) -> Ints:
    """Establishment numbers: those of a kind count up within their authority."""
    following: dict[tuple[int, int], int] = {}
    out = np.zeros(len(kind), dtype=np.int64)
    for i, (k, code) in enumerate(zip(kind, la.tolist(), strict=True)):
        first = _FIRST_NUMBER.get(k, 2000)
        out[i] = following.get((code, first), first)
        following[(code, first)] = int(out[i]) + 1
    return out
