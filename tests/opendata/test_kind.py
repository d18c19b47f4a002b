"""A column name taken apart: field, group, year, and what it is to its kind."""

import pytest

from bridgehead.opendata.kind import Kind, Role
from bridgehead.opendata.recognise import kind_of
from bridgehead.opendata.sources import KINDS


@pytest.mark.parametrize(
    ("kind", "year", "column", "name", "group", "speaks_of"),
    [
        ("ks2", 2018, "PTRWM_EXP", "PTRWM_EXP", "all", 2018),
        ("ks2", 2018, "PTRWM_EXP_FSM6CLA1A", "PTRWM_EXP", "disadvantaged", 2018),
        ("ks2", 2018, "PTRWM_EXP_NotFSM6CLA1A_18", "PTRWM_EXP", "others", 2017),
        ("ks2", 2018, "READPROG_B_LOWER", "READPROG_LOWER", "boys", 2018),
        ("ks2", 2018, "READPROG_LOWER_17", "READPROG_LOWER", "all", 2016),
        ("ks2", 2018, "PTRWM_EXP_3YR", "PTRWM_EXP_3YR", "all", 2018),
        ("ks2", 2016, "PTRWM_EXP_16", "PTRWM_EXP", "all", 2015),
        ("ks4", 2018, "PTL2BASICS_94", "PTL2BASICS_94", "all", 2018),
        ("ks4", 2018, "PTL2BASICS_94_17", "PTL2BASICS_94", "all", 2016),
        ("ks4", 2018, "PTEBACC_E_17_PTQ_EE", "PTEBACC_E_PTQ_EE", "all", 2016),
        ("ks4", 2018, "ATT8SCR_NFSM6CLA1A_18", "ATT8SCR", "others", 2017),
        ("ks4", 2018, "P8CILOW_GIRLS", "P8CILOW", "girls", 2018),
        ("ks4", 2016, "PT5EM_94_17", "PT5EM_94", "all", 2016),
        ("ks4", 2024, "ATT8SCR_PREV", "ATT8SCR", "all", 2023),
        ("ks4", 2024, "ATT8SCR_FSM6CLA1A_PREV2", "ATT8SCR", "disadvantaged", 2022),
        ("ks4", 2018, "TEBACC91", "TEBACC91", "all", 2018),
        ("ks5", 2022, "TPUP1618", "TPUP1618", "all", 2022),
        ("ks5", 2022, "TALLPUP_ALEV_1618_DIS_21", "TALLPUP_ALEV_1618", "disadvantaged", 2020),
        ("ks5", 2021, "TALLPPE_ALEV_1618_19", "TALLPPE_ALEV_1618", "all", 2018),
        ("absence", 2018, "PPERSABS10", "PPERSABS10", "all", 2018),
        ("gias", None, "NumberOfPupils", "NumberOfPupils", "all", None),
    ],
)
def test_names_come_apart(
    kind: str, year: int | None, column: str, name: str, group: str, speaks_of: int | None
) -> None:
    field = KINDS[kind].field(column, year)
    assert (field.name, field.group, field.year) == (name, group, speaks_of)
    assert field.history == (speaks_of != year)


@pytest.mark.parametrize(
    ("kind", "column", "looks_back_on"),
    [
        ("ks2", "READPROG_LOWER_18", 2017),
        ("ks2", "READPROG_LOWER_19", 2018),
        ("ks2", "READPROG_LOWER_17", 2016),
        ("ks2", "READPROG_LOWER", None),
        ("ks4", "ATT8SCR_18", 2017),
        ("ks4", "PT5EM_94_18", None),
        ("absence", "PERCTOT_18", None),
    ],
)
def test_a_column_may_look_back_on_the_year_that_was_given(
    kind: str, column: str, looks_back_on: int | None
) -> None:
    assert KINDS[kind].looked_back_on(column, 2017) == looks_back_on


@pytest.mark.parametrize(
    ("kind", "column", "role"),
    [
        ("ks2", "SCHNAME", Role.TEXT),
        ("ks2", "READPROG_MOBN_UPPER", Role.FIGURE),
        ("ks2", "PTCOOKERY_EXP", Role.UNKNOWN),
        ("ks2", "HEADTEACHER_NAME", Role.PERSON),
        ("ks5", "TALLPPEGRD_ALEV_1618", Role.WORDS),
        ("ks5", "TALLPPEGRD_ALEV_NOTDIS_22", Role.WORDS),
        ("ks4", "ADMPOL", Role.WORDS),
        ("ks5", "TALLPPE_ALEV_1618", Role.FIGURE),
        ("gias", "HeadLastName", Role.PERSON),
        ("gias", "HeadTitle (code)", Role.PERSON),
        ("gias", "PropsName", Role.PERSON),
        ("gias", "MainEmail", Role.PERSON),
        ("gias", "InspectorateName (name)", Role.TEXT),
        ("gias", "EstablishmentName", Role.TEXT),
        ("gias", "TypeOfEstablishment (code)", Role.TEXT),
        ("ofsted_mi", "Lead inspector", Role.PERSON),
        ("ofsted_mi", "Latest OEIF  safeguarding is effective?", Role.WORDS),
        ("ofsted_mi", "Latest OEIF inspection type", Role.TEXT),
        ("ofsted_mi", "Most recent category of concern", Role.WORDS),
        ("gias", "OfstedRating (name)", Role.WORDS),
        ("ofsted_mi", "Curriculum and teaching - date of grade", Role.TEXT),
        ("gias_grouplinks", "Head of Group Last Name", Role.PERSON),
    ],
)
def test_what_a_column_is_to_its_kind(kind: str, column: str, role: Role) -> None:
    assert KINDS[kind].role(column, 2018) is role


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda k: k.key)
def test_no_kind_lists_a_column_in_two_roles(kind: Kind) -> None:
    listed = len(kind.texts) + len(kind.words) + len(kind.figures)
    assert len(kind.texts | kind.words | kind.figures) == listed


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda k: k.key)
def test_a_header_of_required_and_marking_columns_is_known_as_its_own_kind(kind: Kind) -> None:
    columns = [names[0] for names in kind.required]
    assert kind_of([*dict.fromkeys([*columns, *kind.signature])]) is kind
