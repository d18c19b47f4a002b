"""One series of one school: chart, table, how it is worked out, and its download."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from bridgehead.accounts.access import SignedIn, needs, showed
from bridgehead.accounts.rules import Permission
from bridgehead.desk.access import newest_urn
from bridgehead.desk.queries import charts, figures
from bridgehead.desk.queries import series as queries
from bridgehead.desk.queries.figures import short_name
from bridgehead.desk.queries.school import has_provisional
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.views.frame import on_picture
from bridgehead.picture.model import SchoolPicture, Series
from bridgehead.web.spreadsheets import csv_response


@needs(
    Permission.SEE_PUBLISHED,
    Permission.SEE_OWN_SCHOOL,
    shows="one measure over the years, with direction",
)
@on_picture
def series_page(request: SignedIn, seen: Sight, urn: int, key: str) -> HttpResponse:
    """A series with its chart, every year back to the cell it came from, and its definition."""
    newest = newest_urn(seen, urn)
    if newest != urn:
        return redirect("desk:series", newest, key, permanent=True)
    pictured, one = _find(seen, newest, key)
    full = seen.full(newest)
    showed(request, [newest] if full else ())
    return render(
        request,
        "desk/series.html",
        {
            "school": pictured.school,
            "series": one,
            "measure": one.measure,
            "line": figures.line(one, full=full),
            "chart": charts.over_years(one, short_name(pictured.school.name), full=full),
            "provisional": has_provisional(one),
            "expected": queries.expected(one, full=full),
            "rows": queries.year_rows(one, full=full),
            "full": full,
            "can_see_data": request.reader.can(Permission.SEE_DATA),
            "why_no_percentile": seen.picture.why_no_percentile(key),
            "groups": [
                (k, g.label)
                for k, g in zip(one.measure.series_keys(), one.measure.groups.values(), strict=True)
                if k in pictured.series
            ],
        },
    )


@needs(
    Permission.SEE_PUBLISHED,
    Permission.SEE_OWN_SCHOOL,
    shows="a download of one measure, with its level",
)
@on_picture
def download(request: SignedIn, seen: Sight, urn: int, key: str) -> HttpResponse:
    """The series as CSV; with the underlying level only for readers who see the school in full."""
    newest = newest_urn(seen, urn)
    _, one = _find(seen, newest, key)
    full = seen.full(newest)
    showed(request, [newest] if full else ())
    rows = queries.table(one, full=full)
    return csv_response(f"{newest}-{key.replace('.', '-')}", rows)


def _find(seen: Sight, urn: int, key: str) -> tuple[SchoolPicture, Series]:
    pictured = seen.picture.school(urn)
    if key not in pictured.series:
        raise Http404("There is no such series for this school.")
    return pictured, pictured.series[key]
