"""What the newest inspection says, read within its own framework.

Nothing here turns a word of one framework into a word of another. Each clause of the policy names
the words of its own framework, and the words of an inspection are compared with those alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bridgehead.monitoring.rules.model import Because, Clause, Outcome
from bridgehead.monitoring.rules.policy import ClauseRule, Policy
from bridgehead.monitoring.rules.wording import (
    again,
    facts,
    kind,
    least,
    month,
    plain,
    printed,
    years,
    years_between,
)
from bridgehead.picture.model import Framework, Inspection
from bridgehead.picture.ofsted_rows import SAFEGUARDING_AREA

_CLAUSE = {
    Framework.REPORT_CARD: Clause.REPORT_CARD,
    Framework.KEY_JUDGEMENTS: Clause.KEY_JUDGEMENTS,
    Framework.OVERALL: Clause.OVERALL,
    Framework.UNGRADED: Clause.UNGRADED,
}
_NOT_PRINTED = ("", "not judged", "not applicable", "null")
_VISIT = "Outcome of the visit"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the inspections say. ``outcome`` is what they propose by themselves, or None where the
    figures decide; ``secure`` whether the newest can be relied on as secure."""

    clause: Clause
    outcome: Outcome | None
    secure: bool
    because: tuple[Because, ...]
    line: str
    needs: tuple[str, ...] = ()
    stuck: bool = False
    urgent: bool = False
    of_predecessor: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """One inspection beside the rule of its framework."""

    inspection: Inspection
    clause: Clause
    rule: ClauseRule
    judged: dict[str, str]  # area → urgent, attention, secure, or "" for words nobody reads
    unsafe: bool

    def areas(self, *readings: str) -> list[str]:
        """The areas so read, in the order of the readings named."""
        return [a for wanted in readings for a, reading in self.judged.items() if reading == wanted]

    @property
    def needs(self) -> tuple[str, ...]:
        """The areas in which help can be given: an overall grade or a visit names none."""
        if self.rule.areas or self.inspection.framework is Framework.UNGRADED:
            return ()
        return tuple(self.areas("urgent", "attention"))

    def words_of(self, area: str) -> str:
        return self.inspection.grades.get(area, self.inspection.outcome)

    @property
    def line(self) -> str:
        return printed(self.inspection, self.judged, self.unsafe)


def read_inspections(
    inspections: Sequence[Inspection], urn: int, policy: Policy, today: date
) -> Reading:
    """Read the newest inspection of a school on a day; later ones are not known yet."""
    known = sorted(
        (i for i in inspections if i.date <= today),
        # On one day a graded inspection goes before an ungraded visit.
        key=lambda i: (i.date, i.framework is not Framework.UNGRADED),
        reverse=True,
    )
    if not known:
        why = Because("No inspection of this school is known.", Clause.NONE)
        return Reading(Clause.NONE, None, False, (why,), "no inspection known")
    standing = _standing_category(known, policy)
    if standing:
        reading = _category(standing, policy)
    else:
        reading = _newest(_read(known[0], policy), known[1:], policy, today)
    of = standing or known[0]
    if not of.this_urn or of.urn != urn:
        return _of_predecessor(reading, of, policy)
    return reading


def _read(inspection: Inspection, policy: Policy) -> _Read:
    clause = _CLAUSE[inspection.framework]
    rule = policy.clauses[clause]
    unsafe = plain(inspection.safeguarding or "") in rule.not_safe
    return _Read(inspection, clause, rule, _judgements(inspection, rule), unsafe)


def _judgements(inspection: Inspection, rule: ClauseRule) -> dict[str, str]:
    if inspection.framework is Framework.UNGRADED:
        said = plain(inspection.outcome)
        order = ("urgent", "attention", "secure")
        found = next((k for k in order if any(w in said for w in rule.readings[k])), "")
        return {_VISIT: found} if said else {}
    return {
        area: next((k for k, words in rule.readings.items() if plain(grade) in words), "")
        for area, grade in inspection.grades.items()
        if (not rule.areas or plain(area) in rule.areas) and plain(grade) not in _NOT_PRINTED
    }


def _standing_category(known: Sequence[Inspection], policy: Policy) -> Inspection | None:
    """The inspection whose category of concern still stands: the data's own word, until a later
    graded inspection. An ungraded visit does not lift it."""
    graded = next((i for i in known if i.framework is not Framework.UNGRADED), known[0])
    current = (i for i in known if i.date >= graded.date)
    return next(
        (i for i in current if plain(i.category or "") not in ("", *policy.category_none)), None
    )


def _category(of: Inspection, policy: Policy) -> Reading:
    category = of.category or ""
    words = f"In a category of concern: {category}, inspected in {month(of)}."
    why = Because(words, Clause.CATEGORY, figures=facts(of, ("Category", category)))
    needs = _read(of, policy).needs
    return Reading(
        Clause.CATEGORY, policy.category_outcome, False, (why,), f"{category}, {month(of)}", needs
    )


