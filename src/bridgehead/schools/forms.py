"""The shape of what is typed about members: one by a form, many by a sheet."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MaxLengthValidator
from django.http import QueryDict

from bridgehead.core.errors import Refused
from bridgehead.opendata.text import open_text
from bridgehead.schools.rules import MemberKind
from bridgehead.schools.rules.sheet import (
    EXAMPLE,
    LONGEST,
    Fault,
    MemberRow,
    read_row,
    read_sheet,
)
from bridgehead.web.dates import DateField

MOST_BYTES = 1_000_000
#: How the name of a file may end; what is in it is looked at all the same.
NAMED = ("csv", "tsv", "txt")
EARLIEST = date(1990, 1, 1)


class MemberFilter(forms.Form):
    """Which members to show."""

    q = forms.CharField(label="Name, town or URN", required=False, max_length=100)
    kind = forms.ChoiceField(label="Kind", required=False)

    def __init__(self, query: QueryDict, *, kinds: dict[str, int]) -> None:
        super().__init__(query)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        offered = [(kind, f"{MemberKind(kind).capitalize()} ({n})") for kind, n in kinds.items()]
        field.choices = [("", "Any kind"), *offered]

    def asked(self, name: str) -> str:
        """What is asked; a choice that does not exist is without effect."""
        return str(self.cleaned_data.get(name) or "") if self.is_valid() else ""


class MemberForm(forms.Form):
    """One member: a school of the register by its URN, or anything else by kind and name."""

    urn = forms.CharField(
        label="URN",
        help_text="For a school of the register that your authority codes do not bring, such as "
        "one over the border. Leave the rest empty then.",
        required=False,
        max_length=10,
    )
    kind = forms.ChoiceField(label="Kind", required=False)
    name = forms.CharField(label="Name", required=False, max_length=LONGEST["name"])
    town = forms.CharField(label="Town", required=False, max_length=LONGEST["town"])
    postcode = forms.CharField(label="Postcode", required=False, max_length=LONGEST["postcode"])
    joined = DateField(label="Member from", what="the day of joining")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose a kind"), *((k.value, k.capitalize()) for k in MemberKind)]

    def clean(self) -> dict[str, Any]:
        """A row as of a sheet, under ``row``; its faults stand at their fields."""
        cleaned = super().clean() or self.cleaned_data
        cells = {c: str(cleaned.get(c) or "") for c in ("urn", "kind", "name", "town", "postcode")}
        if cells["urn"] and (cells["kind"] or cells["name"]):
            self.add_error("urn", "Give the URN alone, or kind and name without a URN")
        elif not self.errors.keys() & cells.keys():
            cleaned["row"], faults = read_row(1, cells)
            for fault in faults:
                self.add_error(fault.column, f"{fault.problem} {fault.remedy}".rstrip("."))
        if (joined := cleaned.get("joined")) and joined < EARLIEST:
            self.add_error("joined", "The day of joining must be in 1990 or later")
        return cleaned

    def tell(self, faults: list[Fault]) -> None:
        """Put at its field what the register says against a URN."""
        for fault in faults:
            self.add_error("urn", f"{fault.problem} {fault.remedy}".rstrip("."))


class SheetForm(forms.Form):
    """Many members: pasted from a spreadsheet, or as a CSV file. ``faults`` holds what is wrong
    with the rows, for a table of its own."""

    text = forms.CharField(
        label="Paste the rows, heading first",
        help_text=f"Headings are {EXAMPLE}. A school of the register needs its URN alone; anything "
        "else its kind and name.",
        required=False,
        strip=False,
        validators=[MaxLengthValidator(MOST_BYTES, "Send the sheet in parts: it is too long")],
        widget=forms.Textarea({"rows": 10, "spellcheck": "false", "wrap": "off"}),
    )
    file = forms.FileField(
        label="Or choose a CSV file",
        required=False,
        allow_empty_file=True,
        validators=[FileExtensionValidator(NAMED, "Save the sheet as CSV: its name must end .csv")],
    )

    faults: list[Fault]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faults = []

    def clean(self) -> dict[str, Any]:
        """The rows, under ``rows``, and the text that they were read from."""
        cleaned = super().clean() or self.cleaned_data
        text = str(cleaned.get("text") or "")
        if (file := cleaned.get("file")) is not None:
            if text.strip():
                raise ValidationError("Paste rows or choose a file, not both")
            text = _read(file)
        if not text.strip():
            raise ValidationError("Paste the rows or choose a file")
        cleaned["text"] = text
        cleaned["rows"], self.faults = read_sheet(text)
        self.check_faults()
        return cleaned

    def tell(self, faults: list[Fault]) -> None:
        """Add what the register says against rows."""
        self.faults = [*self.faults, *faults]
        self.add_error(None, _count(self.faults))

    def check_faults(self) -> None:
        """Raise where there are any; the table below says which."""
        if self.faults:
            raise ValidationError(_count(self.faults))

    def rows(self) -> list[MemberRow]:
        """The rows that were read."""
        return list(self.cleaned_data.get("rows") or ())


def _count(faults: list[Fault]) -> str:
    rows = len({fault.number for fault in faults})
    many = "One row needs" if rows == 1 else f"{rows} rows need"
    return f"{many} a look: nothing has been added. See the table below"


def _read(file: Any) -> str:
    if file.size > MOST_BYTES:
        raise ValidationError(f"The file is larger than {MOST_BYTES:,} bytes: send it in parts")
    try:
        return open_text(file.read()).data.decode()
    except Refused as refusal:
        raise ValidationError(str(refusal)) from refusal
