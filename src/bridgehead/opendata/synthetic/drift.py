"""What moves beneath the figures: a level for each school that drifts, as real ones do
(docs/explanation/synthetic-england.md).

Units are pupil standard deviations. A level is pulled back towards its mean so that the spread
between schools stays what it is; ``cohort`` is what one year group brings, pooled over subjects.
"""

from dataclasses import dataclass

import numpy as np

from bridgehead.opendata.synthetic.published import FIRST, LAST, YEARS
from bridgehead.opendata.synthetic.text import Floats

KEPT = 0.95  # share of a school's own level that is there a year later
OWN = 0.28  # standard deviation between schools of the same context
INTAKE = 0.26  # standard deviation of intake beyond what disadvantage explains
COHORT = 0.08  # standard deviation of one year group around its school
TREND_FROM = 2020  # stories of travel begin after this year
SUBJECT = 0.08  # standard deviation of a subject around its school


@dataclass(frozen=True)
class Levels:
    """``teaching`` and ``intake``: sites × years. ``subject``: sites × 4, constant over years."""

    teaching: Floats
    intake: Floats
    subject: Floats
    attendance: Floats  # sites × years, above the level that context explains

    def at(self, year: int) -> tuple[Floats, Floats]:
        """Teaching and intake of every site in one year."""
        return self.teaching[:, year - FIRST], self.intake[:, year - FIRST]


def _walk(n: int, spread: Floats | float, kept: float, rng: np.random.Generator) -> Floats:
    out = np.zeros((n, len(YEARS)))
    out[:, 0] = rng.normal(0, 1, n)
    for t in range(1, len(YEARS)):
        out[:, t] = kept * out[:, t - 1] + np.sqrt(1 - kept**2) * rng.normal(0, 1, n)
    return out * np.broadcast_to(np.asarray(spread, dtype=np.float64).reshape(-1, 1), (n, 1))


def draw(small: Floats, disadvantage: Floats, trend: Floats, rng: np.random.Generator) -> Levels:
    """Draw ten years of levels.

    ``small`` (0 to 1) narrows the spread of village schools, ``trend`` adds a steady yearly change
    from TREND_FROM on, for the schools whose story needs one.
    """
    n = len(disadvantage)
    own = OWN * (1 - 0.3 * small)
    since = np.maximum(0, np.arange(FIRST, LAST + 1) - TREND_FROM)
    teaching = _walk(n, own, KEPT, rng) + rng.normal(0, COHORT, (n, len(YEARS)))
    teaching += trend[:, None] * since[None, :]
    intake = _walk(n, INTAKE * (1 - 0.3 * small), 0.98, rng) - 0.5 * (disadvantage - 0.25)[:, None]
    intake += rng.normal(0, COHORT, (n, len(YEARS)))
    attendance = _walk(n, 0.32, 0.97, rng) - 0.35 * trend[:, None] * since[None, :]
    return Levels(teaching, intake, rng.normal(0, SUBJECT, (n, 4)), attendance)
