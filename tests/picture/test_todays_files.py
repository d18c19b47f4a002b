"""Today's files beside the older ones: one series where the definition is the same, a marked break
where it is not. Every figure is invented."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from bridgehead.core.figures import Reason
from bridgehead.opendata.load import load
from bridgehead.opendata.observations import observations
from bridgehead.opendata.releases import Store
from bridgehead.picture.picture import ensure
from tests.tidy_files import (
    DISADVANTAGED,
    GIRLS,
    KS2,
    KS2_ENGLAND,
    KS2_INFO,
    OTHERS,
    england_row,
    ks2_row,
    when,
    write,
)

RWM = "ks2.rwm_expected"
Take = Callable[..., list[str]]


@pytest.fixture
def take(home: Path, tmp_path: Path) -> Take:
    """``take(columns, rows)`` writes a tidy file and loads it; gives its releases."""
    number = count()

    def run(columns: tuple[str, ...], rows: list[dict[str, str]], name: str = "ees") -> list[str]:
        path = write(tmp_path / f"{name}_{next(number)}_synthetic.csv", columns, rows)
        files = load([path], store=Store(home)).files
        assert all(one.outcome.value == "loaded" for one in files), files
        return [str(one.release) for one in files]

    return run


def test_older_and_todays_files_are_one_series(home, publish, school, take):
    old = publish("2018-2019", [school(900001, ESTAB="2001", PTRWM_EXP="64%")])
    rows = [
        ks2_row(900001, "58", period="202223", version="Final"),
        ks2_row(900001, "c", period="202324", version="Final"),
        ks2_row(900001, "66", period="202425"),
        ks2_row(900001, "71", period="202425", subject="Reading"),
    ]
    new = take(KS2, rows)
    found = ensure(home).school(900001).series
    points = found[RWM].points
    assert [(p.year, p.value, p.raw) for p in points] == [
        (2018, 64.0, "64%"),
        (2022, 58.0, "58"),
        (2023, None, "c"),
        (2024, 66.0, "66"),
    ]
    assert points[2].reason is Reason.CONFIDENTIAL
    assert [(p.release, p.row, p.status) for p in points] == [
        (old, 2, "final"),
        (new[0], 2, "final"),
        (new[1], 3, "final"),
        (new[2], 4, "revised"),
    ]
    assert points[3].column == "expected_standard_pupil_percent"
    assert not [b for b in found[RWM].measure.breaks if 2018 < b.year <= 2024]
    assert found["ks2.reading_expected"].at(2024).value == 71.0
    assert found["ks2.reading_expected"].at(2024).row == 5


def test_each_group_is_read_from_its_own_row(home, take):
    rows = [
        ks2_row(900001, "60"),
        ks2_row(900001, "40", pupils=DISADVANTAGED),
        ks2_row(900001, "68", pupils=OTHERS),
        ks2_row(900001, "63", pupils=GIRLS),
        ks2_row(900001, "99", pupils={"breakdown_topic": "Ethnicity", "breakdown": "Invented"}),
    ]
    take(KS2, rows)
    found = ensure(home).school(900001).series
    values = {key: found[key].at(2024).value for key in found if key.startswith(RWM)}
    assert values == {
        RWM: 60.0,
        f"{RWM}.disadvantaged": 40.0,
        f"{RWM}.others": 68.0,
        f"{RWM}.gap": None,  # England's other pupils are not loaded
        f"{RWM}.girls": 63.0,
    }


def test_reading_of_girls_is_read_from_the_row_of_girls(home, take):
    """The DfE's own map (``sap_datamap.csv``: READ_AVERAGE_G) points at disadvantaged pupils."""
    score = {"subject": "Reading", "average_scaled_score": "104"}
    rows = [
        ks2_row(900001, "60", **score),
        ks2_row(900001, "60", pupils=GIRLS, **(score | {"average_scaled_score": "106"})),
        ks2_row(900001, "60", pupils=DISADVANTAGED, **(score | {"average_scaled_score": "99"})),
    ]
    take(KS2, rows)
    found = ensure(home).school(900001).series
    assert found["ks2.reading_average.girls"].at(2024).value == 106.0
    assert found["ks2.reading_average.girls"].at(2024).row == 3
    assert found["ks2.reading_average.disadvantaged"].at(2024).value == 99.0


