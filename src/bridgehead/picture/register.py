"""The register's facts of every school: from the newest GIAS release, else from what is loaded.

A school of which the register says nothing is still a school when figures speak of it: its name,
authority and phase then come from performance tables, the census or Ofsted's list.
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from bridgehead.picture.kinds_of_school import (
    CENSUS,
    NFTYPE,
    NOT_SCHOOLS,
    detailed,
    phase,
    state_funded,
    type_group,
)
from bridgehead.picture.tables import Table

TEXT = (
    "name",
    "la",
    "la_name",
    "phase",
    "phase_detail",
    "type_name",
    "type_group",
    "status",
    "gender",
    "religious_character",
    "trust",
    "postcode",
    "town",
    "website",
)
NUMBERS = ("laestab", "low_age", "high_age", "pupils", "easting", "northing")
FACTS = {**dict.fromkeys(TEXT, pl.String), **dict.fromkeys(NUMBERS, pl.Int32)}
PERFORMANCE = ("ks2", "ks4", "ks5")
STAGE_PHASE = {"ks2": "primary", "ks4": "secondary", "ks5": "16-18"}


def facts(tables: list[Table]) -> pl.DataFrame:
    """One row a URN: ``urn``, the columns of ``FACTS`` (null where nothing is known), ``worthy``
    (the register has it open and it is a school) and ``state_funded``.

    Sources in order: GIAS (newest as-at first), performance tables (newest first), Ofsted's list
    of schools, the census. The first that says something of a field is believed.
    """
    parts = [_gias(t) for t in _newest([t for t in tables if t.card.kind == "gias"])]
    parts += [_performance(t) for t in _newest([t for t in tables if t.card.kind in PERFORMANCE])]
    parts += [_inspectorate(t) for t in _newest([t for t in tables if t.card.kind == "ofsted_mi"])]
    parts += [_census(t) for t in _newest([t for t in tables if t.card.kind == "census"])]
    parts = [part for part in parts if part.height]
    if not parts:
        return pl.DataFrame(schema={"urn": pl.Int64, **FACTS, "worthy": pl.Boolean})
    together = pl.concat(parts, how="diagonal_relaxed")
    first = [pl.col(name).drop_nulls().first() for name in FACTS if name in together.columns]
    merged = together.group_by("urn", maintain_order=True).agg(*first, pl.col("worthy").any())
    missing = [pl.lit(None, kind).alias(n) for n, kind in FACTS.items() if n not in merged.columns]
    return merged.with_columns(missing).select("urn", *FACTS, "worthy")


def la_names(tables: list[Table]) -> dict[str, str]:
    """Names of local authorities by code, from the register and from authorities' own rows."""
    names: dict[str, str] = {}
    for table in tables:
        if table.card.kind == "gias" and table.has("LA (name)"):
            pairs = table.text("LA (code)", "LA (name)")
        elif table.card.kind in PERFORMANCE and table.has("SCHNAME") and table.has("LEA"):
            rows = table.rows.select("_scope")
            pairs = pl.concat([table.text("LEA", "SCHNAME"), rows], how="horizontal")
            pairs = pairs.filter(pl.col("_scope") == "la").drop("_scope")
        else:
            continue
        if pairs.width == 2:
            for code, name in pairs.unique().iter_rows():
                if code and name and code.strip() and name.strip():
                    names.setdefault(code.strip(), name.strip().removesuffix(" LA"))
    return names


def complete(frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Fill what follows from the rest, so that no text is null: see ``model.School``."""
    group = pl.col("type_group").fill_null("")
    return frame.with_columns(
        state_funded=state_funded(group),
        type_group=pl.when(group == "").then(pl.lit("other")).otherwise(group),
        la_name=pl.coalesce(
            "la_name", pl.col("la").replace_strict(names, default=None, return_dtype=pl.String)
        ),
        name=pl.coalesce("name", pl.format("School {}", "urn")),
        status=pl.col("status").fill_null("open"),
        phase_detail=pl.coalesce("phase_detail", pl.col("phase").str.to_titlecase()),
    ).with_columns(
        *(pl.col(name).fill_null("") for name in TEXT if name != "la_name"),
        la_name=pl.coalesce("la_name", "la", pl.lit("")),
    )


def _newest(tables: Iterable[Table]) -> list[Table]:
    """Newest first: by as-at date or year, then by when it was loaded."""
    numbered = list(enumerate(tables))
    return [
        table
        for _, table in sorted(
            numbered,
            key=lambda pair: (
                pair[1].card.as_at or date(1900, 1, 1),
                pair[1].card.year or 0,
                pair[0],
            ),
            reverse=True,
        )
    ]


def _clean(name: str) -> pl.Expr:
    """Text without blanks at its ends, null when nothing is left."""
    text = pl.col(name).str.strip_chars()
    return pl.when((text != "") & (text != "Not applicable")).then(text)


def _whole(name: str) -> pl.Expr:
    return (
        pl.col(name).str.strip_chars().cast(pl.Float64, strict=False).cast(pl.Int32, strict=False)
    )


def _part(table: Table, columns: dict[str, str]) -> pl.DataFrame:
    """School rows of a table with ``urn``, ``laestab`` and the published columns under ours; what
    the table lacks is null."""
    frame = table.text(*columns.values())
    frame = frame.select(
        (pl.col(theirs) if theirs in frame.columns else pl.lit(None, pl.String)).alias(ours)
        for ours, theirs in columns.items()
    )
    if frame.height == 0:
        frame = pl.DataFrame({ours: pl.Series([], dtype=pl.String) for ours in columns})
    rows = table.rows.select(pl.col("_laestab").cast(pl.Int32).alias("laestab"))
    frame = pl.concat([pl.DataFrame({"urn": table.urn}), rows, frame], how="horizontal")
    return frame.filter(pl.col("urn") > 0)


def _gias(table: Table) -> pl.DataFrame:
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
            "roll": "NumberOfPupils",
            "east": "Easting",
            "north": "Northing",
            "postcode": "Postcode",
            "town": "Town",
            "website": "SchoolWebsite",
        },
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


def _performance(table: Table) -> pl.DataFrame:
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


def _inspectorate(table: Table) -> pl.DataFrame:
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


def _census(table: Table) -> pl.DataFrame:
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
