"""The limits and weights, from YAML, typed and frozen."""

from dataclasses import fields
from importlib.resources import files
from typing import Any

import yaml

from bridgehead.brokerage.rules import Policy
from bridgehead.core.errors import Refused
from bridgehead.core.home import home

OVERRIDE = "brokerage.yaml"


def load_policy() -> Policy:
    """The partnership's ``$BRIDGEHEAD_HOME/brokerage.yaml``, else the policy that ships.

    Raises ``Refused`` naming the field when the file cannot be used.
    """
    override = home() / OVERRIDE
    if override.is_file():
        return read_policy(override.read_text(encoding="utf-8"), file=override.name)
    shipped = files("bridgehead.brokerage") / "policy.yaml"
    return read_policy(shipped.read_text(encoding="utf-8"), file="policy.yaml")


def read_policy(text: str, *, file: str) -> Policy:
    """Read and check the text of a policy file."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Refused("it is not readable as YAML.", str(error), file=file) from error
    if not isinstance(found, dict):
        raise Refused("it holds no settings.", "Start from the policy that ships.", file=file)
    known = {field.name for field in fields(Policy)}
    for name in sorted(known - found.keys()):
        raise Refused("this setting is missing.", "Add it.", file=file, column=name)
    for name in sorted(found.keys() - known):
        raise Refused("this setting is not known.", "Remove it.", file=file, column=name)
    return Policy(
        version=int(_number(found, "version", file, low=1)),
        travel_limit_km=_number(found, "travel_limit_km", file),
        points_per_km=_number(found, "points_per_km", file),
        least_shared_years=int(_number(found, "least_shared_years", file)),
        first_shown=int(_number(found, "first_shown", file, low=1)),
        area_grades=_grades(found["area_grades"], file),
        similarity_when_unknown=_number(found, "similarity_when_unknown", file, high=1),
        least_share=_number(found, "least_share", file, high=1),
        oldest_figure_years=int(_number(found, "oldest_figure_years", file)),
        context=tuple(str(key) for key in found["context"] or ()),
    )


def _number(
    found: dict[str, Any], name: str, file: str, *, low: float = 0, high: float = float("inf")
) -> float:
    value = found[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        wanted = f"at least {low:g}" if high == float("inf") else f"from {low:g} to {high:g}"
        raise Refused(
            "this is not a number that can be used.",
            f"Write one that is {wanted}.",
            file=file,
            column=name,
            value=str(value),
        )
    return float(value)


def _grades(value: object, file: str) -> dict[str, float]:
    if not isinstance(value, dict) or not value:
        raise Refused("no grade is listed.", "List at least one.", file=file, column="area_grades")
    return {str(grade): _number(value, grade, file, high=1) for grade in value}
