"""Read the YAML definitions into ``Measure`` objects, refusing what is wrong by file and field."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from time import monotonic

from bridgehead.core.fields import Fields, read_yaml
from bridgehead.core.home import where
from bridgehead.measures.model import Break, Group, High, Law, Measure
from bridgehead.measures.sources import read_groups
from bridgehead.measures.span import read_span

DEFINITIONS = Path(__file__).parent / "definitions"
#: For so many seconds the folders are not looked at again: a page asks for hundreds of series.
LOOK_AGAIN = 2.0
#: By home: when its folders were last looked at, and what they held.
_seen: dict[Path, tuple[float, dict[str, Measure]]] = {}
#: Measures that say nothing of their order stand in the middle, by title.
_UNORDERED = 50
STAGES = ("ks2", "ks4", "ks5", "absence", "suspensions", "workforce", "census")
PHASES = (
    "nursery",
    "primary",
    "secondary",
    "all-through",
    "16-18",
    "special",
    "alternative provision",
)
UNITS = ("percent", "points", "score", "pupils", "per 100 pupils")


def measures() -> dict[str, Measure]:
    """Every measure by key, in reading order (stage, headlines first, ``order``, title).

    Definitions in ``$BRIDGEHEAD_HOME/measures/*.yaml`` add measures, or replace ours of the same
    key. A new process sees an edit at once, a running one ``LOOK_AGAIN`` seconds later at most.
    Raises ``Refused`` naming file, field and remedy when a definition is wrong. Treat the
    mapping as read-only: it is shared between callers until a file changes.
    """
    home, now = where(), monotonic()
    looked, known = _seen.get(home, (0.0, {}))
    if known and now - looked < LOOK_AGAIN:
        return known
    known = _load_both(_stamp(DEFINITIONS), _stamp(home / "measures"))
    _seen[home] = now, known
    return known


def series(key: str) -> tuple[Measure, Group]:
    """``ks2.rwm_expected.disadvantaged`` → its measure and group. Raises ``KeyError``."""
    known = measures()
    if key in known:
        return known[key], known[key].groups["all"]
    measure_key, _, group = key.rpartition(".")
    if measure_key not in known or group == "all":
        raise KeyError(key)
    return known[measure_key], known[measure_key].groups[group]


def load(folder: Path) -> dict[str, Measure]:
    """The definitions of one folder by key, unordered. A folder that is not there holds none."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.yaml"))}


def _stamp(folder: Path) -> tuple[Path, tuple[tuple[str, int, int], ...]]:
    """Changes whenever a definition in the folder does, so that an edit is seen."""
    files = sorted(folder.glob("*.yaml"))
    return folder, tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in files)


@lru_cache(maxsize=4)
def _load_both(
    ours: tuple[Path, tuple[tuple[str, int, int], ...]],
    theirs: tuple[Path, tuple[tuple[str, int, int], ...]],
) -> dict[str, Measure]:
    found = load(ours[0]) | load(theirs[0])
    return {measure.key: measure for measure in in_reading_order(found)}


def in_reading_order(found: dict[str, Measure]) -> list[Measure]:
    """Measures by stage, headlines first, then by ``order`` and title: for every list of them."""
    return sorted(
        found.values(), key=lambda m: (STAGES.index(m.stage), not m.headline, m.order, m.title)
    )


def _read(path: Path) -> Measure:
    fields = read_yaml(path)
    key = fields.text("key")
    stage = fields.one_of("stage", STAGES)
    if key != path.stem:
        fields.refuse("key", "the key is not the file's name.", f"Name the file {key}.yaml.", key)
    if not key.startswith(f"{stage}.") or key.count(".") != 1:
        fields.refuse("key", "the key does not fit the stage.", f"Write {stage}.some_name.", key)
    phases = fields.words("phases")
    if unknown := [phase for phase in phases if phase not in PHASES]:
        fields.refuse("phases", "not a phase.", f"Use {', '.join(PHASES)}.", unknown[0])

    span = read_span(fields)
    law = fields.choice("law", Law)
    sigma = fields.number("sigma", required=law in (Law.MEAN, Law.RATE))
    sigma_source = fields.text("sigma_source", required=sigma is not None)
    if sigma is not None and (sigma <= 0 or law in (Law.PROPORTION, Law.CENSUS)):
        fields.refuse(
            "sigma", "a sigma does not fit here.", "Only a mean or a rate has one, above 0.", sigma
        )
    author, checker = fields.text("author"), fields.text("checker")
    if author.casefold() == checker.casefold():
        fields.refuse("checker", "author and checker are the same.", "Ask someone else.", checker)

    measure = Measure(
        key=key,
        stage=stage,
        phases=phases,
        title=fields.text("title"),
        short=fields.text("short"),
        headline=fields.flag("headline"),
        order=fields.whole("order", at_least=1) if "order" in fields.content else _UNORDERED,
        unit=fields.one_of("unit", UNITS),
        decimals=fields.whole("decimals", at_least=0),
        signed=fields.flag("signed"),
        high=fields.choice("high", High),
        law=law,
        sigma=sigma,
        sigma_source=sigma_source,
        first_year=span.first,
        last_year=span.last,
        missing_years=tuple(span.missing),
        why_missing=span.missing,
        marked_years=span.marked,
        breaks=tuple(Break(year, why) for year, why in span.breaks.items()),
        minimum_cohort=fields.whole("minimum_cohort", at_least=0),
        england_by_definition=fields.number("england_by_definition", required=False),
        england_compares=fields.flag("england_compares", default=True),
        why_it_matters=fields.text("why_it_matters"),
        how=fields.text("how"),
        example=fields.text("example"),
        publisher=fields.text("publisher"),
        groups=read_groups(fields, span),
        version=fields.whole("version", at_least=1),
        status=fields.one_of("status", ("draft", "approved")),
        author=author,
        checker=checker,
        review_by=_date(fields),
    )
    fields.known.add("order")
    fields.done()
    return measure


def _date(fields: Fields) -> str:
    """A date by which somebody looks at the definition again, kept as ``2027-09-30``."""
    written = fields.text("review_by")
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        fields.refuse("review_by", "this is not a date.", "Write it like '2027-09-30'.", written)
