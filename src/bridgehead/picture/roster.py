"""Who the schools of a picture are: chains, facts, and what each is compared with."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from bridgehead.core.figures import Reason, reason_code
from bridgehead.measures.model import Measure
from bridgehead.picture import context
from bridgehead.picture.chains import Chain, chains, plain_links
from bridgehead.picture.register import FACTS, complete, facts, la_names
from bridgehead.picture.tables import ANY, PRIMARY, SECONDARY, SPECIAL, Table

#: Pools of schools that share hyperparameters: the kinds of ``context``, and two more.
INDEPENDENT = len(context.KINDS)
OTHER = INDEPENDENT + 1
TOGETHER = OTHER + 1
POOLS = (*context.KINDS, "independent", "other", "mainstream")
#: Kinds of school that are ranked against one another ("state-funded mainstream").
MAINSTREAM = (context.PRIMARY, context.SECONDARY, context.COLLEGE)
#: Kinds of file that hold test results, by which two URNs of a year are two schools.
RESULTS = ("ks2", "ks4", "ks5", "ees_ks2", "ees_ks4", "ees_ks5")
#: Stages whose tables hold one phase of education, whatever else a school teaches.
ONE_POOL = ("ks2", "ks4", "ks5")
COMPARED = {
    context.PRIMARY: PRIMARY,
    context.SECONDARY: SECONDARY,
    context.SPECIAL: SPECIAL,
    context.ALTERNATIVE: SPECIAL,
}
#: A figure that may not be shown is a result all the same.
WITHHELD = tuple(
    reason_code(one) for one in (Reason.SUPPRESSED, Reason.CONFIDENTIAL, Reason.LOW_COVERAGE)
)


@dataclass(frozen=True, slots=True)
class Roster:
    """The schools of a picture by position, sorted by newest URN.

    ``frame`` holds the fields of ``model.School``; ``kind`` is a position in ``context.KINDS`` or
    −1; ``compared`` the England row (``tables.NATIONAL_PHASES``); ``results`` says per release
    which rows have results.
    """

    urn: npt.NDArray[np.int64]
    frame: pl.DataFrame
    school_of: dict[int, int]
    kind: npt.NDArray[np.int64]
    state_funded: npt.NDArray[np.bool_]
    compared: npt.NDArray[np.int64]
    low_age: npt.NDArray[np.float64]
    high_age: npt.NDArray[np.float64]
    roll: npt.NDArray[np.float64]
    results: dict[str, npt.NDArray[np.bool_]]

    def pools(self, stage: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """For a stage: which pool each school is in, and whether it is ranked in it."""
        return pools(self.kind, self.state_funded, stage)

    def slim(self) -> "Roster":
        """The same without names, chains and rows: what it takes to compare."""
        return replace(self, frame=pl.DataFrame(), school_of={}, results={})

    @staticmethod
    def pool_name(pool: int) -> str:
        """A pool in words."""
        return POOLS[pool]


def pools(
    kind: npt.NDArray[np.int64], state_funded: npt.NDArray[np.bool_], stage: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """For a stage: which pool each school is in, and whether it is ranked in it. ``kind`` is a
    position in ``context.KINDS`` or −1."""
    pool = np.where(kind < 0, OTHER, kind)
    pool = np.where(state_funded, pool, INDEPENDENT)
    ranked = np.isin(pool, MAINSTREAM)
    if stage in ONE_POOL:
        pool = np.where(ranked, TOGETHER, pool)
    return pool, ranked


def roster(tables: list[Table], known: dict[str, Measure]) -> Roster:
    """Follow the chains, gather the facts, and decide what each school is compared with."""
    results = {t.card.id: _with_results(t, known) for t in tables if t.card.year is not None}
    found = facts(tables)
    linked = _chains(tables, found, results)
    worthy = dict(zip(found["urn"].to_list(), found["worthy"].to_list(), strict=True))
    spoken = set().union(*(t.urns for t in tables if t.card.year is not None))
    kept = [c for c in linked if any(worthy.get(u) or u in spoken for u in c.urns)]
    school_of = {urn: i for i, chain in enumerate(kept) for urn in chain.urns}
    frame = complete(_along(kept, found), la_names(tables))
    phases = frame["phase"].to_list()
    kind = np.array([context.KIND_OF_PHASE.get(p, -1) for p in phases], dtype=np.int64)

    def number(name: str) -> npt.NDArray[np.float64]:
        return frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()

    compared = np.array([COMPARED.get(k, ANY) for k in kind.tolist()], dtype=np.int64)
    return Roster(
        urn=np.array([chain.urn for chain in kept], dtype=np.int64),
        frame=frame,
        school_of=school_of,
        kind=kind,
        state_funded=frame["state_funded"].to_numpy(),
        compared=compared,
        low_age=number("low_age"),
        high_age=number("high_age"),
        roll=number("pupils"),
        results=results,
    )


def _with_results(table: Table, known: dict[str, Measure]) -> npt.NDArray[np.bool_]:
    """Which rows of a performance table say something of a headline measure (a suppressed figure
    is a result that may not be shown)."""
    found = np.zeros(len(table.urn), dtype=np.bool_)
    year = table.card.year
    if year is None:
        return found
    for measure in known.values():
        if not measure.headline:
            continue
        group = measure.groups["all"]
        for source in group.sources_for(table.card.kind, year):
            column = table.column(source.value) if source.offset == 0 else None
            rows = table.chosen(group.rows, source.where) if table.is_tidy else None
            if column is not None and (rows is not None or not table.is_tidy):
                says = (column.reason == 0) | np.isin(column.reason, WITHHELD)
                found |= says if rows is None else says & rows
                break
    # In a tidy release a school has many rows: if one has results, all of them stand for it.
    return np.isin(table.urn, table.urn[found]) if table.is_tidy else found


def _chains(
    tables: list[Table], found: pl.DataFrame, results: dict[str, npt.NDArray[np.bool_]]
) -> list[Chain]:
    urns = set(found["urn"].to_list())
    pairs: dict[bool, list[pl.DataFrame]] = {True: [_NO_PAIRS], False: [_NO_PAIRS]}  # Ofsted's?
    had: dict[object, set[int]] = {}
    links = []
    for table in tables:
        card = table.card
        if card.kind == "gias_links":
            links.append(_links(table))
            continue
        urn = table.urn
        urns.update(table.urns)
        laestab = table.rows["_laestab"].cast(pl.Int64).fill_null(-1).to_numpy()
        both = (urn > 0) & (laestab > 0)
        if both.any():
            seen = pl.DataFrame({"urn": urn[both], "laestab": laestab[both]})
            pairs[card.kind == "ofsted_mi"].append(seen.unique())
        # Two sets of test results are two schools. Absence is no such sign: a school that became an
        # academy in the course of a year has some under each of its URNs.
        if card.kind in RESULTS:
            own = urn[results[card.id] & (urn > 0)]
            had.setdefault((card.kind, card.year), set()).update(own.tolist())
    # The department issues the numbers: where it gives a URN one, Ofsted's copy adds nothing. It
    # lists the schools that are open, so two under one number are two schools, wrongly filled in.
    issued = pl.concat(pairs[False]).unique()
    ofsted = pl.concat([one.filter(~pl.col("laestab").is_duplicated()) for one in pairs[True]])
    laestabs = pl.concat([issued, ofsted.join(issued, on="urn", how="anti")]).unique()
    shared = laestabs.filter(pl.col("laestab").is_duplicated())
    edges = plain_links(pl.concat(links)) if links else set()
    return chains(urns, laestabs=shared.iter_rows(), links=edges, results=had)


_NO_PAIRS = pl.DataFrame(schema={"urn": pl.Int64, "laestab": pl.Int64})


def _links(table: Table) -> pl.DataFrame:
    text = table.text("URN", "LinkURN", "LinkType")
    number = [pl.col(n).str.strip_chars().cast(pl.Int64, strict=False) for n in ("URN", "LinkURN")]
    return text.select(
        number[0].alias("urn"), number[1].alias("link_urn"), pl.col("LinkType").alias("link_type")
    )


def _along(kept: list[Chain], found: pl.DataFrame) -> pl.DataFrame:
    """The facts of each chain: those of its newest URN, and what that lacks from the one before."""
    rows = [
        (i, chain.urn, urn, age)
        for i, chain in enumerate(kept)
        for age, urn in enumerate(reversed(chain.urns))
    ]
    members = pl.DataFrame(
        rows,
        schema={"at": pl.Int64, "newest": pl.Int64, "urn": pl.Int64, "age": pl.Int64},
        orient="row",
    )
    joined = members.join(found, on="urn", how="left").sort("at", "age")
    facts_ = joined.group_by("at", maintain_order=True).agg(
        pl.col("newest").first(),
        pl.col("urn").reverse().alias("urns"),
        *(pl.col(name).drop_nulls().first() for name in FACTS),
    )
    return facts_.drop("at").rename({"newest": "urn"})
