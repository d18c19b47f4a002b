"""What the school performance tables (key stages 2, 4 and 5) have in common."""

from bridgehead.opendata.kind import normal

DFE = "Department for Education"
STATUSES = ("provisional", "revised", "final")

#: Columns that say who, where and since when: never decoded.
TEXTS = """
    RECTYPE ALPHAIND REGION LASORT LEA ESTAB URN SCHNAME SCHNAME_AC ADDRESS1 ADDRESS2 ADDRESS3 TOWN
    PCODE TELNUM PCON_CODE PCON_NAME URN_AC OPEN_AC LA LANAME
"""

#: Columns of flags and words: never figures, but a code may stand in them.
WORDS = """
    NFTYPE NFTYPE/FESITYPE ICLOSE RELDENOM AGERANGE CONFEXAM CONTFLAG TAB15 TAB1618 TABKS2 ADMPOL
    ADMPOL_2017 ADMPOL_PT EGENDER GEND1618 GENDER FEEDER DUMMY P8_BANDING
"""


def names(text: str) -> frozenset[str]:
    """Published names, separated by spaces, in the form in which names are compared."""
    return frozenset(normal(name) for name in text.split())
