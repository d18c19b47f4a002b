"""Things done at once come out in order, and not too many of them are begun."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.picture.side_by_side import side_by_side


@given(st.lists(st.integers()), st.integers(0, 4))
def test_what_comes_out_is_what_one_thread_would_give(things, threads):
    assert list(side_by_side(lambda n: n * 2, things, threads=threads)) == [n * 2 for n in things]


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_no_more_are_begun_than_are_taken_and_worked(threads):
    begun = []

    def things():
        for n in range(20):
            begun.append(n)
            yield n

    for taken, _ in enumerate(side_by_side(str, things(), threads=threads)):
        assert len(begun) <= taken + 1 + threads


@pytest.mark.parametrize("threads", [1, 2])
def test_a_failure_comes_out_where_it_belongs(threads):
    got = side_by_side(lambda n: 1 // n, [1, 0, 1], threads=threads)
    assert next(got) == 1
    with pytest.raises(ZeroDivisionError):
        next(got)
