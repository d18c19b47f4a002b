"""Who has looked at what is held in confidence about a school, for the school itself."""

from datetime import date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, make_aware

from bridgehead.accounts.access import SignedIn, needs
from bridgehead.accounts.audit.sightings import first_sighting, sighted
from bridgehead.accounts.queries import sightings_in_words
from bridgehead.accounts.rules import Permission
from bridgehead.desk.access import newest_urn
from bridgehead.desk.forms import MonthFilter
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.views.frame import on_picture

PER_PAGE = 50


@needs(Permission.SEE_OWN_SCHOOL)
@on_picture
def who_has_looked(request: SignedIn, seen: Sight, urn: int) -> HttpResponse:
    """Every time that a page with protected data of the school was shown, a month at a time, newest
    first. For a school that is not the reader's own there is no such page."""
    newest = newest_urn(seen, urn)
    if newest not in seen.own:
        raise Http404("There is no such page for this reader.")
    if newest != urn:
        return redirect("desk:seen", newest, permanent=True)
    school, partnership = seen.picture.school(urn).school, request.partnership.pk
    today, first = localdate(), first_sighting(partnership)
    form = MonthFilter(request.GET, first=localdate(first) if first else today, today=today)
    month = form.asked()
    rows = sighted(
        partnership,
        school.urns,
        since=_begins(month),
        before=_begins((month + timedelta(days=31)).replace(day=1)),
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "school": school,
        "form": form,
        "month": month,
        "page": page,
        "rows": sightings_in_words(page.object_list),
    }
    return render(request, "desk/seen.html", context)


def _begins(day: date) -> datetime:
    """The first moment of a day where the site is."""
    return make_aware(datetime.combine(day, time.min))
