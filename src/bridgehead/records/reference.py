"""``docs/reference/records.md``, made from ``kinds.yaml``
(``python -m bridgehead.records.reference``)."""

from bridgehead.records.rules import Kind, kinds

_TOP = """\
# What is kept, why, for how long and whose it is

Made from `records/kinds.yaml` by `python -m bridgehead.records.reference`; a test fails when it is
out of date. The site shows the same at `/records/`. `bridgehead manage delete_due` deletes in this
order. A period is a proposal to the partnership's data protection officer, not advice.

"Requests" is what a request under the Freedom of Information Act 2000 meets first, with the
sections to look at; "in private" the paragraphs of Part 1 of Schedule 12A to the Local Government
Act 1972.
"""


def markdown() -> str:
    """The reference page."""
    return "\n".join([_TOP, *(_section(kind) for kind in kinds().values())])


def _section(kind: Kind) -> str:
    tables = ", ".join(f"`{rows.model}`" for rows in kind.rows) or kind.outside
    lines = [
        f"## {kind.name}",
        "",
        "| | |",
        "|---|---|",
        f"| holds | {kind.holds} |",
        f"| purpose | {kind.purpose} |",
        f"| lawful basis | {'; '.join(kind.bases)} |",
        f"| special categories | {kind.special} |",
        f"| holder | the {kind.holder} |",
        f"| kept | {_kept(kind)} |",
        f"| at its end | {kind.end.label}. {kind.because} |",
        f"| requests | {kind.stance}: {', '.join(s for s, _ in kind.exemptions) or 'none'} |",
        f"| in private | {', '.join(f'paragraph {p}' for p, _ in kind.committee) or 'no'} |",
        f"| where | {tables} |",
        "",
    ]
    return "\n".join(lines)


def _kept(kind: Kind) -> str:
    if kind.period is None:
        return kind.keep
    dates = sorted({rows.date for rows in kind.rows})
    return f"{kind.keep} from {', '.join(f'`{date}`' for date in dates)}"


if __name__ == "__main__":
    print(markdown(), end="")
