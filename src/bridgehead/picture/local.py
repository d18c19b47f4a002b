"""What a school's circumstances would lead one to expect of it: local bias correction
(docs/explanation/similar-schools.md, decision 0014).

A ridge regression over the whole phase says what schools in such circumstances reach; how far the
school's own neighbours depart from it, read at the school's own inputs, corrects that. What is not
known of a school is left out of both, never filled in, and a school's own outcome never has a part
in what is expected of it. How much is shrunk, and how wide the interval is, the phase itself says:
both are chosen by leaving out one school at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: With fewer neighbours than this that have the outcome, nothing is expected.
FEWEST = 10
#: Fewer schools than this with the outcome say nothing of a phase.
FEWEST_IN_PHASE = 30
#: The share of schools like this one that the interval is to hold.
COVERAGE = 0.8
#: What the shrinkage is chosen from: penalties on a coefficient per standard deviation of its
#: input, as so many schools' worth of evidence; the last lets nothing differ.
PENALTIES = (5.0, 10.0, 20.0, 40.0, 80.0, 320.0, 1e9)
#: How much less the furthest neighbour may count than one in the very same circumstances: not at
#: all, or half. Weights in between say the same, steeper ones lose (decision 0014).
TAPERS = (0.0, 0.5)
#: What may be chosen, the most held first: of equals the first is taken.
CHOICES = tuple((penalty, taper) for penalty in sorted(PENALTIES, reverse=True) for taper in TAPERS)
#: The same for the regression over the whole phase, as schools of one standard deviation.
LINE_PENALTIES = (1e-6, 1.0, 3.0, 10.0, 30.0, 100.0)
#: What the shrinkage of the local spread towards the phase's is chosen from, in schools.
SPREADS = (0.0, 25.0, 100.0, 400.0, 1e9)
#: Schools left out in turn when the phase is asked: more change what is chosen by less than chance.
ENOUGH = 2000
#: Schools worked at once: bounds memory to ``BLOCK`` × neighbours × inputs.
BLOCK = 512


@dataclass(frozen=True, slots=True)
class Expected:
    """For each school asked: the outcome to expect, the low and the high end of where four in five
    schools like it are, and ``near``, how many neighbours that rests on. NaN where too few."""

    value: Floats
    low: Floats
    high: Floats
    near: Ints


@dataclass(frozen=True, slots=True)
class Line:
    """A ridge regression on some of the inputs, able to leave out any one school that made it.

    ``beta`` begins with the constant; ``inverse`` is that of the cross-products held by
    ``penalty``; ``own`` is, by school, what is left over when it is left out itself: residual /
    (1 − leverage), 0 where it had no part in the line.
    """

    columns: Ints
    penalty: float
    beta: Floats
    inverse: Floats
    own: Floats


@dataclass(frozen=True)
class Phase:
    """The schools of one phase with one outcome, and what they say of how it follows from their
    circumstances.

    ``scaled`` (schools, inputs) in standard deviations, NaN where not known; ``outcome`` NaN where
    not known; ``who`` (schools, neighbours) positions, −1 where there are no more. ``choice`` is
    the penalty and the taper chosen, ``spread`` how the interval's width is shrunk; ``error`` is
    the root mean square of what is left over when schools are left out in turn, ``reach`` how many
    of their own spreads hold four in five.
    """

    scaled: Floats
    outcome: Floats
    who: Ints
    lines: dict[bytes, Line]
    choice: tuple[float, float] = CHOICES[0]
    spread: float = SPREADS[-1]
    error: float = float("nan")
    reach: float = float("nan")


def phase(scaled: Floats, outcome: Floats, who: Ints) -> Phase | None:
    """Ask a phase. ``None`` where too few schools have the outcome, or where it is the same for
    all."""
    there = ~np.isnan(outcome)
    if int(there.sum()) < FEWEST_IN_PHASE or float(np.ptp(outcome[there])) == 0:
        return None
    blank = Phase(scaled, outcome, who, {})
    asked = np.flatnonzero(there & (_near(blank, np.arange(len(outcome))) >= FEWEST))
    asked = asked[:: max(1, -(-len(asked) // ENOUGH))]
    if len(asked) < FEWEST_IN_PHASE:
        return None
    values, arounds, near = _correct(blank, asked, blank.who[asked], CHOICES)
    squares = ((outcome[asked] - values) ** 2).mean(axis=1)
    best = int(np.argmin(squares))
    value, around, mean_square = values[best], arounds[best], float(squares[best])
    left = outcome[asked] - value
    spread = min(SPREADS, key=lambda s: _score(left, _scale(around, near, s, mean_square)))
    own = _scale(around, near, spread, mean_square)
    return replace(
        blank,
        choice=CHOICES[best],
        spread=spread,
        error=mean_square**0.5,
        reach=_quantile(np.abs(left) / own),
    )


def expect(of: Phase, schools: Ints, who: Ints | None = None) -> Expected:
    """What to expect of the schools at these positions, by their neighbours ``who`` (one row a
    school asked; else those of the phase). Their own outcomes have no part in it."""
    rows = of.who[schools] if who is None else who
    values, arounds, near = _correct(of, schools, rows, (of.choice,))
    value = values[0]
    half = of.reach * _scale(arounds[0], near, of.spread, of.error**2)
    enough = near >= FEWEST
    value, half = np.where(enough, value, np.nan), np.where(enough, half, np.nan)
    return Expected(value, value - half, value + half, near)


def plain_line(of: Phase, schools: Ints) -> Floats:
    """What the regression over the whole phase alone would expect of these schools."""
    found = np.empty(len(schools))
    known = ~np.isnan(of.scaled)
    for rows, which in _patterns(known[schools]):
        line = _line(of, which)
        beta = _without(line, of, schools[rows])
        found[rows] = _at(line, of, schools[rows], beta)
    return found


def _correct(
    of: Phase, schools: Ints, who: Ints, choices: tuple[tuple[float, float], ...]
) -> tuple[Floats, Floats, Ints]:
    """By choice and school: the corrected expectation, and the mean square of what the correction
    leaves over among its neighbours; and by school how many neighbours have the outcome."""
    value = np.empty((len(choices), len(schools)))
    around = np.empty_like(value)
    near = np.empty(len(schools), dtype=np.int64)
    for start in range(0, len(schools), BLOCK):
        part = slice(start, start + BLOCK)
        value[:, part], around[:, part], near[part] = _block(of, schools[part], who[part], choices)
    return value, around, near


def _block(
    of: Phase, schools: Ints, who: Ints, choices: tuple[tuple[float, float], ...]
) -> tuple[Floats, Floats, Ints]:
    counts = (who >= 0) & (who != schools[:, None]) & ~np.isnan(of.outcome[who])
    there, here = of.scaled[who], of.scaled[schools][:, None]
    both = ~np.isnan(there) & ~np.isnan(here)
    left = _departures(of, schools, who, both)
    left = np.where(counts, left, 0.0)
    apart = np.where(both, there - here, 0.0)
    far = _distance2(apart, both, counts)
    design = np.concatenate([np.ones((*who.shape, 1)), apart], axis=2)
    near = counts.sum(axis=1)
    line = plain_line(of, schools)
    value, around = np.empty((2, len(choices), len(schools)))
    for taper in dict.fromkeys(taper for _, taper in choices):
        weight = counts * (1.0 - taper * far)
        weighted = (design * weight[..., None]).transpose(0, 2, 1)
        cross, target = weighted @ design, weighted @ left[..., None]
        cross[:, 0, 0] += 1e-9  # no neighbour has the outcome: nothing is corrected
        for n in (n for n, one in enumerate(choices) if one[1] == taper):
            held = cross + np.diag([0.0] + [choices[n][0]] * apart.shape[2])
            found = np.linalg.solve(held, target)
            over = (left - (design @ found)[..., 0]) ** 2
            value[n] = line + found[:, 0, 0]
            around[n] = (over * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
    return value, around, near


def _distance2(apart: Floats, both: Flags, counts: Flags) -> Floats:
    """Squared distances of the neighbours as shares of the furthest one's."""
    far = (apart**2).sum(axis=2) / np.maximum(both.sum(axis=2), 1)
    furthest = np.where(counts, far, 0.0).max(axis=1, keepdims=True, initial=0.0)
    return np.asarray(np.minimum(far / np.maximum(furthest, 1e-12), 1.0))


