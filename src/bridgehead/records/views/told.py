"""What is kept here, why and for how long; and the texts that are made from it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.accounts.access import SignedIn, needs, public
from bridgehead.records.rules import Holder, kinds


@public
def kept(request: HttpRequest) -> HttpResponse:
    """Every kind of record in plain words."""
    return render(request, "records/kept.html", {"kinds": kinds().values()})


@needs()
def processing(request: SignedIn) -> HttpResponse:
    """The record of processing activities (Article 30)."""
    return render(request, "records/processing.html", {"kinds": kinds().values()})


@needs()
def agreement(request: SignedIn) -> HttpResponse:
    """A starting text for the data-sharing agreement."""
    by_holder = [(h, [k for k in kinds().values() if k.holder is h]) for h in Holder]
    context = {"by_holder": [pair for pair in by_holder if pair[1]], "kinds": kinds().values()}
    return render(request, "records/agreement.html", context)


@needs()
def impact(request: SignedIn) -> HttpResponse:
    """A starting text for the data protection impact assessment."""
    personal = [kind for kind in kinds().values() if kind.personal]
    return render(request, "records/impact.html", {"kinds": personal})
