"""Which figures exist in which year, as on 22 November 2026.

The gaps are those of the real tables: none by school in 2019/20 and 2020/21, key stage 2 taken but
not published in 2021/22, no progress at key stage 2 in 2023/24 and 2024/25, no Progress 8 in
2024/25 and 2025/26, no absence figure for 2019/20.
"""

FIRST, LAST = 2016, 2025
YEARS = tuple(range(FIRST, LAST + 1))

KS2_YEARS = (2016, 2017, 2018, 2022, 2023, 2024, 2025)
KS2_WITHOUT_PROGRESS = (2023, 2024)
KS4_YEARS = (2016, 2017, 2018, 2021, 2022, 2023, 2024, 2025)
KS4_WITHOUT_PROGRESS = (2024, 2025)
KS5_YEARS = KS4_YEARS
ABSENCE_YEARS = (2016, 2017, 2018, 2020, 2021, 2022, 2023, 2024)
CENSUS_YEARS = YEARS

#: England's key stage 2 by year, as a shift in pupil standard deviations: reading, maths, writing.
KS2_SHIFT: dict[int, tuple[float, float, float]] = {
    2016: (-0.04, -0.10, -0.04),
    2017: (0.07, -0.07, 0.0),
    2018: (0.0, 0.0, 0.0),
    2022: (0.0, -0.19, -0.22),
    2023: (0.03, -0.18, -0.20),
    2024: (0.05, -0.14, -0.18),
    2025: (0.07, -0.11, -0.16),
}
#: England's Attainment 8 by year, in points above 46.7: 2021/22 was graded more generously.
KS4_SHIFT: dict[int, float] = {
    2016: -0.4,
    2017: -0.2,
    2018: 0.0,
    2021: 2.1,
    2022: -0.4,
    2023: -0.8,
    2024: -0.8,
    2025: -0.7,
}
#: Overall absence multiplied by this, and the persistent share with it. COVID in 2020 and 2021.
ABSENCE_LEVEL: dict[int, float] = {
    2016: 1.0,
    2017: 1.03,
    2018: 1.0,
    2020: 1.12,
    2021: 1.62,
    2022: 1.55,
    2023: 1.48,
    2024: 1.42,
}


def status(year: int) -> str:
    """The newest status that was out for a year's performance tables in November 2026."""
    return "provisional" if year == LAST else "final"


def span(year: int) -> str:
    """``2018`` → ``2018-2019``, as performance tables are named."""
    return f"{year}-{year + 1}"
