"""The nearest of many points with some coordinates unknown: exact, and far from all pairs.

Points are put into leaves of close ones, each with a box around it. A leaf looks for its points'
neighbours in the leaves nearest to it first; that bounds how far the fiftieth can be, and leaves
whose box lies farther away are never looked at. What is left is one matrix product a piece, used to
choose candidates alone: distances are worked out from differences, so that they do not depend on
how a product is rounded.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Single = npt.NDArray[np.float32]
Positions = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Alike = tuple[Ints, npt.NDArray[np.bool_]]

HOW_MANY = 50
#: Two points are compared only on at least this share of the coordinates that are in use.
KNOWN_SHARE = 0.5
#: Points that look for neighbours together, and points in a leaf that is looked into or not.
TOGETHER, LEAF = 256, 128
#: Points looked at to find how far the fiftieth can be, and at most at once afterwards: bounds
#: memory to a few arrays of ``TOGETHER`` × ``PIECE``.
FIRST, PIECE = 2048, 4096
#: Far more than a product in single precision is wrong by, relative to what it is made of.
SLACK = np.float32(1e-4)
#: Known and unknown coordinates are this far apart when leaves are made.
APART = np.float32(1e3)
THREADS = 2
_LARGEST = np.finfo(np.float32).max


@dataclass(frozen=True, slots=True)
class Neighbours:
    """``who`` (schools, 50) positions of the nearest first, −1 where there are no more;
    ``distance`` (schools, 50) in standard deviations over all inputs, NaN likewise."""

    who: Positions
    distance: Single


@dataclass(frozen=True, slots=True)
class _Points:
    """All points in the order of leaves. ``value`` is 0 where unknown; ``left`` and ``right`` are
    such that their product is the squared distance between points of which all is known,
    ``left_some`` and ``right_some`` such that it is the sum over what is known of both."""

    order: Ints
    value: Single
    there: Single
    left: Single
    right: Single  # (…, points)
    left_some: Single
    right_some: Single  # (…, points)
    size: Single  # squared length of each
    many: Single  # how many coordinates are known of each
    starts: Ints  # of the leaves, and where the last one ends
    low: Single  # (coordinates, leaves); without end where not known of all points of a leaf
    high: Single
    whole: npt.NDArray[np.bool_]  # leaves of points of which all is known
    alike: Alike | None
    closed: npt.NDArray[np.bool_] | None  # points that may not be chosen

    @property
    def inputs(self) -> int:
        return int(self.value.shape[1])

    @property
    def least(self) -> float:
        return max(1.0, float(np.ceil(KNOWN_SHARE * self.inputs)))


def nearest(
    scaled: Single,
    which: Positions | None = None,
    alike: Alike | None = None,
    among: Positions | None = None,
) -> Neighbours:
    """The nearest schools of one kind, for every school or for those at positions ``which``.

    ``scaled`` is (schools, inputs), NaN where unknown. With ``alike`` (the group of each school,
    and which groups can be compared) only comparable schools are near. ``among`` holds the
    positions of those that may be chosen; without it all may.

    distance² = Σ over inputs known of both (difference²) × inputs / number known of both. Ties go
    to the school that comes first. A school never neighbours itself.
    """
    schools = scaled.shape[0]
    who = np.full((schools, HOW_MANY), -1, dtype=np.int32)
    distance = np.full((schools, HOW_MANY), np.nan, dtype=np.float32)
    used = (~np.isnan(scaled)).any(axis=0)
    if schools >= 2 and used.any() and (among is None or len(among)):
        points = _points(scaled[:, used], alike, among)
        wanted = np.ones(schools, dtype=np.bool_)
        if which is not None:
            wanted[:] = False
            wanted[which] = True
        keep = min(HOW_MANY, schools - 1 if among is None else len(among))

        def work(rows: Ints) -> None:
            mine = points.order[rows]
            who[mine, :keep], distance[mine, :keep] = _search(points, rows, keep)

        first = points.starts[: -1 : TOGETHER // LEAF].tolist()
        asked = wanted[points.order]
        groups = [
            np.arange(a, b)[asked[a:b]] for a, b in zip(first, [*first[1:], schools], strict=True)
        ]
        with ThreadPoolExecutor(THREADS) as threads:
            for _ in threads.map(work, [rows for rows in groups if len(rows)]):
                pass
    return Neighbours(who, distance) if which is None else Neighbours(who[which], distance[which])


def _points(part: Single, alike: Alike | None, among: Positions | None) -> _Points:
    known = ~np.isnan(part)
    filled = np.where(known, part, np.float32(0)).astype(np.float32)
    leaves = list(_leaves(np.hstack([filled, APART * known.astype(np.float32)])))
    order = np.concatenate(leaves)
    starts = np.cumsum([0, *map(len, leaves)])
    value, there = filled[order], known[order].astype(np.float32)
    square, one = value * value, np.ones((len(order), 1), np.float32)
    size = square.sum(axis=1, dtype=np.float32)
    closed = None
    if among is not None:
        closed = np.ones(len(order), dtype=np.bool_)
        closed[among] = False
        closed = closed[order]
    sure = np.minimum.reduceat(there, starts[:-1]) > 0
    low, high = np.minimum.reduceat(value, starts[:-1]), np.maximum.reduceat(value, starts[:-1])
    return _Points(
        order=order,
        value=value,
        there=there,
        left=np.hstack([-2 * value, one, size[:, None]]),
        right=np.hstack([value, size[:, None], one]).T.copy(),
        left_some=np.hstack([-2 * value, square, there]),
        right_some=np.hstack([value, there, square]).T.copy(),
        size=size,
        many=there.sum(axis=1, dtype=np.float32),
        starts=starts,
        low=np.where(sure, low, -np.float32(np.inf)).T.copy(),
        high=np.where(sure, high, np.float32(np.inf)).T.copy(),
        whole=np.asarray(sure.all(axis=1)),
        alike=None if alike is None else (alike[0][order], alike[1]),
        closed=closed,
    )


def _leaves(place: Single) -> Iterator[Ints]:
    """Positions of close points, ``LEAF`` or fewer at a time: halves of halves along the widest
    side. Leaves that follow one another are close, too."""
    waiting = [np.arange(len(place))]
    while waiting:
        rows = waiting.pop()
        if len(rows) <= LEAF:
            yield rows
            continue
        here = place[rows]
        widest = int(np.argmax(here.max(axis=0) - here.min(axis=0)))
        half = len(rows) // 2
        halves = np.argpartition(here[:, widest], half)
        waiting += [rows[halves[half:]], rows[halves[:half]]]


def _search(points: _Points, rows: Ints, keep: int) -> tuple[Positions, Single]:
    """The ``keep`` nearest of the points at ``rows``: positions and distances."""
    size, there = points.size[rows], points.there[rows]
    known, complete = np.flatnonzero(there.all(axis=0)), bool(there.all())
    farthest = np.full(len(rows), _LARGEST, np.float32)
    found: list[tuple[Ints, Ints, Single]] = []
    for piece, whole in _pieces(points, rows, known):
        leaves = piece[_within(points, rows, piece, known, farthest)] if found else piece
        if not len(leaves):
            continue
        long = points.starts[leaves + 1] - points.starts[leaves]
        whom = np.repeat(points.starts[leaves] - np.cumsum(long) + long, long)
        whom += np.arange(len(whom))
        far = _products(points, rows, whom, complete=complete and whole)
        without = np.flatnonzero(farthest == _LARGEST)
        if len(without) and len(whom) >= keep:
            nth = np.partition(far[without], keep - 1, axis=1)[:, keep - 1]
            farthest[without] = np.minimum(nth + SLACK * (nth + size[without] + 1), _LARGEST)
        at = np.flatnonzero(far <= farthest[:, None])
        row, column = np.divmod(at, len(whom))
        found.append((row, whom[column], far.ravel()[at]))
    row, whom, far = (np.concatenate(parts) for parts in zip(*found, strict=True))
    row, whom = _closest(row, whom, far, size, keep)
    return _exact(points, rows, row, whom, keep)


def _pieces(points: _Points, rows: Ints, known: Ints) -> Iterator[tuple[Ints, bool]]:
    """Leaves, those nearest to the box around ``rows`` first, as many at a time as hold ``FIRST``
    points and then ``PIECE`` points or fewer; those of points of which all is known, and then the
    others. Says which of the two they are."""
    own = points.value[np.ix_(rows, known)]
    gap = np.maximum(points.low[known] - own.max(axis=0)[:, None], 0)
    gap = np.maximum(gap, own.min(axis=0)[:, None] - points.high[known])
    order = np.argsort((gap * gap).sum(axis=0), kind="stable")
    for whole in (True, False):
        left, many = order[points.whole[order] == whole], FIRST
        while len(left):
            yield left[: many // LEAF], whole
            left, many = left[many // LEAF :], PIECE


def _within(points: _Points, rows: Ints, leaves: Ints, known: Ints, farthest: Single) -> Any:
    """Which leaves have a box that one of the points at ``rows`` may have a neighbour in."""
    total = np.zeros((len(rows), len(leaves)), np.float32)
    for k in known:
        own = points.value[rows, k, None]
        gap = np.maximum(points.low[k, leaves] - own, own - points.high[k, leaves])
        np.maximum(gap, 0, out=gap)
        gap *= gap
        total += gap
    return (total <= farthest[:, None]).any(axis=0)


def _products(points: _Points, rows: Ints, whom: Ints, *, complete: bool) -> Single:
    """Squared distances but for rounding, infinite where two points are not to be compared.
    ``complete`` says that all is known of all of them."""
    if complete:
        far = points.left[rows] @ points.right.take(whom, axis=1)
    else:
        both = points.there[rows] @ points.there[whom].T
        far = points.left_some[rows] @ points.right_some.take(whom, axis=1)
        fewest = points.many[rows].min() + points.many[whom].min() - points.inputs
        if fewest >= points.least:  # so much is known of all that enough is known of both
            far *= np.divide(np.float32(points.inputs), both, out=both)
        else:
            few = both < points.least
            far *= points.inputs / np.maximum(both, 1, out=both)
            far[few] = np.inf
    if points.alike is not None:
        of, alike = points.alike
        far[~alike[of[rows]][:, of[whom]]] = np.inf
    if points.closed is not None:
        far[:, points.closed[whom]] = np.inf
    column = np.flatnonzero((whom >= rows[0]) & (whom <= rows[-1]))
    row = np.searchsorted(rows, whom[column])
    self = rows[row] == whom[column]
    far[row[self], column[self]] = np.inf
    return cast(Single, far)


def _closest(row: Ints, whom: Ints, far: Single, size: Single, keep: int) -> tuple[Ints, Ints]:
    """Those candidates that rounding lets be among the nearest of their row."""
    order = np.argsort(row, kind="stable")
    row, whom, far = row[order], whom[order], far[order]
    table = _by_row(row, far, len(size), np.float32(np.inf), keep)
    nth = np.partition(table, keep - 1, axis=1)[:, keep - 1]
    near = far <= np.minimum(nth + SLACK * (nth + size + 1), _LARGEST)[row]
    return row[near], whom[near]


def _exact(
    points: _Points, rows: Ints, row: Ints, whom: Ints, keep: int
) -> tuple[Positions, Single]:
    """The nearest of the candidates, by distance and then by position."""
    mine = rows[row]
    shared = points.there[mine] * points.there[whom]
    apart = (points.value[mine].astype(np.float64) - points.value[whom]) * shared
    far = np.einsum("ij,ij->i", apart, apart) * (points.inputs / shared.sum(axis=1))
    # Positive floats are in the order of their bits: one whole number holds both, and sorts fast.
    key = far.astype(np.float32).view(np.uint32).astype(np.uint64) << np.uint64(32)
    none = np.uint64(2**64 - 1)
    table = _by_row(row, key | points.order[whom].astype(np.uint64), len(rows), none, keep)
    table.sort(axis=1)
    table = table[:, :keep]
    who = (table & np.uint64(2**32 - 1)).astype(np.uint32).view(np.int32)  # −1 for none
    distance = np.sqrt((table >> np.uint64(32)).astype(np.uint32).view(np.float32))  # NaN likewise
    return who, cast(Single, distance)


def _by_row(
    row: Ints, values: npt.NDArray[Any], rows: int, none: Any, width: int
) -> npt.NDArray[Any]:
    """Values of rising ``row`` as a table, filled up with ``none`` to at least ``width``."""
    first = np.searchsorted(row, np.arange(rows + 1))
    table = np.full((rows, max(width, int(np.diff(first).max()))), none)
    table[row, np.arange(len(row)) - first[row]] = values
    return table
