"""Get Information About Schools: which academy joined and left which trust, and when."""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.gias_grouplinks import GROUP_PEOPLE, GROUP_TEXTS
from bridgehead.opendata.sources.performance import DFE, names

GIAS_MEMBERSHIP = Kind(
    key="gias_membership",
    title="Get Information About Schools: membership of trusts",
    publisher=DFE,
    required=(
        ("URN",),
        ("Group UID", "Group ID", "UID"),
        ("Group Name",),
        ("Date Joined Group", "Date Left Group"),
    ),
    signature=("Date Joined Group", "Date Left Group", "Group Type"),
    texts=names(GROUP_TEXTS)
    | names(
        """
        DateJoinedGroup DateLeftGroup GroupOpenDate GroupClosedDate EstablishmentOpenDate
        EstablishmentCloseDate Phase PhaseOfEducation(code) TypeOfEstablishment(code) GOR(name)
        GOR(code) LAESTAB EstablishmentStatus(code) EstablishmentTypeGroup(code) OpenDate CloseDate
        ReasonEstablishmentOpened(name) ReasonEstablishmentOpened(code)
        ReasonEstablishmentClosed(name) ReasonEstablishmentClosed(code) UKPRN
        """
    ),
    figures=frozenset(),
    people=names(GROUP_PEOPLE),
    timed_by_year=False,
    spills=True,
    la=("lacode",),
    establishment=("establishmentnumber",),
    laestab=("laestab",),
    dates=("datejoinedgroup", "dateleftgroup"),
)
