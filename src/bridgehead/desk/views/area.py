"""The area as a whole."""

from django.http import HttpResponse
from django.shortcuts import render

from bridgehead.accounts.access import SignedIn, needs
from bridgehead.accounts.rules import Permission
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.views.frame import on_picture


@needs(Permission.SEE_AREA)
@on_picture
def area(request: SignedIn, seen: Sight) -> HttpResponse:
    """The stock of schools, headlines with their gap, direction, report cards, a map."""
    return render(request, "desk/area.html", {})
