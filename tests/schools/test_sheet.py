"""A sheet of members: what is read, and what is said of what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.schools.rules import MemberKind, kind_of
from bridgehead.schools.rules.sheet import MOST_ROWS, MemberRow, read_sheet

HEAD = "urn,kind,name,town,postcode\n"


def test_schools_by_urn_and_others_by_name() -> None:
    rows, faults = read_sheet(HEAD + "900003,,,,\n,Charity,Read Together,Harbour,AB1 2CD\n")
    assert not faults
    assert rows == [
        MemberRow(2, 900003, None, ""),
        MemberRow(3, None, MemberKind.CHARITY, "Read Together", "Harbour", "AB1 2CD"),
    ]


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_it_may_be_pasted_from_a_spreadsheet(delimiter: str) -> None:
    text = "\ufeffKind,Name\r\ntrust,Harbour\r\n\r\nemployer,Mill\r\n".replace(",", delimiter)
    rows, faults = read_sheet(text)
    assert [(r.number, r.kind, r.name) for r in rows] == [
        (2, MemberKind.TRUST, "Harbour"),
        (4, MemberKind.EMPLOYER, "Mill"),
    ]
    assert not faults


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("90003,,,,", "Row 2, urn, “90003”: A URN is a number of six digits."),
        (
            ",chairty,Read,,",
            "Row 2, kind, “chairty”: This kind is not known. Did you mean charity?",
        ),
        (",,Read,,", "Row 2, kind: The kind is missing."),
        (",charity,,,", "Row 2, name: The name is missing."),
        (",charity," + "x" * 201 + ",,", "It is longer than 200 characters."),
        (",charity,Read,Harbour,AB1,more", "Row 2: The row has 6 cells, the heading has 5."),
        (",charity,Read\x1b[2J,,", "It holds a character that cannot be printed."),
    ],
)
def test_each_fault_names_row_column_value_and_remedy(line: str, said: str) -> None:
    rows, faults = read_sheet(HEAD + line + "\n")
    assert not rows
    assert said in " ".join(map(str, faults))
    assert all(fault.remedy for fault in faults)


def test_every_bad_row_is_told_at_once() -> None:
    _, faults = read_sheet(HEAD + "1,,,,\n,charity,Read,,\n,king,Arthur,,\n,charity,READ,,\n")
    assert [(f.number, f.column) for f in faults] == [(2, "urn"), (4, "kind"), (5, "name")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The sheet is empty"),
        (HEAD, "no row under the heading"),
        ("urn,size\n900003,3\n", "This heading is not known"),
        ("name,town\nRead,Harbour\n", "Nothing says who the members are"),
        ("urn,urn\n900003,900003\n", "Two columns have this meaning"),
        ("urn\n" + "900003\n" * (MOST_ROWS + 1), "2,000 are taken at once"),
    ],
)
def test_a_sheet_that_cannot_be_read_says_why(text: str, said: str) -> None:
    rows, faults = read_sheet(text)
    assert (rows, len(faults)) == ([], 1)
    assert said in str(faults[0])


@given(st.text())
def test_whatever_is_pasted_is_answered(text: str) -> None:
    rows, faults = read_sheet(text)
    assert rows or faults


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (("academy", "primary", "Academy converter"), MemberKind.ACADEMY),
        (("academy", "special", "Academy special converter"), MemberKind.SPECIAL),
        (("maintained", "nursery", "Local authority nursery school"), MemberKind.NURSERY),
        (("maintained", "primary", "Community school"), MemberKind.MAINTAINED),
        (("independent", "secondary", "Other independent school"), MemberKind.INDEPENDENT),
        (("college", "16-18", "Further education"), MemberKind.COLLEGE),
        (("other", "", "Higher education institutions"), MemberKind.UNIVERSITY),
        (("other", "", "Secure units"), MemberKind.PRISON),
        (("other", "alternative provision", "Pupil referral unit"), MemberKind.ALTERNATIVE),
        (("other", "primary", "Something new"), MemberKind.OTHER),
    ],
)
def test_the_kind_of_a_school_of_the_register(
    facts: tuple[str, str, str], kind: MemberKind
) -> None:
    assert kind_of(*facts) is kind
