"""16–18: schools and colleges. Row type 3 is a consortium, 4 an authority, 5 and 7 England.

The published files of 2021/22 and 2022/23 hold more students on row 5 than on row 7, as at key
stage 4: 7 is state-funded England, 5 holds independent schools too.
"""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.performance import DFE, STATUSES, TEXTS, WORDS, names

KS5 = Kind(
    key="ks5",
    title="16–18 performance tables",
    publisher=DFE,
    required=(
        ("RECTYPE",),
        ("LEA", "LA"),
        ("ESTAB",),
        ("URN",),
        ("TPUP1618", "TALLPUP_1618"),
        ("TALLPPE_ALEV_1618",),
    ),
    signature=("TPUP1618", "TALLPUP_1618", "TALLPUP_ALEV_1618", "TB3PTSE"),
    texts=names(TEXTS),
    words=names(WORDS),
    figures=names(
        """
        TPUP1618 TALLPUP_1618 TALLPUP_ALEV_1618 TALLPPE_ALEV_1618 TINCLUDE_B3 TB3PTSE
        TINCLUDE_AAB_2FAC PTAAB_2FAC TALLPUP_ACAD_1618 TALLPPE_ACAD_1618 TALLPUP_AGEN TALLPPE_AGEN
        TALLPUP_TLEV TALLPPE_TLEV TALLPUP_TLEVDENOM TLEV_PER TALLPUP_AGENDENOM AGEN_PER T_SCOPEEX_E
        PROGEX_E ENTRY_PER_E T_SCOPEEX_M PROGEX_M ENTRY_PER_M TALLPUP_SCOPE_L3M L3M_PER
        TALLPUP_TechCert TALLPPE_TechCert TALLPUP_ANYL2VOC TechCert_PER T_AIMS_CA
        """
    ),
    figure_patterns=(
        r"T_InScope_(ALEV|ACAD|AGEN|TLEV|TechCert)_\w+",
        r"PT_Ret(ained|_Assessed)_(ALEV|ACAD|AGEN|TLEV|TechCert)\w*",
        r"(ENTRIES|VA_INS|UCI_INS|LCI_INS)_(ALEV|ACAD|AGEN|TLEV|TechCert)\w*",
    ),
    word_patterns=(r"TALLPPEGRD_\w+", r"TB3PTSE_GRD\w*"),
    timed_by_year=True,
    statuses=STATUSES,
    groups={"NOTDIS": "others", "DIS": "disadvantaged"},
    history=True,
    scope_column="rectype",
    scopes={
        "1": "school",
        "2": "school",
        "3": "consortium",
        "4": "la",
        "5": "england_all",
        "7": "england",
    },
    national=(("england", None), ("england_all", None)),
    la=("lea", "la"),
    establishment=("estab",),
)
