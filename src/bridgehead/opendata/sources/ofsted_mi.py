"""Ofsted's monthly management information on state-funded schools, in its three layouts.

To August 2024 with overall effectiveness; 2024/25 with four key judgements and no overall grade;
from November 2025 report cards, with the old framework under ``Latest OEIF …``. One kind: the
columns say which framework a row speaks of, and nothing is converted. Grades are words, which have
an order and no distance, and ``9`` means not judged in one column and nothing in another.
"""

from bridgehead.opendata.kind import Kind, normal

#: The areas of a report card, as Ofsted names them.
AREAS = (
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Personal development and well-being",
    "Leadership and governance",
    "Early years",
    "Post-16 provision",
)
_JUDGEMENTS = (
    "Overall effectiveness",
    "Category of concern",
    "Quality of education",
    "Behaviour and attitudes",
    "Personal development",
    "Effectiveness of leadership and management",
    "Safeguarding is effective?",
    "Safeguarding standards",
    "Early years provision (where applicable)",
    "Sixth form provision (where applicable)",
)
_PREFIXES = ("", "Latest OEIF ", "Previous ", "Previous full inspection ", "Previous OEIF ")
_WHO = """
    Web link|URN|LAESTAB|School name|Ofsted phase|Type of education|School open date
    Admissions policy|Sixth form|Designated religious character|Religious ethos
    Faith grouping|Ofsted region|Region|Local authority|Parliamentary constituency
    Postcode|Multi-academy trust UID|Multi-academy trust name|Academy sponsor UID
    Academy sponsor name|Lowest age|Statutory lowest age|Statutory highest age
    Total number of pupils|The income deprivation affecting children index (IDACI) quintile
    Latest full inspection|Inspection number|Inspection number of latest full inspection
    Inspection type|Inspection type grouping|Event type grouping|Inspection start date
    Inspection end date|Publication date|First published date of latest full inspection
    Does the latest full inspection relate to the URN of the current school?
    URN at time of latest full inspection|LAESTAB at time of latest full inspection
    School name at time of latest full inspection
    School type at time of latest full inspection|Previous full inspection number
    Inspection number of previous full inspection|Previous inspection start date
    Previous inspection end date|Previous publication date
    Does the previous full inspection relate to the URN of the current school?
    URN at time of previous full inspection|LAESTAB at time of previous full inspection
    School name at time of previous full inspection
    School type at time of previous full inspection|URN at time of inspection
    LAESTAB at time of inspection
    Number of other section 8 inspections since last full inspection
    Number of monitoring and urgent inspections since last full inspection
    Latest OEIF inspection start date|Latest OEIF publication date
    Latest OEIF inspection number|Latest OEIF inspection type
    Ungraded inspection number|Ungraded inspection publication date
    Date of latest ungraded inspection|Date of latest section 8 inspection
    Section 8 inspection publication date
    Did the latest section 8 inspection convert to a full inspection?
    Inspection number of latest section 8 inspection
    Did the latest ungraded inspection convert to a graded inspection?
    Inspection number of latest ungraded inspection
    Does the section 8 inspection relate to the URN of the current school?
    Does the ungraded inspection relate to the URN of the current school?
    URN at time of the section 8 inspection|URN at time of the ungraded inspection
    Number of ungraded inspections since the latest graded inspection
"""
_TEXTS = [name.strip() for line in _WHO.splitlines() for name in line.split("|") if name.strip()]
_TEXTS += [f"{area} - date of grade" for area in AREAS]
_WORDS = [prefix + name for prefix in _PREFIXES for name in (*_JUDGEMENTS, *AREAS)]
_WORDS += ["Most recent category of concern", "Ungraded inspection overall outcome"]
_COUNTS = (
    "Total number of pupils",
    "Statutory lowest age",
    "Statutory highest age",
    "Lowest age",
    "The income deprivation affecting children index (IDACI) quintile",
)

OFSTED_MI = Kind(
    key="ofsted_mi",
    title="Ofsted management information: state-funded schools",
    publisher="Ofsted",
    required=(
        ("URN",),
        ("School name",),
        ("Ofsted phase",),
        ("Inspection start date", "Latest OEIF inspection start date"),
        ("Category of concern", "Latest OEIF category of concern"),
        ("Overall effectiveness", "Quality of education", "Inclusion", "Safeguarding standards"),
    ),
    signature=("Ofsted phase", "Type of education", "Category of concern", "Local authority"),
    texts=frozenset(map(normal, _TEXTS)) - frozenset(map(normal, _COUNTS)),
    figures=frozenset(map(normal, _COUNTS)),
    words=frozenset(map(normal, _WORDS)),
    word_patterns=(r"(early years|post-16) .*\(where applicable\)",),
    text_patterns=(
        r"web link.*",
        r".*\bOEIF\b.*",
        r".* - date of grade",
        r".*ungraded.*",
    ),
    timed_by_year=False,
    laestab=("laestab",),
    dates=("publicationdate", "inspectionstartdate", "latestoeifpublicationdate"),
)
