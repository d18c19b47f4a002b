"""Key stage 4 in Explore Education Statistics: a row for each school, year and group of pupils.

Columns were renamed between 2023/24 (``avg_att8``) and 2024/25 (``attainment8_average``).
"""

from bridgehead.opendata.sources.ees import tidy_kind

_SINCE_2024 = " ".join(
    f"{stem}_{end}"
    for stem, ends in {
        "attainment8": "sum average",
        "attainment8eng": "sum average",
        "attainment8mat": "sum average",
        "attainment8ebacc": "sum average slotfill_total slotfill_average",
        "attainment8open": (
            "sum average gcse_sum gcse_average nongcse_sum nongcse_average slotfill_total "
            "slotfill_average"
        ),
        "engmath": "entering_total entering_percent 95_total 95_percent 94_total 94_percent",
        "ebacc": (
            "entering_total entering_percent 95_total 95_percent 94_total 94_percent 91_total "
            "91_percent aps_sum aps_average"
        ),
        **{
            f"ebacc{area}": (
                "entering_total entering_percent 95_total 95_percent 94_total 94_percent 91_total "
                "91_percent"
            )
            for area in ("eng", "mat", "sci", "hum", "lan")
        },
        "progress8": (
            "pupil_count pupil_percent sum average lower_95_ci upper_95_ci adjusted_total "
            "adjusted_percent diffn"
        ),
        **{
            f"progress8{slot}": "sum average lower_95_ci upper_95_ci"
            for slot in ("eng", "mat", "ebacc", "open", "original")
        },
        **{
            f"valueadded{area}": ("pupil_count pupil_percent sum average lower_95_ci upper_95_ci")
            for area in ("sci", "hum", "lan")
        },
        "gcse": "91_total 91_percent five_engmath_total five_engmath_percent",
        "gcse_entries": "sum average",
        "qual_entries": "sum average without_discounting_sum without_discounting_average",
        "sci_triple": "entering_total entering_percent",
        "lan_multiple": "entering_total entering_percent",
        "pupil": "count percent",
        "school": "count",
    }.items()
    for end in ends.split()
)
_UNTIL_2023 = """
    t_schools t_pupils pt_pupils t_att8 avg_att8 t_entbasics pt_entbasics t_l2basics_95
    pt_l2basics_95 t_l2basics_94 pt_l2basics_94 t_ebacc_e_ptq_ee pt_ebacc_e_ptq_ee t_ebacc_95
    pt_ebacc_95 t_ebacc_94 pt_ebacc_94 t_ebaccaps avg_ebaccaps t_inp8calc pt_inp8calc t_p8score
    avg_p8score p8score_ci_low p8score_ci_upp t_p8eng avg_p8eng p8eng_ci_low p8eng_ci_upp t_p8mat
    avg_p8mat p8mat_ci_low p8mat_ci_upp t_p8ebac avg_p8ebac p8ebac_ci_low p8ebac_ci_upp t_p8open
    avg_p8open p8open_ci_low p8open_ci_upp t_anypass pt_anypass t_ebaceng_e pt_ebaceng_e
    t_ebacmat_e pt_ebacmat_e t_ebac2sci_e pt_ebac2sci_e t_ebachum_e pt_ebachum_e t_ebaclan_e
    pt_ebaclan_e t_ebaceng_95 pt_ebaceng_95 t_ebacmat_95 pt_ebacmat_95 t_ebaceng_94 pt_ebaceng_94
    t_ebacmat_94 pt_ebacmat_94 t_5em_94 pt_5em_94
"""

EES_KS4 = tidy_kind(
    key="ees_ks4",
    title="Key stage 4 results (Explore Education Statistics)",
    family="ks4",
    required=(("attainment8_average", "avg_att8"),),
    signature=("breakdown", "establishment_type_group"),
    figures=f"{_SINCE_2024} {_UNTIL_2023}",
)
