"""Two addresses for whatever watches the site: does it run, and can it do its work?"""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from bridgehead.accounts.access import public
from bridgehead.accounts.database import pending_migrations


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is in step with the program."""
    try:
        waiting = pending_migrations()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", "text/plain", status=503)
    if waiting:
        return HttpResponse("migrations are pending\n", "text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
