"""The shape of what people type to sign in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

#: The same for an unknown address, a wrong password and a disabled person: nobody learns which.
WRONG = "The e-mail address or the password is not right. Check both and try again."


class SignInForm(AuthenticationForm):
    """E-mail and password. The field is named ``username`` because the throttle counts by it."""

    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def get_invalid_login_error(self) -> ValidationError:
        return ValidationError(WRONG, code="invalid_login")
