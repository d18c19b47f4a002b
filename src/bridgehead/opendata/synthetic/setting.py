"""Where schools stand and whom they teach: size, ages, context, place and trust."""

from dataclasses import dataclass

import numpy as np

from bridgehead.opendata.synthetic.text import Flags, Floats, Ints

Town = tuple[str, tuple[int, int]]

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
#: Pupils in a year group: from, to (not including).
_YEAR_GROUP = {
    "special": (5, 16),
    "alternative provision": (6, 20),
    "16-18": (250, 900),
    "independent": (15, 70),
    "nursery": (30, 60),
}
#: A school with fewer in a year group than this, at primary ages, stands in a village.
VILLAGE = 21


def among(kind: list[str], *kinds: str) -> Flags:
    """Which sites are of one of these kinds."""
    return np.array([k in kinds for k in kind], dtype=np.bool_)


@dataclass(frozen=True)
class Settings:
    """One entry a site; shares run from 0 to 1."""

    size: Ints
    village: Flags
    disadvantage: Floats
    eal: Floats
    boys: Floats
    low_age: Ints
    high_age: Ints
    sixth_form: Flags


def settings(kind: list[str], la: Ints, codes: Ints, rng: np.random.Generator) -> Settings:
    """Draw size, context and ages of every site."""
    n = len(kind)
    size = _sizes(kind, rng)
    village = (size < VILLAGE) & among(kind, "primary", "first", "infant")
    level = dict(zip(codes.tolist(), rng.normal(0, 0.45, len(codes)).tolist(), strict=True))
    area = np.array([level.get(code, 0.0) for code in la.tolist()])
    # Village schools have fewer disadvantaged pupils, and differ less from one another.
    spread = np.where(village, 0.35, 0.8)
    logit = -1.2 + area * np.where(village, 0.5, 1) + rng.normal(0, 1, n) * spread - 0.6 * village
    logit += 0.8 * among(kind, "special") + 1.2 * among(kind, "alternative provision")
    disadvantage = np.clip(1 / (1 + np.exp(-logit)), 0.02, 0.8)
    eal = np.clip(rng.beta(0.9, 4.2, n) * np.where(village, 0.3, 1.2), 0.0, 0.9)
    boys = np.clip(rng.normal(0.51, 0.015, n), 0.4, 0.6)
    single_sex = among(kind, "secondary") & (rng.random(n) < 0.08)
    boys = np.where(single_sex, rng.integers(0, 2, n), boys)
    boys = np.where(among(kind, "special", "alternative provision"), 0.72, boys)

    sixth = among(kind, "secondary") & (rng.random(n) < 0.55)
    sixth |= among(kind, "independent") & (rng.random(n) < 0.5)
    low = np.array([KINDS[k][1] for k in kind])
    high = np.array([KINDS[k][2] for k in kind])
    low = np.where(among(kind, "primary") & (rng.random(n) < 0.4), 3, low)
    high = np.where(among(kind, "secondary") & sixth, 18, high)
    sixth |= among(kind, "all-through", "16-18")
    return Settings(size, village, disadvantage, eal, boys, low, high, sixth)


def _sizes(kind: list[str], rng: np.random.Generator) -> Ints:
    """Pupils in a year group: half a form of entry to four forms, not quite full."""
    n = len(kind)
    forms = rng.choice([0.5, 1, 1.5, 2, 3, 4], n, p=[0.2, 0.37, 0.1, 0.25, 0.07, 0.01])
    size = np.maximum(10, np.round(forms * 30 * rng.beta(9, 1.4, n)))
    large = among(kind, "secondary", "all-through", "middle")
    places = rng.choice([120, 150, 180, 210, 240, 300], n)
    size = np.where(large, np.round(places * 0.95), size)
    for k, (least, most) in _YEAR_GROUP.items():
        size = np.where(among(kind, k), rng.integers(least, most, n), size)
    return size.astype(np.int64)


@dataclass(frozen=True)
class Places:
    """Town, and easting and northing in metres, of every site."""

    town: list[str]
    easting: Ints
    northing: Ints


def places_of(
    la: Ints,
    codes: Ints,
    spare: list[str],
    known: dict[int, list[Town]],
    *,
    village: Flags,
    rng: np.random.Generator,
) -> Places:
    """Put schools into towns, village schools farther out. Authorities that are not ``known`` get
    two towns each, named from ``spare``, on a grid over the country."""
    towns = dict(known)
    for i, code in enumerate(codes.tolist()):
        east, north = 330000 + 21000 * (i % 14), 120000 + 38000 * (i // 14)
        towns[code] = [
            (spare[2 * i + j], (east + int(rng.integers(-7000, 7000)), north + 6000 * j))
            for j in range(2)
        ]
    # The first town of an authority is its largest.
    weights = {c: np.array([0.5**j for j in range(len(t))]) + 0.05 for c, t in towns.items()}
    chosen = [
        towns[c][int(rng.choice(len(towns[c]), p=weights[c] / weights[c].sum()))]
        for c in la.tolist()
    ]
    far = np.where(village, 6500, 1700)
    centre = np.array([at for _, at in chosen], dtype=np.float64)
    at = centre + rng.normal(0, 1, (len(la), 2)) * far[:, None]
    east, north = at.astype(np.int64).T
    return Places([name for name, _ in chosen], east, north)


def trust_of(academy: Flags, la: Ints, home_of: Ints, rng: np.random.Generator) -> Ints:
    """Most academies belong to a trust of their authority, some to one from elsewhere; -1: none."""
    near = {code: np.flatnonzero(home_of == code) for code in np.unique(la).tolist()}
    out = np.full(len(la), -1)
    for i in np.flatnonzero(academy):
        local = near[int(la[i])]
        choice = local if len(local) and rng.random() < 0.8 else np.arange(len(home_of))
        out[i] = int(rng.choice(choice))
    return out