def _departures(of: Phase, schools: Ints, who: Ints, both: Flags) -> Floats:
    """How far each neighbour's outcome is from the line on the inputs known of it and of the
    school: the line that the school itself is read from, where the neighbour's inputs allow."""
    left = np.empty(who.shape)
    for at, which in _patterns(both.reshape(-1, both.shape[2])):
        i, j = np.divmod(at, who.shape[1])
        line = _line(of, which)
        left[i, j] = of.outcome[who[i, j]] - _at(
            line, of, who[i, j], _without(line, of, schools[i])
        )
    return left


def _near(of: Phase, schools: Ints) -> Ints:
    """How many neighbours of each school have the outcome."""
    who = of.who[schools]
    near: Ints = ((who >= 0) & ~np.isnan(of.outcome[who])).sum(axis=1)
    return near


def _patterns(known: Flags) -> Iterator[tuple[Ints, Flags]]:
    """The rows of each combination of known inputs, and the combination."""
    if known.all():
        yield np.arange(len(known)), known[0] if len(known) else np.ones(known.shape[1], np.bool_)
        return
    code = known @ (1 << np.arange(known.shape[1], dtype=np.int64))
    order = np.argsort(code, kind="stable")
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    for rows in np.split(order, starts[1:]):
        if len(rows):
            yield rows, known[rows[0]]


