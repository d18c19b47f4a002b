"""Pupils and teachers in Explore Education Statistics: a row for each school and year, as counted
in the school workforce census in November; England by type of school."""

from bridgehead.opendata.sources.ees import tidy_kind

EES_WORKFORCE = tidy_kind(
    key="ees_workforce",
    title="School workforce: pupils to each teacher (Explore Education Statistics)",
    family="ees_workforce",
    required=(("pupil_to_qual_teacher_ratio", "pupil_to_qual_unqual_teacher_ratio"),),
    signature=("pupils_fte", "qualified_teachers_fte", "pupil_to_adult_ratio"),
    figures="""
        number_schools num_schools pupils_fte qualified_teachers_fte teachers_fte adults_fte
        pupil_to_qual_teacher_ratio pupil_to_qual_unqual_teacher_ratio pupil_to_adult_ratio
    """,
    statuses=("final",),
    state_funded_only=True,
)
