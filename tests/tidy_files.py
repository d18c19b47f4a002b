"""Small invented files in the layout of Explore Education Statistics, for the tests that load them.

Every figure and every school is synthetic. The columns are those that the DfE publishes.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

KS2 = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "version",
    "school_urn",
    "school_laestab",
    "school_name",
    "breakdown_topic",
    "breakdown",
    "subject",
    "expected_standard_pupil_percent",
    "higher_standard_pupil_percent",
    "average_scaled_score",
    "progress_measure_score",
    "progress_measure_lower_conf_interval",
    "progress_measure_upper_conf_interval",
    "progress_measure_description",
)
KS2_INFO = (
    *KS2[:6],
    "old_la_code",
    "school_laestab",
    "school_urn",
    "school_name",
    "telig",
    "belig",
    "gelig",
    "tfsm6cla1a",
    "ptfsm6cla1a",
    "tnotfsm6cla1a",
    "tealgrp2",
    "tmobn",
)
KS2_ENGLAND = (
    *KS2[:5],
    "old_la_code",
    "new_la_code",
    "la_name",
    "version",
    "establishment_type_group",
    *KS2[9:],
)
TOTAL = {"breakdown_topic": "All pupils", "breakdown": "Total"}
DISADVANTAGED = {"breakdown_topic": "Disadvantaged status", "breakdown": "Disadvantaged"}
OTHERS = {
    "breakdown_topic": "Disadvantaged status",
    "breakdown": "Not known to be disadvantaged",
}
GIRLS = {"breakdown_topic": "Sex", "breakdown": "Girls"}
COMBINED = "Reading, writing and maths"


def when(period: str, level: str = "School", version: str = "Revised") -> dict[str, str]:
    """The cells that say when, where and how final."""
    return {
        "time_period": period,
        "time_identifier": "Academic year",
        "geographic_level": level,
        "country_code": "E92000001",
        "country_name": "England",
        "version": version,
    }


def ks2_row(
    urn: int,
    percent: str,
    *,
    period: str = "202425",
    subject: str = COMBINED,
    pupils: dict[str, str] | None = None,
    **cells: str,
) -> dict[str, str]:
    """One school's row of the key stage 2 results; ``cells`` overwrite."""
    row = when(period) | {
        "school_urn": str(urn),
        "school_laestab": f"990{2000 + urn % 1000}",
        "school_name": f"Invented School {urn}",
        "subject": subject,
        "expected_standard_pupil_percent": percent,
        "higher_standard_pupil_percent": "8",
        "average_scaled_score": "z",
        "progress_measure_score": "z",
    }
    return row | (TOTAL if pupils is None else pupils) | cells


def england_row(
    percent: str,
    *,
    period: str = "202425",
    subject: str = COMBINED,
    pupils: dict[str, str] | None = None,
    **cells: str,
) -> dict[str, str]:
    """England's row of the key stage 2 results of authorities and England."""
    row = when(period, "National") | {
        "establishment_type_group": "All state funded",
        "subject": subject,
        "expected_standard_pupil_percent": percent,
    }
    return row | (TOTAL if pupils is None else pupils) | cells


def write(
    path: Path,
    columns: Iterable[str],
    rows: Iterable[dict[str, str]],
    *,
    encoding: str = "utf-8-sig",
    end: str = "\r\n",
) -> Path:
    """Write rows under columns, as published: with a byte order mark and CRLF by default."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = list(columns)
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, lineterminator=end)
        writer.writerow(names)
        writer.writerows([row.get(name, "") for name in names] for row in rows)
    return path
