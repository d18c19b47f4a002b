"""Which group of pupils a row of a tidy file is about, by what its filter columns say.

A filter says "Total" where it leaves nobody out. A row is about a group when exactly one filter
narrows it down, to that group; where two do, or one to pupils that no measure knows, it is about
none of ours, and no figure is read from it.
"""

from collections.abc import Iterable

from bridgehead.opendata.kind import normal

#: The group of every pupil.
EVERYBODY = "all"

#: What leaves nobody out. A filter that does not apply to a row says ``z``.
TOTALS = frozenset(
    ("", "total", "all", "allpupils", "allstudents", "allschools", "notapplicable", "z")
)
#: What a filter is about, where it stands in place of what it says: it narrows nothing by itself.
TOPICS = frozenset(
    (
        "sex",
        "gender",
        "disadvantage",
        "disadvantagestatus",
        "disadvantagedstatus",
        "firstlanguage",
        "mobility",
        "mobilitystatus",
        "priorattainment",
    )
)
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "disadvantaged": ("disadvantaged", "disadvantagedpupils", "disadvantagedstudents"),
    "others": (
        "notknowntobedisadvantaged",
        "notdisadvantaged",
        "nondisadvantaged",
        "disadvantagedallother",
        "disadvantageallother",
        "allother",
        "allothers",
        "allotherpupils",
        "otherpupils",
    ),
    "boys": ("boys", "boy", "male", "males"),
    "girls": ("girls", "girl", "female", "females"),
    "eal": (
        "otherthanenglish",
        "knownorbelievedtobeotherthanenglish",
        "englishasanadditionallanguage",
        "eal",
    ),
    "non-mobile": ("nonmobile", "nonmobilepupils"),
    "prior low": ("low", "lowpriorattainment", "lowpriorattainers", "lowattainers"),
    "prior middle": (
        "middle",
        "medium",
        "average",
        "middlepriorattainment",
        "middlepriorattainers",
        "middleattainers",
    ),
    "prior high": ("high", "highpriorattainment", "highpriorattainers", "highattainers"),
}
#: What filters say, normalised, and the group that it means.
GROUPS = {text: group for group, texts in _SPELLINGS.items() for text in texts}


def group_of(texts: Iterable[str | None]) -> str | None:
    """The group that a row with these texts in its filter columns is about: ``all``, one of the
    groups of ``GROUPS``, or ``None`` for pupils that no measure knows.

    A bare topic ("Sex") with no group beside it is a heading, not everybody.
    """
    said = {normal(text or "") for text in texts} - TOTALS
    narrowed = said - TOPICS
    if not narrowed:
        return None if said else EVERYBODY
    groups = {GROUPS.get(text) for text in narrowed}
    return groups.pop() if len(groups) == 1 else None


def in_words(texts: Iterable[str | None]) -> str:
    """What the filters of a row say, less what leaves nobody out."""
    said = [text.strip() for text in texts if text and normal(text) not in TOTALS]
    return ", ".join(dict.fromkeys(said))
