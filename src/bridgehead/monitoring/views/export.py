"""Proposals as a table for spreadsheets."""

from collections.abc import Sequence

from bridgehead.monitoring.queries import Entry

HEADINGS = (
    "URN",
    "School",
    "Phase",
    "Type",
    "Trust",
    "Figures propose",
    "Clause",
    "Newest inspection",
    "Direction",
    "In what",
    "Meets the DfE's stuck test",
    "Who holds the arm",
    "Route",
    "Power",
    "Because",
    "Waiting for",
    "School's view",
    "School's words",
    "Help asked for",
    "Judged",
    "Reasons of the judgement",
    "Judged by",
    "Judged on",
    "Resulting support",
    "Reasons of the support",
    "Looked at again on",
    "Policy",
    "Policy version",
    "Picture",
    "Reference",
)


def table(entries: Sequence[Entry]) -> list[Sequence[object]]:
    """The headings, and one line for each school."""
    return [HEADINGS, *(_line(entry) for entry in entries)]


def _line(entry: Entry) -> list[object]:
    row, proposal = entry.row, entry.proposal
    reply, judged, decided = entry.reply, entry.judgement, entry.decision
    return [
        row.urn,
        row.name,
        row.phase,
        row.type_group,
        row.trust,
        proposal.outcome.value,
        proposal.clause,
        proposal.inspection,
        proposal.trend.value,
        "; ".join(proposal.needs),
        "yes" if proposal.stuck else "no",
        proposal.arm,
        proposal.route,
        proposal.power,
        " ".join(b.words for b in proposal.because),
        row.waiting.value if row.waiting else "",
        reply.view if reply else "",
        reply.text if reply else "",
        reply.help_with if reply else "",
        judged.outcome if judged else "",
        judged.reasons if judged else "",
        judged.by.name if judged else "",
        judged.on.isoformat() if judged else "",
        decided.label if decided else "",
        decided.reasons if decided else "",
        decided.review_on.isoformat() if decided else "",
        proposal.policy,
        proposal.policy_version,
        entry.review.picture if entry.review else "",
        entry.review.reference if entry.review else "",
    ]
