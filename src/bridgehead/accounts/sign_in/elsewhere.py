"""Signing in with an account that somebody else keeps: out to the provider, and back.

Nobody registers here: the e-mail address that the provider vouches for must be that of a person who
is known already. From then on the account itself is known (``bound``). What comes after a password
comes after this too: the second factor.
"""

import logging
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from bridgehead.accounts.access import SignedIn, public
from bridgehead.accounts.models import User
from bridgehead.accounts.sign_in import half_way, oidc
from bridgehead.accounts.sign_in.bound import AnotherAccount, bind, name_of, person_of
from bridgehead.accounts.sign_in.sessions import enter
from bridgehead.core.printable import printable

log = logging.getLogger(__name__)

_KEY, _PATIENCE = "asked_elsewhere", timedelta(minutes=10)


@public
def go(request: HttpRequest, provider: str) -> HttpResponse:
    """Send the browser to the provider. A link, not a form: what is sent along is bound to this
    session, and a form may lead nowhere but into this site."""
    chosen = _provider(provider)
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    back = request.build_absolute_uri(reverse("accounts:back-from", args=[chosen.key]))
    asked = oidc.Asked.anew(chosen, back)
    try:
        address = oidc.address_to_ask(chosen, asked)
    except oidc.Failed as failed:
        return _failed(request, chosen, failed)
    request.session[_KEY] = {
        "asked": asked.kept(),
        "since": timezone.now().isoformat(),
        "onward": _onward(request),
    }
    return redirect(address)


@public
def back(request: HttpRequest, provider: str) -> HttpResponse:
    """The browser comes back with an answer, which is good once."""
    chosen = _provider(provider)
    note = request.session.pop(_KEY, None)
    if note is None or request.user.is_authenticated:
        return redirect("accounts:sign-in")
    try:
        if timezone.now() - datetime.fromisoformat(note["since"]) > _PATIENCE:
            raise oidc.Failed("the answer took too long")
        asked = oidc.Asked(**note["asked"])
        if asked.provider != chosen.key:
            raise oidc.Failed("another provider was asked")
        account = oidc.account(chosen, asked, request.GET.dict())
        person = person_of(account)
    except oidc.Failed as failed:
        return _failed(request, chosen, failed)
    except AnotherAccount:
        return refused(request, chosen)
    if person is None or not person.is_active:
        log.info("signed in with %s, but is nobody here", chosen.key)
        return render(request, "accounts/nobody_here.html", {"provider": chosen}, status=403)
    if person.second_factor_at:
        half_way.begin(request, person, note["onward"], account)
        return redirect("accounts:code")
    return enter_with(request, person, note["onward"], account)


def enter_with(
    request: HttpRequest, person: User, onward: str, account: oidc.Account | None
) -> HttpResponse:
    """Sign a person in once every factor has been shown, with an account elsewhere where the person
    came by one: it is the person's from then on."""
    if account is not None:
        try:
            bind(person=person, account=account, by=cast(SignedIn, request).themselves(person))
        except AnotherAccount:
            return refused(request, account)
    return enter(request, person, onward)


def _provider(key: str) -> oidc.Provider:
    for provider in settings.OIDC_PROVIDERS:
        if provider.key == key:
            found: oidc.Provider = provider
            return found
    raise Http404


def refused(request: HttpRequest, at: oidc.Provider | oidc.Account) -> HttpResponse:
    """Another account is the person's."""
    name = name_of(at.issuer)
    log.warning("an account of %s has the address of somebody who signs in with another", name)
    return render(request, "accounts/another_account.html", {"name": name}, status=403)


def _onward(request: HttpRequest) -> str:
    """Where the person was going, if that is in this site."""
    given = request.GET.get("next", "")
    inside = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if inside else resolve_url(settings.LOGIN_REDIRECT_URL)


def _failed(request: HttpRequest, provider: oidc.Provider, why: oidc.Failed) -> HttpResponse:
    log.warning("sign-in with %s failed: %s", provider.key, printable(str(why)))
    return render(request, "accounts/failed_elsewhere.html", {"provider": provider}, status=400)
