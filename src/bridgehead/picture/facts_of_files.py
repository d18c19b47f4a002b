"""What each kind of file says of the schools that it names, one row a URN or several.

``register`` puts them together. Every frame has ``urn`` and ``worthy`` (the register has the school
open, or figures speak of it), and those of ``register.FACTS`` that the kind can say.
"""

import polars as pl

from bridgehead.opendata.describe import dates
from bridgehead.picture.gias_codes import decoded
from bridgehead.picture.kinds_of_school import (
    CENSUS,
    NFTYPE,
    NOT_SCHOOLS,
    detailed,
    phase,
    type_group,
)
from bridgehead.picture.tables import Table

#: The older tables of results.
PERFORMANCE = ("ks2", "ks4", "ks5")
#: The phase that the results of a kind belong to.
STAGE_PHASE = {
    "ks2": "primary",
    "ks4": "secondary",
    "ks5": "16-18",
    "ees_ks2": "primary",
    "ees_ks2_info": "primary",
    "ees_ks4": "secondary",
    "ees_ks5": "16-18",
}
#: The groups of the register that are trusts.
TRUST = "multi-academy trust|single-academy trust"
#: What tidy files say of the phase of a school.
TIDY_PHASE = {
    "State-funded primary": "primary",
    "State-funded nursery and primary": "primary",
    "State-funded secondary": "secondary",
    "State-funded special": "special",
    "Special": "special",
    "Pupil referral unit": "alternative provision",
}


def _clean(name: str) -> pl.Expr:
    """Text without blanks at its ends, null when nothing is left."""
    text = pl.col(name).str.strip_chars()
    return pl.when((text != "") & (text != "Not applicable")).then(text)


def _said(name: str) -> pl.Expr:
    """Text as it stands, null where nothing does."""
    return pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name))


def _whole(name: str) -> pl.Expr:
    """A whole number, of pupils or years or metres; null for anything else and below nought."""
    text = pl.col(name).str.strip_chars().str.replace(r"^(\d{1,3}),(\d{3})$", "${1}${2}")
    number = text.cast(pl.Float64, strict=False).cast(pl.Int32, strict=False)
    return pl.when(number >= 0).then(number)


def _part(table: Table, columns: dict[str, str]) -> pl.DataFrame:
    """School rows of a table with ``urn``, ``laestab`` and the published columns under ours; what
    the table lacks is null."""
    frame = table.text(*columns.values())
    # Of a table that has none of them there are as many rows of nulls.
    nothing = pl.Series([None] * len(table.urn), dtype=pl.String)
    frame = pl.DataFrame(
        {
            ours: frame[theirs] if theirs in frame.columns else nothing
            for ours, theirs in columns.items()
        }
    )
    rows = table.rows.select(pl.col("_laestab").cast(pl.Int32).alias("laestab"))
    frame = pl.concat([pl.DataFrame({"urn": table.urn}), rows, frame], how="horizontal")
    return frame.filter(pl.col("urn") > 0)


def group_names(tables: list[Table]) -> dict[str, str]:
    """The names of trusts and other groups by their number (UID), the newest list first."""
    names: dict[str, str] = {}
    for table in tables:
        uid = next((n for n in ("Group UID", "UID") if table.has(n)), None)
        if uid is not None and table.has("Group Name"):
            for number, name in table.text(uid, "Group Name").unique().iter_rows():
                if number and name:
                    names.setdefault(number.strip(), name.strip())
    return names


