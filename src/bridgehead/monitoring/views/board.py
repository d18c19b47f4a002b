"""The board: every school, what is proposed, and what it waits for. And the same as a file."""

from dataclasses import replace
from itertools import chain

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict

from bridgehead.accounts.access import SignedIn, needs, showed
from bridgehead.accounts.rules import Permission
from bridgehead.monitoring.access import get_round_for
from bridgehead.monitoring.actions import record_export
from bridgehead.monitoring.forms import BoardFilter, order_named
from bridgehead.monitoring.models import ReviewRound
from bridgehead.monitoring.queries import (
    Entry,
    clusters_of,
    current_picture,
    current_round,
    live_entries,
    live_proposals,
    live_rows,
    members,
    policy_in_force,
    round_entries,
    round_rows,
)
from bridgehead.monitoring.rules import Outcome, Proposal
from bridgehead.monitoring.rules.board import FILTERS, Asked, Board, Order, Row, arrange
from bridgehead.monitoring.views.export import table
from bridgehead.monitoring.views.frame import page
from bridgehead.web.spreadsheets import csv_response

PER_PAGE = 12
MOST_DIGITS = 18  # a longer number is no id, and Python refuses to read one of thousands
NOTES = {
    Outcome.PRIORITY: "a category, urgent improvement, or below Good",
    Outcome.BROKER: "an area needs attention, or declining",
    Outcome.KEEP_IN_TOUCH: "secure, no clear change",
    Outcome.CELEBRATE: "secure, improving",
    Outcome.TALK: "settings that figures do not fit",
    Outcome.TOO_LITTLE: "no inspection to rely on, too few data",
}


class Shown:
    """What a request asks to see: a round or the live proposals, narrowed and in order."""

    def __init__(self, request: SignedIn) -> None:
        self.round = _round(request)
        self.proposals: dict[int, Proposal] = {}
        clusters = clusters_of(request.partnership.pk)
        rows = round_rows(self.round.pk) if self.round else self._live(request)
        rows = [replace(r, clusters=clusters[r.urn]) if r.urn in clusters else r for r in rows]
        self.total = len(rows)
        self.asked = _asked(request.GET, rows)
        self.board: Board = arrange(rows, self.asked)

    def _live(self, request: SignedIn) -> list[Row]:
        picture = current_picture()
        if picture is None:
            return []
        schools = members(request.partnership.pk)
        self.proposals = dict(live_proposals(picture, schools))
        return live_rows(schools, self.proposals)

    def entries(self, rows: list[Row]) -> list[Entry]:
        """The rows with their proposals and steps."""
        return round_entries(rows) if self.round else live_entries(rows, self.proposals)


@needs(Permission.SEE_SUPPORT_REVIEW, shows="the board of the support review")
def board(request: SignedIn) -> HttpResponse:
    """Counts by outcome, filters, and a page of schools."""
    shown = Shown(request)
    pages = Paginator(shown.board.rows, PER_PAGE).get_page(request.GET.get("page"))
    kept = {
        name: request.GET[name] for name in ("outcome", "sort", "round") if request.GET.get(name)
    }
    reader = request.reader
    showed(request, (row.urn for row in pages.object_list))
    context = {
        "round": shown.round,
        "picture": current_picture(),
        "policy": policy_in_force(),
        "total": shown.total,
        "asked": shown.asked,
        "counts": [
            (o, n, NOTES[o], shown.asked.outcome is o) for o, n in shown.board.counts.items()
        ],
        "all_count": sum(shown.board.counts.values()),
        "filters": BoardFilter(shown.board.facets, kept),
        "page": pages,
        "entries": shown.entries(list(pages.object_list)),
        "orders": [(o, o is shown.asked.order) for o in Order],
        "can_open": reader.can(Permission.OPEN_SUPPORT_REVIEW),
        "can_judge": reader.can(Permission.JUDGE),
        "can_export": reader.can(Permission.EXPORT_PROPOSALS),
    }
    return page(request, "board", context)


@needs(Permission.EXPORT_PROPOSALS, shows="a download of the support review")
def board_csv(request: SignedIn) -> HttpResponse:
    """The schools that the board would show, as a file; who took it is recorded."""
    shown = Shown(request)
    rows = shown.board.rows
    record_export(partnership=request.partnership, schools=len(rows), by=request.reader)
    showed(request, (row.urn for row in rows))
    return csv_response("support-review", table(shown.entries(rows)))


def _round(request: SignedIn) -> ReviewRound | None:
    asked = request.GET.get("round", "")
    if not asked:
        return current_round(request.partnership.pk)
    if not asked.isdecimal() or len(asked) > MOST_DIGITS:
        raise Http404("There is no such round.")
    return get_round_for(request.reader, int(asked))


def _asked(query: QueryDict, rows: list[Row]) -> Asked:
    ticked = {}
    for key, (_, answer) in FILTERS.items():
        asked = frozenset(query.getlist(key))
        if asked and (known := asked.intersection(chain.from_iterable(map(answer, rows)))):
            ticked[key] = known
    return Asked(
        Outcome.of_slug(query.get("outcome", "")), ticked, order_named(query.get("sort", ""))
    )
