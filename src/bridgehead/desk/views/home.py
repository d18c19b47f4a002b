"""The first page after signing in."""

from django.http import HttpResponse
from django.shortcuts import render

from bridgehead.accounts.access import SignedIn, needs


@needs()
def home_page(request: SignedIn) -> HttpResponse:
    """What to do next, by role."""
    return render(request, "desk/home.html", {})
