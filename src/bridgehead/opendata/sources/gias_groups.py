"""Get Information About Schools: every trust, federation and sponsor. No row names a school."""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.gias_grouplinks import GROUP_PEOPLE, GROUP_TEXTS
from bridgehead.opendata.sources.performance import DFE, names

GIAS_GROUPS = Kind(
    key="gias_groups",
    title="Get Information About Schools: groups",
    publisher=DFE,
    required=(
        ("Group UID", "UID"),
        ("Group Name",),
        ("Group Type", "Group Type (code)"),
        ("Group Status", "Group Status (code)", "Closed date"),
    ),
    signature=("Group ID", "Companies House Number"),
    texts=names(GROUP_TEXTS),
    figures=frozenset(),
    people=names(GROUP_PEOPLE),
    timed_by_year=False,
    spills=True,
    about_schools=False,
    foreign=("URN", "EstablishmentName", "Date Joined Group", "Date Left Group", "Joined date"),
    dates=("opendate", "incorporatedonopendate", "closeddate"),
)
