"""Signing in and out, passwords, and the ledger."""

import logging
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import views as auth
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy

from bridgehead.accounts.access import GET_AND_POST, POST, SignedIn, needs, public
from bridgehead.accounts.actions import record
from bridgehead.accounts.forms import FirstPasswordForm, LedgerFilter, PasswordForm, SignInForm
from bridgehead.accounts.models import INSTALLATION, User
from bridgehead.accounts.notices import tell
from bridgehead.accounts.queries import in_words, ledger, verbs
from bridgehead.accounts.rules import Permission
from bridgehead.accounts.sign_in import half_way
from bridgehead.accounts.sign_in.sessions import enter
from bridgehead.accounts.sign_in.told import at
from bridgehead.accounts.sign_in.views import count_mistyped, typed_too_many
from bridgehead.accounts.throttle import sprays

log = logging.getLogger(__name__)


class _SignIn(auth.LoginView):
    """Sign in, and go on to where the person was going."""

    def get_redirect_url(self, *given: Any) -> str:
        """Where ``next`` leads, if it leads into this site; a way that leads back here leads
        nowhere, so that nobody who is signed in already goes round in circles."""
        url = super().get_redirect_url(*given)
        return "" if urlsplit(url).path == self.request.path else url

    def form_valid(self, form: Any) -> HttpResponse:
        """The password is right: in, or on to the second factor where the person has one."""
        person, onward = form.get_user(), self.get_success_url()
        if person.second_factor_at:
            half_way.begin(self.request, person, onward)
            return redirect("accounts:code")
        return enter(self.request, person, onward)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """No password is looked at where somebody tries one person after another."""
        if sprays(request):
            log.warning("many people fail to sign in from %s: none is looked at", at(request))
            return render(request, "accounts/too_many_people.html", status=429)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(**given) | {
            "second_factor_required": settings.SECOND_FACTOR_REQUIRED,
            "providers": settings.OIDC_PROVIDERS,
        }


sign_in = public(methods=GET_AND_POST)(
    _SignIn.as_view(
        template_name="accounts/sign_in.html",
        authentication_form=SignInForm,
        redirect_authenticated_user=True,
    )
)


class _SignOut(auth.LogoutView):
    """Sign out; what the browser kept of the site's pages goes too."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().post(request, *args, **kwargs)
        answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer


sign_out = public(methods=POST)(_SignOut.as_view())


class _ChangePassword(auth.PasswordChangeView):
    """A person who is signed in chooses another password."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The present one is looked at only while few wrong ones were typed."""
        if typed_too_many(request, cast(User, request.user)):
            return render(request, "accounts/too_many_codes.html", status=429)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        """What was wrong is said; a wrong present one is counted."""
        count_mistyped(self.request, cast(User, self.request.user), form, "old_password")
        return super().form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        return _recorded("changed their password", super().form_valid, form, self.request)


class _SetPassword(auth.PasswordResetConfirmView):
    """A person who was handed a link sets a password."""

    def form_valid(self, form: Any) -> HttpResponse:
        return _recorded("set a password by a link", super().form_valid, form, self.request)


def _recorded(
    verb: str, write: Callable[[Any], HttpResponse], form: Any, request: HttpRequest
) -> HttpResponse:
    """Write a new password together with the line that tells whose was changed; never the words."""
    with transaction.atomic():
        response = write(form)
        by = cast(SignedIn, request).themselves(form.user)
        record(verb=verb, by=by, partnership=by.partnership_id, about=form.user)
        tell(form.user, "Your password has been changed")
    return response


change_password = needs(methods=GET_AND_POST)(
    _ChangePassword.as_view(
        template_name="accounts/change_password.html",
        form_class=PasswordForm,
        success_url=reverse_lazy("accounts:password-changed"),
    )
)
password_changed = needs()(
    auth.PasswordChangeDoneView.as_view(template_name="accounts/password_changed.html")
)

#: Reached by a link that an administrator hands over; the link works once.
set_password = public(methods=GET_AND_POST)(
    _SetPassword.as_view(
        template_name="accounts/set_password.html",
        form_class=FirstPasswordForm,
        success_url=reverse_lazy("accounts:sign-in"),
    )
)


@needs(Permission.SEE_AUDIT)
def audit(request: SignedIn) -> HttpResponse:
    """The partnership's ledger, newest first."""
    partnership_id = request.reader.partnership_id or INSTALLATION
    form = LedgerFilter(request.GET, verbs=verbs(partnership_id))
    verb = form.cleaned_data["verb"] if form.is_valid() else ""
    page = Paginator(ledger(partnership_id, verb=verb), 50).get_page(request.GET.get("page"))
    context = {"page": page, "lines": in_words(page, request.reader), "filters": form}
    return render(request, "accounts/audit.html", context)
