"""Keeping a set of similar schools by date, and reading one that was kept."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs, showed
from bridgehead.accounts.rules import Permission
from bridgehead.desk.access import newest_urn
from bridgehead.desk.forms import KeepForm
from bridgehead.desk.queries import alike
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.views.frame import on_picture
from bridgehead.schools.access import get_kept_set_for
from bridgehead.schools.actions import keep_similar
from bridgehead.schools.queries import member_known_as


@needs(Permission.KEEP_SIMILAR, methods=GET_AND_POST)
@on_picture
def keep(request: SignedIn, seen: Sight, urn: int) -> HttpResponse:
    """Say what today's similar schools are kept for, and keep them."""
    school = seen.picture.school(newest_urn(seen, urn))
    organisation = member_known_as(request.partnership.pk, school.school.urns)
    if organisation is None or not school.similar:
        raise Http404("There is no such set to keep.")
    form = KeepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        kept = keep_similar(
            partnership=request.partnership,
            organisation=organisation,
            picture=seen.picture,
            purpose=form.cleaned_data["purpose"],
            token=form.cleaned_data["token"],
            by=request.reader,
        )
        return redirect("desk:kept-similar", kept.urn, kept.pk)
    context = {
        "form": form,
        "school": school.school,
        "count": len(school.similar),
        "built_at": seen.picture.built_at,
    }
    return render(request, "desk/keep_similar.html", context)


@needs(
    Permission.SEE_EVERY_SCHOOL, Permission.SEE_OWN_SCHOOL, shows="a kept set of similar schools"
)
def kept_set(request: SignedIn, urn: int, kept_id: int) -> HttpResponse:
    """A set as it was kept: nothing of it follows a newer picture."""
    kept = get_kept_set_for(request.reader, kept_id)
    if kept.urn != urn:
        raise Http404("There is no such set.")
    showed(request, [kept.urn, kept.organisation.urn])
    return render(request, "desk/kept_similar.html", {"kept": kept, "circle": alike.kept(kept)})
