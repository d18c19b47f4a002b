"""From releases to a picture: who is believed, what is kept, and that nothing ever changes."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bridgehead.core.figures import Reason
from bridgehead.opendata.load import load
from bridgehead.opendata.releases import Store
from bridgehead.picture import store as disk
from bridgehead.picture.build import build
from bridgehead.picture.labels import WHY
from bridgehead.picture.model import Direction, NoPicture
from bridgehead.picture.picture import Picture, ensure

RWM = "ks2.rwm_expected"


def test_nothing_loaded_is_no_picture(home):
    for attempt in (ensure, Picture.open, build):
        with pytest.raises(NoPicture):
            attempt(home)


def test_a_cell_keeps_its_raw_text_its_place_and_englands_figure(home, publish, school):
    release = publish("2016-2017", [school(900001), school(900002, PTRWM_EXP="73%", TELIG="41")])
    point = ensure(home).school(900002).series[RWM].at(2016)
    assert (point.value, point.raw, point.reason) == (73.0, "73%", None)
    assert (point.cohort, point.england, point.difference) == (41.0, 61.0, 12.0)
    assert (point.release, point.row, point.column) == (release, 3, "PTRWM_EXP")
    assert point.status == "final"


def test_a_suppressed_figure_is_never_nought_and_never_dropped(home, publish, school):
    publish("2016-2017", [school(900001, PTRWM_EXP_FSM6CLA1A="SUPP", TFSM6CLA1A="3")])
    found = ensure(home).school(900001).series
    for key in (f"{RWM}.disadvantaged", f"{RWM}.gap"):
        point = found[key].at(2016)
        assert point.value is None
        assert point.reason is Reason.SUPPRESSED
        assert (point.raw, point.cohort) == ("SUPP", 3.0)
        assert point.level is None


def test_a_gap_is_to_other_pupils_in_england(home, publish, school):
    publish("2016-2017", [school(900001, PTRWM_EXP_FSM6CLA1A="45%")])
    point = ensure(home).school(900001).series[f"{RWM}.gap"].at(2016)
    assert point.value == 45 - 67
    assert point.england == 47 - 67
    assert point.raw == "45%"


def test_a_gap_without_englands_other_pupils_says_so(home, publish, school):
    publish("2016-2017", [school(900001)], england={"PTRWM_EXP_NotFSM6CLA1A": ""})
    point = ensure(home).school(900001).series[f"{RWM}.gap"].at(2016)
    assert point.value is None
    assert point.reason is Reason.NOT_AVAILABLE


def test_the_better_status_wins_whatever_was_loaded_later(home, publish, school):
    publish("2016-2017", [school(900001, PTRWM_EXP="64%")], "final")
    publish("2016-2017", [school(900001, PTRWM_EXP="62%")], "provisional")
    point = ensure(home).school(900001).series[RWM].at(2016)
    assert (point.value, point.status) == (64.0, "final")


def test_what_a_final_release_withholds_stays_withheld(home, publish, school):
    publish("2016-2017", [school(900001, PTRWM_EXP="64%")], "provisional")
    publish("2016-2017", [school(900001, PTRWM_EXP="SUPP")], "final")
    point = ensure(home).school(900001).series[RWM].at(2016)
    assert (point.value, point.reason) == (None, Reason.SUPPRESSED)


def test_a_better_release_that_says_nothing_lets_the_next_one_speak(home, publish, school):
    publish("2016-2017", [school(900001, PTRWM_EXP="64%")], "provisional")
    publish("2016-2017", [school(900001, PTRWM_EXP="")], "final")
    point = ensure(home).school(900001).series[RWM].at(2016)
    assert (point.value, point.status) == (64.0, "provisional")


def test_within_a_status_the_later_load_wins(home, publish, school):
    publish("2016-2017", [school(900001, PTRWM_EXP="64%")])
    publish("2016-2017", [school(900001, PTRWM_EXP="66%")])
    assert ensure(home).school(900001).series[RWM].at(2016).value == 66.0


def test_own_year_goes_before_a_history_column_which_fills_what_is_missing(home, publish, school):
    history = ("PTRWM_EXP_17",)
    publish("2016-2017", [school(900001, PTRWM_EXP="64%")])
    publish(
        "2017-2018",
        [school(900001, PTRWM_EXP_17="99%"), school(900002, PTRWM_EXP_17="58%")],
        extra=history,
    )
    picture = ensure(home)
    assert picture.school(900001).series[RWM].at(2016).value == 64.0
    filled = picture.school(900002).series[RWM].at(2016)
    assert (filled.value, filled.column) == (58.0, "PTRWM_EXP_17")


def test_a_nought_in_a_history_column_is_no_figure_where_the_own_year_had_none(
    home, publish, school
):
    """The real key stage 4 file of 2017/18 prints 0 for 2016/17 where a school had no pupils."""
    silent = {"PTRWM_EXP": "", "TELIG": ""}
    publish("2016-2017", [school(900001, **silent), school(900002, **silent), school(900003)])
    rows = [school(u, PTRWM_EXP_17=t) for u, t in ((900001, "0%"), (900002, "58%"))]
    publish("2017-2018", rows, extra=("PTRWM_EXP_17",))
    picture = ensure(home)
    found = [picture.school(u).series["ks2.rwm_expected"].at(2016) for u in (900001, 900002)]
    assert [point.value for point in found] == [None, 58.0]
    assert found[0].reason is Reason.EMPTY


@pytest.mark.parametrize("order", [("2017-2018", "2018-2019"), ("2018-2019", "2017-2018")])
def test_of_history_columns_the_newest_files_counts_whatever_was_loaded_last(
    home, publish, school, order
):
    for years in order:
        said = {"2017-2018": "41%", "2018-2019": "NA"}[years]
        publish(years, [school(900001, PTRWM_EXP_17=said)], extra=("PTRWM_EXP_17",))
    point = ensure(home).school(900001).series["ks2.rwm_expected"].at(2016)
    assert (point.value, point.raw) == (None, "NA")


def test_an_academy_keeps_its_history_and_its_old_urn_finds_it(home, publish, school):
    publish("2016-2017", [school(900001, ESTAB="2001")])
    publish("2017-2018", [school(900901, ESTAB="2001", NFTYPE="ACC", PTRWM_EXP="70%")])
    picture = ensure(home)
    assert picture.resolve(900001) == picture.resolve(900901) == 900901
    found = picture.school(900001)
    assert found.school.urns == (900001, 900901)
    assert found.school.type_group == "academy"
    assert [p.value for p in found.series[RWM].points] == [60.0, 70.0]
    assert picture.resolve(900777) is None
    with pytest.raises(KeyError):
        picture.school(900777)


def test_of_two_rows_of_a_chain_in_one_year_the_one_with_results_counts(home, publish, school):
    silent = {"TELIG": "", "PTRWM_EXP": "", "PTRWM_EXP_FSM6CLA1A": "", "PTRWM_EXP_NotFSM6CLA1A": ""}
    publish(
        "2016-2017",
        [school(900001, ESTAB="2001"), school(900901, ESTAB="2001", **silent)],
    )
    found = ensure(home).school(900901)
    assert found.school.urns == (900001, 900901)
    assert found.series[RWM].at(2016).value == 60.0


def test_two_urns_with_results_in_one_year_are_two_schools(home, publish, school):
    publish("2016-2017", [school(900001, ESTAB="2001"), school(900901, ESTAB="2001")])
    picture = ensure(home)
    assert picture.school(900001).school.urns == (900001,)
    assert picture.school(900901).school.urns == (900901,)


def test_absence_under_both_urns_of_a_new_academy_does_not_cut_its_history(
    home, publish, school, tmp_path
):
    publish("2017-2018", [school(900001, ESTAB="2001")])
    path = tmp_path / "2018-2019_england_abs_synthetic.csv"
    rows = ["LA,ESTAB,URN,PERCTOT,PPERSABS10", "990,2001,900001,6.0,11", "990,2001,900901,4.0,7"]
    rows += [f"NAT,{phase},,4.5,9.5" for phase in ("PRI", "SEC", "SPE")]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    report = load([path], store=Store(home))
    assert report.files[0].outcome.value == "loaded", report.files[0]
    found = ensure(home).school(900001)
    assert found.school.urns == (900001, 900901)
    point = found.series["absence.overall"].at(2018)
    assert (point.value, point.england) == (4.0, 4.5)  # the newer URN's row


def test_one_authority_has_no_percentile_and_says_why(home, publish, school):
    publish("2016-2017", [school(900000 + n) for n in range(40)])
    picture = ensure(home)
    assert picture.school(900001).series[RWM].at(2016).percentile is None
    assert "990" in picture.why_no_percentile(RWM)
    assert "England" in picture.why_no_percentile(RWM)


def test_too_few_years_give_no_direction_but_a_reason(home, publish, school):
    publish("2016-2017", [school(900001)])
    publish("2017-2018", [school(900001)])
    travel = ensure(home).school(900001).series[RWM].travel
    assert travel.label is Direction.TOO_FEW
    assert (travel.p_up, travel.p_down) == (None, None)
    assert travel.why in WHY[1:]


def test_the_same_inputs_give_the_same_picture_and_nothing_to_do(home, publish, school):
    publish("2016-2017", [school(900001)])
    first, again = build(home), build(home)
    assert first.fresh
    assert not again.fresh
    assert first.digest == again.digest == disk.current(home)


def test_one_process_and_several_write_the_same_bytes(home, publish, school, monkeypatch):
    for year in range(2016, 2019):
        publish(f"{year}-{year + 1}", [school(900000 + n) for n in range(40)])
    written = []
    for fewest in (0, 10**6):
        monkeypatch.setattr("bridgehead.picture.build.WORTH_HANDS", fewest)
        folder = disk.pictures(home) / build(home, force=True).digest
        written.append({path.name: path.read_bytes() for path in folder.glob("*.np[yz]")})
    assert written[0]
    assert written[0] == written[1]


def test_a_new_release_makes_a_new_picture_and_the_old_one_stays(home, publish, school, tmp_path):
    publish("2016-2017", [school(900001)])
    before = ensure(home)
    held = before.school(900001)
    publish("2017-2018", [school(900001, PTRWM_EXP="70%")])
    after = ensure(home)
    assert after.digest != before.digest
    assert len(held.series[RWM].points) == 1  # an open picture keeps saying what it said
    assert len(after.school(900001).series[RWM].points) == 2
    assert Picture.open(home, before.digest).school(900001).series[RWM].at(2017) is None


def test_a_withdrawn_release_no_longer_feeds_the_picture(home, publish, school):
    publish("2016-2017", [school(900001)])
    wrong = publish("2017-2018", [school(900001, PTRWM_EXP="7%")])
    ensure(home)
    store = Store(home)
    store.withdraw(wrong, at=store.card(wrong).loaded_at)
    assert [p.year for p in ensure(home).school(900001).series[RWM].points] == [2016]


def test_an_edited_definition_makes_the_picture_stale(home, publish, school, monkeypatch):
    publish("2016-2017", [school(900001)])
    before = ensure(home).digest
    one = build.__globals__["all_measures"]()
    changed = dict(one)
    del changed["ks2.rwm_higher"]
    monkeypatch.setitem(build.__globals__, "all_measures", lambda: changed)
    assert ensure(home).digest != before


def test_what_a_dead_writer_left_behind_is_no_picture(home, publish, school):
    publish("2016-2017", [school(900001)])
    digest = build(home).digest
    half = disk.pictures(home) / ".new-0123456789abcdef"
    half.mkdir()
    (half / "cells.npy").write_bytes(b"cut short")
    (disk.pictures(home) / "current").write_text("0123456789abcdef\n")
    assert disk.current(home) is None
    assert ensure(home).digest == digest
    assert not half.exists()


def test_a_picture_pushed_aside_by_a_writer_that_died_takes_its_place_again(home, publish, school):
    publish("2016-2017", [school(900001)])
    digest, folder = build(home).digest, disk.pictures(home)
    (folder / digest).rename(folder / f".old-{digest}-12345")
    assert disk.current(home) is None
    assert not build(home).fresh
    assert Picture.open(home).digest == digest
    assert not list(folder.glob(".old-*"))


def test_what_is_loaded_while_a_picture_is_begun_is_left_to_the_next(
    home, publish, school, monkeypatch
):
    publish("2016-2017", [school(900001)])
    named = disk.digest_of

    def load_meanwhile(cards, measures):
        monkeypatch.undo()
        publish("2017-2018", [school(900001)])
        return named(cards, measures)

    monkeypatch.setattr(disk, "digest_of", load_meanwhile)
    first = build(home)
    held = Picture.open(home, first.digest).school(900001).series[RWM]
    assert [p.year for p in held.points] == [2016]
    assert build(home).digest != first.digest


def test_two_writers_at_once_make_one_picture(home, publish, school):
    publish("2016-2017", [school(900001)])
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(lambda _: build(home), range(2))
    assert one.digest == other.digest == disk.current(home)
    assert {one.fresh, other.fresh} == {True, False}


def test_a_writer_that_fails_leaves_the_old_picture_and_nothing_else(
    home, publish, school, monkeypatch
):
    publish("2016-2017", [school(900001)])
    digest = build(home).digest
    publish("2017-2018", [school(900001)])

    def fail(*_, **__):
        raise OSError("the disk is full")

    monkeypatch.setattr(disk, "publish", fail)
    with pytest.raises(OSError, match="disk is full"):
        build(home)
    assert disk.current(home) == digest
    assert not list(disk.pictures(home).glob(".new-*"))


def test_notes_are_given_while_it_builds_and_only_then(home, publish, school):
    publish("2016-2017", [school(900001)])
    notes: list[str] = []
    ensure(home, notes.append)
    told = len(notes)
    ensure(home, notes.append)
    assert told == 2
    assert len(notes) == told


def test_lists_agree_with_slices(home, publish, school):
    publish("2016-2017", [school(900000 + n, PTRWM_EXP=f"{n}%") for n in range(1, 30)])
    publish("2017-2018", [school(900000 + n, PTRWM_EXP=f"{n + 9}%") for n in range(1, 20)])
    picture = ensure(home)
    latest = {row["urn"]: row for row in picture.latest(RWM).iter_rows(named=True)}
    in_2016 = {row["urn"]: row for row in picture.year(RWM, 2016).iter_rows(named=True)}
    assert len(latest) == 29
    for urn, row in latest.items():
        one = picture.school(urn).series[RWM]
        point = one.latest
        assert (row["year"], row["value"], row["cohort"]) == (point.year, point.value, point.cohort)
        assert row["england"] == point.england
        assert row["label"] == one.travel.label.value
        assert row["low"] == pytest.approx(point.low, abs=1e-3)
        assert in_2016[urn]["value"] == one.at(2016).value
    assert np.sort(picture.values(RWM, 2016)).tolist() == list(range(1, 30))
    assert picture.england(RWM) == {2016: 61.0, 2017: 61.0}
    with pytest.raises(KeyError):
        picture.latest("ks2.no_such_thing")


def test_many_urns_lead_to_the_newest_of_their_chains_as_each_does_alone(picture: Picture) -> None:
    asked = [900901, 900777, 900001, 900001, 0]
    alone = {urn: at for urn in asked if (at := picture.resolve(urn)) is not None}
    assert picture.newest(asked) == alone
    assert 900777 not in alone
    assert picture.newest([]) == {}
