"""The January school census: who is on roll; England stands in three rows marked ``NAT``."""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.absence import NATIONAL, NATIONAL_PHASES
from bridgehead.opendata.sources.performance import DFE, names

CENSUS = Kind(
    key="census",
    title="School census",
    publisher=DFE,
    required=(("URN",), ("LA", "LEA"), ("ESTAB",), ("NOR",)),
    signature=("NOR", "NORG", "NUMFSM", "PNUMFSMEVER", "SCHOOLTYPE"),
    texts=names("URN LA LEA ESTAB"),
    words=names("SCHOOLTYPE"),
    figures=names(
        """
        NOR NORG NORB PNORG PNORB TSENELSE PSENELSE TSENELK PSENELK NUMEAL NUMENGFL NUMUNCFL
        PNUMEAL PNUMENGFL PNUMUNCFL NUMFSM NUMFSMEVER PNUMFSM PNUMFSMEVER TOTPUPSENDN TSENA PSENA
        TSENST PSENST TSENSAP PSENSAP TOTSENST TOTSENAP PTOTSENST PTOTSENAP
        """
    ),
    timed_by_year=True,
    national_mark="NAT",
    national_phases=NATIONAL_PHASES,
    national=NATIONAL,
    la=("la", "lea"),
    establishment=("estab",),
)
