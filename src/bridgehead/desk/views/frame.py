"""What every page of the desk begins with: the reader's sight of the current picture."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from bridgehead.accounts.access import SignedIn, showed
from bridgehead.accounts.rules import Permission
from bridgehead.desk.access import sight
from bridgehead.picture.picture import NoPicture

Page = Callable[..., HttpResponse]


def on_picture(page: Page) -> Page:
    """Give a page the reader's ``Sight`` after the request; say what to do while there is no
    picture."""

    @wraps(page)
    def opened(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            seen = sight(request.reader)
        except NoPicture:
            return no_picture(request)
        return page(request, seen, *args, **kwargs)

    return opened


def no_picture(request: SignedIn) -> HttpResponse:
    """The page that every other page gives way to until something has been loaded."""
    showed(request, ())
    can_load = request.reader.can(Permission.MANAGE_DATA)
    return render(request, "desk/no_picture.html", {"can_load": can_load})
