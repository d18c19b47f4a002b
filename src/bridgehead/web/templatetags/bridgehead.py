"""Tags and filters for every page: ``{% load bridgehead %}``."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms.boundfield import BoundField, BoundWidget
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from bridgehead.core import years
from bridgehead.web import addresses, charts, words
from bridgehead.web.dates import PARTS

register = template.Library()


@register.filter
def year(value: int | None) -> str:
    """``2018`` → ``2018/19``."""
    return "" if value is None else years.label(value)


@register.filter
def number(value: float | None, decimals: int = 0) -> str:
    """``words.number``."""
    return words.number(value, decimals)


@register.filter
def signed(value: float | None, decimals: int = 0) -> str:
    """``words.signed``."""
    return words.signed(value, decimals)


@register.filter
def place(value: float | None, among: str = "similar schools") -> str:
    """A rank from 0 to 100 in words."""
    return words.place(value, among)


@register.filter
def day(value: date | None) -> str:
    """``6 February 2027``."""
    return words.day(value)


@register.filter
def named(value: str) -> str:
    """``words.named``."""
    return words.named(value)


@register.filter
def within(value: str) -> str:
    """``words.within``."""
    return words.within(str(value))


@register.filter
def typeset(value: str) -> str:
    """``words.typeset``."""
    return words.typeset(str(value))


@register.filter
def counted(value: int, one: str) -> str:
    """``34|counted:"school"`` → ``34 schools``."""
    return words.counted(value, one)


@register.filter
def school_page(urn: int) -> str:
    """``{{ school.urn|school_page }}``: the address of its page, for long lists."""
    return addresses.school_page(urn)


@register.filter
def school_lines(schools: Iterable[Any]) -> SafeString:
    """List items for many schools with ``urn``, ``name`` and ``words``: a partnership may have two
    thousand, which a loop in a template takes longer over than whatever made them."""
    before, after = addresses.around_urn()
    line = '<li><a class="govuk-link" href="' + before + "{}" + after + '">{}</a>: {}</li>'
    rows = ((one.urn, one.name, words.typeset(one.words)) for one in schools)
    return format_html_join("", line, rows)


@register.simple_tag
def figure(value: float | None, unit: str, decimals: int = 0) -> str:
    """``{% figure 68.2 "percent" %}`` → ``68%``."""
    return words.figure(value, unit, decimals)


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The page's own address with some of its query changed: ``{% query_with page=2 %}``.

    ``None`` or an empty value takes a parameter away. Every other one stays.
    """
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    text = query.urlencode()
    return f"?{text}" if text else "?"


@register.simple_tag(takes_context=True)
def sorting(context: Context, key: str) -> dict[str, str]:
    """How a column stands and what its link does: ``aria`` and ``href``.

    The query's ``sort`` is a column's key, with a minus before it for descending order; a page
    without one may put its default order into the context as ``order``.
    """
    request = context.get("request")
    now = (request.GET.get("sort") if request else "") or context.get("order") or ""
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    following = f"-{key}" if order == "ascending" else key
    return {"aria": order, "href": query_with(context, sort=following, page=None)}


@register.simple_tag
def widget(field: BoundField, classes: str = "") -> SafeString:
    """A field's widget with its classes, and tied to its hint and its error."""
    own = field.field.widget.attrs.get("class", "")
    attrs: dict[str, Any] = {"class": f"{classes} {own}".strip()}
    if described := describedby(field):
        attrs["aria-describedby"] = described
    return field.as_widget(attrs=attrs)


@register.filter
def describedby(field: BoundField) -> str:
    """The ids of a field's hint, of the warning beside free text and of its error, those that
    exist."""
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}-hint")
    if kind(field) == "textarea":
        ids.append(f"{field.auto_id}-care")
    if field.errors:
        ids.append(f"{field.auto_id}-error")
    return " ".join(ids)


