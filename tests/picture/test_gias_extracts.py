"""Extracts of the register with codes alone or names alone, and trusts from its other lists. Every
school and trust is invented."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.picture.picture import ensure
from tests.opendata.test_gias_groups import GROUPS, MEMBERS, member

CODES = (
    "URN,LA (code),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),"
    "EstablishmentStatus (code),PhaseOfEducation (code),StatutoryLowAge,StatutoryHighAge,"
    "Gender (code),Trusts (code),Easting"
)
NAMES = (
    "URN,LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),"
    "EstablishmentTypeGroup (name),EstablishmentStatus (name),PhaseOfEducation (name),"
    "StatutoryLowAge,StatutoryHighAge,Trusts (name),Easting"
)


@pytest.fixture
def take(home: Path, tmp_path: Path) -> Callable[[str, list[str]], None]:
    """Write a file under a name and load it."""

    def run(name: str, lines: list[str]) -> None:
        path = tmp_path / name
        path.write_text("\r\n".join(lines), encoding="cp1252")
        (report,) = load([path], store=Store(home)).files
        assert report.outcome.value == "loaded", report

    return run


def test_codes_alone_say_what_a_school_is(home, take):
    rows = [
        "900001,990,2001,Invented Infants,1,1,2,4,7,3,,500000",
        "900002,990,2002,Invented Academy,34,1,4,11,18,2,5001,500000",
        "900003,990,2003,Invented Unit,14,1,0,5,16,3,,500000",
        "900004,990,2004,Invented and Gone,01,2,2,4,11,3,,500000",
    ]
    take("edubasealldata20260924_synthetic.csv", [CODES, *rows])
    picture = ensure(home)
    first, second, third = (picture.school(u).school for u in (900001, 900002, 900003))
    assert (first.type_name, first.type_group) == ("Community school", "maintained")
    assert (first.phase, first.phase_detail, first.gender) == ("primary", "Infant", "Mixed")
    assert (second.type_name, second.type_group) == ("Academy converter", "academy")
    assert (second.phase, second.gender, second.trust) == ("secondary", "Girls", "")
    assert (third.phase, third.type_group) == ("alternative provision", "maintained")
    assert picture.resolve(900004) is None  # closed, and no figures speak of it


def test_the_list_of_groups_names_the_trust_that_is_a_number(home, take):
    take(
        "edubasealldata20260924_synthetic.csv",
        [CODES, "900002,990,2002,Invented Academy,34,1,4,11,18,2,5001,500000"],
    )
    group = "5001,TR00001,Invented Trust,01234567,06,Multi-academy trust,,,,1,Open,,,,,,,"
    take("allgroupsdata20260924_synthetic.csv", [GROUPS, group, group.replace("5001", "5002")])
    assert ensure(home).school(900002).school.trust == "Invented Trust"


def test_names_alone_are_read_as_before(home, take):
    take(
        "edubasealldata20260924_synthetic.csv",
        [
            NAMES,
            "900001,Inventshire,2001,Invented Primary,Community school,"
            "Local authority maintained schools,Open,Primary,4,11,,500000",
        ],
    )
    school = ensure(home).school(900001).school
    assert (school.la_name, school.phase, school.type_group) == (
        "Inventshire",
        "primary",
        "maintained",
    )


def test_membership_gives_the_trust_that_the_register_lacks_unless_the_school_has_left(home, take):
    rows = [f"90000{n},990,200{n},Invented Academy {n},34,1,4,11,18,3,,500000" for n in range(1, 5)]
    take("edubasealldata20260924_synthetic.csv", [CODES, *rows])
    take(
        "academiesmatmembership20260924_synthetic.csv",
        [
            MEMBERS,
            member(900001, "Invented Trust"),
            member(900002, "Invented Trust", left="31-08-2022"),
            member(900003, "Old Trust", joined="01-09-2015"),
            member(900003, "New Trust", joined="01-01-2021"),
            member(900009, "Invented Trust"),
        ],
    )
    picture = ensure(home)
    trusts = [picture.school(u).school.trust for u in range(900001, 900005)]
    assert trusts == ["Invented Trust", "", "New Trust", ""]
    assert picture.resolve(900009) is None  # a list of members makes no school


def test_the_register_goes_before_the_list_of_members(home, take):
    take(
        "edubasealldata20260924_synthetic.csv",
        [
            NAMES,
            "900001,Inventshire,2001,Invented Academy,Academy converter,Academies,Open,Primary,4,"
            "11,Trust of the Register,500000",
        ],
    )
    take(
        "academiesmatmembership20260924_synthetic.csv",
        [MEMBERS, member(900001, "Another Trust"), member(900002, "Another Trust")],
    )
    assert ensure(home).school(900001).school.trust == "Trust of the Register"
