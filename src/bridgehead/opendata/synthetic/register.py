"""The schools of a synthetic England: who exists, where, of what kind, and what became of them.

A *site* is a school that lives on through academisation, a merger or a closure; an establishment
is one URN of it. All arrays have one entry a site.
"""

from dataclasses import dataclass

import numpy as np

from bridgehead.opendata.synthetic import names
from bridgehead.opendata.synthetic.published import LAST
from bridgehead.opendata.synthetic.text import Flags, Floats, Ints

AUTHORITY = 990
AUTHORITY_NAME = "Bridgeshire"
NEVER = 9999

#: kind: share of all schools, lowest age, highest age
KINDS: dict[str, tuple[float, int, int]] = {
    "primary": (0.645, 4, 11),
    "infant": (0.055, 4, 7),
    "junior": (0.045, 7, 11),
    "first": (0.008, 4, 9),
    "middle": (0.008, 9, 13),
    "secondary": (0.138, 11, 16),
    "all-through": (0.008, 4, 18),
    "special": (0.04, 4, 19),
    "nursery": (0.016, 3, 5),
    "alternative provision": (0.013, 11, 16),
    "16-18": (0.011, 16, 18),
    "independent": (0.013, 4, 18),
}
_ACADEMY_SHARE = {
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
        return np.isin(np.array(self.kind), kinds)

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
        return self.la == AUTHORITY


def _shares(wanted: int) -> list[str]:
    """Kinds in their shares, at least one of each where there are thirty schools or more."""
    least = 1 if wanted >= 30 else 0
    counts = {k: max(least, round(share * wanted)) for k, (share, _, _) in KINDS.items()}
    counts["primary"] += wanted - sum(counts.values())
    return [kind for kind, count in counts.items() for _ in range(count)]


def make(schools: int, rng: np.random.Generator) -> Register:
    """Draw the register: ``schools`` sites, a share of them in the partnership's authority."""
    here = min(220, max(1, round(schools * 0.3))) if schools < 1000 else 220
    others = min(149, max(3, schools // 33))
    codes = np.arange(501, 501 + others)
    kind = _shares(here) + _shares(schools - here)
    n = len(kind)
    la = np.concatenate(
        [np.full(here, AUTHORITY), codes[rng.permutation(np.arange(n - here) % others)]]
    ).astype(np.int64)
    is_ = {k: np.array([x == k for x in kind]) for k in KINDS}

    forms = rng.choice([0.5, 1, 1.5, 2, 3, 4], n, p=[0.2, 0.37, 0.1, 0.25, 0.07, 0.01])
    size = np.maximum(10, np.round(forms * 30 * rng.beta(9, 1.4, n))).astype(np.int64)
    big = is_["secondary"] | is_["all-through"] | is_["middle"]
    size[big] = np.round(rng.choice([120, 150, 180, 210, 240, 300], n)[big] * 0.95)
    size[is_["special"]] = rng.integers(5, 16, n)[is_["special"]]
    size[is_["alternative provision"]] = rng.integers(6, 20, n)[is_["alternative provision"]]
    size[is_["16-18"]] = rng.integers(250, 900, n)[is_["16-18"]]
    size[is_["independent"]] = rng.integers(15, 70, n)[is_["independent"]]
    size[is_["nursery"]] = rng.integers(30, 60, n)[is_["nursery"]]

    la_level = dict(zip(codes.tolist(), rng.normal(0, 0.45, others).tolist(), strict=True))
    level = np.array([la_level.get(int(code), 0.0) for code in la])
    # Small schools stand in villages: fewer disadvantaged pupils, and less spread between them.
    village = (size < 21) & (is_["primary"] | is_["first"] | is_["infant"])
    spread = np.where(village, 0.35, 0.8)
    logit = -1.2 + level * np.where(village, 0.5, 1) + rng.normal(0, 1, n) * spread - 0.6 * village
    logit += 0.8 * is_["special"] + 1.2 * is_["alternative provision"]
    disadvantage = np.clip(1 / (1 + np.exp(-logit)), 0.02, 0.8)
    eal = np.clip(rng.beta(0.9, 4.2, n) * np.where(village, 0.3, 1.2), 0.0, 0.9)
    boys = np.clip(rng.normal(0.51, 0.015, n), 0.4, 0.6)
    single_sex = is_["secondary"] & (rng.random(n) < 0.08)
    boys[single_sex] = rng.integers(0, 2, n)[single_sex]
    boys[is_["special"] | is_["alternative provision"]] = 0.72

    academy = rng.random(n) < np.array([_ACADEMY_SHARE.get(k, 0.0) for k in kind])
    recent = academy & (rng.random(n) < 0.4)
    converted = np.where(recent, rng.integers(2017, LAST + 1, n), np.where(academy, 2012, NEVER))
    opened = np.full(n, 1950)
    closed = np.full(n, NEVER)
    merged_into = np.full(n, -1)
    new = rng.random(n) < 0.012
    new[np.flatnonzero(is_["primary"])[:1]] = True  # the partnership has one new school
    opened[new] = np.where(rng.random(n) < 0.5, 2021, 2025)[new]
    academy, recent = academy | new, recent & ~new
    converted = np.where(new, opened, converted)
    plain = ~recent & ~new & (is_["primary"] | is_["infant"])
    shut = np.flatnonzero(plain & (rng.random(n) < 0.01))
    closed[shut] = rng.integers(2018, LAST, len(shut))
    # An infant and a junior school of one authority become parts of a primary school that goes on.
    for infant in np.flatnonzero(is_["infant"] & plain & (closed == NEVER))[::8]:
        partners = np.flatnonzero(is_["primary"] & plain & (la == la[infant]) & (closed == NEVER))
        if len(partners):
            merged_into[infant] = partners[0]
            closed[infant] = 2023

    low = np.array([KINDS[k][1] for k in kind])
    high = np.array([KINDS[k][2] for k in kind])
    nursery_class = is_["primary"] & (rng.random(n) < 0.4)
    low[nursery_class] = 3
    sixth = (is_["secondary"] & (rng.random(n) < 0.55)) | is_["all-through"] | is_["16-18"]
    sixth |= is_["independent"] & (rng.random(n) < 0.5)
    high[is_["secondary"] & sixth] = 18

    estab = _numbers(kind, la)
    moved = recent & (rng.random(n) < 0.25)
    new_estab = np.where(moved, estab + 700, estab)
    urn = 900001 + np.arange(n)
    old_urn = np.where(recent, urn, 0)
    urn = np.where(recent, 900001 + n + np.cumsum(recent), urn)

    place = names.places(rng, n + others * 4)
    la_names = {int(code): f"{place[n + i]}shire" for i, code in enumerate(codes)}
    la_names[AUTHORITY] = AUTHORITY_NAME
    towns, easting, northing = _where(la, codes, place[n + others :], village, rng)
    faith_at = rng.choice(3, n, p=[0.66, 0.24, 0.1])
    faith = [names.FAITHS[f] for f in faith_at]
    school_names = [
        names.school(place[i] if not f else towns[i], k, f, number=i, academy=bool(academy[i]))
        for i, (k, f) in enumerate(zip(kind, faith, strict=True))
    ]
    trust_names = names.trusts(rng, max(4, schools // 40))
    home_of = codes[np.arange(len(trust_names)) % others].copy()
    home_of[: max(2, here // 22)] = AUTHORITY
    return Register(
        kind=kind, name=school_names, town=towns, faith=faith, la=la, la_names=la_names,
        estab=new_estab, old_estab=estab, urn=urn, old_urn=old_urn, low_age=low, high_age=high,
        sixth_form=sixth, size=size, disadvantage=disadvantage, eal=eal, boys=boys,
        academy=academy, converted=converted, opened=opened, closed=closed,
        merged_into=merged_into, trust=_trust_of(academy, la, home_of, rng), trusts=trust_names,
        easting=easting, northing=northing,
    )  # fmt: skip


def _numbers(kind: list[str], la: Ints) -> Ints:
    """Establishment numbers: those of a kind count up within their authority."""
    following: dict[tuple[int, int], int] = {}
    out = np.zeros(len(kind), dtype=np.int64)
    for i, (k, code) in enumerate(zip(kind, la.tolist(), strict=True)):
        first = _FIRST_NUMBER.get(k, 2000)
        out[i] = following.get((code, first), first)
        following[(code, first)] = int(out[i]) + 1
    return out


def _where(
    la: Ints, codes: Ints, place: list[str], village: Flags, rng: np.random.Generator
) -> tuple[list[str], Ints, Ints]:
    """Town, easting and northing: schools stand in towns, village schools farther out."""
    towns = {AUTHORITY: list(names.BRIDGESHIRE_TOWNS.items())}
    for i, code in enumerate(codes.tolist()):
        east, north = 330000 + 21000 * (i % 14), 120000 + 38000 * (i // 14)
        towns[code] = [
            (place[2 * i + j], (east + int(rng.integers(-7000, 7000)), north + 6000 * j))
            for j in range(2)
        ]
    weights = {c: np.array([0.5**j for j in range(len(t))]) + 0.05 for c, t in towns.items()}
    picked = [
        towns[c][int(rng.choice(len(towns[c]), p=weights[c] / weights[c].sum()))]
        for c in la.tolist()
    ]
    far = np.where(village, 6500, 1700)
    east = np.array([p[1][0] for p in picked]) + rng.normal(0, 1, len(la)) * far
    north = np.array([p[1][1] for p in picked]) + rng.normal(0, 1, len(la)) * far
    return [p[0] for p in picked], east.astype(np.int64), north.astype(np.int64)


def _trust_of(academy: Flags, la: Ints, home_of: Ints, rng: np.random.Generator) -> Ints:
    """Most academies belong to a trust of their authority, some to one from elsewhere."""
    out = np.full(len(la), -1)
    for i in np.flatnonzero(academy):
        near = np.flatnonzero(home_of == la[i])
        choice = near if len(near) and rng.random() < 0.8 else np.arange(len(home_of))
        out[i] = int(rng.choice(choice))
    return out
