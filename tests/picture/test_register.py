"""What kind of school a school is, from the publishers' words."""

import polars as pl
import pytest

from bridgehead.picture.kinds_of_school import detailed, phase, state_funded, type_group


def one(expression, **columns):
    return pl.DataFrame({k: [v] for k, v in columns.items()}).select(expression).item()


@pytest.mark.parametrize(
    ("type_name", "group", "expected"),
    [
        ("Community school", "Local authority maintained schools", "maintained"),
        ("Voluntary aided school", "Local authority maintained schools", "maintained"),
        ("Pupil referral unit", "Local authority maintained schools", "maintained"),
        ("Community special school", "Special schools", "maintained"),
        ("Foundation special school", "Special schools", "maintained"),
        ("Academy converter", "Academies", "academy"),
        ("Academy special converter", "Academies", "academy"),
        ("Free schools", "Free Schools", "academy"),
        ("Studio schools", "Free Schools", "academy"),
        ("Other independent school", "Independent schools", "independent"),
        ("Other independent special school", "Special schools", "independent"),
        ("Non-maintained special school", "Special schools", "other"),
        ("Further education", "Colleges", "college"),
        ("Special post 16 institution", "Other types", "college"),
        ("Miscellaneous", "Other types", "other"),
    ],
)
def test_type_groups(type_name, group, expected):
    assert one(type_group(pl.col("t"), pl.col("g")), t=type_name, g=group) == expected


@pytest.mark.parametrize(
    ("detail", "type_name", "low", "high", "expected"),
    [
        ("Primary", "Community school", 4, 11, "primary"),
        ("Middle deemed primary", "Community school", 8, 12, "primary"),
        ("Middle deemed secondary", "Academy converter", 9, 13, "secondary"),
        ("Secondary", "Academy converter", 11, 18, "secondary"),
        ("All-through", "Academy converter", 3, 18, "all-through"),
        ("16 plus", "Academy 16-19 converter", 16, 19, "16-18"),
        ("Nursery", "Local authority nursery school", 2, 5, "nursery"),
        ("Not applicable", "Community special school", 2, 19, "special"),
        ("Not applicable", "Pupil referral unit", 5, 16, "alternative provision"),
        ("Not applicable", "Other independent school", 3, 13, "primary"),
        ("Not applicable", "Other independent school", 11, 18, "secondary"),
        ("Not applicable", "Other independent school", 2, 18, "all-through"),
        ("Not applicable", "Miscellaneous", None, None, ""),
    ],
)
def test_phases(detail, type_name, low, high, expected):
    columns = pl.DataFrame(
        {"d": [detail], "t": [type_name], "l": [low], "h": [high]},
        schema_overrides={"l": pl.Int32, "h": pl.Int32},
    )
    got = columns.select(phase(pl.col("d"), pl.col("t"), pl.col("l"), pl.col("h"))).item()
    assert got == expected


@pytest.mark.parametrize(
    ("detail", "low", "high", "expected"),
    [
        ("Primary", 4, 11, "Primary"),
        ("Primary", 4, 7, "Infant"),
        ("Primary", 4, 9, "First"),
        ("Primary", 7, 11, "Junior"),
        ("Middle deemed primary", 8, 12, "Middle deemed primary"),
    ],
)
def test_the_part_of_primary_education_is_told_by_ages(detail, low, high, expected):
    got = one(
        detailed(pl.col("d"), pl.lit("primary"), pl.col("l"), pl.col("h")), d=detail, l=low, h=high
    )
    assert got == expected


def test_who_is_ranked_as_state_funded():
    groups = pl.DataFrame({"g": ["maintained", "academy", "college", "", "independent", "other"]})
    told = groups.select(state_funded(pl.col("g")))["g"].to_list()
    assert told == [True, True, True, True, False, False]


def test_without_a_register_the_tables_tell(home, publish, school):
    from bridgehead.picture.picture import ensure

    publish(
        "2016-2017",
        [
            school(900001, NFTYPE="VA"),
            school(900002, NFTYPE="ACS", RECTYPE="2"),
            school(900003, AGERANGE="7-11"),
        ],
    )
    picture = ensure(home)
    first = picture.school(900001).school
    assert (first.name, first.type_group, first.phase) == (
        "Invented School 900001",
        "maintained",
        "primary",
    )
    assert (first.la, first.laestab, first.pupils) == ("990", 9902001, 210)
    special = picture.school(900002).school
    assert (special.phase, special.type_group) == ("special", "academy")
    assert not picture.schools["la_name"].is_null().any()


@pytest.mark.parametrize(
    ("text", "pupils"),
    [("210", 210), ("1,210", 1210), ("-5", None), ("1e309", None), ("1,2", None)],
)
def test_pupils_on_roll_are_a_number_of_pupils_or_not_known(home, publish, school, text, pupils):
    from bridgehead.picture.picture import ensure

    publish("2016-2017", [school(900001, TOTPUPS=text), school(900002)])
    assert ensure(home).school(900001).school.pupils == pupils
