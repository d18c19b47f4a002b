"""Absence in Explore Education Statistics: a row for each school and year; England by phase."""

from bridgehead.opendata.sources.ees import tidy_kind

_REASONS = """
    auth_illness auth_appointments auth_religious auth_study auth_traveller auth_holiday
    auth_ext_holiday auth_excluded auth_interview auth_reg_performance auth_temp_reduced_timetable
    auth_other auth_totalreasons unauth_holiday unauth_late unauth_other unauth_noyet
    unauth_totalreasons overall_totalreasons x_covid y_exceptional q_la_arrangements
"""

EES_ABSENCE = tidy_kind(
    key="ees_absence",
    title="Absence (Explore Education Statistics)",
    family="absence",
    required=(("sess_overall_percent",), ("enrolments_pa_10_exact_percent",)),
    signature=("enrolments", "sess_possible", "sess_unauthorised_percent"),
    figures=" ".join(
        (
            "num_schools enrolments sess_possible sess_overall sess_authorised sess_unauthorised",
            "sess_overall_percent sess_authorised_percent sess_unauthorised_percent",
            "enrolments_pa_10_exact enrolments_pa_10_exact_percent sess_possible_pa_10_exact",
            "sess_overall_pa_10_exact sess_authorised_pa_10_exact sess_unauthorised_pa_10_exact",
            "sess_overall_percent_pa_10_exact sess_authorised_percent_pa_10_exact",
            "sess_unauthorised_percent_pa_10_exact enrolments_pa_50_exact",
            "enrolments_pa_50_exact_percent",
            *(f"sess_{reason} sess_{reason}_rate" for reason in _REASONS.split()),
        )
    ),
    statuses=("final",),
    state_funded_only=True,
)
