"""Invented names. None is meant to be a place, a school, a trust or a person that exists."""

from itertools import product

import numpy as np

from bridgehead.opendata.synthetic.text import words

_HEADS = words(
    """
    Skerrin Tunnick Barley Pellin Brock Calder Candle Cinder Clover Copper Corran Crane Dapple
    Darrow Dunmere Mistle Ember Fallow Fenner Fernly Finch Garran Glimmer Gorse Dormer Haver
    Hazelin Hobbin Hollin Juniper Kestrel Lantern Larken Linnet Mallow Marrow Mellin Merrin Moss
    Nettle Kimmer Osier Otter Pebble Penrow Quarrel Quill Lorrel Ferrin Rushen Saffron Sedge Brindle
    Sorrel Sparrow Tallow Tamsin Tarrow Teasel Thistle Umber Vesper Wander Wether Cobbin Gantle
    Wren Yarrow
    """
)
_TAILS = words(
    """
    bank bridge brook by combe cote croft dale den don field fold ford gate ham haven hithe holt
    hurst ing leigh ley mead mere moor mouth ness over pool ridge row shaw side stead stoke stow
    thorpe thwaite ton vale wade water well wick wold worth
    """
)
_SAINTS = words(
    """
    Aldwyn Brannoc Cedda Dunmoor Elowen Frideswen Godlin Hybald Isanne Jorlan Kenwyn Lioba
    Merrian Nectar Oslaf Peregrine-on-the-Hill Rumwold Sativola Tibba Ursell Wendreth Ythan
    """
)
_ROADS = (
    *("Mill Lane", "Church Road", "School Road", "Station Approach", "Long Meadow", "The Green"),
    *("Quarry Hill", "Park Way", "Orchard Close", "Bridge Street", "Chapel Row", "Weir Road"),
)

#: The towns of the partnership's authority, with where each lies (easting, northing in metres).
BRIDGESHIRE_TOWNS: dict[str, tuple[int, int]] = {
    "Merebridge": (467500, 291000),
    "Hollinford Cross": (455500, 300500),
    "Tarrow-on-Wend": (478500, 304000),
    "Castle Osier": (482500, 282500),
    "Wendmouth": (458000, 279000),
    "Sorrel Regis": (470500, 312500),
}

FAITHS = ("", "Church of England", "Roman Catholic")


def places(rng: np.random.Generator, wanted: int) -> list[str]:
    """Different place names, as many as wanted; quarters of places once the words are used up."""
    stems = [head + tail for head, tail in product(_HEADS, _TAILS)]
    before, after = ("Upper", "Nether"), words("East West Green Heath Park Hill Cross End")
    names: list[str] = []
    for quarter in ("", *before, *after):
        order = rng.permutation(len(stems))
        if quarter in before:
            names += [f"{quarter} {stems[i]}" for i in order]
        else:
            names += [f"{stems[i]} {quarter}".strip() for i in order]
        if len(names) >= wanted:
            break
    return names[:wanted]


def saint(number: int) -> str:
    """A saint that no calendar knows."""
    return f"St {_SAINTS[number % len(_SAINTS)]}'s"


def street(number: int) -> str:
    """A street of an address."""
    return f"{1 + number % 97} {_ROADS[number % len(_ROADS)]}"


def trusts(rng: np.random.Generator, wanted: int) -> list[str]:
    """Names of multi-academy trusts."""
    kinds = ("Learning Trust", "Academies Trust", "Education Partnership", "Schools Trust")
    return [f"{place} {kinds[i % len(kinds)]}" for i, place in enumerate(places(rng, wanted))]


_KINDS = {
    "primary": "Primary School",
    "infant": "Infant School",
    "junior": "Junior School",
    "first": "First School",
    "middle": "Middle School",
    "secondary": "School",
    "all-through": "All-Through School",
    "special": "Special School",
    "nursery": "Nursery School",
    "alternative provision": "Pupil Referral Unit",
    "16-18": "Sixth Form College",
    "independent": "House School",
}


def school(place: str, kind: str, faith: str, *, number: int, academy: bool) -> str:
    """The name of one school. Every fiftieth has an accent, which files in cp1252 must keep."""
    word = _KINDS[kind]
    if faith and kind in {"primary", "infant", "junior", "first", "secondary"}:
        church = "Church of England " if faith == "Church of England" else "Catholic "
        return f"{saint(number)} {church}{word}, {place}"
    if kind == "alternative provision" and academy:
        word = "Alternative Provision Academy"
    if kind == "secondary" and academy:
        word = "Academy"
    elif kind == "primary" and academy and number % 3 == 0:
        word = "Primary Academy"
    if number % 50 == 7:
        place = f"Zoë Marlin {place}"
    return f"{place} {word}"
