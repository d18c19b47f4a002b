"""Invented figures for every chart: full, thin, empty, negative, crowded."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

from bridgehead.web.charts import svg
from bridgehead.web.charts.ahead import Ahead
from bridgehead.web.charts.bars import Part, Row
from bridgehead.web.charts.counts import Counts
from bridgehead.web.charts.distribution import Distribution
from bridgehead.web.charts.gap import Gap
from bridgehead.web.charts.gap import Row as GapRow
from bridgehead.web.charts.lanes import Event, Lane, Lanes
from bridgehead.web.charts.map import Dot, Map, Tone
from bridgehead.web.charts.series import Mark, Series
from bridgehead.web.charts.stock import Framework, Stock
from bridgehead.web.charts.strip import Strip

STRIP = Strip("Reading, writing and maths: 68%", 65, 40, 82, 50, "England 62", 60, key="rwm")
NO_STUDENTS = "not published for schools 2019/20 to 2021/22"
SERIES = Series(
    "Reading, writing and maths, Willow Lane",
    "Willow Lane",
    "percent",
    (
        Mark(2015, 52, 54, 47, 61, 53),
        Mark(2016, 61, 55.5, 49.5, 61, 61),
        Mark(2017, 50, 54.5, 49, 60, 64),
        Mark(2018, 57, 55.5, 49.5, 61.5, 65),
        Mark(2022, 55, 58, 52, 64, 60),
        Mark(2023, 64, 61, 55, 67, 61),
        Mark(2024, 68, 63, 56, 69, 62),
    ),
    not_published=((2019, 2021, NO_STUDENTS),),
    key="rwm",
)
NEGATIVE = Series(
    "Reading progress, Willow Lane",
    "Willow Lane",
    "score",
    (
        Mark(2016, -3.4, -2.1, -4, -0.2, 0),
        Mark(2017, -1.2, -1.5, -3.2, 0.2, 0),
        Mark(2018, None, None, None, None, 0),
        Mark(2022, 1.1, 0.4, -1.5, 2.3, 0, provisional=True),
    ),
    decimals=1,
    not_published=((2019, 2021, NO_STUDENTS),),
    breaks=((2017, "marked on a new scale"),),
)
FORETOLD = replace(SERIES, key="foretold", ahead=Ahead(2025, 64, 53, 75))
ONE_YEAR = Series(
    "Attainment 8, Willow Lane", "Willow Lane", "score", (Mark(2024, 46.1, england=45.9),), 1
)
NO_YEARS = Series("Phonics, Willow Lane", "Willow Lane", "percent", ())
ALL_MISSING = Series(
    "Maths, Willow Lane",
    "Willow Lane",
    "percent",
    tuple(Mark(y, england=60) for y in range(2016, 2019)),
    missing="Every figure is hidden by the publisher because too few pupils are in it.",
)
LANES = Lanes(
    "Inspections of Willow Lane",
    (
        Lane(
            "Overall grade, to August 2024",
            (
                Event(date(2012, 5, 3), "Requires improvement", this_school=False),
                Event(date(2014, 6, 11), "Good"),
                Event(date(2019, 11, 20), "Good"),
            ),
        ),
        Lane("Ungraded visits", (Event(date(2023, 3, 9), "School remains Good"),)),
        Lane(
            "Report card, from November 2025",
            (Event(date(2026, 2, 4), "2 strong, 4 expected, 1 needs attention"),),
        ),
    ),
)
OLD = (
    Part("Outstanding", svg.BLUE),
    Part("Good", svg.GREEN),
    Part("Requires improvement", svg.ORANGE),
    Part("Inadequate", svg.WINE),
)
CARD = (
    Part("every area expected or above", svg.BLUE),
    Part("an area needs attention", svg.VIOLET),
    Part("urgent improvement", svg.GREY),
)
STOCK = Stock(
    "Stock of schools by latest judgement",
    (
        Framework(
            "On old overall grades",
            OLD,
            (
                Row("2022", (36, 150, 27, 5)),
                Row("2023", (34, 155, 24, 4)),
                Row("2024", (33, 160, 20, 4)),
                Row("2025", (30, 148, 17, 3)),
                Row("2026", (20, 96, 9, 1)),
            ),
        ),
        Framework("On report cards", CARD, (Row("2025", (3, 1, 0)), Row("2026", (61, 22, 4)))),
    ),
)
COUNTS = Counts(
    "Direction of travel by phase",
    (
        Row("Primary", (14, 22, 95, 18, 9, 12)),
        Row("Secondary", (3, 5, 17, 6, 4, 0)),
        Row("Special", (0, 0, 0, 0, 0, 11)),
    ),
)
GAP = Gap(
    "Headlines and gaps",
    (
        GapRow("Reading, writing and maths", 64, 45, 67),
        GapRow("Higher standard", 9, 3, 11),
        GapRow("Attainment 8", 47.2, 36.4, 50.1, "score", 1),
        GapRow("Key stage 5 average points", 33.1, None, 34.7, "score", 1),
        GapRow("Maths", 70, 72, 70),
    ),
)


def _map() -> Map:
    rnd = random.Random(4)
    tones = (
        Tone("priority support", svg.WINE, "diamond"),
        Tone("broker support", svg.ORANGE, "triangle"),
        Tone("keep in touch", "#8a989f", "circle"),
        Tone("celebrate and draw on", svg.BLUE, "square"),
    )
    dots = [
        Dot(
            480_000 + rnd.gauss(0, 9000),
            145_000 + rnd.gauss(0, 6500),
            f"School {i}",
            f"#school-{i}",
            rnd.choices(range(4), (1, 3, 12, 4))[0],
            own=i == 7,
        )
        for i in range(220)
    ]
    return Map("Schools of the area", tuple(dots), tones)


MAP = _map()
_RANDOM = random.Random(1)
SPREAD = tuple(_RANDOM.gauss(62, 13) for _ in range(220))
DISTRIBUTION = Distribution(
    "Reading, writing and maths in 220 schools", SPREAD, "percent", 0, 68, "Willow Lane", 62
)

ALL: tuple[tuple[str, str, Any], ...] = (
    ("A school improves", "Full: gaps, England, 80% range", SERIES),
    ("A school and its next year", "What to expect, in a panel of its own", FORETOLD),
    ("Progress stands at the mean", "Negative values, a break, a provisional figure", NEGATIVE),
    ("One year only", "A single point", ONE_YEAR),
    ("No figure may be shown", "Every figure missing", ALL_MISSING),
    ("No years", "No marks at all", NO_YEARS),
    ("Inspections in lanes", "Three frameworks, one predecessor", LANES),
    ("Never inspected", "No inspection", Lanes("No inspections", ())),
    ("The stock of schools", "Two frameworks, never summed", STOCK),
    ("No stock", "Empty", Stock("No stock", ())),
    ("Which way schools go", "Three phases", COUNTS),
    ("No directions", "Empty", Counts("No directions", ())),
    ("Headlines and gaps", "Percentages and scores, one suppressed", GAP),
    ("No gaps", "Empty", Gap("No gaps", (GapRow("Maths", None, None, None),))),
    ("The area", "220 schools, one's own", MAP),
    ("One school", "A single dot", Map("One school", (Dot(480000, 145000, "School"),))),
    ("No map", "Empty", Map("No map", ())),
    ("Among 220 schools", "A distribution", DISTRIBUTION),
    ("All alike", "One value", Distribution("All alike", (5.0, 5.0), "score", own=5.0)),
    ("No distribution", "Empty", Distribution("None", (), "percent")),
    ("A dial", "Full", STRIP),
    ("A dial at the edge", "Lowest", Strip("Lowest", 0.4, 0, 9, 3, "England 105.6", 99)),
    ("A dial without a dot", "Suppressed", Strip("Hidden", None, england=50, missing="Hidden.")),
    ("No dial", "Empty", Strip("Empty", None)),
)
SCHOOL: dict[str, Any] = {
    "series": SERIES,
    "lanes": LANES,
    "dials": [
        (
            "Reading, writing and maths, expected standard",
            "Year 6, 2024/25 · revised",
            "68%",
            "31 pupils",
            STRIP,
            "probably improving",
            "72% likely to be higher than in 2022/23",
        ),
        (
            "Average score in reading",
            "Year 6, 2024/25 · revised",
            "106.1",
            "31 pupils",
            Strip("Average score in reading: 106.1", 66, 41, 82, 50, "England 105.0", 59),
            "no clear change",
            "54% likely to be higher",
        ),
        (
            "Gap for disadvantaged pupils",
            "Against other pupils nationally",
            "−9 points",
            "12 pupils",
            Strip("Gap: −9 points", 78, 47, 93, 50, "England −20", 68),
            "no clear change",
            "too few pupils for a firmer view",
        ),
        (
            "Overall absence",
            "2023/24 · high is worse",
            "5.9%",
            "212 pupils",
            Strip("Overall absence: 5.9%", 33, 22, 50, 50, "England 5.5", 45),
            "worsening",
            "88% likely to be higher than in 2021/22",
        ),
        (
            "Persistent absence",
            "2023/24 · high is worse",
            "21.4%",
            "212 pupils",
            Strip("Persistent absence: 21.4%", 17, 10, 30, 50, "England 14.6", 42),
            "worsening",
            "91% likely to be higher than in 2021/22",
        ),
    ],
    "areas": [
        ("Safeguarding", "Met"),
        ("Inclusion", "Strong standard"),
        ("Curriculum and teaching", "Expected standard"),
        ("Achievement", "Expected standard"),
        ("Attendance and behaviour", "Needs attention"),
        ("Personal development and wellbeing", "Strong standard"),
        ("Leadership and governance", "Expected standard"),
        ("Early years", "Expected standard"),
    ],
}
