"""Absence over a school year; England stands in three rows, one a phase, marked ``NAT``."""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.performance import DFE, names

#: How the absence and census files print the phase of an England row.
NATIONAL_PHASES = {"PRI": "primary", "SEC": "secondary", "SPE": "special"}
NATIONAL = tuple(("england", phase) for phase in NATIONAL_PHASES.values())

ABSENCE = Kind(
    key="absence",
    title="Absence",
    publisher=DFE,
    required=(("LA", "LEA"), ("ESTAB",), ("URN",), ("PERCTOT",), ("PPERSABS10",)),
    signature=("PERCTOT", "PPERSABS10"),
    texts=names("LA LEA ESTAB URN"),
    figures=names("PERCTOT PPERSABS10 PERCUA PERCAA PPERSABS50 PPERSABS15"),
    timed_by_year=True,
    national_mark="NAT",
    national_phases=NATIONAL_PHASES,
    national=NATIONAL,
    la=("la", "lea"),
    establishment=("estab",),
)