def of_gias(table: Table, groups: dict[str, str]) -> pl.DataFrame:
    """The register. ``groups`` names the trusts of an extract that prints their numbers alone."""
    frame = _part(
        table,
        {
            "name": "EstablishmentName",
            "la": "LA (code)",
            "la_name": "LA (name)",
            "detail": "PhaseOfEducation (name)",
            "type_name": "TypeOfEstablishment (name)",
            "group": "EstablishmentTypeGroup (name)",
            "state": "EstablishmentStatus (name)",
            "low": "StatutoryLowAge",
            "high": "StatutoryHighAge",
            "gender": "Gender (name)",
            "religious_character": "ReligiousCharacter (name)",
            "trust": "Trusts (name)",
            "detail_code": "PhaseOfEducation (code)",
            "type_code": "TypeOfEstablishment (code)",
            "state_code": "EstablishmentStatus (code)",
            "gender_code": "Gender (code)",
            "trust_code": "Trusts (code)",
            "roll": "NumberOfPupils",
            "east": "Easting",
            "north": "Northing",
            "postcode": "Postcode",
            "town": "Town",
            "website": "SchoolWebsite",
        },
    )
    frame = frame.with_columns(
        detail=pl.coalesce(_said("detail"), decoded("detail_code", "phases")),
        type_name=pl.coalesce(_said("type_name"), decoded("type_code", "types")),
        group=pl.coalesce(_said("group"), decoded("type_code", "groups")),
        state=pl.coalesce(_said("state"), decoded("state_code", "states")),
        gender=pl.coalesce(_said("gender"), decoded("gender_code", "genders")),
        trust=pl.coalesce(
            _said("trust"),
            pl.col("trust_code")
            .str.strip_chars()
            .replace_strict(groups, default=None, return_dtype=pl.String),
        ),
    )
    low, high = _whole("low"), _whole("high")
    kind = pl.col("type_name").fill_null("")
    detail = pl.col("detail").fill_null("")
    state = pl.col("state").fill_null("").str.to_lowercase()
    schools = ~kind.str.to_lowercase().str.contains("|".join(NOT_SCHOOLS)) & ~pl.col(
        "group"
    ).fill_null("").str.to_lowercase().str.contains("children's centre|universit|welsh")
    which = phase(detail, kind, low, high)
    return frame.select(
        "urn",
        "laestab",
        *(
            _clean(name)
            for name in (
                "name",
                "la",
                "la_name",
                "type_name",
                "gender",
                "religious_character",
                "trust",
                "postcode",
                "town",
                "website",
            )
        ),
        phase=which,
        phase_detail=detailed(
            pl.when(detail.is_in(["", "Not applicable"])).then(which).otherwise(detail),
            which,
            low,
            high,
        ),
        type_group=type_group(kind, pl.col("group").fill_null("")),
        status=pl.when(state.str.starts_with("closed"))
        .then(pl.lit("closed"))
        .when(state.str.starts_with("proposed"))
        .then(pl.lit("proposed"))
        .otherwise(pl.lit("open")),
        low_age=low,
        high_age=high,
        pupils=_whole("roll"),
        easting=_whole("east"),
        northing=_whole("north"),
        worthy=schools & state.str.starts_with("open"),
    )


def of_results(table: Table) -> list[pl.DataFrame]:
    """Performance tables and tidy files; the key stage 2 information about schools is both."""
    parts = [of_tidy(table)] if table.is_tidy else []
    if table.card.kind in (*PERFORMANCE, "ees_ks2_info"):
        parts.append(of_performance(table))
    return parts


def of_members(table: Table) -> pl.DataFrame:
    """Of a list of members: the trust that each school belongs to and has not left."""
    joined = next((n for n in ("Date Joined Group", "Joined date") if table.has(n)), "Joined date")
    left = next((n for n in ("Date Left Group", "Closed date") if table.has(n)), "Date Left Group")
    frame = _part(
        table,
        {
            "trust": "Group Name",
            "type": "Group Type",
            "type_code": "Group Type (code)",
            "state": "Group Status",
            "joined": joined,
            "left": left,
        },
    )
    kind = pl.coalesce(_said("type"), decoded("type_code", "group_types"))
    members = frame.filter(
        kind.fill_null("").str.to_lowercase().str.contains(TRUST)
        & (_clean("left").is_null() if left == "Date Left Group" else pl.lit(value=True))
        & ~pl.col("state").fill_null("").str.to_lowercase().str.starts_with("closed")
    )
    newest = members.with_columns(day=dates(members["joined"])).sort(
        "day", descending=True, nulls_last=True, maintain_order=True
    )
    return newest.select("urn", _clean("trust"), worthy=pl.lit(value=False))


