"""Get Information About Schools: the register of establishments."""

from bridgehead.opendata.kind import Kind
from bridgehead.opendata.sources.performance import DFE, names

#: Published as ``X (name)``, ``X (code)`` or both, depending on the extract.
_CODED = """
    LA TypeOfEstablishment EstablishmentTypeGroup EstablishmentStatus ReasonEstablishmentOpened
    ReasonEstablishmentClosed PhaseOfEducation Boarders NurseryProvision OfficialSixthForm Gender
    ReligiousCharacter ReligiousEthos Diocese AdmissionsPolicy SpecialClasses TrustSchoolFlag Trusts
    SchoolSponsorFlag SchoolSponsors FederationFlag Federations FurtherEducationType
    County BSOInspectorateName TeenMoth CCF SENPRU EBD FTProv EdByOther
    Section41Approved SEN1 SEN2 SEN3 SEN4 SEN5 SEN6 SEN7 SEN8 SEN9 SEN10 SEN11 SEN12 SEN13
    TypeOfResourcedProvision GOR DistrictAdministrative AdministrativeWard
    ParliamentaryConstituency UrbanRural GSSLACode CensusAreaStatisticWard MSOA LSOA
    InspectorateName BoardingEstablishment PreviousLA RSCRegion Country QABName
    EstablishmentAccredited
"""
_PLAIN = """
    URN EstablishmentNumber EstablishmentName OpenDate CloseDate CensusDate UKPRN FEHEIdentifier
    OfstedLastInsp LastChangedDate Street Locality Address3 Town Postcode SchoolWebsite TelephoneNum
    InspectorateReport DateOfLastInspectionVisit NextInspectionVisit UPRN SiteName QABReport
    CHNumber PreviousEstablishmentNumber AccreditationExpiryDate
"""
_INSPECTED = "OfstedRating OfstedSpecialMeasures"


def _coded(text: str) -> frozenset[str]:
    ends = ("", "name", "code", "codes")
    return frozenset(f"{name}{end}" for name in names(text) for end in ends)


GIAS = Kind(
    key="gias",
    title="Get Information About Schools: establishments",
    publisher=DFE,
    required=(
        ("URN",),
        ("LA (code)", "LA (name)"),
        ("EstablishmentNumber",),
        ("EstablishmentName",),
        # An extract may print names, codes, or both (picture/gias_codes.yaml knows the codes).
        ("TypeOfEstablishment (name)", "TypeOfEstablishment (code)"),
        ("EstablishmentStatus (name)", "EstablishmentStatus (code)"),
        ("PhaseOfEducation (name)", "PhaseOfEducation (code)"),
    ),
    signature=("EstablishmentName", "PhaseOfEducation (name)", "StatutoryLowAge", "Easting"),
    texts=names(_PLAIN) | _coded(_CODED),
    words=_coded(_INSPECTED),
    figures=names(
        """
        StatutoryLowAge StatutoryHighAge SchoolCapacity NumberOfPupils NumberOfBoys NumberOfGirls
        PercentageFSM FSM TeenMothPlaces PlacesPRU ResourcedProvisionOnRoll
        ResourcedProvisionCapacity SenUnitOnRoll SenUnitCapacity Easting Northing SENStat SENNoStat
        """
    ),
    people=names("HeadTitle(name) HeadTitle(code) HeadTitle PropsName PropsAddress"),
    timed_by_year=False,
    spills=True,
    la=("lacode",),
    establishment=("establishmentnumber",),
    dates=("lastchangeddate",),
)
