"""The columns that say which school a row of a performance table is."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic import names
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.text import Ints, cells, words


@dataclass(frozen=True)
class Identity:
    """Rows of a table: the schools in ``sites``, then authorities, then England.

    ``tail`` holds the record types of England's rows. Text columns are full height.
    """

    rectype: list[str]
    sites: Ints
    las: Ints
    la: list[str]
    estab: list[str]
    urn: list[str]
    name: list[str]
    street: list[str]
    town: list[str]
    postcode: list[str]
    school_type: list[str]
    faith: list[str]
    ages: list[str]
    total: list[str]
    boys: list[str]
    gender: list[str]
    selective: list[str]
    sixth_form: list[str]
    new: list[bool]

    def order(self) -> list[int]:
        """Row order of the file: schools by authority and number, then the aggregates."""
        n = len(self.sites)
        return [
            *sorted(range(n), key=lambda i: (self.la[i], self.estab[i])),
            *range(n, len(self.rectype)),
        ]

    def site_rows(self) -> list[int]:
        """Which site each row speaks of: negative for authorities and England."""
        tail = [-int(code) for code in self.las.tolist()]
        return [*self.sites.tolist(), *tail, -1, -2]

    def _padded(self, values: list[str]) -> pl.Series:
        """School values, then a space for every aggregate row, as the publisher leaves them."""
        blank = [" "] * (len(self.rectype) - len(values))
        return pl.Series([*values, *blank], dtype=pl.String)

    def ks2(self) -> dict[str, pl.Series | str]:
        """The first 26 columns of a key stage 2 table."""
        pad = self._padded
        n, areas = len(self.sites), [str(code) for code in self.las.tolist()]
        return {
            "RECTYPE": pl.Series(self.rectype, dtype=pl.String),
            "ALPHAIND": pad([str(10 + 2 * i) for i in range(n)]),
            "LEA": pad([*self.la, *areas]),
            "ESTAB": pad(self.estab),
            "URN": pad(self.urn),
            "SCHNAME": pad(self.name),
            "ADDRESS1": pad(self.street),
            "ADDRESS2": pad([""] * n),
            "ADDRESS3": pad([""] * n),
            "TOWN": pad(self.town),
            "PCODE": pad(self.postcode),
            "TELNUM": pad(["01632960000"] * n),
            "PCON_CODE": pad(["E14999999"] * n),
            "PCON_NAME": pad(self.town),
            "URN_AC": pad(["0"] * n),
            "SCHNAME_AC": pad([""] * n),
            "OPEN_AC": pad([""] * n),
            "NFTYPE": pad(self.school_type),
            "ICLOSE": pad(["0"] * n),
            "RELDENOM": pad([f or "Does not apply" for f in self.faith]),
            "AGERANGE": pad(self.ages),
            "CONFEXAM": pad([""] * n),
            "TAB15": pad(["0"] * n),
            "TAB1618": pad(["0"] * n),
            "TOTPUPS": pad(
                ["NEW" if new else t for new, t in zip(self.new, self.total, strict=True)]
            ),
        }

    def ks4(self) -> dict[str, pl.Series | str]:
        """The first 29 columns of a key stage 4 table."""
        pad = self._padded
        shared = self.ks2()
        n = len(self.sites)
        girls = [
            str(int(t) - int(b)) if t.isdigit() else t
            for t, b in zip(self.total, self.boys, strict=True)
        ]
        return {
            **{k: shared[k] for k in _IN_EVERY_TABLE},
            "SCHNAME_AC": pad([""] * n),
            "CONTFLAG": pad(["0"] * n),
            "ADMPOL": pad(self.selective),
            "ADMPOL_PT": pad(["OTHER NON SEL"] * n),
            "EGENDER": pad(self.gender),
            "FEEDER": pad(["0"] * n),
            "TABKS2": pad(["0"] * n),
            "TAB1618": pad(self.sixth_form),
            "TOTPUPS": pad(
                ["NEW" if new else t for new, t in zip(self.new, self.total, strict=True)]
            ),
            "NUMBOYS": pad(self.boys),
            "NUMGIRLS": pad(girls),
        }

    def ks5(self) -> dict[str, pl.Series | str]:
        """The columns of a 16 to 18 table before its figures."""
        pad = self._padded
        shared = self.ks2()
        n = len(self.sites)
        return {
            **{k: shared[k] for k in _IN_EVERY_TABLE if k != "NFTYPE"},
            "ALPHAIND": shared["ALPHAIND"],
            "REGION": pad(["30"] * n),
            "LASORT": pad(["1"] * n),
            "SCHNAME_AC": pad([""] * n),
            "CONTFLAG": pad(["0"] * n),
            "NFTYPE/FESITYPE": pad(self.school_type),
            "ADMPOL": pad(self.selective),
            "ADMPOL_PT": pad(["OTHER NON SEL"] * n),
            "GEND1618": pad(self.gender),
            "FEEDER": pad(["0"] * n),
        }


_IN_EVERY_TABLE = words(
    """
    RECTYPE LEA ESTAB URN SCHNAME ADDRESS1 ADDRESS2 ADDRESS3 TOWN PCODE TELNUM PCON_CODE
    PCON_NAME ICLOSE NFTYPE RELDENOM AGERANGE CONFEXAM
    """
)
_TYPES = {
    "primary": ("CY", "VC", "VA"),
    "infant": ("CY", "VC", "VA"),
    "junior": ("CY", "VC", "VA"),
    "first": ("CY", "VC", "VA"),
    "middle": ("CY", "VC", "FD"),
    "secondary": ("CY", "VA", "FD"),
    "all-through": ("CY", "VA", "FD"),
}


def school_type(kind: str, faith: str, academy: bool, number: int) -> str:
    """The publisher's abbreviation of a school's type."""
    if kind == "special":
        return "ACCS" if academy else "CYS"
    if kind == "independent":
        return "IND"
    if kind == "16-18":
        return "Sixth Form College"
    if academy:
        return "AC" if number % 4 == 0 else "ACC"
    community, controlled, aided = _TYPES.get(kind, ("CY", "VC", "VA"))
    if faith:
        return aided if faith == "Roman Catholic" or number % 2 else controlled
    return community


def postcode(number: int) -> str:
    """A postcode in an area that the Post Office does not use."""
    letters = "ABDEFGHJLN"
    end = f"{number % 9 + 1}{letters[number % 10]}{letters[number // 10 % 10]}"
    return f"ZZ{1 + number // 500 % 90} {end}"


def identify(england: England, year: int, sites: Ints, las: Ints, *, stage: int) -> Identity:
    """Who the rows of one table are. ``stage`` is 2, 4 or 5: aggregates differ by file."""
    schools = england.register
    area, tail = {2: ("3", ["4", "5"]), 4: ("4", ["5", "7"]), 5: ("4", ["5", "7"])}[stage]
    at = sites.tolist()
    academy = schools.academy_in(year)
    special = schools.is_kind("special", "alternative provision")
    roll = schools.size * np.maximum(1, schools.high_age - schools.low_age)
    rectype = ["2" if special[i] and stage != 5 else "1" for i in at]
    return Identity(
        rectype=[*rectype, *[area] * len(las), *tail],
        sites=sites,
        las=las,
        la=[str(c) for c in schools.la[sites].tolist()],
        estab=[str(e) for e in schools.estab_in(year)[sites].tolist()],
        urn=[str(u) for u in schools.urn_in(year)[sites].tolist()],
        name=[schools.name[i] for i in at],
        street=[names.street(i) for i in at],
        town=[schools.town[i] for i in at],
        postcode=[postcode(i) for i in at],
        school_type=[
            school_type(schools.kind[i], schools.faith[i], bool(academy[i]), i) for i in at
        ],
        faith=[schools.faith[i] for i in at],
        ages=[f"{schools.low_age[i]}-{schools.high_age[i]}" for i in at],
        total=cells(roll[sites].astype(np.float64)).to_list(),
        boys=cells(np.round(roll * schools.boys)[sites]).to_list(),
        gender=[{0.0: "GIRLS", 1.0: "BOYS"}.get(float(schools.boys[i]), "MIXED") for i in at],
        selective=["NSE"] * len(at),
        sixth_form=["1" if schools.sixth_form[i] else "0" for i in at],
        new=[bool(schools.opened[i] >= year - 1) for i in at],
    )
