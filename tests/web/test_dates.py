"""A date in three boxes."""

from datetime import date

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.web.dates import DateField


class Form(forms.Form):
    """One date."""

    review = DateField(what="the review date")


def sent(day: str, month: str, year: str) -> Form:
    """The form as a browser sends it."""
    return Form({"review_day": day, "review_month": month, "review_year": year})


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_every_date_comes_through(when: date) -> None:
    form = sent(str(when.day), str(when.month), str(when.year))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["review"] == when


@pytest.mark.parametrize(
    ("boxes", "error"),
    [
        (("", "", ""), "Enter the review date"),
        (("27", "", "2027"), "The review date must include a month"),
        (("", "", "2027"), "The review date must include a day and a month"),
        (("31", "2", "2027"), "31 2 2027 is not a real date; write it like 27 3 2027"),
        (("1", "march", "2027"), "1 march 2027 is not a real date; write it like 27 3 2027"),
        (("1", "3", "27"), "1 3 27 is not a real date; write it like 27 3 2027"),
    ],
)
def test_what_is_wrong_is_named(boxes: tuple[str, str, str], error: str) -> None:
    assert list(sent(*boxes).errors["review"]) == [error]


def test_a_date_that_is_not_asked_for_may_stay_empty() -> None:
    assert DateField(required=False).clean(["", "", ""]) is None