def test_england_comes_from_its_own_file_and_is_state_funded(home, take):
    take(KS2, [ks2_row(900001, "60"), ks2_row(900001, "40", pupils=DISADVANTAGED)])
    take(
        KS2_ENGLAND,
        [
            england_row("59", establishment_type_group="All schools"),
            england_row("62"),
            england_row("47", pupils=DISADVANTAGED),
            england_row(
                "69",
                pupils={
                    "breakdown_topic": "Disadvantaged status",
                    "breakdown": "Disadvantaged all other",
                },
            ),
            england_row("55", geographic_level="Local authority", old_la_code="990"),
        ],
    )
    found = ensure(home).school(900001).series
    assert found[RWM].at(2024).england == 62.0
    assert found[f"{RWM}.disadvantaged"].at(2024).england == 47.0
    # The gap stands without a row for other pupils of the school: England's are enough.
    assert found[f"{RWM}.gap"].at(2024).value == 40.0 - 69.0
    assert f"{RWM}.others" not in found


def test_the_pupils_behind_a_figure_are_counted_in_the_file_about_schools(home, take):
    take(KS2, [ks2_row(900001, "60"), ks2_row(900001, "40", pupils=DISADVANTAGED)])
    about = when("202425") | {"school_urn": "900001", "old_la_code": "990"}
    take(KS2_INFO, [about | {"telig": "31", "tfsm6cla1a": "9", "ptfsm6cla1a": "29", "belig": "16"}])
    found = ensure(home).school(900001).series
    assert found[RWM].at(2024).cohort == 31.0
    assert found[f"{RWM}.disadvantaged"].at(2024).cohort == 9.0
    assert found["ks2.cohort_disadvantaged"].at(2024).value == 29.0


def test_rows_that_contradict_one_another_give_no_figure(home, take):
    rows = [ks2_row(900001, "60"), ks2_row(900001, "64"), ks2_row(900002, "70")]
    take(KS2, [*rows, ks2_row(900001, "55", subject="Reading")])
    picture = ensure(home)
    assert RWM not in picture.school(900001).series
    assert picture.school(900001).series["ks2.reading_expected"].at(2024).value == 55.0
    assert picture.school(900002).series[RWM].at(2024).value == 70.0


def test_a_final_figure_of_the_older_file_stands_against_a_revised_one(home, publish, school, take):
    publish("2022-2023", [school(900001, ESTAB="2001", PTRWM_EXP="64%")])
    take(KS2, [ks2_row(900001, "58", period="202223", version="Revised")])
    assert ensure(home).school(900001).series[RWM].at(2022).value == 64.0


def test_an_academy_keeps_its_history_across_both_layouts(home, publish, school, take):
    publish("2018-2019", [school(900001, ESTAB="2001", PTRWM_EXP="64%")])
    take(KS2, [ks2_row(900901, "66", school_laestab="9902001")])
    found = ensure(home).school(900001)
    assert found.school.urns == (900001, 900901)
    assert [p.value for p in found.series[RWM].points] == [64.0, 66.0]
    assert found.school.name == "Invented School 900901"


