"""The area as a whole.

Its figures come from the picture, which never changes, and are the same for many readers; so
their part of the page is kept as it was rendered. Asked anew each time is who reads, which schools
belong here, and what is proposed.
"""

from datetime import date
from functools import lru_cache

import polars as pl
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from bridgehead.accounts.access import SignedIn, needs, showed
from bridgehead.accounts.rules import Permission
from bridgehead.core.home import home
from bridgehead.desk.queries import area as queries
from bridgehead.desk.queries import area_charts as drawn
from bridgehead.desk.queries.outcomes import outcomes
from bridgehead.desk.queries.schools import headline_figures
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.views.frame import on_picture
from bridgehead.monitoring.rules import Outcome
from bridgehead.picture.picture import Picture

_STANDING = (
    "Schools by fifth of England’s schools, on the newest published figures; "
    "the highest is the best for pupils"
)
_DIRECTION = "Schools by direction of the underlying level, against England"


@needs(Permission.SEE_AREA, shows="the area, with a proposal for each school")
@on_picture
def area(request: SignedIn, seen: Sight) -> HttpResponse:
    """The stock of schools, headlines with their gap, direction, report cards, a map."""
    today, digest = localdate(), seen.picture.digest
    schools = seen.schools()
    showed(request, ())
    if schools.is_empty():
        return render(request, "desk/no_schools.html")
    proposed = outcomes(request.partnership, seen)
    showed(request, proposed.by_urn)
    entered = frozenset[int]() if seen.every else seen.entered(request.partnership.pk)
    own = frozenset() if proposed.by_urn else seen.own & seen.urns
    return render(
        request,
        "desk/area.html",
        {
            "schools": schools.height,
            "phases": queries.phases(schools),
            "now": queries.stock_over_years(seen.picture, seen.urns, today)[-1],
            "map": _map(
                digest,
                seen.urns,
                own,
                frozenset(proposed.by_urn.items()),
                linked=seen.reader.can(Permission.SEE_PUBLISHED),
            ),
            "figures": figures(digest, seen.urns, today, seen.every, entered),
            "entered": len(entered),
            "proposed": proposed,
            "every": seen.every,
        },
    )


@lru_cache(maxsize=32)
def _map(
    digest: str,
    urns: frozenset[int],
    own: frozenset[int],
    proposed: frozenset[tuple[int, Outcome]],
    *,
    linked: bool,
) -> SafeString:
    """Where the schools are, as HTML; ``linked`` for readers who may open a school's page."""
    schools = _schools(digest, urns)
    context = {
        "map": drawn.schools_map(schools, own, dict(proposed), linked=linked),
        "places": drawn.places(schools),
        "proposed": proposed,
        "linked": linked,
    }
    return render_to_string("desk/area_map.html", context)


@lru_cache(maxsize=16)
def figures(
    digest: str, urns: frozenset[int], today: date, every: bool, entered: frozenset[int]
) -> SafeString:
    """Headlines, standing, direction and inspections, as HTML. ``entered`` are schools whose
    direction is not counted."""
    picture, schools = Picture.open(home(), digest), _schools(digest, urns)
    inspections = queries.inspections_of(picture, urns)
    stock = queries.stock_over_years(picture, urns, today)
    found = headline_figures(picture, schools["phase"].unique())
    headlines = queries.headlines(picture, urns)
    leading = queries.leading(found)
    standings = [queries.standing(picture, schools, m) for m in leading]
    counted = schools.filter(~pl.col("urn").is_in(list(entered)))
    directions = [queries.directions(picture, counted, m, every=every) for m in leading]
    cards, carded = queries.report_cards(inspections, today)
    context = {
        "now": stock[-1],
        "stock": stock,
        "stock_chart": drawn.stock(stock),
        "headlines": headlines,
        "essential": [h for h in headlines if h.measure in leading],
        "gap_chart": drawn.gaps(headlines),
        "ways": (
            ("Standing", _STANDING, "standing", standings, drawn.standing(standings)),
            ("Direction", _DIRECTION, "direction", directions, drawn.directions(directions)),
        ),
        "cards": cards,
        "carded": carded,
        "cards_chart": drawn.cards(cards),
        "grades": queries.CARD_GRADES,
        "every": every,
        "entered": len(entered),
    }
    return render_to_string("desk/area_figures.html", context)


def _schools(digest: str, urns: frozenset[int]) -> pl.DataFrame:
    return Picture.open(home(), digest).schools.filter(pl.col("urn").is_in(list(urns)))
