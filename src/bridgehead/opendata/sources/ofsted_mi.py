"""Ofsted's monthly management information on state-funded schools, in all its layouts.

To August 2024 with overall effectiveness (*full* and *section 8* inspections to 2022/23, *graded*
and *ungraded* after); 2024/25 with four key judgements and no overall grade; from November 2025
report cards, with the old framework under ``Latest OEIF …``. One kind: the
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
    "Is safeguarding effective?",
    "Safeguarding standards",
    "Early years provision (where applicable)",
    "Sixth form provision (where applicable)",
    # To the summer of 2019.
    "Outcomes for pupils",
    "Quality of teaching, learning and assessment",
    "Personal development, behaviour and welfare",
    "16-19 study programmes",
    "16-19 study programmes (where applicable)",
)
_PREFIXES = (
    "",
    "Latest OEIF ",
    "Previous ",
    "Previous full inspection ",
    "Previous graded inspection ",
    "Previous OEIF ",
)
_WHO = """
    Web link|URN|LAESTAB|School name|Ofsted phase|Type of education|School open date
    Admissions policy|Sixth form|Designated religious character|Religious ethos
    Faith grouping|Ofsted region|Region|Local authority|Parliamentary constituency
    Postcode|Multi-academy trust UID|Multi-academy trust name|Academy sponsor UID
    Academy sponsor name|Lowest age|Statutory lowest age|Statutory highest age
    Total number of pupils|The income deprivation affecting children index (IDACI) quintile
    Latest full inspection|Inspection number|Inspection number of latest full inspection
    Inspection number of latest graded inspection
    Inspection type|Inspection type grouping|Event type grouping|Inspection start date
    Inspection end date|Publication date|First published date of latest full inspection
    Previous inspection number|Previous full inspection number
    Previous graded inspection number|Inspection number of previous full inspection
    Previous inspection start date|Previous inspection end date|Previous publication date
    Does the previous inspection relate to the school in its current form?
    Number of other section 8 inspections since last full inspection
    Number of section 8 inspections since the last full inspection
    Number of short inspections since last full inspection
    Number of monitoring and urgent inspections since last full inspection
    Number of monitoring and urgent inspections since last graded inspection
    Latest OEIF inspection start date|Latest OEIF publication date
    Latest OEIF inspection number|Latest OEIF inspection type
    Ungraded inspection number|Ungraded inspection publication date
    Date of latest ungraded inspection|Date of latest section 8 inspection
    Section 8 inspection publication date
    Did the latest section 8 inspection convert to a full inspection?
    Latest section 8 inspection number since last full inspection
    Inspection number of latest section 8 inspection
    Date of latest short inspection|Short inspection publication date
    Did the latest short inspection convert to a full inspection?
    Did the latest ungraded inspection convert to a graded inspection?
    Inspection number of latest ungraded inspection
    Number of ungraded inspections since the latest graded inspection
"""
#: What Ofsted calls the inspections of a row: *full* to 2022/23 and since report cards, *graded*
#: between; *section 8* to 2022/23, *ungraded* since.
_INSPECTIONS = (
    "latest full inspection",
    "latest graded inspection",
    "previous full inspection",
    "previous graded inspection",
    "previous inspection",
    "inspection",
    "the section 8 inspection",
    "the latest section 8 inspection",
    "the ungraded inspection",
)
_TEXTS = [name.strip() for line in _WHO.splitlines() for name in line.split("|") if name.strip()]
_TEXTS += [f"{area} - date of grade" for area in AREAS]
_TEXTS += [
    f"{what} at time of {one}"
    for what in ("URN", "LAESTAB", "School name", "School type")
    for one in _INSPECTIONS
]
_TEXTS += [
    f"Does the {one.removeprefix('the ')} relate to the URN of the current school?"
    for one in _INSPECTIONS
]
_WORDS = [prefix + name for prefix in _PREFIXES for name in (*_JUDGEMENTS, *AREAS)]
_WORDS += [
    "Most recent category of concern",
    "Ungraded inspection overall outcome",
    "Section 8 inspection overall outcome",
    "Short inspection overall outcome",
    "Outcomes for ungraded and monitoring inspections",
    "Outcomes for section 8 inspections and short inspections that did not convert",
    "Outcomes for short inspections that did not convert",
]
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
