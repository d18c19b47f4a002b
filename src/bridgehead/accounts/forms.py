"""The shape of what people type to sign in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """E-mail and password. The field is called ``username`` because sign-in throttling reads that."""

    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    error_messages = {  # noqa: RUF012
        "invalid_login": "The e-mail address or the password is not right. Check both and try again.",
        "inactive": "The e-mail address or the password is not right. Check both and try again.",
    }
