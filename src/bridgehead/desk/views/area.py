"""The area as a whole."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from bridgehead.accounts.access import SignedIn, needs, showed
from bridgehead.accounts.rules import Permission
from bridgehead.desk.queries import area as queries
from bridgehead.desk.queries import area_charts as drawn
from bridgehead.desk.queries.outcomes import outcomes
from bridgehead.desk.queries.schools import headline_figures
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.views.frame import on_picture

_STANDING = (
    "Schools by fifth of England’s schools, on the newest published figures; "
    "the highest is the best for pupils"
)
_DIRECTION = "Schools by direction of the underlying level, against England"


@needs(Permission.SEE_AREA, shows="the area, with a proposal for each school")
@on_picture
def area(request: SignedIn, seen: Sight) -> HttpResponse:
    """The stock of schools, headlines with their gap, direction, report cards, a map."""
    today = localdate()
    schools = seen.schools()
    showed(request, ())
    if schools.is_empty():
        return render(request, "desk/no_schools.html")
    inspections = queries.inspections_of(seen.picture, seen.urns)
    stock = queries.stock_over_years(inspections, today)
    figures = headline_figures(seen.picture, schools["phase"].unique())
    headlines = queries.headlines(seen.picture, seen.urns)
    leading = queries.leading(figures)
    standings = [queries.standing(seen, m) for m in leading]
    directions = [queries.directions(seen, m) for m in leading]
    essential = [h for h in headlines if h.measure in leading]
    cards, carded = queries.report_cards(inspections, today)
    proposed = outcomes(request.partnership, seen)
    showed(request, proposed.by_urn)
    return render(
        request,
        "desk/area.html",
        {
            "schools": schools.height,
            "phases": queries.phases(schools),
            "now": stock[-1],
            "stock": stock,
            "stock_chart": drawn.stock(stock),
            "headlines": headlines,
            "essential": essential,
            "gap_chart": drawn.gaps(headlines),
            "ways": (
                ("Standing", _STANDING, "standing", standings, drawn.standing(standings)),
                ("Direction", _DIRECTION, "direction", directions, drawn.directions(directions)),
            ),
            "cards": cards,
            "carded": carded,
            "cards_chart": drawn.cards(cards),
            "grades": queries.CARD_GRADES,
            "map": drawn.schools_map(seen, schools, proposed.by_urn),
            "places": drawn.places(schools),
            "proposed": proposed,
            "every": seen.every,
        },
    )
