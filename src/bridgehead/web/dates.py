"""A date typed as day, month and year in three boxes, with errors that say what is wrong."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

PARTS = ("day", "month", "year")


class DateInput(forms.MultiWidget):
    """Three text boxes. ``<c-field>`` draws them with their labels."""

    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput({"inputmode": "numeric"}) for part in PARTS}, attrs)

    def decompress(self, value: date | None) -> list[int | None]:
        """The three boxes of a date."""
        return [value.day, value.month, value.year] if value else [None, None, None]


class DateField(forms.MultiValueField):
    """A ``datetime.date`` from three boxes. ``what`` names it in errors: "the review date"."""

    widget = DateInput

    def __init__(self, *, what: str = "the date", **kwargs: Any) -> None:
        self.what = what
        fields = [forms.CharField(required=False, max_length=12) for _ in PARTS]
        super().__init__(fields, require_all_fields=False, **kwargs)
        self.error_messages["required"] = f"Enter {what}"

    def compress(self, data_list: Sequence[str]) -> date | None:
        """The date, or an error that names the missing or impossible part."""
        if not any(data_list):
            return None
        missing = [part for part, text in zip(PARTS, data_list, strict=True) if not text]
        if missing:
            said = f"{self.what[:1].upper()}{self.what[1:]}"
            raise forms.ValidationError(f"{said} must include a {' and a '.join(missing)}")
        try:
            day, month, year = (int(text) for text in data_list)
            if year < 1900:
                raise ValueError(year)
            return date(year, month, day)
        except ValueError:
            raise forms.ValidationError(
                f"{' '.join(data_list)} is not a real date; write it like 27 3 2027"
            ) from None
