"""Words of the publishers for phase and type → the few that the picture compares by."""

import polars as pl

#: ``NFTYPE`` of performance tables → (type name, type group, special?).
NFTYPE: dict[str, tuple[str, str, bool]] = {
    "AC": ("Academy sponsor led", "academy", False),
    "ACC": ("Academy converter", "academy", False),
    "ACC1619": ("Academy 16-19 converter", "academy", False),
    "AC1619": ("Academy 16 to 19 sponsor led", "academy", False),
    "ACS": ("Academy special sponsor led", "academy", True),
    "ACCS": ("Academy special converter", "academy", True),
    "CTC": ("City technology college", "independent", False),
    "CY": ("Community school", "maintained", False),
    "CYS": ("Community special school", "maintained", True),
    "F": ("Free schools", "academy", False),
    "F1619": ("Free schools 16 to 19", "academy", False),
    "FS": ("Free schools special", "academy", True),
    "FSS": ("Studio schools", "academy", False),
    "SS": ("Studio schools", "academy", False),
    "FUTC": ("University technical college", "academy", False),
    "UTC": ("University technical college", "academy", False),
    "FD": ("Foundation school", "maintained", False),
    "FDS": ("Foundation special school", "maintained", True),
    "IND": ("Other independent school", "independent", False),
    "INDSPEC": ("Other independent special school", "independent", True),
    "INDSS": ("Other independent special school", "independent", True),
    "NMSS": ("Non-maintained special school", "other", True),
    "VA": ("Voluntary aided school", "maintained", False),
    "VC": ("Voluntary controlled school", "maintained", False),
}

#: ``SCHOOLTYPE`` of the school census → (phase, type group or unknown).
CENSUS: dict[str, tuple[str, str]] = {
    "State-funded primary": ("primary", ""),
    "State-funded secondary": ("secondary", ""),
    "State-funded special school": ("special", ""),
    "State-funded nursery": ("nursery", ""),
    "Pupil referral unit": ("alternative provision", ""),
    "Independent school": ("", "independent"),
    "Non-maintained special school": ("special", "other"),
}

#: Establishments of the register that are not schools or colleges.
NOT_SCHOOLS = ("children's centre", "higher education", "offshore", "welsh", "online provider")


def type_group(type_name: pl.Expr, group: pl.Expr) -> pl.Expr:
    """maintained, academy, independent, college or other, from the register's two type columns."""
    name, words = type_name.str.to_lowercase(), group.str.to_lowercase()
    return (
        pl.when(words.str.contains("academ|free school") | name.str.contains("academy|free school"))
        .then(pl.lit("academy"))
        .when(name.str.contains("studio school|university technical college"))
        .then(pl.lit("academy"))
        .when(words.str.contains("independent") | name.str.contains("independent"))
        .then(pl.lit("independent"))
        .when(
            words.str.contains("maintained")
            | name.str.contains("^(community|foundation|voluntary)")
        )
        .then(
            pl.when(name.str.contains("^non-maintained"))
            .then(pl.lit("other"))
            .otherwise(pl.lit("maintained"))
        )
        .when(words.str.contains("college") | name.str.contains("further education|post 16"))
        .then(pl.lit("college"))
        .otherwise(pl.lit("other"))
    )


def phase(detail: pl.Expr, type_name: pl.Expr, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """The phase to compare by. Ages speak where the register gives no phase (independents)."""
    words, name = detail.str.to_lowercase(), type_name.str.to_lowercase()
    return (
        pl.when(name.str.contains("referral|alternative provision"))
        .then(pl.lit("alternative provision"))
        .when(name.str.contains("special"))
        .then(pl.lit("special"))
        .when(words.str.contains("all-through"))
        .then(pl.lit("all-through"))
        .when(words.str.contains("primary"))
        .then(pl.lit("primary"))
        .when(words.str.contains("secondary"))
        .then(pl.lit("secondary"))
        .when(words.str.contains("nursery") | name.str.contains("nursery"))
        .then(pl.lit("nursery"))
        .when(
            words.str.contains("16 plus|16 to 18")
            | name.str.contains("further education|16-19|16 to 19|sixth form")
        )
        .then(pl.lit("16-18"))
        .when((low <= 7) & (high >= 15))
        .then(pl.lit("all-through"))
        .when(high <= 13)
        .then(pl.lit("primary"))
        .when(low >= 15)
        .then(pl.lit("16-18"))
        .when(low >= 8)
        .then(pl.lit("secondary"))
        .otherwise(pl.lit(""))
    )


def detailed(detail: pl.Expr, phase_: pl.Expr, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """The phase as published, with the part of primary education that the ages tell: an infant or
    first school has no key stage 2 results of its own, a junior school no key stage 1."""
    plain = (phase_ == "primary") & ~detail.str.to_lowercase().str.contains("middle")
    return (
        pl.when(plain & (high <= 7))
        .then(pl.lit("Infant"))
        .when(plain & (high <= 10) & (low < 7))
        .then(pl.lit("First"))
        .when(plain & (low >= 7) & (high >= 11))
        .then(pl.lit("Junior"))
        .otherwise(detail)
    )


def state_funded(group: pl.Expr) -> pl.Expr:
    """Whether a type group (``""`` where unknown) is counted as state-funded."""
    return ~group.is_in(["independent", "other"])
