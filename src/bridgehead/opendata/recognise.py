"""Which kind a header belongs to; refusals that name the nearest kind."""

from bridgehead.core.errors import Refused
from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources import KINDS

_ENOUGH = 0.5  # of a kind's marks: below it a header is called unknown, not incomplete


def kind_of(columns: list[str]) -> Kind:
    """The kind whose required columns are all there, the closest first.

    Raises ``Refused``, naming the missing columns of the nearest kind, or saying that the layout
    is not known.
    """
    if len(columns) == 1:
        raise Refused(
            "Expected a table with several columns, found one.",
            "Columns are separated by commas, semicolons or tabs.",
            row=1,
            value=columns[0][:60],
        )
    ranked = sorted(KINDS.values(), key=lambda kind: kind.likeness(columns), reverse=True)
    for kind in ranked:
        if not kind.missing(columns) and kind.likeness(columns) >= _ENOUGH:
            return kind
    nearest = ranked[0]
    missing = ", ".join(nearest.missing(columns))
    if nearest.likeness(columns) >= _ENOUGH and nearest.tells(columns):
        raise Refused(
            f"This looks like '{nearest.title}' ({nearest.key}), but required columns are missing: "
            f"{missing}.",
            "Download the whole file again, or check that its header was not changed.",
            row=1,
        )
    found = ", ".join(columns[:6]) + (", …" if len(columns) > 6 else "")
    if nearest.likeness(columns) > 0:
        hint = f"The nearest known kind is '{nearest.title}' ({nearest.key}); it lacks {missing}."
    else:
        hint = f"Kinds that are known: {', '.join(KINDS)}."
    raise Refused("The layout is not known by its columns.", hint, row=1, value=found)