KS4 = (
    "time_period,time_identifier,geographic_level,country_code,version,school_laestab,school_urn,"
    "school_name,establishment_type_group,breakdown_topic,breakdown,sex,disadvantage_status,"
    "first_language,prior_attainment,mobility,pupil_count,attainment8_average,engmath_94_percent,"
    "progress8_pupil_count,progress8_average,progress8_lower_95_ci,progress8_upper_95_ci"
)
KS4_2023 = (
    "time_period,time_identifier,geographic_level,country_code,version,school_laestab,school_urn,"
    "school_name,establishment_type_group,breakdown_topic,breakdown,sex,disadvantage,"
    "first_language,prior_attainment,mobility,t_pupils,avg_att8,pt_l2basics_94,t_inp8calc,"
    "avg_p8score,p8score_ci_low,p8score_ci_upp"
)


def test_key_stage_4_is_read_under_both_sets_of_names(home, take):
    def row(period: str, figures: str) -> str:
        return (
            f"{period},Academic year,School,E92000001,Final,9904001,900401,Invented High,"
            f"Academies and free schools,{figures}"
        )

    def lines(header: str, *rows: str) -> list[dict[str, str]]:
        names = header.split(",")
        return [dict(zip(names, one.split(","), strict=True)) for one in rows]

    everybody = "Total,Total,Total,Total,Total,Total,Total"
    poor = "Disadvantage status,Disadvantaged,Total,Disadvantaged,Total,Total,Total"
    boys = "Sex,Boys,Boys,Total,Total,Total,Total"
    take(
        tuple(KS4_2023.split(",")),
        lines(KS4_2023, row("202324", f"{everybody},180,46.1,65.2,171,-0.1,-0.3,0.1")),
    )
    take(
        tuple(KS4.split(",")),
        lines(
            KS4,
            row("202425", f"{everybody},176,47.0,66.0,z,z,z,z"),
            row("202425", f"{poor},40,35.5,44.0,z,z,z,z"),
            row("202425", f"{boys},90,44.0,60.0,z,z,z,z"),
        ),
    )
    found = ensure(home).school(900401).series
    a8 = found["ks4.attainment8"].points
    assert [(p.year, p.value, p.cohort, p.column) for p in a8] == [
        (2023, 46.1, 180.0, "avg_att8"),
        (2024, 47.0, 176.0, "attainment8_average"),
    ]
    assert found["ks4.attainment8.disadvantaged"].at(2024).value == 35.5
    assert found["ks4.basics_94.boys"].at(2024).value == 60.0
    assert found["ks4.progress8"].at(2023).value == -0.1
    assert found["ks4.progress8"].at(2024) is None  # not published: no starting point


KS5 = (
    "time_period,time_identifier,geographic_level,country_code,version,school_name,school_urn,"
    "school_laestab,disadvantage_status,exam_cohort,aps_per_entry,aps_per_entry_student_count,"
    "aab_percent,aab_student_count"
)


def test_a_measure_that_changed_its_meaning_breaks(home, take):
    def row(period: str, cohort: str, points: str, aab: str) -> dict[str, str]:
        cells = (
            f"{period},Academic year,School,E92000001,Final,Invented Sixth,900501,9904501,Total,"
            f"{cohort},{points},60,{aab},40"
        )
        return dict(zip(KS5.split(","), cells.split(","), strict=True))

    rows = [
        row(p, c, v, a) for p in ("202223", "202324") for c, v, a in (("A level", "34.1", "21"),)
    ]
    take(tuple(KS5.split(",")), [*rows, row("202324", "Academic", "34.4", "z")])
    found = ensure(home).school(900501).series
    assert [p.year for p in found["ks5.alevel_points"].points] == [2022, 2023]
    assert found["ks5.academic_points"].at(2023).value == 34.4
    broken = found["ks5.alevel_aab"]
    assert [p.year for p in broken.points] == [2023]  # not read as the same thing before
    assert [b.year for b in broken.measure.breaks] == [2023]
    assert "facilitating" in broken.measure.breaks[0].why


ABSENCE = (
    "time_period,time_identifier,geographic_level,country_code,school_urn,school_laestab,"
    "school_name,education_phase,enrolments,sess_overall_percent,enrolments_pa_10_exact_percent,"
    "enrolments_pa_50_exact_percent"
)


