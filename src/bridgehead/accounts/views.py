"""Signing in and out, changing the password, and the ledger."""

from django.contrib.auth import views as auth
from django.urls import reverse_lazy

from bridgehead.accounts.access import GET_AND_POST, POST, needs, public
from bridgehead.accounts.forms import SignInForm

sign_in = public(methods=GET_AND_POST)(
    auth.LoginView.as_view(
        template_name="accounts/sign_in.html",
        authentication_form=SignInForm,
        redirect_authenticated_user=True,
    )
)
sign_out = public(methods=POST)(auth.LogoutView.as_view())
change_password = needs(methods=GET_AND_POST)(
    auth.PasswordChangeView.as_view(
        template_name="accounts/change_password.html",
        success_url=reverse_lazy("accounts:password-changed"),
    )
)
password_changed = needs()(
    auth.PasswordChangeDoneView.as_view(template_name="accounts/password_changed.html")
)
