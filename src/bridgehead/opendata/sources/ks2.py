"""Key stage 2: one row a school at the end of primary, with authority and England rows."""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.performance import DFE, STATUSES, TEXTS, WORDS, names

KS2 = Kind(
    key="ks2",
    title="Key stage 2 performance tables",
    publisher=DFE,
    required=(("RECTYPE",), ("LEA", "LA"), ("ESTAB",), ("URN",), ("TELIG",), ("PTRWM_EXP",)),
    signature=("TELIG", "PTRWM_EXP", "READ_AVERAGE", "MAT_AVERAGE", "PTRWM_HIGH"),
    texts=names(TEXTS),
    words=names(WORDS),
    figures=names(
        """
        TOTPUPS TPUPYEAR TELIG BELIG GELIG PBELIG PGELIG TKS1AVERAGE TKS1GROUP PTKS1GROUP
        TKS1GROUP_NA PTKS1GROUP_NA TFSM6CLA1A PTFSM6CLA1A TNotFSM6CLA1A PTNotFSM6CLA1A TEALGRP1
        PTEALGRP1 TEALGRP2 PTEALGRP2 TEALGRP3 PTEALGRP3 TMOBN PTMOBN TSENELSE PSENELSE TSENELE
        PSENELE TSENELK PSENELK TSENELEK PSENELEK TSENELST PSENELST TSENELSAP PSENELSAP TSENELAPK
        PSENELSAPK SENELN PSENELN PTRWM_EXP PTRWM_HIGH READPROG READPROG_LOWER READPROG_UPPER
        READCOV WRITPROG WRITPROG_LOWER WRITPROG_UPPER WRITCOV MATPROG MATPROG_LOWER MATPROG_UPPER
        MATCOV READPROG_UNADJUSTED WRITPROG_UNADJUSTED MATPROG_UNADJUSTED READPROG_DESCR
        WRITPROG_DESCR MATPROG_DESCR PTREAD_EXP PTREAD_HIGH PTREAD_AT READ_AVERAGE PTGPS_EXP
        PTGPS_HIGH PTGPS_AT GPS_AVERAGE PTMAT_EXP PTMAT_HIGH PTMAT_AT MAT_AVERAGE PTWRITTA_EXP
        PTWRITTA_HIGH PTWRITTA_WTS PTWRITTA_AD PTSCITA_EXP PTSCITA_AD PTREADTA_EXP PTREADTA_AD
        PTMATTA_EXP PTMATTA_AD DIFFN_RWM_EXP DIFFN_RWM_HIGH DIFFN_READPROG DIFFN_WRITPROG
        DIFFN_MATPROG TELIG_3YR PTRWM_EXP_3YR PTRWM_HIGH_3YR READ_AVERAGE_3YR MAT_AVERAGE_3YR
        """
    ),
    timed_by_year=True,
    statuses=STATUSES,
    groups={
        "NotFSM6CLA1A": "others",
        "FSM6CLA1A": "disadvantaged",
        "EAL": "eal",
        "MOBN": "non-mobile",
        "B": "boys",
        "G": "girls",
        "L": "prior low",
        "M": "prior middle",
        "H": "prior high",
    },
    history=True,
    scope_column="rectype",
    scopes={"1": "school", "2": "school", "3": "la", "4": "england_all", "5": "england"},
    national=(("england", None), ("england_all", None)),
    la=("lea", "la"),
    establishment=("estab",),
)
