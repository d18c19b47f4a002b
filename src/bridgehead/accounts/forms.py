"""The shape of what people type to sign in."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import forms as auth
from django.core.exceptions import ValidationError

from bridgehead.accounts.models import User

if TYPE_CHECKING:
    SetPasswordForm = auth.SetPasswordForm[User]
else:
    SetPasswordForm = auth.SetPasswordForm

#: The same for an unknown address, a wrong password and a disabled person: nobody learns which.
WRONG = "The e-mail address or the password is not right. Check both and try again."

RULES = "At least 12 characters. Three words that nobody would guess together make a good password."


class SignInForm(auth.AuthenticationForm):
    """E-mail and password. The field is named ``username`` because the throttle counts by it."""

    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )

    def get_invalid_login_error(self) -> ValidationError:
        return ValidationError(WRONG, code="invalid_login")


class FirstPasswordForm(SetPasswordForm):
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self)


class PasswordForm(auth.PasswordChangeForm):
    """The present password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self)
        self.fields["old_password"].label = "Present password"
        self.fields["old_password"].error_messages["required"] = "Enter your present password"


class LedgerFilter(forms.Form):
    """Which lines of the ledger to show."""

    verb = forms.ChoiceField(label="What was done", required=False)

    def __init__(self, *args: Any, verbs: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["verb"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Everything"), *((verb, verb.capitalize()) for verb in verbs)]


def _in_our_words(form: forms.Form) -> None:
    first, second = form.fields["new_password1"], form.fields["new_password2"]
    first.label, second.label = "New password", "New password again"
    first.help_text, second.help_text = RULES, ""
    first.error_messages["required"] = "Enter a new password"
    second.error_messages["required"] = "Enter the new password again"
