"""The first page after signing in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from bridgehead.accounts.access import SignedIn, needs, showed
from bridgehead.accounts.rules import Permission
from bridgehead.desk.access import sight
from bridgehead.desk.queries.home import desk
from bridgehead.picture.picture import NoPicture


@needs(shows="the first page, with where the school stands")
def home_page(request: SignedIn) -> HttpResponse:
    """What to do next, by what the reader may do. Without a picture, how to begin."""
    reader = request.reader
    may = {
        "published": reader.can(Permission.SEE_PUBLISHED),
        "review": reader.can(Permission.SEE_SUPPORT_REVIEW),
        "open": reader.can(Permission.OPEN_SUPPORT_REVIEW),
        "area": reader.can(Permission.SEE_AREA),
        "data": reader.can(Permission.SEE_DATA),
        "load": reader.can(Permission.MANAGE_DATA),
        "own_people": reader.urns(Permission.MANAGE_OWN_PEOPLE),
        "name_buddy": reader.can(Permission.NAME_BUDDY),
        "members": reader.can(Permission.MANAGE_MEMBERS),
        "people": reader.can(Permission.MANAGE_PEOPLE),
        "audit": reader.can(Permission.SEE_AUDIT),
        "reply": reader.can_somewhere(Permission.REPLY_FOR_SCHOOL),
    }
    showed(request, ())
    if not reader.grants or request.partnership is None:
        return render(request, "desk/no_role.html")
    try:
        seen = sight(reader)
    except NoPicture:
        return render(request, "desk/begin.html", {"may": may})
    showed(request, seen.own & seen.urns)
    page = desk(seen, request.partnership, localdate())
    return render(
        request,
        "desk/home.html",
        {"may": may, "page": page, "picture": seen.picture, "schools": len(seen.urns)},
    )
