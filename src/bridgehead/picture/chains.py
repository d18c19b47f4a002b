"""One school over the years: a chain of URNs
(docs/explanation/figures.md, "One school over the years").

A school that becomes an academy gets a new URN. It is followed by its LAESTAB, then by one-to-one
plain Predecessor and Successor links; never through a merger, an amalgamation or a split. Two URNs
that both have results in one year were two schools then, so the chain is cut between them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

import polars as pl

Edge = tuple[int, int]  # (predecessor, successor)


@dataclass(frozen=True, slots=True)
class Chain:
    """The URNs of one school, oldest first. It is named by its newest."""

    urns: tuple[int, ...]

    @property
    def urn(self) -> int:
        """The newest URN."""
        return self.urns[-1]


def plain_links(links: pl.DataFrame) -> set[Edge]:
    """Edges that are one-to-one and plain, from rows of ``urn``, ``link_urn``, ``link_type``.

    A link is stated from either end; links of any other type are not followed. An edge whose end
    has a second plain successor or predecessor is ambiguous and dropped, and so are edges by which
    a school would succeed itself.
    """
    edges: set[Edge] = set()
    for urn, other, kind in links.select("urn", "link_urn", "link_type").iter_rows():
        words = (kind or "").strip().casefold()
        if urn is None or other is None or urn == other:
            continue
        if words == "successor":
            edges.add((urn, other))
        elif words == "predecessor":
            edges.add((other, urn))
    onward = Counter(before for before, _ in edges)
    back = Counter(after for _, after in edges)
    single = {
        (before, after) for before, after in edges if onward[before] == 1 and back[after] == 1
    }
    return single - _cycles(single)


def _cycles(single: set[Edge]) -> set[Edge]:
    """The edges of those chains that come back to where they began."""
    onward = dict(single)
    left = set(onward)
    for start in set(onward) - set(onward.values()):  # what begins somewhere ends somewhere
        urn: int | None = start
        while urn in left:
            left.discard(urn)
            urn = onward.get(urn)
    return {(before, onward[before]) for before in left}


def chains(
    urns: Iterable[int],
    *,
    laestabs: Iterable[tuple[int, int]],
    links: set[Edge],
    results: Mapping[Any, Collection[int]],
) -> list[Chain]:
    """Chains over ``urns`` (those that figures or the register speak of), sorted by newest URN.

    ``laestabs`` are pairs (URN, LAESTAB) ever seen together; ``links`` comes from ``plain_links``
    and may pass through URNs that nothing else speaks of; ``results`` holds the URNs that have
    results, by table and year.
    """
    wanted = set(urns)
    parent: dict[int, int] = {}

    def root(urn: int) -> int:
        while (up := parent.get(urn, urn)) != urn:
            parent[urn] = parent.get(up, up)
            urn = up
        return urn

    by_laestab: dict[int, int] = {}
    for urn, laestab in sorted(laestabs):
        if laestab in by_laestab:
            parent[root(by_laestab[laestab])] = root(urn)
        else:
            by_laestab[laestab] = urn
    for before, after in sorted(links):
        parent[root(before)] = root(after)
    members: dict[int, set[int]] = defaultdict(set)
    joined = parent.keys() | set(parent.values())
    for urn in joined:
        members[root(urn)].add(urn)
    onward = dict(links)
    found = [Chain((urn,)) for urn in wanted - joined]  # most schools have had one URN
    for group in members.values():
        if group & wanted:
            ordered = [urn for urn in _in_order(group, onward) if urn in wanted]
            found += [Chain(part) for part in _cut(ordered, results)]
    return sorted(found, key=lambda chain: chain.urn)


def _in_order(group: set[int], onward: Mapping[int, int]) -> list[int]:
    """Oldest first: by the links where they speak, else by number (URNs are issued in order)."""
    if len(group) == 1:
        return list(group)
    graph: dict[int, set[int]] = {urn: set() for urn in sorted(group)}
    for urn in group:
        if onward.get(urn) in group:
            graph[onward[urn]].add(urn)
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    ordered: list[int] = []
    ready = sorted(sorter.get_ready())
    while ready:
        ordered.append(ready.pop(0))
        sorter.done(ordered[-1])
        ready = sorted([*ready, *sorter.get_ready()])
    return ordered


def _cut(ordered: list[int], results: Mapping[Any, Collection[int]]) -> list[tuple[int, ...]]:
    """Cut before any URN that has results where an earlier one of its part has them too."""
    parts: list[list[int]] = []
    taken: set[Any] = set()
    for urn in ordered:
        own = {table for table, urns in results.items() if urn in urns}
        if not parts or own & taken:
            parts.append([])
            taken = set()
        parts[-1].append(urn)
        taken |= own
    return [tuple(part) for part in parts]
