"""Rows come out as a spreadsheet shows them, whatever the quoting, width or line ends."""

import csv
import io
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.core.errors import Refused
from bridgehead.opendata import records
from bridgehead.opendata.table import Table, read_header, read_table
from bridgehead.opendata.text import open_text

cell = st.text(alphabet='ab1 ",;\n\té–', max_size=6).map(lambda t: t.replace("\x00", ""))
rows_of_cells = st.lists(st.lists(cell, min_size=1, max_size=6), min_size=1, max_size=8)


def read(data: bytes) -> Table:
    text = open_text(data)
    return read_table(text, read_header(text))


def rows_of(table: Table) -> list[list[str]]:
    """The rows back as lists of text, each as wide as it was."""
    rows = table.cells.rows()
    return [
        [cell or "" for cell in row[:width]] for row, width in zip(rows, table.widths, strict=True)
    ]


def written(rows: list[list[str]], delimiter: str, end: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode()


@given(rows_of_cells, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_ragged_quoted_tables_read_as_the_csv_module_reads_them(
    rows: list[list[str]], delimiter: str, end: str
) -> None:
    header = [f"COLUMN{n}" for n in range(4)]
    data = written([header, *rows], delimiter, end)
    expected = list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))[1:]
    table = read(data)
    assert rows_of(table) == [row for row in expected if row]
    assert list(table.widths) == [len(row) for row in expected if row]
    assert list(table.numbers) == [n for n, row in enumerate(expected, start=2) if row]


@given(st.lists(st.text(alphabet='a",\n', max_size=10), max_size=6).map("\n".join))
def test_quotes_out_of_place_are_read_as_a_spreadsheet_does_or_refused(body: str) -> None:
    data = f"A,B\n{body}\n".encode()
    try:
        table = read(data)
    except Refused:
        # Only for a quote that never closes: then what the csv module makes of the last row
        # depends on text that follows. Or for one that swallows what could be rows.
        probe = list(csv.reader(io.StringIO(f"A,B\n{body}\nend\n", newline="")))
        swallows = any("\n" in c and c.count(",") >= 20 for row in probe for c in row)
        assert probe[-1] != ["end"] or swallows
        return
    expected = [row for row in csv.reader(io.StringIO(data.decode(), newline="")) if row][1:]
    assert rows_of(table) == expected


@given(rows_of_cells, st.integers(1, 20))
def test_the_size_of_the_blocks_that_are_counted_in_changes_nothing(
    rows: list[list[str]], block: int
) -> None:
    body = memoryview(written(rows, ",", "\r\n"))
    whole = records.find_records(body, ",")
    with patch.object(records, "_BLOCK", block):
        in_blocks = records.find_records(body, ",")
    assert whole is not None
    assert in_blocks is not None
    assert list(in_blocks.widths) == list(whole.widths) == [len(row) for row in rows]
    assert list(in_blocks.lengths) == list(whole.lengths)


def test_a_line_break_inside_quotes_is_one_row_and_a_blank_line_counts() -> None:
    table = read(b'URN,NAME\r\n1,"two\r\nlines"\r\n\r\n2,plain\r\n')
    assert list(table.numbers) == [2, 4]
    assert table.cells["NAME"].to_list() == ["two\r\nlines", "plain"]


def test_a_short_row_is_told_apart_from_empty_cells() -> None:
    table = read(b"A,B,C\n1,,\n2\n")
    assert table.cells.rows() == [("1", None, None), ("2", None, None)]
    assert list(table.widths) == [3, 1]


def test_rows_that_spill_over_get_columns_without_a_name() -> None:
    table = read(b"A,B\n1,2,3,4\n5,6\n")
    assert table.columns == ["A", "B", "unnamed 3", "unnamed 4"]
    assert table.cells.rows() == [("1", "2", "3", "4"), ("5", "6", None, None)]


def test_header_names_are_made_unique_and_never_begin_like_our_own() -> None:
    header = read_header(open_text(b"A,A,,_row, B \n1,2,3,4,5\n"))
    assert header.columns == ["A", "A (2)", "unnamed 3", "row (2)", "B"]
    assert header.unnamed == {"unnamed 3"}


@pytest.mark.parametrize(("data", "rows"), [(b"A,B", 0), (b"A,B\n\r\n\n", 0), (b"A,B\n \n", 1)])
def test_a_body_of_nothing_has_no_rows_and_a_space_is_something(data: bytes, rows: int) -> None:
    assert len(rows_of(read(data))) == rows


@pytest.mark.parametrize("data", [b'A,B\n1,"open\n2,3\n', b'A,"B\n1,2\n3,4\n'])
def test_an_open_quote_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="inside a quoted cell"):
        read(data)


def test_a_quote_that_swallows_rows_until_the_next_one_is_refused() -> None:
    plain, width = ["x"] * 30, 30
    header = [f"C{n}" for n in range(width)]
    quoted = ["x", '"a, b"', *plain[2:]]
    opened = ["x", '"x', *plain[2:]]
    lines = [header, plain, quoted, opened, plain, plain, quoted]
    with pytest.raises(Refused, match="runs on over the rows below") as refused:
        read("\n".join(map(",".join, lines)).encode())
    assert refused.value.row == 4


def test_an_address_of_several_lines_with_commas_is_one_honest_cell() -> None:
    address = '"1, The Green,\nLower Town,\nBridgeshire"'
    table = read(f'A,B,C\n1,{address},x\n2,a 6" rule,y\n'.encode())
    assert table.cells["B"].to_list() == [address.strip('"'), 'a 6" rule']


def test_a_bomb_of_one_cell_is_refused() -> None:
    with pytest.raises(Refused, match="bytes long"):
        read(b"A,B\n1," + b"x" * 1_000_001 + b"\n")


def test_a_bomb_of_columns_is_refused() -> None:
    with pytest.raises(Refused, match="columns"):
        read(b",".join(b"C%d" % n for n in range(5_001)) + b"\n1\n")
    with pytest.raises(Refused, match="fields"):
        read(b"A,B\n" + b"," * 6_000 + b"\n")


@given(st.lists(cell, min_size=2, max_size=5), rows_of_cells)
def test_cells_stand_under_their_names_whatever_the_names_are(
    names: list[str], rows: list[list[str]]
) -> None:
    data = written([names, *rows], ",", "\r\n")
    text = open_text(data)
    header = read_header(text)
    if header.delimiter != ",":
        return
    expected = list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]
    assert rows_of(read_table(text, header)) == [row for row in expected if row]
