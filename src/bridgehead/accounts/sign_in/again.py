"""Where one is signed in; and showing once more who one is, before a sign-in is ended."""

from datetime import datetime

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs
from bridgehead.accounts.models import AccountElsewhere, User
from bridgehead.accounts.sign_in import wrong_codes
from bridgehead.accounts.sign_in.bound import name_of, unbind
from bridgehead.accounts.sign_in.factor import Shown, accept
from bridgehead.accounts.sign_in.forms import WRONG_CODE, AgainForm
from bridgehead.accounts.sign_in.sessions import (
    end_other_sessions,
    end_session,
    sessions_of,
    since,
)
from bridgehead.accounts.sign_in.views import FRESH
from bridgehead.accounts.throttle import address

_SHOWN = "shown_again"


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person of a session has signed in, or shown it again, a moment ago."""
    said = request.session.get(_SHOWN)
    shown = datetime.fromisoformat(said) if said else since(request)
    return shown is not None and timezone.now() - shown < FRESH


@needs(methods=GET_AND_POST)
@sensitive_post_parameters()
def show_again(request: SignedIn) -> HttpResponse:
    """Ask for a code of whoever has a second factor, of others for the password; then back to where
    one is signed in. Wrong ones are counted like wrong codes."""
    person = _person(request)
    form = AgainForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        shown = _shown(request, person, form)
        if shown is Shown.TOO_MANY:
            return render(request, "accounts/too_many_codes.html", status=429)
        if shown.right:
            request.session[_SHOWN] = timezone.now().isoformat()
            return redirect("accounts:sessions")
    return render(request, "accounts/show_again.html", {"form": form})


@needs(methods=GET_AND_POST)
def sessions(request: SignedIn) -> HttpResponse:
    """Where the person is signed in, and with which account elsewhere; one session is ended, or all
    others, or the account let go."""
    person, current = _person(request), request.session.session_key
    if request.method == "POST":
        if not is_fresh(request):
            return redirect("accounts:show-again")
        chosen = request.POST.get("end", "others")
        if chosen == "elsewhere":
            unbind(person=person, by=request.reader)
            return redirect("accounts:sessions")
        mine = next((s for s in sessions_of(person, current) if s.id == chosen), None)
        if chosen == "others":
            end_other_sessions(person=person, current=current, by=request.reader)
        elif mine is None or not end_session(person=person, chosen=chosen, by=request.reader):
            raise Http404
        elif mine.current:
            logout(request)
        return redirect("accounts:sessions")
    kept = AccountElsewhere.objects.filter(person=person).first()
    context = {
        "sessions": sessions_of(person, current),
        "elsewhere": kept,
        "at": kept and name_of(kept.issuer),
    }
    return render(request, "accounts/sessions.html", context)


def _person(request: SignedIn) -> User:
    person = request.user
    assert isinstance(person, User)
    return person


def _shown(request: SignedIn, person: User, form: AgainForm) -> Shown:
    here, now = address(request), timezone.now()
    if form.by_code:
        given = form.cleaned_data["code"]
        shown = accept(person=person, given=given, address=here, by=request.reader)
    elif wrong_codes.too_many(person, here, now):
        return Shown.TOO_MANY
    elif person.check_password(form.cleaned_data["password"]):
        wrong_codes.forget(person, here)
        return Shown.TYPED
    else:
        wrong_codes.note(person, here, now)
        shown = Shown.WRONG
    if shown is Shown.WRONG:
        field, words = ("code", WRONG_CODE) if form.by_code else ("password", form.WRONG)
        form.add_error(field, words)
    return shown
