"""Files to hand over: a ZIP with everything as JSON, a page to read, and a CSV for each table."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from bridgehead.accounts.models import User
from bridgehead.records.queries.disclosure import Item
from bridgehead.records.queries.person import Sheet
from bridgehead.web.spreadsheets import inert

#: Texts that name a person, beside the person's file: first in the list of a ZIP.
READ_FIRST = "READ FIRST, then take out or hand over - texts that name the person.html"


def of_person(person: User, sheets: list[Sheet], naming: list[Sheet]) -> bytes:
    """What is held about a person; ``naming``, texts that name the person, stand in a page of their
    own (``READ_FIRST``) and nowhere else."""
    now = timezone.now()
    said = {
        "person": person.name,
        "made": now.isoformat(timespec="seconds"),
        "held": [
            {
                "kind": sheet.kind.name,
                "purpose": sheet.kind.purpose,
                "basis": sheet.kind.bases,
                "holder": sheet.kind.holder.value,
                "kept": sheet.kind.keep,
                "table": sheet.name,
                "rows": sheet.lines,
            }
            for sheet in sheets
        ],
    }
    page = render_to_string(
        "records/files/person.html", {"person": person, "sheets": sheets, "made": now}
    )
    tables = {
        f"{n:02} {sheet.name}": [sheet.columns, *(line.values() for line in sheet.lines)]
        for n, sheet in enumerate(sheets, 1)
    }
    first: dict[str, str] = {}
    if naming:
        context = {"person": person, "sheets": naming, "made": now}
        first[READ_FIRST] = str(render_to_string("records/files/naming.html", context))
    return _zipped("held about you", said, page, tables, first)


def of_disclosure(topic: str, found: list[Item], asked: dict[str, str]) -> bytes:
    """The records of a disclosure, with an index that says the stance of each."""
    now = timezone.now()
    said = {
        "topic": topic,
        "asked": asked,
        "made": now.isoformat(timespec="seconds"),
        "items": [
            {
                "number": item.number,
                "kind": item.kind.name,
                "record": item.table,
                "dated": item.dated,
                "urn": item.urn,
                "stance": item.stance,
                "exemptions to look at": item.why,
                "committee": item.committee,
                "content": item.said,
            }
            for item in found
        ],
    }
    context = {"topic": topic, "items": found, "asked": asked, "made": now}
    page = render_to_string("records/files/disclosure.html", context)
    index: list[Iterable[Any]] = [
        (
            "Number",
            "Kind",
            "Record",
            "Dated",
            "URN",
            "Stance",
            "Exemptions to look at",
            "Committee",
        ),
        *(
            (i.number, i.kind.name, i.table, i.dated, i.urn or "", i.stance, i.why, i.committee)
            for i in found
        ),
    ]
    tables: dict[str, list[Iterable[Any]]] = {"index": index}
    for item in found:
        rows = tables.setdefault(f"{item.kind.name}, {item.table}", [("Number", *item.said)])
        rows.append((item.number, *item.said.values()))
    return _zipped("disclosure", said, page, tables)


def _zipped(
    name: str,
    said: dict[str, Any],
    page: str,
    tables: dict[str, list[Any]],
    first: dict[str, str] | None = None,
) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for title, content in (first or {}).items():
            archive.writestr(title, content)
        archive.writestr(f"{name}.html", page)
        archive.writestr(f"{name}.json", json.dumps(said, ensure_ascii=False, indent=1))
        for title, rows in tables.items():
            text = io.StringIO()
            text.write("\ufeff")
            csv.writer(text).writerows([inert(str(value)) for value in row] for row in rows)
            archive.writestr(f"{re.sub(r'[^a-z0-9]+', '-', title.lower())}.csv", text.getvalue())
    return held.getvalue()
