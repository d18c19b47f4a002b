"""The kinds of published file that hold figures or facts, in the order they are shown."""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.absence import ABSENCE
from bridgehead.opendata.sources.census import CENSUS
from bridgehead.opendata.sources.ees_absence import EES_ABSENCE
from bridgehead.opendata.sources.ees_ks2 import EES_KS2, EES_KS2_INFO
from bridgehead.opendata.sources.ees_ks4 import EES_KS4
from bridgehead.opendata.sources.ees_ks5 import EES_KS5
from bridgehead.opendata.sources.ees_suspensions import EES_SUSPENSIONS
from bridgehead.opendata.sources.ees_workforce import EES_WORKFORCE
from bridgehead.opendata.sources.gias import GIAS
from bridgehead.opendata.sources.gias_grouplinks import GIAS_GROUPLINKS
from bridgehead.opendata.sources.gias_groups import GIAS_GROUPS
from bridgehead.opendata.sources.gias_links import GIAS_LINKS
from bridgehead.opendata.sources.gias_membership import GIAS_MEMBERSHIP
from bridgehead.opendata.sources.ks2 import KS2
from bridgehead.opendata.sources.ks4 import KS4
from bridgehead.opendata.sources.ks5 import KS5
from bridgehead.opendata.sources.ofsted_history import OFSTED_HISTORY
from bridgehead.opendata.sources.ofsted_mi import OFSTED_MI

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        GIAS,
        GIAS_LINKS,
        GIAS_GROUPLINKS,
        GIAS_GROUPS,
        GIAS_MEMBERSHIP,
        KS2,
        KS4,
        KS5,
        CENSUS,
        ABSENCE,
        EES_KS2,
        EES_KS2_INFO,
        EES_KS4,
        EES_KS5,
        EES_ABSENCE,
        EES_SUSPENSIONS,
        EES_WORKFORCE,
        OFSTED_HISTORY,
        OFSTED_MI,
    )
}
