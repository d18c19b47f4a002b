"""What the tidy files of Explore Education Statistics have in common.

The columns are those of the DfE's own "school profile" service (github.com/DFE-Digital/sap-public,
``SAPData/Sql/02_create_raw_tables.sql``, August 2026), and of its ``sap_datamap.csv``.
"""

from bridgehead.opendata.kind import Kind, Tidy
from bridgehead.opendata.sources.performance import DFE, names

_WHERE = """
    time_period time_identifier geographic_level country_code country_name region_code region_name
    old_la_code new_la_code la_name version school_urn school_laestab laestab urn school_name estab
    trust trust_name academy_type academy_open_date all_through education_phase school_phase phase
    establishment_type_group establishment_type establishment_group school_type institution_group
    institution_type year_breakdown pcon_code pcon_name lad_code lad_name
"""
_FILTERS = """
    breakdown_topic breakdown sex gender disadvantage_status disadvantage disadvantaged_status
    first_language prior_attainment mobility mobility_status ethnicity ethnicity_major
    ethnicity_minor free_school_meals fsm_status sen_provision sen_status sen_description
    sen_primary_need month_of_birth characteristic_group characteristic
    education_investment_area_flag priority_area_flag religious_denomination admission_type
    ks2_scaled_score_group young_carer school_admission_type school_religious_character
"""
#: Every file must say when and where.
REQUIRED = (
    ("time_period",),
    ("geographic_level",),
    ("school_urn", "urn", "new_la_code", "old_la_code", "country_code", "country_name"),
)
STATUSES = ("provisional", "revised", "final")


def tidy_kind(
    *,
    key: str,
    title: str,
    family: str,
    required: tuple[tuple[str, ...], ...],
    signature: tuple[str, ...],
    figures: str,
    figure_patterns: tuple[str, ...] = (),
    items: str = "",
    words: str = "",
    texts: str = "",
    statuses: tuple[str, ...] = STATUSES,
    state_funded_only: bool = False,
) -> Kind:
    """A kind of tidy file: its own columns beside those that say when, where and about whom."""
    return Kind(
        key=key,
        title=title,
        publisher=DFE,
        required=(*REQUIRED, *required),
        signature=signature,
        texts=names(_WHERE) | names(_FILTERS) | names(items) | names(texts),
        figures=names(figures),
        figure_patterns=figure_patterns,
        words=names(words),
        timed_by_year=True,
        statuses=statuses,
        urn=("schoolurn", "urn"),
        laestab=("schoollaestab", "laestab"),
        tidy=Tidy(
            items=tuple(sorted(names(items))),
            filters=tuple(sorted(names(_FILTERS))),
            types=("establishmenttypegroup", "establishmenttype", "institutiongroup"),
            phases=("educationphase", "schooltype", "schoolphase"),
            state_funded_only=state_funded_only,
        ),
        family=family,
    )
