"""What can be read off a file's name."""

from datetime import date
from pathlib import Path

import pytest

from bridgehead.opendata.naming import date_in, status_in, year_in


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("2018-2019_936_ks2final.csv", 2018),
        ("england_abs_2023-2024.csv", 2023),
        ("england_abs_202324.csv", 2023),
        ("ks2_2018_19.csv", 2018),
        ("1999-2000.csv", 1999),
        ("ks2.csv", None),
        ("2018.csv", None),
        ("gias_936_2021.csv", None),
        ("edubasealldata20261101.csv", None),
        ("as_at_2024-05-01.csv", None),
        ("2018-2020_ks2.csv", None),
        ("2017-2018_and_2018-2019.csv", None),
    ],
)
def test_an_academic_year(name: str, year: int | None) -> None:
    assert year_in(Path("files") / name) == year


def test_the_folder_speaks_where_the_name_is_silent() -> None:
    assert year_in(Path("2018-2019/england_ks2final.csv")) == 2018
    assert year_in(Path("2018-2019/2017-2018_england_ks2final.csv")) == 2017


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("england_ks2final.csv", "final"),
        ("england_ks4revised.csv", "revised"),
        ("england_ks4_provisional.csv", "provisional"),
        ("england_ks4_prov.csv", "provisional"),
        ("england_ks4.csv", None),
        ("provision_ks4.csv", None),
        ("review_ks4.csv", None),
    ],
)
def test_a_status(name: str, status: str | None) -> None:
    assert status_in(Path(name)) == status


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("edubasealldata20261101.csv", date(2026, 11, 1)),
        ("gias-2024-05-01.csv", date(2024, 5, 1)),
        ("links_01-05-2024.csv", date(2024, 5, 1)),
        ("Management_information_as_at_31_Aug_2024.csv", date(2024, 8, 31)),
        ("as at 30 April 2024.csv", date(2024, 4, 30)),
        ("gias_936_2021.csv", None),
        ("20241399.csv", None),
        ("99_Foo_2024.csv", None),
    ],
)
def test_an_as_at_date(name: str, day: date | None) -> None:
    assert date_in(Path(name)) == day