def _newest(read: _Read, before: Sequence[Inspection], policy: Policy, today: date) -> Reading:
    newest, rule = read.inspection, read.rule
    line = f"{read.line}, {month(newest)}"
    limit, age = rule.too_old_after_years, years_between(newest.date, today)
    if limit is not None and age >= limit:
        words = (
            f"{_sentence(read)} That is {years(age)} old, too old to rely on: this policy relies "
            f"on it for {years(limit)}."
        )
        why = Because(words, "age", figures=facts(newest))
        return Reading(read.clause, None, False, (why,), f"{line}: too old to rely on")
    stuck = _stuck(newest, before, policy)
    found = {
        "urgent": read.unsafe or bool(read.areas("urgent")),
        "stuck": bool(stuck),
        "attention": bool(read.areas("attention")),
    }
    outcome = max(
        (rule.outcomes[name] for name, is_so in found.items() if is_so),
        key=lambda o: o.weight,
        default=None,
    )
    secure = outcome is None and bool(read.judged) and len(read.areas("secure")) == len(read.judged)
    reasons = [*([stuck] if stuck else []), *_weak(read, age)]
    return Reading(
        read.clause,
        outcome,
        secure,
        tuple(reasons) or (_not_weak(read, secure, age),),
        line,
        read.needs,
        found["stuck"],
        found["urgent"],
    )


def _weak(read: _Read, age: int) -> list[Because]:
    """One reason for each thing that the inspection found wanting."""
    newest, found = read.inspection, []
    ago = f", {years(age)} ago" if age else ""
    calls = " This calls for an urgent conversation."
    if read.unsafe:
        said = newest.safeguarding or ""
        behind = facts(newest, ("Safeguarding", said))
        when = f"{kind(newest)}, {month(newest)}{ago}{again(newest, SAFEGUARDING_AREA)}"
        found.append(Because(f"Safeguarding: {said} ({when}).{calls}", read.clause, figures=behind))
    for area in read.areas("urgent", "attention"):
        urgently = calls if read.judged[area] == "urgent" else ""
        when = f"{kind(newest)}, {month(newest)}{ago}{again(newest, area)}"
        found.append(
            Because(
                f"{area}: {read.words_of(area)} ({when}).{urgently}",
                read.clause,
                figures=facts(newest, (area, read.words_of(area))),
            )
        )
    return found


def _not_weak(read: _Read, secure: bool, age: int) -> Because:
    """The reason where the inspection found nothing wanting, or nothing that can be read."""
    newest = read.inspection
    if secure and newest.framework is Framework.REPORT_CARD:
        words = f"Secure at inspection: every area {least(newest)} ({month(newest)})."
    elif secure:
        ago = f", {years(age)} ago" if age else ""
        words = f"{_sentence(read).rstrip('.')}{ago}: secure at inspection."
    elif not read.judged:
        words = f"The {kind(newest)} of {month(newest)} printed no judgement to go by."
    else:
        unknown = next(area for area, reading in read.judged.items() if reading != "secure")
        words = (
            f"{unknown}: {read.words_of(unknown)} ({kind(newest)}, {month(newest)}), words that "
            "the policy does not read, so the inspection decides nothing here."
        )
    return Because(words, read.clause, figures=facts(newest, *newest.grades.items()))


def _stuck(newest: Inspection, before: Sequence[Inspection], policy: Policy) -> Because | None:
    """The DfE's own test, which names a word of each framework: a test, not a conversion."""
    previous = next((i for i in before if i.framework is not Framework.UNGRADED), None)
    now = _below_good(newest, policy)
    then = _below_good(previous, policy) if previous else ""
    if previous is None or not now or not then:
        return None
    whose = "" if previous.this_urn else ", which was of the school that this one replaced"
    return Because(
        f"Meets the DfE's test for a stuck school: {now} in {month(newest)}, and {then} at the "
        f"inspection before, in {month(previous)}{whose}.",
        "stuck test",
        figures=facts(previous, *previous.grades.items()),
    )


def _below_good(inspection: Inspection, policy: Policy) -> str:
    """The printed words that count as below Good for the DfE's test, or nothing."""
    rule = policy.clauses[_CLAUSE[inspection.framework]]
    return next(
        (
            f"{area} {grade}"
            for area, grade in inspection.grades.items()
            if plain(area) in rule.stuck_areas and plain(grade) in rule.stuck_words
        ),
        "",
    )


def _of_predecessor(reading: Reading, of: Inspection, policy: Policy) -> Reading:
    which = "URN not given in the file" if of.urn is None else f"URN {of.urn}"
    words = (
        f"That inspection was of the school that this one replaced ({which}), so it is not a "
        "judgement of this school."
    )
    why = Because(words, "predecessor", figures=facts(of))
    outcome, most = reading.outcome, policy.predecessor_at_most
    if outcome and outcome.weight > most.weight:
        outcome = most
    return replace(
        reading,
        outcome=outcome,
        because=(*reading.because, why),
        stuck=False,
        urgent=False,
        of_predecessor=True,
    )


def _sentence(read: _Read) -> str:
    text = read.line
    return f"{text[0].upper()}{text[1:]} ({month(read.inspection)})."
