"""Suspensions and permanent exclusions in Explore Education Statistics: a row for each school and
year; England by phase."""

from bridgehead.opendata.sources.ees import tidy_kind

EES_SUSPENSIONS = tidy_kind(
    key="ees_suspensions",
    title="Suspensions and permanent exclusions (Explore Education Statistics)",
    family="ees_suspensions",
    required=(("susp_rate",),),
    signature=("headcount", "perm_excl_rate", "one_plus_susp_rate"),
    figures="""
        num_schools headcount perm_excl perm_excl_rate suspension susp_rate one_plus_susp
        one_plus_susp_rate
    """,
    statuses=("final",),
    state_funded_only=True,
)
