"""What a hand in the database might do to the audit, by direct SQL and without the key. Each kind
is a function of a random number generator that does it once and says what it did."""

import hashlib
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

LINES, HEADS, VIEWS, PEOPLE = (
    f"accounts_{name}" for name in ("auditentry", "audithead", "auditview", "pseudonym")
)
Row = dict[str, Any]


def lift_guards() -> None:
    """Take away what the database refuses by itself: whoever owns it can do so."""
    for table in (LINES, VIEWS, PEOPLE):
        postgres = connection.vendor == "postgresql"
        on = f" ON {table}" if postgres else ""
        _do(f"DROP TRIGGER {table}_written_once{on}")
        if postgres and table != PEOPLE:
            _do(f"DROP TRIGGER {table}_kept{on}")


def edit_a_line(rng: Random) -> str:
    row = rng.choice(rows(LINES))
    column = rng.choice(
        [
            "actor",
            "role",
            "verb",
            "object_kind",
            "object_id",
            "details",
            "at",
            "number",
            "partnership_id",
            "previous",
            "digest",
            "key",
        ]
    )
    return _edit(rng, LINES, row, column)


def edit_a_line_and_digest_it_again(rng: Random) -> str:
    row = rng.choice(rows(LINES))
    said = _edit(rng, LINES, row, rng.choice(("actor", "verb", "object_id", "details")))
    _do(f"UPDATE {LINES} SET digest = %s WHERE id = %s", _hash(rng), row["id"])
    return f"{said}, with a digest that nobody's key made"


def delete_a_line(rng: Random) -> str:
    row = rng.choice(rows(LINES))
    _do(f"DELETE FROM {LINES} WHERE id = %s", row["id"])
    return f"deleted line {row['number']}"


def delete_a_line_and_close_the_gap(rng: Random) -> str:
    row = rng.choice(rows(LINES))
    _do(f"DELETE FROM {LINES} WHERE id = %s", row["id"])
    _shift(row["partnership_id"], row["number"], -1)
    _head_to_the_end(row["partnership_id"])
    return f"deleted line {row['number']} and closed the gap"


def insert_a_line(rng: Random) -> str:
    row = rng.choice(rows(LINES))
    _shift(row["partnership_id"], row["number"] - 1, 1)
    forged = row | {"verb": "did something else", "digest": _hash(rng)}
    _insert(LINES, {k: v for k, v in forged.items() if k != "id"})
    _head_to_the_end(row["partnership_id"])
    return f"slipped a line in before line {row['number']}"


def add_a_line_at_the_end(rng: Random) -> str:
    last = rng.choice(list(_last_lines().values()))
    forged = last | {"number": last["number"] + 1, "previous": last["digest"]}
    _insert(LINES, {k: v for k, v in forged.items() if k != "id"} | {"digest": _hash(rng)})
    _head_to_the_end(last["partnership_id"])
    return "added a line at the end"


def swap_two_lines(rng: Random) -> str:
    first = rng.choice(rows(LINES))
    same = [r for r in rows(LINES) if r["partnership_id"] == first["partnership_id"] and r != first]
    second = rng.choice(same)
    _do(f"UPDATE {LINES} SET number = 999999 WHERE id = %s", first["id"])
    _do(f"UPDATE {LINES} SET number = %s WHERE id = %s", first["number"], second["id"])
    _do(f"UPDATE {LINES} SET number = %s WHERE id = %s", second["number"], first["id"])
    return f"swapped lines {first['number']} and {second['number']}"


def cut_the_tail(rng: Random) -> str:
    last = rng.choice(list(_last_lines().values()))
    length = rng.randint(1, last["number"])
    _do(
        f"DELETE FROM {LINES} WHERE partnership_id = %s AND number > %s",
        last["partnership_id"],
        last["number"] - length,
    )
    if rng.random() < 0.8:
        _head_to_the_end(last["partnership_id"])
    # The sightings that went with it, so that no batch without its line tells.
    _do(
        f"DELETE FROM {VIEWS} WHERE partnership_id = %s AND batch > %s",
        last["partnership_id"],
        last["number"] - length,
    )
    return f"cut {length} lines off the end"


def forget_a_ledger(rng: Random) -> str:
    ledger = rng.choice(sorted({row["partnership_id"] for row in rows(LINES)}))
    for table in (LINES, HEADS, VIEWS):
        _do(f"DELETE FROM {table} WHERE partnership_id = %s", ledger)
    return "deleted a whole ledger"


def change_a_head(rng: Random) -> str:
    row = rng.choice(rows(HEADS))
    how = rng.choice(("count", "digest", "delete"))
    if how == "delete":
        _do(f"DELETE FROM {HEADS} WHERE id = %s", row["id"])
    elif how == "count":
        other = rng.choice([n for n in range(row["count"] + 5) if n != row["count"]])
        _do(f"UPDATE {HEADS} SET count = %s WHERE id = %s", other, row["id"])
    else:
        _do(f"UPDATE {HEADS} SET digest = %s WHERE id = %s", _hash(rng), row["id"])
    return f"head: {how}"


