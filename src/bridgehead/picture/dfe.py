"""Similar schools exactly as the Department for Education's own service finds them.

The scales are data (``dfe.yaml``, with what they reproduce). Its inputs are the department's own
figures, read from its own file: where they are not at hand nothing else is put in their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from bridgehead.core.errors import Refused
from bridgehead.opendata.dfe_similar import Inputs
from bridgehead.opendata.kind import normal

Floats = npt.NDArray[np.float64]

HOW_MANY = 50


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its column in the DfE's file, the ``scale`` that its difference is divided by,
    and the series here that counts something of the same name (empty where none does)."""

    column: str
    title: str
    scale: float
    like: str = ""
    also: tuple[str, ...] = ()

    def column_in(self, held: Mapping[str, Any]) -> str | None:
        """The normalised name under which a file holds it."""
        names = (normal(name) for name in (self.column, *self.also))
        return next((name for name in names if name in held), None)


@dataclass(frozen=True, slots=True)
class Method:
    """The method for one phase: which edition of it this is, and what proves it."""

    phase: str
    title: str
    edition: str
    proof: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A similar school: its rank from 1, its distance, and on each input (by column) how much it
    differs: the neighbour less the school."""

    urn: int
    rank: int
    distance: float
    differences: dict[str, float]


@cache
def methods() -> dict[str, Method]:
    """The methods by phase."""
    content = yaml.safe_load((files("bridgehead.picture") / "dfe.yaml").read_text("utf-8"))
    return {
        phase: Method(
            phase,
            one["title"],
            one["edition"],
            one["proof"],
            tuple(Input(**{**i, "also": tuple(i.get("also", ()))}) for i in one["inputs"]),
        )
        for phase, one in content.items()
    }


def method_of(inputs: Inputs) -> Method:
    """The method that a file of inputs is for. Raises ``Refused`` naming each column it lacks, or a
    cell of one that is neither a number nor a code."""
    held = inputs.columns
    if normal("KS2MRP") in held and normal("KS2RP") not in held:
        raise Refused(
            "The DfE’s method for secondary schools counts reading (KS2RP) and maths (KS2MP) at "
            "the end of key stage 2 apart; this file gives only the mean of the two (KS2MRP), "
            "from which the DfE’s distances cannot be worked out.",
            "Use --method bridgehead, or a file with KS2RP and KS2MP.",
            file=inputs.file,
        )
    found = max(
        methods().values(), key=lambda m: sum(i.column_in(held) is not None for i in m.inputs)
    )
    lacks = [i.column for i in found.inputs if i.column_in(held) is None]
    if lacks:
        raise Refused(
            f"The DfE’s method for {found.phase} schools needs {len(found.inputs)} inputs; the "
            f"file lacks {', '.join(lacks)}.",
            "Use the DfE’s own file of inputs, whole.",
            file=inputs.file,
        )
    for one in found.inputs:
        inputs.check(one.column_in(held) or "")
    return found


def distance(method: Method, one: Floats, other: Floats) -> Floats:
    """The DfE's distance between schools, whose inputs (…, inputs) are in the method's order; NaN
    where an input of either is not known."""
    scale = np.array([i.scale for i in method.inputs])
    return np.asarray(np.sqrt((((one - other) / scale) ** 2).sum(axis=-1)))


def nearest(method: Method, inputs: Inputs, urn: int) -> tuple[Near, ...]:
    """The fifty schools of a file that are nearest to one of them, nearest first.

    Schools with an input that is not known are left out, since the DfE's distance needs all of
    them. Raises ``Refused`` where the file does not hold the school or all of its inputs.
    """
    values = _in_order(method, inputs)
    at = np.flatnonzero(inputs.urns == urn)
    if not len(at):
        raise Refused(f"The file holds no school with URN {urn}.", file=inputs.file)
    own = values[at[0]]
    unknown = [i.title for i, value in zip(method.inputs, own, strict=True) if np.isnan(value)]
    if unknown:
        raise Refused(
            f"Of URN {urn} the file does not give: {'; '.join(unknown)}. The DfE’s distance "
            "needs every input.",
            "Use --method bridgehead, which uses what is known.",
            file=inputs.file,
        )
    far = distance(method, values, own)
    far[at[0]] = np.nan
    order = np.argsort(far, kind="stable")[: min(HOW_MANY, int(np.count_nonzero(~np.isnan(far))))]
    return tuple(
        Near(
            int(inputs.urns[j]),
            rank,
            float(far[j]),
            {i.column: float(d) for i, d in zip(method.inputs, values[j] - own, strict=True)},
        )
        for rank, j in enumerate(order.tolist(), 1)
    )


def complete(method: Method, inputs: Inputs) -> int:
    """How many schools of a file have every input."""
    return int((~np.isnan(_in_order(method, inputs))).all(axis=1).sum())


def _in_order(method: Method, inputs: Inputs) -> Floats:
    columns = (i.column_in(inputs.columns) for i in method.inputs)
    return np.column_stack([inputs.columns[c] for c in columns if c is not None])
