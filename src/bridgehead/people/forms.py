"""The shape of what is asked about people."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.timezone import localdate

from bridgehead.people.models import Appointment
from bridgehead.people.queries import Held, member_schools, other_members
from bridgehead.people.rules import Role, Scope, misplaced, roles
from bridgehead.schools.models import Group, Organisation, Partnership
from bridgehead.schools.rules import GroupKind, MemberKind
from bridgehead.web.dates import DateField

if TYPE_CHECKING:
    HeadField = forms.ModelChoiceField[Appointment]
else:
    HeadField = forms.ModelChoiceField


class PersonForm(forms.Form):
    """Who a person is, and the role that the person is to have."""

    name = forms.CharField(
        label="Full name",
        max_length=150,
        error_messages={
            "required": "Enter the full name",
            "max_length": "Shorten the name to at most 150 characters",
        },
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
        label="Role", widget=forms.RadioSelect, error_messages={"required": "Choose a role"}
    )
    starts = DateField(
        label="Starts on",
        help_text="May be in the past, for somebody who is in the role already, or to come. Left "
        "empty, it is today; with an invitation, the day on which it is accepted.",
        what="the day on which the role starts",
        required=False,
    )
    ends = DateField(
        label="Ends on",
        help_text="The first day on which the role gives nothing any more. Leave it empty where no "
        "end is known.",
        what="the day on which the role ends",
        required=False,
    )

    def clean_name(self) -> str:
        """A name and nothing else: it stands in letters that the site sends, where an address or
        further lines would be somebody's own letter under the site's name."""
        name = str(self.cleaned_data["name"]).replace("\N{NO-BREAK SPACE}", " ")
        if not name.isprintable():
            raise ValidationError("Enter the name on one line, in letters that can be seen")
        if any(sign in name.lower() for sign in ("://", "www.")):
            raise ValidationError("Enter the name alone, without the address of a web page")
        if not any(letter.isalpha() for letter in name):
            raise ValidationError("Enter the name in letters")
        return name

    def clean(self) -> dict[str, Any]:
        """The days must follow each other."""
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", "The end must be after the day on which the role starts")
        elif ends and ends <= localdate():
            self.add_error("ends", "The end must be after today, or the role would give nothing")
        return cleaned

    def offer_roles(self, offered: Mapping[str, Role]) -> None:
        """The roles to choose from, each with what it is for."""
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(key, each.label) for key, each in offered.items()]
        role.widget.hints = {key: each.what for key, each in offered.items()}


class AppointForm(PersonForm):
    """Who is appointed or invited, to which role, and where, if the role is one of a place."""

    field_order = ("name", "email", "role", "school", "group", "member", "starts", "ends")

    school = forms.ModelChoiceField(
        label="School",
        help_text="For the roles of one school only.",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="No school",
    )
    group = forms.ModelChoiceField(
        label="Group",
        help_text="For a trust’s lead, and for who leads or speaks for a group.",
        queryset=Group.objects.none(),
        required=False,
        empty_label="No group",
    )
    member = forms.ModelChoiceField(
        label="Other member",
        help_text="For the officer of a diocese and the broker of a hub.",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="No other member",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_roles(roles())
        offered = {
            "school": member_schools(partnership),
            "group": partnership.groups.all(),
            "member": other_members(partnership),
        }
        for name, rows in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        """Role and place must fit together; the place is under ``organisation`` and ``group``."""
        cleaned = super().clean()
        role = roles().get(cleaned.get("role", ""))
        school, group, member = (cleaned.get(name) for name in _PLACES)
        cleaned["organisation"] = school or member
        if role is None or self.errors.keys() & set(_PLACES):
            return cleaned
        if sum(place is not None for place in (school, group, member)) > 1:
            raise ValidationError("Choose one place: a school, a group or another member")
        organisation = cleaned["organisation"]
        if not role.scope.placed:
            chosen = [name for name in _PLACES if cleaned.get(name) is not None]
            for name in chosen:
                said = f"Choose no {self.fields[name].label}: {role.label} is not a role of one"
                self.add_error(name, said.lower().capitalize())
            return cleaned
        fault = misplaced(
            role,
            MemberKind(organisation.kind) if organisation else None,
            GroupKind(group.kind) if group else None,
        )
        if fault:
            self.add_error(_PLACE.get(role.scope, "school"), fault.rstrip("."))
        return cleaned


_PLACES = ("school", "group", "member")
#: The field of the place at which a role of a scope is held.
_PLACE = {Scope.TRUST: "group", Scope.GROUP: "group", Scope.MEMBER: "member"}


class InviteForm(PersonForm):
    """Whom a head invites to the own school, and to which of its roles."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.help_text = "The invitation goes there, and the person signs in with it."
        self.offer_roles({key: each for key, each in roles().items() if each.head_invites})


class GroupForm(forms.Form):
    """A new group."""

    kind = forms.ChoiceField(
        label="Kind", widget=forms.RadioSelect, error_messages={"required": "Choose a kind"}
    )
    name = forms.CharField(
        label="Name", max_length=200, error_messages={"required": "Enter the name of the group"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(each.value, each.label.capitalize()) for each in GroupKind]
        kind.widget.hints = {"joint": "Clusters or other groups that come together for a while."}


class JoinForm(forms.Form):
    """Who joins a group, a member or another group, from when and perhaps until when."""

    who = forms.ModelChoiceField(queryset=Organisation.objects.none())
    joined = DateField(label="From", what="the first day")
    left = DateField(
        label="Until",
        help_text="The first day on which it is no longer in the group. Leave it empty where no "
        "end is known.",
        what="the day of leaving",
        required=False,
    )

    def __init__(self, *args: Any, label: str, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["who"]
        assert isinstance(who, forms.ModelChoiceField)
        who.label, who.queryset = label, offered
        who.error_messages["required"] = f"Choose the {label.lower()}"


class LeaveForm(forms.Form):
    """When a member leaves a group."""

    on = DateField(label="First day on which it is no longer in the group", what="the day")


class _HeadField(HeadField):
    """Heads, by name and school."""

    def label_from_instance(self, obj: Any) -> str:
        """What stands in the list."""
        return f"{obj.person.name}, {obj.place}"


class BuddyForm(forms.Form):
    """Who is named as buddy."""

    buddy = _HeadField(
        label="Experienced head",
        queryset=Appointment.objects.none(),
        error_messages={"required": "Choose a head"},
    )

    def __init__(self, *args: Any, heads: QuerySet[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        buddy = self.fields["buddy"]
        assert isinstance(buddy, forms.ModelChoiceField)
        buddy.queryset = heads


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