@register.filter
def kind(field: BoundField) -> str:
    """Which component draws a field: ``input``, ``textarea``, ``radios``, ``checkboxes``,
    ``checkbox``, ``select``, ``date``, ``file`` or ``hidden``."""
    names = {
        "Textarea": "textarea",
        "RadioSelect": "radios",
        "CheckboxSelectMultiple": "checkboxes",
        "CheckboxInput": "checkbox",
        "Select": "select",
        "NullBooleanSelect": "select",
        "DateInput": "date" if hasattr(field.field.widget, "widgets") else "input",
        "FileInput": "file",
        "ClearableFileInput": "file",
        "HiddenInput": "hidden",
    }
    for ancestor in type(field.field.widget).__mro__:
        if ancestor.__name__ in names:
            return names[ancestor.__name__]
    return "input"


@register.filter
def first_id(field: BoundField) -> str:
    """The id of the first control of a field: where the error summary leads."""
    if kind(field) == "date":
        return f"{field.auto_id}_{PARTS[0]}"
    if kind(field) in {"radios", "checkboxes"}:
        return next((option.id_for_label for option in field.subwidgets), field.auto_id)
    return field.auto_id


@register.filter
def date_boxes(field: BoundField) -> list[dict[str, str]]:
    """The three boxes of a date: name, label, id, value and width."""
    values = field.value()
    widget = field.field.widget
    boxes = values if isinstance(values, list) else widget.decompress(values)
    return [
        {
            "name": f"{field.html_name}_{part}",
            "id": f"{field.auto_id}_{part}",
            "label": part.capitalize(),
            "value": "" if value is None else str(value),
            "width": "4" if part == "year" else "2",
        }
        for part, value in zip(PARTS, boxes, strict=True)
    ]


@register.filter
def option_hint(option: BoundWidget) -> str:
    """The hint of one radio or checkbox, where the form's widget gives ``hints`` by value."""
    hints = getattr(option.parent_widget, "hints", {})
    return str(hints.get(str(option.data["value"]), ""))


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """The numbers to offer below a paged list; ``None`` where some are left out."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [n if isinstance(n, int) else None for n in numbers]


@register.filter
def way(label: str) -> str:
    """``up``, ``down`` or ``flat``: the sign that stands before a direction's words."""
    said = str(label).lower()
    if "improving" in said or "rising" in said:
        return "up"
    return "down" if any(w in said for w in ("declining", "worsening", "falling")) else "flat"


_SIGNS = {
    "up": SafeString(
        '<path d="M2 11 13 2M6.5 1.5H14V9" fill="none" stroke="currentColor" stroke-width="2.2"/>'
    ),
    "down": SafeString(
        '<path d="M2 1 13 10M6.5 10.5H14V3" fill="none" stroke="currentColor" stroke-width="2.2"/>'
    ),
    "flat": SafeString(
        '<path d="M1 6h3.4M6.4 6h3.4M11.8 6h3.4" stroke="currentColor" stroke-width="2.2"/>'
    ),
}


@register.filter
@lru_cache(maxsize=128)
def direction(label: str, sign: str = "") -> SafeString:
    """``<c-direction>`` for long tables: the words of a direction after their sign, which is
    ``way`` of them unless it is given."""
    sign = sign or way(label)
    return format_html(
        '<span class="bh-direction bh-direction--{}"><svg class="bh-direction__sign" '
        'viewBox="0 0 16 12" aria-hidden="true" focusable="false">{}</svg>{}</span>',
        sign,
        _SIGNS.get(sign, _SIGNS["flat"]),
        label[:1].upper() + label[1:],
    )


@register.simple_tag
def chart(data: Any) -> SafeString:
    """A chart drawn for a phone's width, for a column's and for some also for half a page's; the
    style sheet shows the one that fits."""
    if not data:
        return SafeString()
    drawn = charts.draw(data)
    if len(drawn) == 1:
        return format_html('<div class="bh-chart">{}</div>', mark_safe(drawn[0]))  # noqa: S308
    names = ("narrow", "wide") if len(drawn) == 2 else ("narrow", "middle", "wide")
    shown = format_html_join(
        "",
        '<div class="bh-chart__{}">{}</div>',
        [(name, mark_safe(one)) for name, one in zip(names, drawn, strict=True)],  # noqa: S308
    )
    return format_html('<div class="bh-chart bh-chart--{}">{}</div>', names[1], shown)
