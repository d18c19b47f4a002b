"""The routes of the site and the forms on its pages, as a browser finds them: one that is new is
attacked without anybody naming it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the site with its full name."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            inner = f"{prefix}{each.namespace}:" if each.namespace else prefix
            yield from routes(each.url_patterns, inner)
        else:
            yield f"{prefix}{each.name}", each


def parameters(route: URLPattern) -> list[str]:
    """The names of the parts of an address that differ."""
    pattern: Any = route.pattern
    return [*dict.fromkeys([*pattern.converters, *pattern.regex.groupindex])]


def asked_of_queries() -> list[str]:
    """What the program reads from the query of an address, wherever it does, by its own source and
    its forms."""
    found = {"next"}
    for path in files("bridgehead").rglob("*.py"):  # type: ignore[attr-defined]
        text = path.read_text()
        found |= set(re.findall(r"""GET(?:\.get|\.getlist)?[(\[]\s*["'](\w+)""", text))
        found |= set(re.findall(r"""["'](\w+)["'] in \w+\.GET""", text))
        if path.name == "forms.py":
            found |= set(re.findall(r"^    (\w+) = forms\.", text, re.MULTILINE))
    return sorted(found)


@dataclass
class Form:
    """A form as it stands on a page. ``fields`` holds what a browser would send of it untouched;
    ``offers`` the values that a field offers; ``kinds`` the type of each field."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    offers: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside: Form | None = None
        self.name = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Form(a.get("action", ""), a.get("method", "get").lower())
            self.forms.append(self.inside)
        if self.inside is None:
            return
        if tag == "option" and self.name:
            self.inside.offers[self.name].append(a.get("value", ""))
            if "selected" in a:
                self.inside.fields[self.name] = a.get("value", "")
        name = a.get("name", "")
        if not name or tag not in ("input", "select", "textarea", "button"):
            return
        kind = a.get("type", "text") if tag == "input" else tag
        self.inside.kinds[name] = kind
        if tag == "select":
            self.name = name
            self.inside.offers[name] = []
            self.inside.fields.setdefault(name, "")
        elif kind in ("radio", "checkbox", "button"):
            self.inside.offers.setdefault(name, []).append(a.get("value", "on"))
            if "checked" in a:
                self.inside.fields[name] = a.get("value", "on")
        else:
            self.inside.fields[name] = a.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        if tag == "select":
            self.name = ""


def forms_on(page: str) -> list[Form]:
    """Every form of a page."""
    return _Forms(page).forms


#: What is typed into a field of a name, in every form, where the form does not say it already.
TYPED = {
    "email": "noor.aziz@example.net",
    "text": "What the figures do not say",
    "in_confidence": "For those whom it names",
    "how": "A meeting at the school",
    "reasons": "Seen on a visit",
    "support_reasons": "Agreed with the head",
    "purpose": "Maths plan",
    "why": "Asked for it in May",
    "topic": "FOI 2027/14",
    "contact": "Children’s services of the area",
    "first_day": "1",
    "first_month": "9",
    "first_year": "2020",
    "last_day": "1",
    "last_month": "9",
    "last_year": "2026",
    "username": "nobody@example.net",
    "new_password1": "seventeen-quiet-otters",
    "new_password2": "seventeen-quiet-otters",
    "review_on_day": "1",
    "review_on_month": "9",
    "review_on_year": "2099",
    "on_day": "1",
    "on_month": "9",
    "on_year": "2026",
    "step": "confirm",
}
#: Stands for the e-mail address of somebody who has had a role in the partnership.
KNOWN = "somebody known here"
#: Instead of that, in the form of one route.
OTHERWISE: dict[str, dict[str, str]] = {
    "schools:add-member": {"kind": "charity", "urn": ""},
    "schools:add-sheet": {"text": "kind,name\ntrust,Mill Trust\n", "file": ""},
    "people:appoint": {"email": KNOWN, "role": "governor", "group": "", "member": ""},
    "people:invite": {"role": "governor", "group": "", "member": ""},
    "people:add-group": {"kind": "family"},
    "people:join-group": {"left_day": "", "left_month": "", "left_year": ""},
    "monitoring:judge": {"category": "later", "outcome": "keep in touch"},
    "accounts:sessions": {"end": "others"},
}


def filled(form: Form, route: str, known: str) -> dict[str, str]:
    """What an honest person would send: what the form holds already, then what is typed into fields
    of that name, then the first choice that is one. ``known`` is the address of ``KNOWN``."""
    given = dict(form.fields)
    own = OTHERWISE.get(route, {})
    for name, kind in form.kinds.items():
        if name in own:
            given[name] = known if own[name] == KNOWN else own[name]
        elif given.get(name) and name != "step":
            continue
        elif name in TYPED:
            given[name] = TYPED[name]
        elif offered := [each for each in form.offers.get(name, []) if each]:
            given[name] = offered[0]
        elif kind in ("text", "textarea"):
            given[name] = "Noor Aziz" if name == "name" else given.get(name, "")
    return {"step": "confirm"} | given | {n: v for n, v in own.items() if n not in given}
