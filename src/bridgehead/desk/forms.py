"""The shape of what a reader asks of the list of schools."""

from datetime import date
from typing import Any
from uuid import uuid4

import polars as pl
from django import forms
from django.http import QueryDict

from bridgehead.desk.queries.schools import Ask
from bridgehead.measures.model import Measure
from bridgehead.web import words


class SchoolFilter(forms.Form):
    """Words and choices that narrow the list. A choice that does not exist is without effect."""

    q = forms.CharField(
        label="Name, town, postcode or URN", required=False, max_length=100, strip=True
    )
    figure = forms.ChoiceField(label="Figure to show", required=False)
    phase = forms.MultipleChoiceField(
        label="Phase", required=False, widget=forms.CheckboxSelectMultiple
    )
    type = forms.MultipleChoiceField(
        label="Run as", required=False, widget=forms.CheckboxSelectMultiple
    )
    authority = forms.ChoiceField(label="Local authority", required=False)
    trust = forms.ChoiceField(label="Trust", required=False)

    def __init__(
        self, query: QueryDict, *, schools: pl.DataFrame, figures: dict[str, Measure]
    ) -> None:
        super().__init__(query)
        self._offer("figure", [(key, m.title) for key, m in figures.items()])
        self._offer("phase", _counted(schools, "phase"))
        self._offer("type", _counted(schools, "type_group"))
        self._offer("authority", [("", "Any"), *_counted(schools, "la_name")])
        self._offer("trust", [("", "Any"), *_counted(schools, "trust")])
        if schools["la_name"].n_unique() < 2:
            del self.fields["authority"]

    def ask(self) -> Ask:
        """What is asked, with whatever does not fit left out."""
        self.is_valid()
        given: dict[str, Any] = self.cleaned_data
        return Ask(
            words=given.get("q") or "",
            phases=tuple(given.get("phase") or ()),
            types=tuple(given.get("type") or ()),
            authority=given.get("authority") or "",
            trust=given.get("trust") or "",
            figure=given.get("figure") or "",
            sort=self.data.get("sort") or "name",
        )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class MonthFilter(forms.Form):
    """One of the months from the first to today's, newest first; today's where none fits."""

    month = forms.ChoiceField(label="Month", required=False)

    def __init__(self, query: QueryDict, *, first: date, today: date) -> None:
        super().__init__(query)
        self.today = today
        months = range(today.year * 12 + today.month - 1, first.year * 12 + first.month - 2, -1)
        self.firsts = {f"{d:%Y-%m}": d for d in (date(m // 12, m % 12 + 1, 1) for m in months)}
        field = self.fields["month"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, f"{day:%B %Y}") for key, day in self.firsts.items()]

    def asked(self) -> date:
        """The first day of the month that is asked for."""
        chosen = self.cleaned_data.get("month") if self.is_valid() else ""
        return self.firsts.get(chosen or "", self.today.replace(day=1))


class KeepForm(forms.Form):
    """What a set of similar schools is kept for, with the token by which a second press of the
    button is known."""

    purpose = forms.CharField(
        label="What is it kept for?",
        max_length=200,
        help_text="Such as “Maths plan, spring 2027”. Do not name pupils.",
        error_messages={
            "required": "Say what the set is kept for",
            "max_length": "What the set is kept for must be 200 characters or fewer",
        },
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean_purpose(self) -> str:
        """What can be seen of it, on one line: a set is not kept for nothing, and no mark turns
        the direction of the line that it stands in."""
        seen = "".join(c if c.isprintable() else " " for c in self.cleaned_data["purpose"])
        if not seen.strip():
            raise forms.ValidationError("Say what the set is kept for")
        return " ".join(seen.split())

    def clean(self) -> None:
        """A page that came without its token, or with a broken one, is told so in words."""
        if self.errors.pop("token", None):
            self.add_error(None, "The page did not come back whole: go back, reload it, try again")


def _counted(schools: pl.DataFrame, column: str) -> list[tuple[str, str]]:
    """Each value of a column with how many schools have it."""
    counts = schools.filter(pl.col(column).fill_null("") != "")[column].value_counts()
    return [
        (value, f"{words.named(value[:1].upper() + value[1:])} ({count})")
        for value, count in sorted(counts.iter_rows(), key=lambda pair: pair[0].casefold())
    ]
