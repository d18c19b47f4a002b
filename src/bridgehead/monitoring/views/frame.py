"""What every page of the support review begins with, and how a step is typed, checked and taken."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from django.forms import MultipleChoiceField
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from bridgehead.accounts.access import SignedIn, showed
from bridgehead.monitoring.access import get_review_for
from bridgehead.monitoring.forms import StepForm
from bridgehead.monitoring.models import Review
from bridgehead.monitoring.queries import current_picture
from bridgehead.monitoring.rules import NotNow


def page(
    request: SignedIn, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page; a demonstration says that it is one."""
    picture = current_picture()
    context = {"synthetic": bool(picture and picture.synthetic), **context}
    return render(request, f"monitoring/{template}.html", context, status=status)


def review_shown(request: SignedIn, review_id: int) -> Review:
    """A review that the reader may see. That it is shown to the reader will be kept."""
    found = get_review_for(request.reader, review_id)
    showed(request, {found.urn, found.organisation.urn})
    return found


def not_now(request: SignedIn, reason: str, back: str) -> HttpResponse:
    """The page that says why a step cannot be taken now."""
    return page(request, "not_now", {"reason": reason, "back": back}, status=409)


def take_step(
    request: SignedIn,
    template: str,
    context: dict[str, Any],
    make: Callable[..., StepForm],
    act: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """A step in three pages that need no script: type, check the answers, and be told that it is
    done. ``make`` makes the form from data or from nothing; ``act`` takes the step by the cleaned
    answers and gives the address to go to. Nothing is written before the answers are confirmed, and
    what was typed comes back whatever happens."""
    if request.method != "POST":
        return page(request, template, {**context, "form": make()})
    form = make(request.POST)
    step = request.POST.get("step")
    if form.is_valid() and step == "confirm":
        try:
            return HttpResponseRedirect(act(form.cleaned_data))
        except NotNow as refusal:
            form.add_error(None, str(refusal))
    if form.is_valid() and step != "change":
        checked = {**context, "form": form, "hidden": list(_typed(form))}
        return page(request, "check", checked)
    return page(request, template, {**context, "form": form})


def _typed(form: StepForm) -> Iterator[tuple[str, str]]:
    """Name and value of everything that was typed, to be sent again from the page of answers."""
    typed = cast(QueryDict, form.data)
    for name, values in typed.lists():
        # A date is typed in boxes of its own: review_on_day, review_on_month, review_on_year.
        if name in form.fields or name.rsplit("_", 1)[0] in form.fields:
            # Of what is typed once the last counts, as everywhere; boxes are ticked one by one.
            many = isinstance(form.fields.get(name), MultipleChoiceField)
            yield from ((name, str(value)) for value in (values if many else values[-1:]))
