"""The documented examples, and a context in which each of them can be drawn."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Paginator

from bridgehead.web.dates import DateField
from tests.web.gallery import figures

PAGE = Path(__file__).parents[3] / "docs/reference/components.md"


@dataclass(frozen=True)
class Example:
    """One fenced example of the page, with the heading that it stands under."""

    heading: str
    source: str


def documented() -> list[Example]:
    """Every ``django`` example of the reference page, in its order."""
    found, heading = [], ""
    for match in re.finditer(
        r"^## ([^\n]+)$|^```django\n(.*?)^```$", PAGE.read_text(), re.M | re.S
    ):
        if match[1]:
            heading = match[1]
        else:
            found.append(Example(heading, match[2]))
    return found


class HintedRadios(forms.RadioSelect):
    """Radios that say more about each choice."""

    hints: ClassVar[dict[str, str]] = {"agree": "The proposal stands as it is."}


class ReplyForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="Your name", help_text="As it should stand in the record.")
    view = forms.ChoiceField(
        label="What is your school’s view?",
        choices=[("agree", "We agree"), ("differ", "We see it differently")],
        widget=HintedRadios,
    )
    reasons = forms.CharField(
        label="Your reasons",
        help_text="Do not name pupils.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    areas = forms.MultipleChoiceField(
        label="Where would help be welcome?",
        choices=[("maths", "Maths"), ("attendance", "Attendance")],
        widget=forms.CheckboxSelectMultiple,
    )
    told = forms.BooleanField(label="The chair of governors has been told")
    phase = forms.ChoiceField(
        label="Phase", choices=[("", "Choose"), ("primary", "Primary"), ("secondary", "Secondary")]
    )
    review = DateField(label="Review date", what="the review date", help_text="Such as 27 3 2027")
    paper = forms.FileField(label="A paper to go with it", required=False)


class FilterForm(forms.Form):
    """Filters beside results."""

    phase = forms.MultipleChoiceField(
        label="Phase",
        required=False,
        choices=[("primary", "Primary (28)"), ("secondary", "Secondary (5)")],
        widget=forms.CheckboxSelectMultiple,
    )


def context(*, wrong: bool = False) -> dict[str, Any]:
    """What the examples name. ``wrong`` gives the form with every required answer missing."""
    form = ReplyForm({}, {}, auto_id="id_%s") if wrong else ReplyForm()
    return {
        "form": form,
        "filters": FilterForm(auto_id="filter_%s"),
        "page": Paginator(range(220), 20).page(4),
        "strip": figures.STRIP,
        "series": figures.SERIES,
    }
