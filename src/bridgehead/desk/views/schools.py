"""The list of schools, and its download."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from bridgehead.accounts.access import SignedIn, needs, showed
from bridgehead.accounts.rules import Permission
from bridgehead.desk.forms import SchoolFilter
from bridgehead.desk.queries import schools as queries
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.views.frame import on_picture
from bridgehead.web.spreadsheets import csv_response

PAGE_SIZE = 25


@needs(Permission.SEE_PUBLISHED, shows="a list of schools, with direction")
@on_picture
def listing(request: SignedIn, seen: Sight) -> HttpResponse:
    """Search, filter, sort, page by page."""
    everyone = seen.schools()
    figures = queries.headline_figures(seen.picture, everyone["phase"].unique())
    form = SchoolFilter(request.GET, schools=everyone, figures=figures)
    ask = form.ask()
    figure = queries.figure_shown(ask, figures, everyone)
    frame = queries.ordered(queries.matching(everyone, ask, seen.picture), ask, seen, figure)
    page = Paginator(range(frame.height), PAGE_SIZE).get_page(request.GET.get("page"))
    on_page = frame.slice(max(0, page.start_index() - 1), PAGE_SIZE)
    showed(request, (urn for urn in on_page["urn"] if seen.full(urn)))
    return render(
        request,
        "desk/schools.html",
        {
            "form": form,
            "page": page,
            "rows": queries.rows(on_page, seen, figures.get(figure)),
            "measure": figures.get(figure),
            "total": frame.height,
            "in_partnership": everyone.height,
            "directions": seen.every,
            "order": "name",
            "query": request.GET.urlencode(),
        },
    )


@needs(Permission.SEE_PUBLISHED)
@on_picture
def download(request: SignedIn, seen: Sight) -> HttpResponse:
    """The filtered list with every headline figure as published."""
    everyone = seen.schools()
    figures = queries.headline_figures(seen.picture, everyone["phase"].unique())
    ask = SchoolFilter(request.GET, schools=everyone, figures=figures).ask()
    return csv_response("schools", queries.table(seen, ask))
