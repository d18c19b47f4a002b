"""The shape of what is asked about people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bridgehead.people.queries import Held, member_schools
from bridgehead.people.rules import Scope, roles
from bridgehead.schools.models import Organisation, Partnership


class AppointForm(forms.Form):
    """Who is appointed, to which role, and at which school where the role is one of a school."""

    name = forms.CharField(
        label="Full name", max_length=150, error_messages={"required": "Enter the full name"}
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="The person signs in with it.",
        max_length=254,
        error_messages={
            "required": "Enter the e-mail address",
            "invalid": "Enter an e-mail address like name@example.org",
        },
    )
    role = forms.ChoiceField(
        label="Role",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role"},
    )
    school = forms.ModelChoiceField(
        label="School",
        help_text="For heads and governors only.",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="No school",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role, school = self.fields["role"], self.fields["school"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(school, forms.ModelChoiceField)
        role.choices = [(key, each.label) for key, each in roles().items()]
        role.widget.hints = {key: each.what for key, each in roles().items()}
        school.queryset = member_schools(partnership)

    def clean(self) -> dict[str, Any]:
        """Role and school must fit together."""
        cleaned = super().clean() or self.cleaned_data
        role = roles().get(cleaned.get("role", ""))
        school = cleaned.get("school")
        if role and role.scope is Scope.SCHOOL and not school and "school" not in self.errors:
            self.add_error(
                "school", ValidationError(f"Choose the school of the {role.label.lower()}")
            )
        if role and role.scope is Scope.PARTNERSHIP and school:
            self.add_error(
                "school",
                ValidationError(f"Choose no school: {role.label.lower()} is not a role of one"),
            )
        return cleaned


class RoleForm(forms.Form):
    """Which of several appointments to act in."""

    acting_as = forms.TypedChoiceField(
        label="Act as",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the role to act in"},
    )

    def __init__(self, *args: Any, held: list[Held], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["acting_as"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(each.id, f"{each.role.label}, {each.place}") for each in held]
        field.widget.hints = {str(each.id): each.role.what for each in held}
