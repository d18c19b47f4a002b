"""Marks stand beside the cells row for row, in pieces as long as theirs."""

import polars as pl

from bridgehead.opendata.rows import marked
from bridgehead.opendata.sources import KINDS


def test_marks_lie_in_the_pieces_in_which_the_cells_were_read() -> None:
    pieces = [
        pl.DataFrame({"URN": urns, "LA": ["936"] * len(urns), "ESTAB": ["2001"] * len(urns)})
        for urns in (["100001"], ["100002", " 100003"], ["NAT", "100005"])
    ]
    cells = pl.concat(pieces, rechunk=False)
    frame = marked(KINDS["census"], cells, pl.Series([2, 3, 4, 6, 7]), pl.Series([3] * 5))
    assert set(frame.n_chunks("all")) == {3}
    assert frame["_row"].to_list() == [2, 3, 4, 6, 7]
    assert frame["_urn"].to_list() == [100001, 100002, 100003, None, 100005]
