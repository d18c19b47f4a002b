"""16 to 18 in Explore Education Statistics: a row for each school or college, year, group of
students and exam cohort (A level, academic, applied general …)."""

from bridgehead.opendata.sources.ees import tidy_kind

EES_KS5 = tidy_kind(
    key="ees_ks5",
    title="16 to 18 results (Explore Education Statistics)",
    family="ks5",
    required=(("exam_cohort",), ("aps_per_entry",)),
    signature=("aps_per_entry_student_count", "best_three_alevels_aps", "disadvantage_status"),
    items="exam_cohort",
    figures="""
        end1618_student_count aps_per_entry aps_per_entry_student_count retained_percent
        retained_assessed_percent retained_student_count retained_2nd_year_percent
        retained_2nd_year_student_count value_added value_added_upper_ci value_added_lower_ci
        best_three_alevels_aps best_three_alevels_student_count aab_percent aab_student_count
        level_3_maths_percent level_3_maths_student_count vocational_percent
        vocational_student_count maths_progress maths_progress_entries_percent
        maths_progress_inscope_count english_progress english_progress_entries_percent
        english_progress_inscope_count
    """,
    words="aps_per_entry_grade best_three_alevels_grade progress_banding",
)