def _line(of: Phase, which: Flags) -> Line:
    """The regression on these inputs over the schools that know them all, made once.

    Where too few do, the inputs that fewest schools know are left out.
    """
    key = which.tobytes()
    if key not in of.lines:
        there = ~np.isnan(of.outcome)
        known = ~np.isnan(of.scaled) & there[:, None]
        columns = list(np.flatnonzero(which))
        while columns and known[:, columns].all(axis=1).sum() < 3 * (len(columns) + 1):
            columns.remove(min(columns, key=lambda k: int(known[:, k].sum())))
        of.lines[key] = _fitted(of, np.array(columns, dtype=np.int64), known, there)
    return of.lines[key]


def _fitted(of: Phase, columns: Ints, known: Flags, there: Flags) -> Line:
    """The ridge regression whose penalty leaves least over when schools are left out in turn."""
    makes = np.flatnonzero(known[:, columns].all(axis=1) & there)
    design = _design(of, makes, columns)
    wanted = of.outcome[makes]
    cross, target = design.T @ design, design.T @ wanted
    tried: list[tuple[float, Line]] = []
    for penalty in LINE_PENALTIES:
        ridge = np.diag([1e-9] + [penalty] * len(columns))
        inverse: Floats = np.asarray(np.linalg.inv(cross + ridge), dtype=np.float64)
        beta = inverse @ target
        leverage = np.einsum("ip,pq,iq->i", design, inverse, design)
        own = (wanted - design @ beta) / np.maximum(1.0 - leverage, 1e-6)
        grown = np.zeros(len(of.outcome))
        grown[makes] = own
        tried.append((float(own @ own), Line(columns, penalty, beta, inverse, grown)))
    return min(tried, key=lambda one: one[0])[1]


def _design(of: Phase, schools: Ints, columns: Ints) -> Floats:
    return np.column_stack([np.ones(len(schools)), of.scaled[np.ix_(schools, columns)]])


def _without(line: Line, of: Phase, schools: Ints) -> Floats:
    """The coefficients that the line would have without each of these schools in turn, (schools,
    coefficients). A school that does not know an input of the line made no part of it."""
    own = line.own[schools]
    design = np.where(own[:, None] != 0, _design(of, schools, line.columns), 0.0)
    return np.asarray(line.beta - (design @ line.inverse) * own[:, None])


def _at(line: Line, of: Phase, schools: Ints, beta: Floats) -> Floats:
    """The line, with coefficients of its own for each, at these schools."""
    return np.asarray((_design(of, schools, line.columns) * beta).sum(axis=1))


def _scale(around: Floats, near: Ints, spread: float, mean_square: float) -> Floats:
    """By how much schools like each depart from what is expected: what is left over among its
    neighbours, held to the phase's by so many schools as ``spread``."""
    held = (near * around + spread * mean_square) / np.maximum(near + spread, 1e-9)
    return np.asarray(np.sqrt(held + 1e-12))


def _score(left: Floats, scale: Floats) -> float:
    """How badly a spread fits what was left over (minus twice a normal likelihood)."""
    ratio = np.mean((left / scale) ** 2)  # one factor for all is taken out: ``reach`` sets it
    return float(np.mean(np.log(scale**2)) + np.log(ratio))


def _quantile(sizes: Floats) -> float:
    """The ``COVERAGE`` quantile for one more school than these."""
    return float(np.quantile(sizes, min(1.0, COVERAGE * (len(sizes) + 1) / len(sizes))))
