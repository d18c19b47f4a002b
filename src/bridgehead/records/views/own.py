"""One's own data."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from bridgehead.accounts.access import POST, SignedIn, needs, showed
from bridgehead.accounts.models import User
from bridgehead.records.actions import make_person_file
from bridgehead.records.queries.person import counts_of


def zip_response(content: bytes, name: str) -> HttpResponse:
    """A ZIP to save."""
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


@needs()
def own(request: SignedIn) -> HttpResponse:
    """What is held about the reader: how much of which kind, and a file with all of it."""
    person = get_object_or_404(User, pk=request.reader.user_id)
    counts = counts_of(person, request.reader.partnership_id or 0)
    return render(request, "records/own.html", {"counts": counts})


@needs(methods=POST, shows="the own data in a file")
def own_file(request: SignedIn) -> HttpResponse:
    """All of it, as a ZIP."""
    person = get_object_or_404(User, pk=request.reader.user_id)
    content, urns = make_person_file(person=person, by=request.reader)
    showed(request, urns)
    return zip_response(content, "held-about-you")
