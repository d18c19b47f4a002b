"""What the figures mean, how direction is worked out, and how accessible the site is."""

from collections import defaultdict
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.accounts.access import SignedIn, needs, public
from bridgehead.core.years import label
from bridgehead.measures.loader import measures
from bridgehead.measures.model import High, Measure

STAGES = {
    "ks2": "Key stage 2: the end of primary school",
    "ks4": "Key stage 4: GCSEs and the like",
    "ks5": "16 to 18",
    "absence": "Attendance",
    "suspensions": "Suspensions and exclusions",
    "workforce": "Teachers",
    "census": "Who is in the school",
}
HIGH_WORDS = {
    High.BETTER: "High is better.",
    High.WORSE: "High is worse.",
    High.NEITHER: "High is neither good nor bad: it describes the pupils.",
}


@needs()
def all_measures(request: SignedIn) -> HttpResponse:
    """Every measure by stage, headlines first."""
    stages: dict[str, list[Measure]] = defaultdict(list)
    for measure in measures().values():
        stages[STAGES[measure.stage]].append(measure)
    count = len(measures())
    return render(request, "desk/measures.html", {"stages": dict(stages), "count": count})


@needs()
def one_measure(request: SignedIn, key: str) -> HttpResponse:
    """One measure: what it means, why it matters, how it is worked out, from which columns."""
    measure = measures().get(key)
    if measure is None:
        raise Http404("There is no such measure.")
    missing = [(label(year), why) for year, why in sorted(measure.why_missing.items())]
    return render(
        request,
        "desk/measure.html",
        {
            "measure": measure,
            "again": date.fromisoformat(measure.review_by),
            "stage": STAGES[measure.stage],
            "high": HIGH_WORDS[measure.high],
            "missing": missing,
            "marked": [(label(year), why) for year, why in sorted(measure.marked_years.items())],
            "sources": _sources(measure),
        },
    )


@public
def direction(request: HttpRequest) -> HttpResponse:
    """How direction of travel is worked out, in plain words."""
    return render(request, "desk/direction.html")


@public
def estimated(request: HttpRequest) -> HttpResponse:
    """The same for statisticians: model, estimation, back-test and simulation, with plots."""
    return render(request, "desk/estimated.html")


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "desk/accessibility.html")


def _sources(measure: Measure) -> list[tuple[str, str, str]]:
    """Group, kind of file and column, once each, in the order of the definition."""
    found = {
        (group.label, source.kind, source.value): None
        for group in measure.groups.values()
        for source in group.sources
        if source.offset == 0
    }
    return list(found)
