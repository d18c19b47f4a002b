"""The shape of what people type into a support review. Each form carries its own token."""

from datetime import date
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.timezone import localdate

from bridgehead.monitoring.models import View
from bridgehead.monitoring.rules import Outcome, Policy
from bridgehead.monitoring.rules.board import Facet, Order
from bridgehead.monitoring.rules.states import must_tell_before_judging
from bridgehead.web.dates import DateField
from bridgehead.web.words import named, typeset

NO_NAMES = "Do not write about a safeguarding concern here, and do not name pupils."
LATER = "later"
NO_REPLY = "none"
UNREAD = "Read what the school says, then go on"
MANY = 8  # more values of a filter than this are a list to choose from, not boxes to tick


def capital(words: str) -> str:
    """A first letter to begin a line with."""
    return words[:1].upper() + words[1:]


class StepForm(forms.Form):
    """A form of one step, with the token by which a second press of the button is known."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def shown(self) -> list[tuple[str, str]]:
        """Label and answer of each field, for checking; only of a form that is valid."""
        return [
            (str(field.label), self._answer(name, field))
            for name, field in self.fields.items()
            if not field.widget.is_hidden
        ]

    def _answer(self, name: str, field: forms.Field) -> str:
        value = self.cleaned_data.get(name)
        if isinstance(field, forms.MultipleChoiceField):
            picked = {str(each) for each in value or ()}
            chosen = [str(label) for key, label in _choices(field) if str(key) in picked]
            return "\n".join(chosen) or "—"
        if isinstance(field, forms.ChoiceField):
            return next((str(label) for key, label in _choices(field) if key == value), "—")
        if isinstance(value, date):
            return f"{value:%-d %B %Y}"
        return str(value or "—")


class OpenRoundForm(StepForm):
    name = forms.CharField(
        label="Name of the review",
        max_length=100,
        help_text="What schools will know it by, such as “Spring term 2027”.",
    )


class TellForm(StepForm):
    on = DateField(
        what="the day on which you told them",
        label="When did you tell the head and the chair of governors together?",
    )
    how = forms.CharField(
        label="How did you tell them?",
        max_length=200,
        help_text=f"For example, a meeting at the school. {NO_NAMES}",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An example that would be accepted: the day has passed.
        self.fields["on"].help_text = f"For example, {localdate():%-d %-m %Y}"

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > localdate():
            raise forms.ValidationError(
                "The day on which you told them must be today or in the past"
            )
        return on


class SendForm(StepForm):
    """Nothing to type: the button is the answer."""


class ReplyForm(StepForm):
    view = forms.ChoiceField(
        label="What is your school’s view of the proposal?",
        choices=View.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what your school’s view is"},
    )
    text = forms.CharField(
        label="What should be known that the figures do not say?",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Needed where you agree in part or disagree.",
    )
    help_with = forms.CharField(
        label="What would you like help with?",
        required=False,
        max_length=500,
        help_text="Leave it empty if there is nothing.",
    )
    in_confidence = forms.CharField(
        label="Is there anything that only some should read?",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Read by whoever replies for the school and by those whom you name, and by "
        "nobody else. Leave it empty if there is nothing.",
    )
    confided_to = forms.TypedMultipleChoiceField(
        label="Who may read it?",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from those who work on the support review"},
    )

    def __init__(self, *args: Any, people: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["confided_to"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(people.items())

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        secret, named_ = said.get("in_confidence", "").strip(), said.get("confided_to")
        if secret and named_ == []:
            self.add_error("confided_to", "Choose who may read what you say in confidence")
        if named_ and not secret and "in_confidence" in said:
            self.add_error("in_confidence", "Write what those whom you chose may read")
        if said.get("view") in (View.PARTLY, View.DISAGREES) and not said.get("text", "").strip():
            self.add_error("text", "Say where you see it differently")
        return said


class SupportForm(StepForm):
    """The support that results from a judgement."""

    category = forms.ChoiceField(
        label="Which support results?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which support results"},
    )
    support_reasons = forms.CharField(
        label="Reasons for this support",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Needed where it is not the usual support for your judgement.",
    )
    review_on = DateField(
        what="the day on which this is looked at again",
        label="When is this looked at again?",
        required=False,
        help_text="For example, 27 3 2027",
    )

    def __init__(
        self, *args: Any, policy: Policy, judged: Outcome | None = None, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.policy, self.judged = policy, judged
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(s.key, s.label) for s in policy.support]
        field.widget.hints = {
            s.key: f"Usual for: {', '.join(o.value for o in s.usual_for)}" for s in policy.support
        }

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        key = said.get("category", "")
        if key in ("", LATER):
            return said
        on = said.get("review_on")
        if on is None and "review_on" not in self.errors:
            self.add_error("review_on", "Enter the day on which this is looked at again")
        elif on is not None and on <= localdate():
            self.add_error(
                "review_on", "The day on which this is looked at again must be in the future"
            )
        support, judged = self.policy.support_named(key), self.judged_outcome()
        if support is None or judged is None or judged in support.usual_for:
            return said
        if not said.get("support_reasons", "").strip():
            words = f"Give the reason: this is not the usual support for {judged.value}"
            self.add_error("support_reasons", words)
        return said

    def judged_outcome(self) -> Outcome | None:
        """The judgement from which the support results."""
        return self.judged


class JudgeForm(SupportForm):
    """The professional's judgement, and the resulting support, at once or later.

    ``heard`` goes along unseen from the page on which the replies were read: the id of the newest
    of them, or ``NO_REPLY``.
    """

    heard = forms.RegexField(
        rf"^({NO_REPLY}|[0-9]{{1,18}})$",
        widget=forms.HiddenInput,
        error_messages={
            "required": UNREAD,
            "invalid": UNREAD,
        },
    )

    outcome = forms.ChoiceField(
        label="What do you judge?",
        choices=[(o.value, capital(o.value)) for o in Outcome],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you judge"},
    )
    reasons = forms.CharField(
        label="Reasons for your judgement",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Needed where you judge otherwise than was proposed.",
    )
    field_order = (
        "token",
        "heard",
        "outcome",
        "reasons",
        "category",
        "support_reasons",
        "review_on",
    )

    def __init__(self, *args: Any, proposed: Outcome, told: bool, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.proposed, self.told = proposed, told
        category, outcome = self.fields["category"], self.fields["outcome"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = [*_choices(category), (LATER, "To be decided later")]
        outcome.widget.hints = {proposed.value: "As was proposed"}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        differs = said.get("outcome") not in (None, "", self.proposed.value)
        if differs and not said.get("reasons", "").strip():
            self.add_error("reasons", "Give the reason why you judge otherwise than was proposed")
        judged = self.judged_outcome()
        if judged and (untold := must_tell_before_judging(judged, self.told)):
            self.add_error("outcome", untold)
        return said

    def clean_heard(self) -> int | None:
        """The id of the reply that was read last."""
        heard: str = self.cleaned_data["heard"]
        return None if heard == NO_REPLY else int(heard)

    def judged_outcome(self) -> Outcome | None:
        value = self.cleaned_data.get("outcome")
        return Outcome(value) if value else None


class BoardFilter(forms.Form):
    """The filters of the board, each value with how many schools it leaves."""

    def __init__(self, facets: tuple[Facet, ...], kept: dict[str, str]) -> None:
        super().__init__(initial=kept | {f.key: _ticked(f) for f in facets})
        for name in kept:
            self.fields[name] = forms.CharField(widget=forms.HiddenInput)
        for facet in facets:
            choices = [
                (o.value, f"{typeset(capital(named(o.value)))} ({o.count})") for o in facet.options
            ]
            if len(choices) > MANY:
                field: forms.Field = forms.ChoiceField(choices=[("", "All"), *choices])
                self.initial[facet.key] = next(iter(_ticked(facet)), "")
            else:
                field = forms.MultipleChoiceField(
                    choices=choices, widget=forms.CheckboxSelectMultiple
                )
            field.label, field.required = facet.title, False
            if choices:
                self.fields[facet.key] = field


def _choices(field: forms.ChoiceField) -> list[tuple[str, str]]:
    return [(str(key), str(label)) for key, label in cast(Any, field.choices)]


def order_named(name: str) -> Order:
    """The order of a query's ``sort``; longest waiting first where it names none."""
    return next((o for o in Order if o.name.lower() == name), Order.WAITING)


def _ticked(facet: Facet) -> list[str]:
    return [o.value for o in facet.options if o.ticked]
