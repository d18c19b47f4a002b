"""The pages about one school: dials, standards, inspections, similar schools, sources."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from bridgehead.accounts.access import SignedIn, needs, showed
from bridgehead.accounts.rules import Permission
from bridgehead.core.years import parse_year, slug
from bridgehead.desk.access import newest_urn
from bridgehead.desk.queries import alike, provenance
from bridgehead.desk.queries import inspections as timeline
from bridgehead.desk.queries import school as queries
from bridgehead.desk.queries.review import box
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.views.frame import on_picture
from bridgehead.picture.model import SchoolPicture
from bridgehead.picture.regrades import given_later
from bridgehead.schools.queries import kept_sets_of
from bridgehead.web.spreadsheets import csv_response

Build = Callable[[SignedIn, Sight, SchoolPicture], dict[str, Any]]


Page = Callable[..., HttpResponseBase]


def school_page(name: str, *, shows: str = "") -> Callable[[Build], Page]:
    """A page about one school, whose function gives what only this page shows. ``shows`` names what
    protected data it shows those who see the school in full.

    An old URN leads to the newest for good. A school of another partnership is 404.
    """

    def mark(build: Build) -> Page:
        @needs(Permission.SEE_PUBLISHED, Permission.SEE_OWN_SCHOOL, shows=shows)
        @on_picture
        @wraps(build)
        def page(request: SignedIn, seen: Sight, urn: int) -> HttpResponse:
            newest = newest_urn(seen, urn)
            if newest != urn:
                return redirect(f"desk:{name}", newest, permanent=True)
            pictured = seen.picture.school(urn)
            showed(request, [urn] if seen.full(urn) else ())
            groups = queries.groups_of(urn, request.partnership)
            shown = {
                "school": pictured.school,
                "facts": queries.facts(pictured.school, groups),
                "full": seen.full(urn),
                "own": urn in seen.own,
                "tab": name,
                "can_see_data": request.reader.can(Permission.SEE_DATA),
            }
            return render(request, f"desk/{name}.html", shown | build(request, seen, pictured))

        return page

    return mark


@school_page("school", shows="the dials, with direction")
def dials(request: SignedIn, seen: Sight, pictured: SchoolPicture) -> dict[str, Any]:
    """The verdict in words, up to five dials, the first headline over the years, the inspection."""
    full = seen.full(pictured.school.urn)
    shown = queries.dials(seen, pictured)
    return {
        "verdict": queries.verdict(pictured, full=full),
        "dials": shown,
        "measures": sum(key.count(".") == 1 for key in pictured.series),
        "first": queries.first_chart(pictured, full=full),
        "inspection": queries.newest_inspection(pictured.inspections, localdate()),
        "parents": "" if seen.picture.synthetic else queries.parents_page(pictured.school.urn),
        "box": box(request.reader, pictured.school.urn),
        "can_suggest": request.reader.can(Permission.SUGGEST_SUPPORTERS),
    }


@school_page("standards", shows="every measure, with direction")
def standards(request: SignedIn, seen: Sight, pictured: SchoolPicture) -> dict[str, Any]:
    """Every measure by stage, the headlines over the years."""
    return {"stages": queries.stages(pictured, full=seen.full(pictured.school.urn))}


@school_page("inspections")
def inspections(request: SignedIn, seen: Sight, pictured: SchoolPicture) -> dict[str, Any]:
    """Every inspection as printed, in the lane of its framework."""
    return {
        "inspections": [timeline.told(one) for one in pictured.inspections],
        "lanes": timeline.lanes(pictured.inspections, pictured.school.name),
        "replaced": any(not one.this_urn for one in pictured.inspections),
        "again": any(given_later(one) for one in pictured.inspections),
    }


@needs(Permission.SEE_PUBLISHED, Permission.SEE_OWN_SCHOOL)
@on_picture
def inspections_file(request: SignedIn, seen: Sight, urn: int) -> HttpResponse:
    """Every inspection as CSV: a row for each thing that was printed."""
    newest = newest_urn(seen, urn)
    rows = timeline.table(seen.picture.school(newest).inspections)
    return csv_response(f"{newest}-inspections", rows)


@school_page("similar", shows="similar schools")
def similar(request: SignedIn, seen: Sight, pictured: SchoolPicture) -> dict[str, Any]:
    """What to expect of schools like this one, and which those are, for readers who see this
    school in full."""
    if not seen.full(pictured.school.urn):
        raise Http404("There is no such page for this reader.")
    return {
        "expecting": alike.expected(seen, pictured),
        "circumstances": alike.circumstances(seen, pictured),
        "circle": alike.similar(seen, pictured),
        "kept": kept_sets_of(request.partnership.pk, pictured.school.urns),
        "can_keep": bool(pictured.similar) and request.reader.can(Permission.KEEP_SIMILAR),
        "note": pictured.similar_note,
    }


@school_page("sources")
def sources(request: SignedIn, seen: Sight, pictured: SchoolPicture) -> dict[str, Any]:
    """Where each figure of one year comes from."""
    years = provenance.years_held(pictured)
    year = _year_asked(request.GET, years)
    stages = {} if year is None else provenance.by_stage(pictured, year)
    return {"stages": stages, "year": year, "years": [(y, slug(y)) for y in years]}


def _year_asked(query: QueryDict, years: tuple[int, ...]) -> int | None:
    """The year in the address, if the school has figures of it; else the newest."""
    try:
        asked = parse_year(query.get("year", ""))
    except ValueError:
        asked = None
    return asked if asked in years else next(iter(years), None)
