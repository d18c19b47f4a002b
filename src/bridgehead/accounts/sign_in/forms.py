"""The shape of what people type to show or set up a second factor."""

from typing import Any

from django import forms

from bridgehead.accounts.models import User

WRONG_CODE = "That code is not right. Wait for the next one in your app, then enter it."


#: The code of Django's own form for a present password that is wrong.
MISTYPED = "password_incorrect"


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Six digits from the app on your phone, or one of your recovery codes.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": "Enter the code", "max_length": WRONG_CODE},
    )


class SetUpForm(forms.Form):
    """The first code of a new app; and the password again, where it was given long ago."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )
    code = forms.CharField(
        label="Code from the app",
        max_length=20,
        help_text="Six digits. They change every half minute.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Enter the code", "max_length": WRONG_CODE},
    )

    def __init__(self, *args: Any, person: User, fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.sign_in_first = not fresh and not person.has_usable_password()
        if fresh or self.sign_in_first:
            del self.fields["password"]

    def clean(self) -> dict[str, Any]:
        """Refused where nothing shows that this is still the person who signed in."""
        if self.sign_in_first:
            raise forms.ValidationError("Sign out, and sign in again.")
        return super().clean() or self.cleaned_data

    def clean_password(self) -> str:
        given: str = self.cleaned_data["password"]
        if not self.person.check_password(given):
            raise forms.ValidationError("That is not your password.", code=MISTYPED)
        return given


class AgainForm(forms.Form):
    """A code of whoever has a second factor, the password of others; nothing where there is
    neither."""

    WRONG = "That is not your password."

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_code = person.second_factor_at is not None
        if self.by_code:
            self.fields["code"] = CodeForm().fields["code"]
        elif person.has_usable_password():
            self.fields["password"] = SetUpForm(person=person, fresh=False).fields["password"]

    def clean(self) -> dict[str, Any]:
        """Refused where nothing can be shown."""
        if not self.fields:
            raise forms.ValidationError("Sign out, and sign in again.")
        return super().clean() or self.cleaned_data
