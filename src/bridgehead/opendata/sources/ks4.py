"""Key stage 4: one row a school at 16. State-funded England is row 7; row 5 holds all schools."""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.performance import DFE, STATUSES, TEXTS, WORDS, names

KS4 = Kind(
    key="ks4",
    title="Key stage 4 performance tables",
    publisher=DFE,
    required=(("RECTYPE",), ("LEA", "LA"), ("ESTAB",), ("URN",), ("TPUP",), ("ATT8SCR",)),
    signature=("TPUP", "ATT8SCR", "P8MEA", "PTL2BASICS_94", "KS2APS"),
    texts=names(TEXTS),
    words=names(WORDS),
    figures=names(
        """
        TOTPUPS NUMBOYS NUMGIRLS TPUP BPUP PBPUP GPUP PGPUP KS2APS TPRIORLO PTPRIORLO TPRIORAV
        PTPRIORAV TPRIORHI PTPRIORHI TFSM6CLA1A PTFSM6CLA1A TNOTFSM6CLA1A PTNOTFSM6CLA1A TEALGRP1
        PTEALGRP1 TEALGRP2 PTEALGRP2 TEALGRP3 PTEALGRP3 TNMOB PTNMOB SENSE4 PSENSE4 SENAPK4
        PSENAPK4 SEN_ALL PSEN_ALL AVGEBACFILL AVGOPENFILL P8PUP TP8ADJ P8MEACOV P8MEA P8CILOW
        P8CIUPP P8MEA_ORIG P8CILOW_ORIG P8CIUPP_ORIG DIFFN_ATT8 DIFFN_P8MEA PT5EM_94 PTANYQ_PTQ_EE
        TOTEBACCAPS EBACCAPS PTmultiLan_E PTtripleSci_E TFSMCLA PTFSMCLA TNOTFSMCLA PTNOTFSMCLA
        """
    ),
    # The families whose names are built from parts (subject, group, threshold, entry).
    figure_patterns=(
        r"(TOT|)ATT8(SCR)?(ENG|MAT|EBAC|OPEN|OPENG|OPENNG)?(_\w+)?",
        r"P8MEA(ENG|MAT|EBAC|OPEN)(_\w+)?",
        r"[PT]?[TBG]?EBACC\w*",
        r"P?TEBAC(ENG|MAT|2SCI|HUM|LAN)\w*",
        r"(SCI|HUM|LAN)VA(COV|MEA|LOW|UPP)\w*",
        r"P?[TBG]?\w*BASICS\w*",
        r"PT?[TBG]L2BASICS\w*",
        r"AC5EM\w*",
        r"TAVENT_\w+",
    ),
    timed_by_year=True,
    statuses=STATUSES,
    groups={
        "NFSM6CLA1A": "others",
        "NOTFSM6CLA1A": "others",
        "FSM6CLA1A": "disadvantaged",
        "EAL": "eal",
        "NMOB": "non-mobile",
        "BOYS": "boys",
        "GIRLS": "girls",
        "LO": "prior low",
        "AV": "prior middle",
        "HI": "prior high",
    },
    history=True,
    own_year=frozenset({"pt5em94"}),  # PT5EM_94_17 repeats PT5EM_94 in 2016/17
    scope_column="rectype",
    scopes={"1": "school", "2": "school", "4": "la", "5": "england_all", "7": "england"},
    national=(("england", None), ("england_all", None)),
    la=("lea", "la"),
    establishment=("estab",),
)
