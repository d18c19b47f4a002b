"""Key stage 4 in Explore Education Statistics: a row for each school, year and group of pupils.

Columns were renamed between 2023/24 (``avg_att8``) and 2024/25 (``attainment8_average``); those of
figures are known by how their names begin or end.
"""

from bridgehead.opendata.sources.ees import tidy_kind

EES_KS4 = tidy_kind(
    key="ees_ks4",
    title="Key stage 4 results (Explore Education Statistics)",
    family="ks4",
    required=(("attainment8_average", "avg_att8"),),
    signature=("engmath_94_percent|pt_l2basics_94", "progress8_average|avg_p8score"),
    figures="",
    figure_patterns=(
        r"\w+_(total|percent|sum|average|count|diffn|lower_95_ci|upper_95_ci)",
        r"(t|pt|avg)_\w+",
        r"p8\w+_ci_(low|upp)",
        r"va\w+_ci_(low|upp)",
    ),
)
