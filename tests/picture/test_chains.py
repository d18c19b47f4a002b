"""Which URNs are one school, and which are not."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.picture.chains import chains, plain_links


def links(*rows):
    return plain_links(pl.DataFrame(rows, ["urn", "link_urn", "link_type"], orient="row"))


def urns_of(*args, **kwargs):
    return [chain.urns for chain in chains(*args, **kwargs)]


def test_an_academy_keeps_its_history_by_laestab():
    got = urns_of([101, 140], laestabs=[(101, 9362001), (140, 9362001)], links=set(), results={})
    assert got == [(101, 140)]


def test_a_plain_successor_is_followed_and_named_by_the_newest():
    edges = links((101, 140, "Successor"), (140, 101, "Predecessor"))
    assert urns_of([101, 140], laestabs=[], links=edges, results={}) == [(101, 140)]


def test_the_link_may_pass_through_a_urn_that_nothing_else_speaks_of():
    edges = links((101, 120, "Successor"), (120, 140, "Successor"))
    assert urns_of([101, 140], laestabs=[], links=edges, results={}) == [(101, 140)]


def test_mergers_amalgamations_and_splits_are_never_followed():
    for words in (
        "Successor - merged",
        "Predecessor - merged",
        "Predecessor - amalgamated",
        "Result of Amalgamation",
        "Successor - Split School",
        "Sixth Form Centre Link",
    ):
        assert links((101, 140, words)) == set()


def test_two_plain_predecessors_of_one_school_are_not_one_to_one():
    assert links((101, 140, "Successor"), (102, 140, "Successor")) == set()
    assert links((101, 140, "Successor"), (101, 141, "Successor")) == set()


def test_links_in_both_directions_are_ambiguous():
    assert links((101, 140, "Successor"), (140, 101, "Successor")) == set()


def test_a_school_that_would_succeed_itself_is_not_followed():
    ring = [(1, 2, "Successor"), (2, 3, "Successor"), (3, 1, "Successor")]
    assert links(*ring, (7, 8, "Successor"), (8, 9, "Successor")) == {(7, 8), (8, 9)}
    assert links((5, 5, "Successor")) == set()


def test_results_in_the_same_year_cut_the_chain():
    both = {("ks2", 2017): {101, 140}, ("ks2", 2018): {140}}
    same = [(101, 9362001), (140, 9362001)]
    assert urns_of([101, 140], laestabs=same, links=set(), results=both) == [(101,), (140,)]


def test_a_row_without_results_does_not_cut_the_chain():
    one = {("ks2", 2017): {101}, ("ks2", 2018): {140}}
    same = [(101, 9362001), (140, 9362001)]
    assert urns_of([101, 140], laestabs=same, links=set(), results=one) == [(101, 140)]


def test_links_order_a_chain_even_against_the_numbers():
    assert urns_of([150, 140], laestabs=[], links={(150, 140)}, results={}) == [(150, 140)]


@settings(deadline=None)
@given(
    urns=st.sets(st.integers(1, 40), max_size=25),
    laestabs=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 12)), max_size=25),
    rows=st.lists(
        st.tuples(
            st.integers(1, 40),
            st.integers(1, 40),
            st.sampled_from(["Successor", "Predecessor", "Successor - merged"]),
        ),
        max_size=25,
    ),
    results=st.dictionaries(
        st.tuples(st.just("ks2"), st.integers(2016, 2018)), st.sets(st.integers(1, 40)), max_size=3
    ),
)
def test_every_urn_is_in_exactly_one_chain_and_no_chain_has_two_results_in_a_year(
    urns, laestabs, rows, results
):
    got = urns_of(urns, laestabs=laestabs, links=links(*rows) if rows else set(), results=results)
    assert sorted(urn for chain in got for urn in chain) == sorted(urns)
    for chain in got:
        seen = [table for urn in chain for table, urns in results.items() if urn in urns]
        assert len(seen) == len(set(seen))
