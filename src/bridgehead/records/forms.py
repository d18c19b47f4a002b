"""What is typed to answer a request."""

import re
from typing import Any

from django import forms

from bridgehead.accounts.models import normalise_email
from bridgehead.records.queries.disclosure import disclosable
from bridgehead.web.dates import DateField

MOST_URNS = 400


class FindForm(forms.Form):
    """Whose data is asked for."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="With which the person signs in or used to.",
        max_length=254,
        error_messages={
            "required": "Enter the e-mail address",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])


class EraseForm(forms.Form):
    """Why a person is erased."""

    why = forms.CharField(
        label="Why is this person erased?",
        help_text="Such as “asked for it on 3 May 2027”. It is kept in the audit: name nobody.",
        max_length=200,
        error_messages={"required": "Say why"},
    )


class ContactsForm(forms.Form):
    """Whom to call about a child."""

    contact = forms.CharField(
        label="Whom to call about a child at risk",
        help_text="In one line, such as “Bridgeshire children’s services, 01632 960001”. Shown "
        "beside every box for free text.",
        max_length=200,
        required=False,
    )
    out_of_hours = forms.CharField(
        label="Outside office hours",
        help_text="Leave it empty where it is the same.",
        max_length=200,
        required=False,
    )


class DisclosureForm(forms.Form):
    """What a request for information asks."""

    topic = forms.CharField(
        label="What is asked for?",
        help_text="Such as “FOI 2027/14: support for primary schools”. It is kept in the audit: "
        "name nobody.",
        max_length=200,
        error_messages={"required": "Say what is asked for"},
    )
    kinds = forms.MultipleChoiceField(
        label="Which kinds of record?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind"},
    )
    first = DateField(label="From", what="the first day")
    last = DateField(label="Until", what="the last day")
    urns = forms.CharField(
        label="Which schools?",
        help_text="Their URNs with blanks between, today’s or earlier ones; leave it empty for "
        "all. With schools chosen, only records of a school are looked through.",
        max_length=4000,
        required=False,
    )

    def __init__(self, *args: Any, known: dict[int, int], **kwargs: Any) -> None:
        """``known``: any URN of a school of the partnership → its newest."""
        super().__init__(*args, **kwargs)
        self.known = known
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(kind.key, kind.name) for kind in disclosable()]
        field.widget.hints = {kind.key: kind.holds for kind in disclosable()}

    def clean_urns(self) -> frozenset[int]:
        """The newest URNs of the schools; what is no member's is refused by name, and more than can
        be looked through in words: leaving some out would answer the request short."""
        words = re.split(r"[\s,;]+", self.cleaned_data["urns"].strip())
        found = [word for word in words if word]
        wrong = [w for w in found if not (w.isdecimal() and int(w[:9]) in self.known)]
        if wrong:
            raise forms.ValidationError(f"{wrong[0][:20]} is not the URN of a member")
        urns = frozenset(self.known[int(word[:9])] for word in found)
        if len(urns) > MOST_URNS:
            raise forms.ValidationError(
                f"These are {len(urns)} schools, and at most {MOST_URNS} can be named at once. "
                "Make several files, or leave it empty for all schools"
            )
        return urns

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day must not be before the first")
        return said
