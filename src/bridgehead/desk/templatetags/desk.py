"""Filters of the desk's pages: ``{% load desk %}``."""

import re
from collections.abc import Mapping

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from bridgehead.web.words import typeset

register = template.Library()

#: The words of a verdict that carry it, in the order in which they are looked for.
_TELLING = re.compile(
    "|".join(
        (
            "not clearly different from England’s",
            "(?:the same as|above|below) England’s",
            "(?:probably )?(?:improving|declining|worsening|improved|got worse)",
            "cannot tell whether it has changed",
            "too early to say",
            "no clear change",
            "(?:higher|lower) than in (?:[a-z]+ of ten|nearly all) similar schools",
            "too few data",
        )
    )
)


@register.filter
def total(counts: Mapping[str, int]) -> int:
    """The sum of counts by reason."""
    return sum(counts.values())


@register.filter
def telling(text: str) -> SafeString:
    """A verdict with the words that carry it in bold. Everything else is escaped."""
    bold = _TELLING.sub(lambda found: f"<strong>{found[0]}</strong>", escape(typeset(text)))
    return mark_safe(bold)  # noqa: S308 (escaped above, and the pattern holds no markup)
