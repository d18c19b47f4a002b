"""Possible supporters of a school."""

from functools import partial

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from bridgehead.accounts.access import SignedIn, needs, showed
from bridgehead.accounts.rules import Permission
from bridgehead.brokerage.access import get_school_for
from bridgehead.brokerage.forms import NeedForm
from bridgehead.brokerage.queries.need import choices, find_need
from bridgehead.brokerage.queries.policy import load_policy
from bridgehead.brokerage.queries.supporters import Found, possible_supporters
from bridgehead.core.errors import Refused
from bridgehead.monitoring.queries import live_proposals
from bridgehead.picture.picture import NoPicture


@needs(Permission.SUGGEST_SUPPORTERS, shows="a search among all schools for who could help one")
def supporters(request: SignedIn, urn: int) -> HttpResponse:
    """Who could help with one need, why each, and who is ruled out by what."""
    try:
        asked = get_school_for(request.reader, urn)
    except NoPicture as nothing:
        showed(request, ())
        return render(request, "brokerage/nothing.html", {"words": str(nothing)})
    if asked.urn != urn:
        return redirect("brokerage:supporters", asked.urn, permanent=True)
    # Of every school alike: none is to learn from this that it was suggested or ruled out.
    showed(request, asked.urns)
    school = asked.picture.school(urn)
    form = NeedForm(request.GET)
    form.offer(choices(school))
    found: Found | None = None
    problem = ""
    if form.is_valid():
        try:
            found = possible_supporters(
                asked.picture,
                urn,
                need=find_need(asked.picture, urn, form.cleaned_data["need"] or None),
                today=localdate(),
                within_km=form.cleaned_data["within"],
                urns=asked.urns,
                propose=partial(live_proposals, asked.picture),
            )
        except Refused as refusal:
            problem = refusal.problem
    if found and not form.data.get("need"):
        form = _showing(request.GET, form, found)
    return render(
        request,
        "brokerage/supporters.html",
        {
            "school": school.school,
            "form": form,
            "found": found,
            "problem": problem,
            "policy": load_policy(),
            "looked_at": len(asked.urns) - 1,
        },
    )


def _showing(query: QueryDict, form: NeedForm, found: Found) -> NeedForm:
    """The same form with the need that was chosen for the reader."""
    shown_query = query.copy()
    shown_query["need"] = found.need.key
    shown = NeedForm(shown_query)
    shown.fields["need"] = form.fields["need"]
    return shown
