"""The second factor at sign-in, and setting one up."""

import logging
from datetime import datetime, timedelta
from typing import Any, cast

import segno
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs, public
from bridgehead.accounts.models import User
from bridgehead.accounts.rules import Reader
from bridgehead.accounts.sign_in import half_way, totp, wrong_codes
from bridgehead.accounts.sign_in.devices import in_words
from bridgehead.accounts.sign_in.elsewhere import enter_with
from bridgehead.accounts.sign_in.factor import (
    Shown,
    accept,
    make_recovery_codes,
    normalised,
    remove_second_factor,
    set_up_app,
)
from bridgehead.accounts.sign_in.forms import MISTYPED, WRONG_CODE, CodeForm, SetUpForm
from bridgehead.accounts.sign_in.middleware import must_set_up
from bridgehead.accounts.sign_in.passkeys import (
    Place,
    accept_passkey,
    add_passkey,
    ask_to_make,
    ask_to_show,
    remove_passkey,
)
from bridgehead.accounts.sign_in.sealed import opened, seal
from bridgehead.accounts.sign_in.sessions import since
from bridgehead.accounts.sign_in.told import at
from bridgehead.accounts.throttle import address

log = logging.getLogger(__name__)

#: Who signed in so short a time ago need not give the password again.
FRESH = timedelta(minutes=10)

_DRAFT, _CODES = "second_factor_draft", "fresh_recovery_codes"
_MAY_ADD, _CHALLENGE = "may_add_passkey", "passkey_challenge"


@sensitive_post_parameters()
def _code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in."""
    waiting = half_way.found(request)
    if waiting is None:
        return redirect("accounts:sign-in")
    by = cast(SignedIn, request).themselves(waiting.person)
    answer = request.POST.get("answer")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and (answer or form.is_valid()):
        shown = (
            _shown_by_passkey(request, waiting.person, by, answer)
            if answer
            else _shown_by_code(request, form, waiting.person, by)
        )
        if shown is Shown.TOO_MANY:
            return _too_many(request)
        if shown.right:
            half_way.end(request)
            return enter_with(request, waiting.person, waiting.onward, waiting.account)
    question = ask_to_show(waiting.person, Place.of(request))
    if question:
        request.session[_CHALLENGE] = question.challenge
    context = {"form": CodeForm() if answer else form, "question": question, "failed": answer}
    return render(request, "accounts/code.html", context)


code = public(methods=GET_AND_POST)(_code)


@needs()
def second_factor(request: SignedIn) -> HttpResponse:
    """Whether one is set up, and what can be done about it."""
    person = _person(request)
    context = {
        "since": person.second_factor_at,
        "left": person.recovery_codes.count(),
        "passkeys": person.passkeys.order_by("added_at"),
    }
    return render(request, "accounts/second_factor.html", context)


@needs(methods=GET_AND_POST)
@sensitive_post_parameters()
def set_up_second_factor(request: SignedIn) -> HttpResponse:
    """Show a new secret, and take it once a code proves that the app has it."""
    person = _person(request)
    if person.second_factor_at:
        return redirect("accounts:second-factor")
    secret = _draft(request)
    signed_in = since(request)
    fresh = signed_in is not None and timezone.now() - signed_in < FRESH
    form = SetUpForm(request.POST or None, person=person, fresh=fresh)
    if request.method == "POST" and typed_too_many(request, person):
        return _too_many(request)
    if request.method == "POST" and not form.is_valid():
        count_mistyped(request, person, form, "password")
    elif request.method == "POST":
        now = totp.step_at(timezone.now().timestamp())
        step = totp.matching_step(secret, normalised(form.cleaned_data["code"]), now)
        if step is None:
            form.add_error("code", WRONG_CODE)
        else:
            codes = set_up_app(person=person, secret=secret, step=step, by=request.reader)
            del request.session[_DRAFT]
            return _show_codes(request, person, codes)
    link = totp.address(secret, who=person.email, site=_site(request))
    text = totp.as_text(secret)
    context = {
        "form": form,
        "picture": segno.make(link, error="m").svg_data_uri(scale=5, border=2),
        "link": link,
        "groups": [text[n : n + 4] for n in range(0, len(text), 4)],
        "must": must_set_up(request),
    }
    return render(request, "accounts/set_up_second_factor.html", context)


@needs(methods=GET_AND_POST)
def recovery_codes(request: SignedIn) -> HttpResponse:
    """New recovery codes, until the person says that they are kept."""
    kept = request.session.get(_CODES)
    if kept is None:
        return redirect("accounts:second-factor")
    if request.method == "POST":
        del request.session[_CODES]
        return redirect("people:signed-in")
    context = {"codes": opened(kept).decode().split()}
    return render(request, "accounts/recovery_codes.html", context)


@needs(methods=GET_AND_POST)
@sensitive_post_parameters()
def new_recovery_codes(request: SignedIn) -> HttpResponse:
    """Ask for a code, then make new recovery codes."""
    return _with_a_code(request, "accounts/new_recovery_codes.html", _make_codes)


@needs(methods=GET_AND_POST)
@sensitive_post_parameters()
def remove(request: SignedIn) -> HttpResponse:
    """Ask for a code, then take the second factor away."""
    return _with_a_code(request, "accounts/remove_second_factor.html", _remove)


@needs(methods=GET_AND_POST)
@sensitive_post_parameters()
def add_a_passkey(request: SignedIn) -> HttpResponse:
    """Ask for a code, then let the browser make a passkey."""
    person, place = _person(request), Place.of(request)
    if not _was_a_moment_ago(request.session.get(_MAY_ADD)):
        return _with_a_code(request, "accounts/add_passkey.html", _may_add)
    if request.method == "POST":
        add_passkey(
            person=person,
            name=in_words(request.headers.get("User-Agent", "")),
            answer=request.POST.get("answer", ""),
            challenge=request.session.pop(_CHALLENGE, ""),
            place=place,
            by=request.reader,
        )
        del request.session[_MAY_ADD]
        return redirect("accounts:second-factor")
    question = ask_to_make(person, place, _site(request))
    request.session[_CHALLENGE] = question.challenge
    return render(request, "accounts/add_passkey.html", {"question": question})


@needs(methods=GET_AND_POST)
@sensitive_post_parameters()
def remove_a_passkey(request: SignedIn, passkey_id: int) -> HttpResponse:
    """Ask for a code, then take one of the person's own passkeys away."""
    if not _person(request).passkeys.filter(pk=passkey_id).exists():
        raise Http404

    def then(request: SignedIn, person: User) -> HttpResponse:
        remove_passkey(person=person, passkey_id=passkey_id, by=request.reader)
        return redirect("accounts:second-factor")

    return _with_a_code(request, "accounts/remove_passkey.html", then)