def test_absence_joins_the_older_file_and_counts_pupils_and_england_is_by_phase(
    home, take, tmp_path
):
    path = tmp_path / "2018-2019_england_abs_synthetic.csv"
    rows = ["LA,ESTAB,URN,PERCTOT,PPERSABS10", "990,2001,900001,4.0,8.0", "990,2002,900002,5,9"]
    rows += [f"NAT,{phase},,4.5,9.5" for phase in ("PRI", "SEC", "SPE")]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    load([path], store=Store(home))

    def row(level: str, urn: str, phase: str, figures: str) -> dict[str, str]:
        cells = f"202425,Academic year,{level},E92000001,{urn},9902001,Invented,{phase},{figures}"
        return dict(zip(ABSENCE.split(","), cells.split(","), strict=True))

    take(
        tuple(ABSENCE.split(",")),
        [
            row("School", "900001", "State-funded primary", "210,5.1,14.0,1.2"),
            row("National", "", "State-funded primary", "4000000,5.3,15.0,1.3"),
            row("National", "", "State-funded secondary", "3000000,8.5,24.0,3.5"),
            row("National", "", "Total", "7300000,6.9,18.7,2.3"),
        ],
    )
    found = ensure(home).school(900001)
    points = found.series["absence.overall"].points
    assert [(p.year, p.value, p.cohort) for p in points] == [(2018, 4.0, None), (2024, 5.1, 210.0)]
    assert found.school.phase == "primary"
    assert [p.england for p in points] == [4.5, 5.3]
    assert found.series["absence.severe"].at(2024).value == 1.2


SUSPENSIONS = (
    "time_identifier,time_period,geographic_level,country_code,school_urn,school_laestab,"
    "education_phase,headcount,perm_excl,perm_excl_rate,suspension,susp_rate,one_plus_susp,"
    "one_plus_susp_rate"
)
WORKFORCE = (
    "time_period,time_identifier,geographic_level,country_code,school_laestab,school_urn,"
    "school_name,school_type,pupils_fte,qualified_teachers_fte,pupil_to_qual_teacher_ratio,"
    "pupil_to_qual_unqual_teacher_ratio,pupil_to_adult_ratio"
)


def test_suspensions_and_teachers_are_read(home, take):
    def rows(header: str, *lines: str) -> list[dict[str, str]]:
        return [dict(zip(header.split(","), one.split(","), strict=True)) for one in lines]

    take(
        tuple(SUSPENSIONS.split(",")),
        rows(
            SUSPENSIONS,
            "Academic year,202324,School,E92000001,900401,9904001,State-funded secondary,"
            "900,1,0.11,99,11.0,45,5.0",
            "Academic year,202324,National,E92000001,,,State-funded secondary,"
            "3000000,9000,0.30,800000,26.6,250000,8.3",
        ),
    )
    take(
        tuple(WORKFORCE.split(",")),
        rows(
            WORKFORCE,
            "202425,November,School,E92000001,9904001,900401,Invented High,"
            "State-funded secondary,900,52,17.3,16.9,11.0",
            "202425,November,National,E92000001,,,,Total state-funded schools,"
            "8000000,400000,20.7,18.0,11.2",
            "202425,November,National,E92000001,,,,State-funded secondary,"
            "3000000,200000,17.9,16.8,11.9",
            "202425,November,National,E92000001,,,,Centrally employed,0,300,0,0,0",
        ),
    )
    found = ensure(home).school(900401).series
    rate = found["suspensions.rate"].at(2023)
    assert (rate.value, rate.cohort, rate.england) == (11.0, 900.0, 26.6)
    assert found["suspensions.pupils"].at(2023).value == 5.0
    assert found["suspensions.permanent"].at(2023).value == 0.11
    assert found["suspensions.rate"].measure.format(11.0) == "11.0"
    teachers = found["workforce.pupil_teacher_ratio"].at(2024)
    assert (teachers.value, teachers.england) == (17.3, 17.9)


