"""Measure definitions kept inside a picture, so that it says tomorrow what it says today."""

from dataclasses import asdict
from typing import Any

from bridgehead.measures.model import Break, Group, High, Law, Measure, Source


def freeze(measure: Measure) -> dict[str, Any]:
    """A measure as JSON."""
    return asdict(measure)


def thaw(content: dict[str, Any]) -> Measure:
    """The measure of ``freeze``."""
    whole = dict(content)
    for name in ("phases", "missing_years"):
        whole[name] = tuple(whole[name])
    for name in ("marked_years", "why_missing"):
        whole[name] = {int(year): words for year, words in whole[name].items()}
    whole["high"], whole["law"] = High(whole["high"]), Law(whole["law"])
    whole["breaks"] = tuple(Break(**one) for one in whole["breaks"])
    whole["groups"] = {
        key: Group(**{**one, "sources": tuple(_source(source) for source in one["sources"])})
        for key, one in whole["groups"].items()
    }
    return Measure(**whole)


def _source(content: dict[str, Any]) -> Source:
    where = tuple((column, tuple(texts)) for column, texts in content.get("where", ()))
    return Source(**{**content, "where": where})
