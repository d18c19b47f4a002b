"""Get Information About Schools: which school belongs to which trust, federation or sponsor."""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.performance import DFE, names

#: Columns that describe a group, in every extract that has them.
GROUP_TEXTS = """
    GroupUID GroupID GroupName CompaniesHouseNumber GroupType GroupType(code) GroupStatus
    URN EstablishmentName JoinedDate DateJoined ClosedDate OpenDate IncorporatedOn
    IncorporatedOn(opendate) GroupStatus(code) UID LinkedUID UKPRN GroupUKPRN
    GroupStreet GroupLocality GroupAddress3 GroupTown GroupCounty GroupPostcode
    GroupContactStreet GroupContactLocality GroupContactAddress3 GroupContactTown
    GroupContactCounty GroupContactPostcode LA(code) LA(name) TypeOfEstablishment(name)
    PhaseOfEducation(name) EstablishmentTypeGroup(name) EstablishmentNumber
    EstablishmentStatus(name) URN(GIAS)
"""
GROUP_PEOPLE = "HeadOfGroupTitle HeadOfGroupFirstName HeadOfGroupLastName HeadOfTrust"

GIAS_GROUPLINKS = Kind(
    key="gias_grouplinks",
    title="Get Information About Schools: trusts, federations and sponsors",
    publisher=DFE,
    required=(
        ("URN",),
        ("Group UID", "Linked UID", "UID"),
        ("Group Name",),
        ("Group Type", "Group Type (code)"),
    ),
    signature=("Group UID", "Group Name", "Group Type", "Joined date"),
    texts=names(GROUP_TEXTS),
    figures=frozenset(),
    people=names(GROUP_PEOPLE),
    timed_by_year=False,
    spills=True,
    la=("lacode",),
    establishment=("establishmentnumber",),
    dates=("joineddate", "datejoined", "incorporatedonopendate", "closeddate"),
)