def of_tidy(table: Table) -> pl.DataFrame:
    """What a tidy file says of each school, in the first of its rows."""
    phase_column = "education_phase" if table.has("education_phase") else "school_type"
    frame = _part(
        table,
        {
            "name": "school_name",
            "said": phase_column,
            "group": "establishment_type_group",
        },
    ).unique("urn", keep="first", maintain_order=True)
    group = type_group(pl.lit(""), pl.col("group").fill_null(""))
    return frame.select(
        "urn",
        "laestab",
        _clean("name"),
        la=(pl.col("laestab") // 10_000).cast(pl.String),
        phase=pl.col("said")
        .str.strip_chars()
        .replace_strict(TIDY_PHASE, default=None, return_dtype=pl.String),
        type_group=pl.when(group != "other").then(group),
        worthy=pl.lit(value=True),
    )


def of_stage(table: Table) -> pl.DataFrame:
    """The phase that a school's results belong to, where nothing else says one."""
    which = pl.lit(STAGE_PHASE[table.card.kind])
    return pl.DataFrame({"urn": table.urns}, schema={"urn": pl.Int64}).select(
        "urn", phase=which, worthy=pl.lit(value=True)
    )


def of_performance(table: Table) -> pl.DataFrame:
    """Performance tables, in the older layout."""
    kind = next((n for n in ("NFTYPE", "NFTYPE/FESITYPE") if table.has(n)), "NFTYPE")
    gender = next((n for n in ("EGENDER", "GEND1618", "GENDER") if table.has(n)), "EGENDER")
    frame = _part(
        table,
        {
            "name": "SCHNAME",
            "la": "LEA",
            "code": kind,
            "gender": gender,
            "religious_character": "RELDENOM",
            "postcode": "PCODE",
            "town": "TOWN",
            "ages": "AGERANGE",
            "record": "RECTYPE",
            "roll": "TOTPUPS",
        },
    )
    code = pl.col("code").str.strip_chars()
    special = code.replace_strict({k: v[2] for k, v in NFTYPE.items()}, default=None) | (
        pl.col("record").str.strip_chars() == "2"
    )
    low = pl.col("ages").str.extract(r"^\s*(\d+)\s*-").cast(pl.Int32, strict=False)
    high = pl.col("ages").str.extract(r"-\s*(\d+)\s*$").cast(pl.Int32, strict=False)
    return frame.select(
        "urn",
        "laestab",
        *(_clean(n) for n in ("name", "la", "gender", "religious_character", "postcode", "town")),
        type_name=code.replace_strict({k: v[0] for k, v in NFTYPE.items()}, default=code),
        type_group=code.replace_strict(
            {k: v[1] for k, v in NFTYPE.items()},
            default=pl.when(code.str.contains("(?i)college")).then(pl.lit("college")),
            return_dtype=pl.String,
        ),
        phase=pl.when(special.fill_null(value=False))
        .then(pl.lit("special"))
        .when((low <= 7) & (high >= 15))
        .then(pl.lit("all-through"))
        .when((low >= 15).fill_null(value=False))
        .then(pl.lit("16-18"))
        .when((low >= 9).fill_null(value=False) & (high >= 15))
        .then(pl.lit("secondary"))
        .when((high <= 14).fill_null(value=False))
        .then(pl.lit("primary"))
        .otherwise(pl.lit(STAGE_PHASE[table.card.kind])),
        low_age=low,
        high_age=high,
        pupils=_whole("roll"),
        worthy=pl.lit(value=True),
    )


def of_inspectorate(table: Table) -> pl.DataFrame:
    """Ofsted's list of schools."""
    frame = _part(
        table,
        {
            "name": "School name",
            "la_name": "Local authority",
            "detail": "Ofsted phase",
            "type_name": "Type of education",
            "postcode": "Postcode",
        },
    )
    kind, detail = pl.col("type_name").fill_null(""), pl.col("detail").fill_null("")
    none = pl.lit(None, pl.Int32)
    which = phase(
        pl.concat_str(detail, pl.lit(" "), kind),
        pl.concat_str(kind, pl.lit(" "), detail),
        none,
        none,
    )
    return frame.select(
        "urn",
        "laestab",
        *(_clean(name) for name in ("name", "la_name", "type_name", "postcode")),
        phase=pl.when(which != "").then(which),
        type_group=pl.when(kind != "").then(type_group(kind, pl.lit(""))),
        worthy=pl.lit(value=True),
    ).with_columns(type_group=pl.when(pl.col("type_group") != "other").then("type_group"))


def of_census(table: Table) -> pl.DataFrame:
    """The school census."""
    frame = _part(table, {"la": "LA", "kind": "SCHOOLTYPE", "roll": "NOR"})
    kind = pl.col("kind").str.strip_chars()
    group = kind.replace_strict(
        {k: v[1] for k, v in CENSUS.items()}, default=None, return_dtype=pl.String
    )
    which = kind.replace_strict(
        {k: v[0] for k, v in CENSUS.items()}, default=None, return_dtype=pl.String
    )
    return frame.select(
        "urn",
        "laestab",
        _clean("la"),
        type_name=kind,
        type_group=pl.when(group != "").then(group),
        phase=pl.when(which != "").then(which),
        pupils=_whole("roll"),
        worthy=pl.lit(value=True),
    )
