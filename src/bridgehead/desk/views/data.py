"""What has been loaded, what is missing, and each release."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from bridgehead.accounts.access import SignedIn, needs
from bridgehead.accounts.rules import Permission
from bridgehead.core.home import home
from bridgehead.desk.queries import data as queries
from bridgehead.opendata.releases import Store
from bridgehead.picture.picture import NoPicture, Picture


@needs(Permission.SEE_DATA)
def data(request: SignedIn) -> HttpResponse:
    """Every release, and for each kind of file and year whether it is there and if not, why."""
    held = queries.holdings(Store(home()), today=localdate())
    return render(request, "desk/data.html", {"held": held, "picture": _picture()})


@needs(Permission.SEE_DATA)
def release(request: SignedIn, release_id: str) -> HttpResponse:
    """One release: its card, its columns, and its codes by reason."""
    try:
        card = Store(home()).card(release_id)
    except KeyError:
        raise Http404("There is no such release.") from None
    codes = queries.codes_in_words(card)
    return render(
        request,
        "desk/release.html",
        {"card": card, "codes": codes, "when": queries.year_or_date(card)},
    )


def _picture() -> Picture | None:
    try:
        return Picture.open(home())
    except NoPicture:
        return None