def test_every_point_is_the_observation_of_its_row(home, take):
    rows = [
        ks2_row(900001, percent, period=period, subject=subject, pupils=pupils)
        for period, percent in (("202223", "41"), ("202324", "c"), ("202425", "low"))
        for subject in ("Reading", "Maths", "Reading, writing and maths")
        for pupils in (None, GIRLS, DISADVANTAGED)
    ]
    take(KS2, rows)
    seen = 0
    for series in ensure(home).school(900001).series.values():
        for point in (p for p in series.points if series.group != "gap"):
            (one,) = [
                o
                for o in observations(Store(home), point.release, [point.column])
                if o.row == point.row
            ]
            assert (one.urn, one.year, one.group) == (900001, point.year, series.group)
            assert (one.value, one.raw, one.reason) == (point.value, point.raw, point.reason)
            seen += 1
    assert seen >= 3 * 3 * 3


@pytest.mark.parametrize("text", ["150", "-5", "1,234", "99999999999999999999"])
def test_a_percentage_that_cannot_be_is_kept_as_text_and_is_no_figure(home, take, text):
    rows = [ks2_row(900001, text), ks2_row(900002, "100"), ks2_row(900003, "0")]
    take(KS2, [*rows, england_row(text)])
    found = ensure(home)
    (point,) = found.school(900001).series[RWM].points
    assert (point.value, point.raw, point.reason) == (None, text, Reason.IMPOSSIBLE)
    assert point.england is None
    assert [found.school(u).series[RWM].points[0].value for u in (900002, 900003)] == [100.0, 0.0]


def test_fewer_pupils_than_none_are_not_counted(home, take):
    take(KS2, [ks2_row(900001, "60"), ks2_row(900002, "70")])
    rows = [
        when("202425") | {"school_urn": str(900001 + n), "telig": t}
        for n, t in enumerate(("-5", "30"))
    ]
    take(KS2_INFO, rows, "info")
    found = ensure(home)
    assert [found.school(u).series[RWM].points[0].cohort for u in (900001, 900002)] == [None, 30.0]


def test_nought_has_no_sign(home, take):
    take(KS2, [ks2_row(900001, "-0")])
    assert str(ensure(home).school(900001).series[RWM].points[0].value) == "0.0"


def test_names_with_spaces_for_underscores_are_read_as_they_were_recognised(home, take):
    names = tuple(name.replace("_", " ").title() for name in KS2)
    row = {name.replace("_", " ").title(): text for name, text in ks2_row(900001, "60").items()}
    take(names, [row])
    school = ensure(home).school(900001)
    assert school.school.name == "Invented School 900001"
    assert [(p.value, p.raw) for p in school.series[RWM].points] == [(60.0, "60")]


def test_a_file_without_a_single_name_of_a_school_builds_a_picture(home, take):
    lost = ("school_name", "country_code", "country_name", "school_laestab")
    take(tuple(name for name in KS2 if name not in lost), [ks2_row(900001, "60")])
    school = ensure(home).school(900001)
    assert (school.school.name, school.series[RWM].points[0].value) == ("School 900001", 60.0)


def test_in_the_invented_england_both_layouts_of_absence_are_one_unbroken_series(picture):
    columns: dict[str, set[int]] = {}
    joined = 0
    for urn in picture.schools.filter(picture.schools["la"] == "990")["urn"].to_list():
        one = picture.school(urn).series.get("absence.overall")
        if one is None:
            continue
        for point in one.points:
            columns.setdefault(point.column, set()).add(point.year)
        if sum(p.value is not None for p in one.points) > 3 and one.points[-1].year == 2024:
            assert one.points[-1].cohort > 0
            assert one.travel.to_year == 2024
            joined += 1
    assert joined
    assert columns["sess_overall_percent"] == {2024}
    assert max(columns["PERCTOT"]) == 2023
