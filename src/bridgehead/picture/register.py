"""The register's facts of every school: from the newest GIAS release, else from what is loaded.

A school of which the register says nothing is still a school when figures speak of it: its name,
authority and phase then come from performance tables, the census or Ofsted's list.
"""

from collections.abc import Collection, Iterable
from datetime import date

import polars as pl

from bridgehead.picture.facts_of_files import (
    PERFORMANCE,
    STAGE_PHASE,
    group_names,
    of_census,
    of_gias,
    of_inspectorate,
    of_members,
    of_results,
    of_stage,
)
from bridgehead.picture.kinds_of_school import state_funded
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
#: Lists of who belongs to which trust, and of trusts.
MEMBERSHIP = ("gias_membership", "gias_grouplinks")
GROUPS = ("gias_groups", *MEMBERSHIP)


def facts(tables: list[Table]) -> pl.DataFrame:
    """One row a URN: ``urn``, the columns of ``FACTS`` (null where nothing is known), ``worthy``
    (the register has it open and it is a school) and ``state_funded``.

    Sources in order: GIAS (newest as-at first), its lists of groups, performance tables and tidy
    files (newest first), Ofsted's list of schools, the census. The first that says something of a
    field is believed.
    """

    def newest(kinds: Collection[str]) -> list[Table]:
        return _newest([t for t in tables if t.card.kind in kinds])

    trusts = group_names(newest(GROUPS))
    parts = [of_gias(t, trusts) for t in newest(("gias",))]
    parts += [of_members(t) for t in newest(MEMBERSHIP)]
    for table in _newest([t for t in tables if t.card.kind in PERFORMANCE or t.is_tidy]):
        parts += of_results(table)
    parts += [of_inspectorate(t) for t in newest(("ofsted_mi",))]
    parts += [of_census(t) for t in newest(("census",))]
    parts += [of_stage(t) for t in tables if t.is_tidy and t.card.kind in STAGE_PHASE]
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
        elif table.is_tidy and table.has("old_la_code") and table.has("la_name"):
            pairs = table.text("old_la_code", "la_name")
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
    codes = {name: code for code, name in names.items()}
    return (
        frame.with_columns(
            # An extract of names alone gives an authority no code.
            la=pl.coalesce(
                "la", pl.col("la_name").replace_strict(codes, default=None, return_dtype=pl.String)
            )
        )
        .with_columns(
            state_funded=state_funded(group),
            type_group=pl.when(group == "").then(pl.lit("other")).otherwise(group),
            la_name=pl.coalesce(
                "la_name", pl.col("la").replace_strict(names, default=None, return_dtype=pl.String)
            ),
            name=pl.coalesce("name", pl.format("School {}", "urn")),
            status=pl.col("status").fill_null("open"),
            phase_detail=pl.coalesce("phase_detail", pl.col("phase").str.to_titlecase()),
        )
        .with_columns(
            *(pl.col(name).fill_null("") for name in TEXT if name != "la_name"),
            la_name=pl.coalesce("la_name", "la", pl.lit("")),
        )
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