def _may_add(request: SignedIn, person: User) -> HttpResponse:
    request.session[_MAY_ADD] = timezone.now().isoformat()
    return redirect("accounts:add-passkey")


def _was_a_moment_ago(said: str | None) -> bool:
    return said is not None and timezone.now() - datetime.fromisoformat(said) < FRESH


def _with_a_code(request: SignedIn, template: str, then: Any) -> HttpResponse:
    """A page that asks for a code before it does something to the second factor."""
    person = _person(request)
    if person.second_factor_at is None:
        return redirect("accounts:second-factor")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        shown = _shown_by_code(request, form, person, request.reader)
        if shown is Shown.TOO_MANY:
            return _too_many(request)
        if shown.right:
            done: HttpResponse = then(request, person)
            return done
    return render(request, template, {"form": form})


def _make_codes(request: SignedIn, person: User) -> HttpResponse:
    return _show_codes(request, person, make_recovery_codes(person=person, by=request.reader))


def _remove(request: SignedIn, person: User) -> HttpResponse:
    remove_second_factor(person=person, by=request.reader)
    _stay_signed_in(request, person)
    return redirect("accounts:second-factor")


def _shown_by_code(request: HttpRequest, form: CodeForm, person: User, by: Reader) -> Shown:
    """Look at the code. A wrong one is said on the form."""
    shown = accept(person=person, given=form.cleaned_data["code"], address=address(request), by=by)
    log.info("second factor of person %s from %s: %s", person.pk, at(request), shown.value)
    if shown is Shown.WRONG:
        form.add_error("code", WRONG_CODE)
    return shown


def _shown_by_passkey(request: HttpRequest, person: User, by: Reader, answer: str) -> Shown:
    """Look at what the browser's passkey answers; a challenge is good once."""
    shown = accept_passkey(
        person=person,
        answer=answer,
        challenge=request.session.pop(_CHALLENGE, ""),
        place=Place.of(request),
        address=address(request),
        by=by,
    )
    log.info("second factor of person %s from %s: %s", person.pk, at(request), shown.value)
    return shown


def typed_too_many(request: HttpRequest, person: User) -> bool:
    """Whether a password that somebody signed in types once more is not looked at, after too many
    wrong ones. They are counted like wrong codes: a session that was found is no way to guess."""
    return wrong_codes.too_many(person, address(request), timezone.now())


def count_mistyped(request: HttpRequest, person: User, form: Form, field: str) -> None:
    """Count a password that was wrong, once the form has been looked at."""
    if form.has_error(field, MISTYPED):
        wrong_codes.note(person, address(request), timezone.now())


def _too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/too_many_codes.html", status=429)


def _show_codes(request: HttpRequest, person: User, codes: list[str]) -> HttpResponse:
    """Codes are shown on a page that can be loaded again, until the person has kept them."""
    _stay_signed_in(request, person)
    request.session[_CODES] = seal("\n".join(codes).encode())
    return redirect("accounts:recovery-codes")


def _stay_signed_in(request: HttpRequest, person: User) -> None:
    """The session of the person who changed the second factor goes on, under a new key."""
    person.refresh_from_db()
    update_session_auth_hash(request, person)


def _draft(request: HttpRequest) -> bytes:
    """The secret that is being set up in this session: the same each time the page is shown."""
    if _DRAFT not in request.session:
        request.session[_DRAFT] = seal(totp.new_secret())
    return opened(request.session[_DRAFT])


def _person(request: SignedIn) -> User:
    person = request.user
    assert isinstance(person, User)
    return person


def _site(request: SignedIn) -> str:
    """What the app shows above the code."""
    name = request.partnership.name if request.partnership else ""
    return f"Bridgehead {name}".strip().replace(":", "")
