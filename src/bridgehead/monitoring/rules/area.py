"""Propose for many schools of a picture at once. Needs no database."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

import polars as pl

from bridgehead.monitoring.rules.model import Outcome, Proposal
from bridgehead.monitoring.rules.policy import Policy
from bridgehead.monitoring.rules.propose import propose
from bridgehead.picture.picture import Picture


def schools_of_area(picture: Picture, area: str) -> pl.DataFrame:
    """The open schools of one local authority, by its code, in order of name."""
    status = pl.col("status").fill_null("").str.to_lowercase()
    # Where no register is loaded nothing is said, and a school with figures is taken to be open.
    there = status.str.starts_with("open") | (status == "")
    return picture.schools.filter((pl.col("la") == area) & there).sort("name", "urn")


def newest_years(picture: Picture, policy: Policy) -> dict[str, int]:
    """The newest year loaded of every series that may trigger, over all schools."""
    held = set(picture.series_keys())
    keys = {t.series for found in policy.triggers.values() for t in found} & held
    years = {key: picture.latest(key)["year"].max() for key in sorted(keys)}
    return {key: year for key, year in years.items() if isinstance(year, int)}


def propose_all(
    picture: Picture, urns: Iterable[int], policy: Policy, today: date
) -> dict[int, Proposal]:
    """One proposal for each school named, by its URN as given. A URN that the picture does not hold
    is left out."""
    newest = newest_years(picture, policy)
    return {
        urn: propose(picture.school(urn), policy, today, newest)
        for urn in urns
        if picture.resolve(urn) is not None
    }


def count_outcomes(proposals: Iterable[Proposal]) -> dict[Outcome, int]:
    """How many schools each outcome is proposed for; every outcome appears."""
    counts = Counter(p.outcome for p in proposals)
    return {outcome: counts[outcome] for outcome in Outcome}
