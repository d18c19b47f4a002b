"""Key stage 2 in Explore Education Statistics: results, and who sat in the year group.

The results have a row for each school, year, group of pupils and subject, without counting pupils;
the counts are in the file of information about schools, under the names of the older tables.
"""

from bridgehead.opendata.sources.ees import tidy_kind

EES_KS2 = tidy_kind(
    key="ees_ks2",
    title="Key stage 2 results (Explore Education Statistics)",
    family="ks2",
    required=(("subject",), ("expected_standard_pupil_percent",)),
    signature=("average_scaled_score", "higher_standard_pupil_percent", "progress_measure_score"),
    items="subject",
    figures="""
        expected_standard_pupil_percent higher_standard_pupil_percent average_scaled_score
        progress_measure_score progress_measure_lower_conf_interval
        progress_measure_upper_conf_interval absent_or_not_able_to_access_percent
        working_towards_expected_standard_pupil_percent absent_or_disapplied_percent
        progress_measure_unadjusted eligible_pupil_count expected_standard_pupil_count
        higher_standard_pupil_count establishment_count progress_measure_eligible_pupil_count
        progress_measure_total_score
    """,
    words="progress_measure_description",
)

EES_KS2_INFO = tidy_kind(
    key="ees_ks2_info",
    title="Key stage 2: information about schools (Explore Education Statistics)",
    family="ks2",
    required=(("telig",), ("tfsm6cla1a",)),
    signature=("telig", "tfsm6cla1a", "tealgrp2", "tpupyear"),
    figures="""
        totpups tpupyear telig belig gelig pbelig pgelig tks1average tks1group_l ptks1group_l
        tks1group_m ptks1group_m tks1group_h ptks1group_h tks1group_na ptks1group_na tfsm6cla1a
        ptfsm6cla1a tnotfsm6cla1a ptnotfsm6cla1a tealgrp1 ptealgrp1 tealgrp2 ptealgrp2 tealgrp3
        ptealgrp3 tmobn ptmobn tsenele psenele tsenelk psenelk tsenelek psenelek telig_3yr telig_23
        ptfsm6cla1a_23 ptnotfsm6cla1a_23
    """,
    words="iclose nftype reldenom agerange tab15 tab1618",
    texts="""
        alphaind full_address address1 address2 address3 telnum urn_ac school_name_ac open_ac town
        postcode pcode
    """,
)
