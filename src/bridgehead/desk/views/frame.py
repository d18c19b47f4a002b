"""What every page of the desk begins with: the reader's sight of the current picture."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from bridgehead.accounts.access import SignedIn
from bridgehead.accounts.rules import Permission
from bridgehead.desk.access import sight
from bridgehead.picture.picture import NoPicture
from bridgehead.web.spreadsheets import inert

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
    can_load = request.reader.can(Permission.MANAGE_DATA)
    return render(request, "desk/no_picture.html", {"can_load": can_load})


def csv_response(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """Rows as a CSV download for spreadsheets: UTF-8 with BOM, CRLF, and no live formula."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    for row in rows:
        response.write(",".join(_cell(value) for value in row) + "\r\n")
    return response


def _cell(value: object) -> str:
    """One field. A number stays a number; text that a spreadsheet would run gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return repr(round(value, 6)) if isinstance(value, float) else str(value)
    text = inert(str(value))
    if any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