def edit_a_sighting(rng: Random) -> str:
    row = rng.choice(rows(VIEWS))
    column = rng.choice(("actor", "role", "what", "urns", "at", "partnership_id", "digest", "key"))
    return _edit(rng, VIEWS, row, column)


def delete_sealed_sightings(rng: Random) -> str:
    sealed = [row for row in rows(VIEWS) if row["batch"] is not None]
    gone = rng.sample(sealed, rng.randint(1, len(sealed)))
    for row in gone:
        _do(f"DELETE FROM {VIEWS} WHERE id = %s", row["id"])
    return f"deleted {len(gone)} sealed sightings"


def insert_a_sighting(rng: Random) -> str:
    row = rng.choice(rows(VIEWS))
    _insert(VIEWS, row | {"id": _id(rng), "batch": rng.choice((None, row["batch"]))})
    return "copied a sighting"


def swap_two_sightings(rng: Random) -> str:
    column = rng.choice(("actor", "urns", "at"))
    first = rng.choice(rows(VIEWS))
    second = rng.choice([row for row in rows(VIEWS) if row[column] != first[column]])
    for row, other in ((first, second), (second, first)):
        _do(f"UPDATE {VIEWS} SET {column} = %s WHERE id = %s", other[column], row["id"])
    return f"swapped the {column} of two sightings"


def take_a_sighting_out_of_its_batch(rng: Random) -> str:
    row = rng.choice([row for row in rows(VIEWS) if row["batch"] is not None])
    batch = rng.choice((None, row["batch"] + 1, 0, 999999))
    _do(f"UPDATE {VIEWS} SET batch = %s WHERE id = %s", batch, row["id"])
    return f"moved a sighting to batch {batch}"


def swap_two_people(rng: Random) -> str:
    first, second = rng.sample(rows(PEOPLE), 2)
    for row in (first, second):
        _do(f"DELETE FROM {PEOPLE} WHERE word = %s", row["word"])
    for row, other in ((first, second), (second, first)):
        _insert(PEOPLE, row | {"person_id": other["person_id"]})
    return "swapped two people behind their pseudonyms"


def delete_a_pseudonym(rng: Random) -> str:
    row = rng.choice(rows(PEOPLE))
    _do(f"DELETE FROM {PEOPLE} WHERE word = %s", row["word"])
    return "deleted a pseudonym and no line says so"


KINDS: tuple[Callable[[Random], str], ...] = (
    edit_a_line,
    edit_a_line_and_digest_it_again,
    delete_a_line,
    delete_a_line_and_close_the_gap,
    insert_a_line,
    add_a_line_at_the_end,
    swap_two_lines,
    cut_the_tail,
    forget_a_ledger,
    change_a_head,
    edit_a_sighting,
    delete_sealed_sightings,
    insert_a_sighting,
    swap_two_sightings,
    take_a_sighting_out_of_its_batch,
    swap_two_people,
    delete_a_pseudonym,
)


def rows(table: str) -> list[Row]:
    """Every row of a table as the database holds it, in the order of its key."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _edit(rng: Random, table: str, row: Row, column: str) -> str:
    """Give one column another value than it has."""
    values = {
        "actor": ["person-ffffffffffff", "the command line", *(r["actor"] for r in rows(table))],
        "role": ["Governor", "Broker"],
        "verb": ["told another story", "did nothing"],
        "object_kind": ["monitoring.review", "thing"],
        "object_id": ["4711", "4712"],
        "details": ['{"i": 999}', "{}"],
        "what": ["the news", "nothing"],
        "urns": [" 900009 ", "  "],
        "at": [r["at"] for r in rows(table)],
        "number": [row.get("number", 0) + 1000],
        "partnership_id": [99],
        "previous": [_hash(rng)],
        "digest": [_hash(rng)],
        "key": [_hash(rng)[:12], ""],
    }[column]
    value = rng.choice([v for v in values if v != row[column]])
    _do(f"UPDATE {table} SET {column} = %s WHERE id = %s", value, row["id"])
    return f"{table}: {column} of {row.get('number', row['id'])} set to {value}"


def _last_lines() -> dict[int, Row]:
    lines = sorted(rows(LINES), key=lambda row: row["number"])
    return {row["partnership_id"]: row for row in lines}


def _head_to_the_end(ledger: int) -> None:
    """Let the head in the database agree with whatever the last line is now."""
    last = _last_lines().get(ledger, {"number": 0, "digest": ""})
    _do(
        f"UPDATE {HEADS} SET count = %s, digest = %s WHERE partnership_id = %s",
        last["number"],
        last["digest"],
        ledger,
    )


def _shift(ledger: int, after: int, by: int) -> None:
    """Renumber the lines after a number, by way of numbers that none has."""
    where = f"UPDATE {LINES} SET number = number + %s WHERE partnership_id = %s AND number > %s"
    _do(where, 100_000, ledger, after)
    _do(where, by - 100_000, ledger, 100_000)


def _insert(table: str, row: Row) -> None:
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    _do(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row.values())


def _hash(rng: Random) -> str:
    return hashlib.sha256(rng.randbytes(16)).hexdigest()


def _id(rng: Random) -> Any:
    made = UUID(bytes=rng.randbytes(16))
    return made if connection.vendor == "postgresql" else made.hex


def _do(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
