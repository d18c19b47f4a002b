"""The store keeps releases whole, unchanged and listed, whatever is killed when."""

import errno
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bridgehead.core.errors import Refused
from bridgehead.opendata.refusals import refusals
from bridgehead.opendata.releases import MARKS, Store, release_id
from bridgehead.opendata.report import FileReport

NAME = "2018-2019_936_ks2final.csv"


@pytest.fixture
def loaded(write: Callable[..., Path], ks2: str, load_one: Callable[..., FileReport]) -> FileReport:
    return load_one(write(NAME, ks2))


def test_a_card_is_read_back_as_it_was_written(loaded: FileReport, store: Store) -> None:
    card = store.card(loaded.release)
    assert store.rewrite(card) == store.card(card.id) == store.cards()[0]
    assert (card.publisher, card.title) == (
        "Department for Education",
        "Key stage 2 performance tables",
    )
    assert card.file == NAME


def test_the_identity_of_a_release_is_hash_kind_year_status_and_area(
    loaded: FileReport, store: Store
) -> None:
    card = store.card(loaded.release)
    parts = {
        "sha256": card.sha256, "kind": card.kind, "year": card.year,
        "status": card.status, "area": card.area,
    }  # fmt: skip
    assert release_id(**parts) == card.id
    for part, other in (
        ("sha256", "0"), ("kind", "ks4"), ("year", 2017), ("status", "revised"), ("area", "937"),
    ):  # fmt: skip
        assert release_id(**{**parts, part: other}) != card.id


def test_a_release_is_found_by_the_beginning_of_its_id(loaded: FileReport, store: Store) -> None:
    assert store.card(loaded.release[:5]).id == loaded.release
    for wrong in ("", "zzz"):
        with pytest.raises(KeyError):
            store.card(wrong)


def test_a_frame_gives_the_columns_asked_for_and_the_marks(
    loaded: FileReport, store: Store
) -> None:
    frame = store.frame(loaded.release, ["TELIG", "_urn", "TELIG"])
    assert frame.columns == ["TELIG", *MARKS]
    assert store.frame(loaded.release).height == loaded.rows


def test_withdrawing_hides_a_release_but_keeps_it(loaded: FileReport, store: Store) -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert store.withdraw(loaded.release, at=at).withdrawn_at == at
    assert store.cards() == []
    assert [card.withdrawn_at for card in store.cards(withdrawn=True)] == [at]
    assert store.frame(loaded.release).height == loaded.rows


def test_cards_come_in_the_order_of_loading(loaded: FileReport, store: Store) -> None:
    first, frame = store.card(loaded.release), store.frame(loaded.release)
    earlier = replace(first, id="0" * 12, kind="ks4", loaded_at=first.loaded_at - timedelta(days=1))
    store.add(earlier, frame)
    assert [card.id for card in store.cards()] == ["0" * 12, first.id]
    assert [card.id for card in store.cards(kind="ks2")] == [first.id]


def test_a_release_whose_writing_was_killed_is_never_seen_and_is_cleared_away(
    loaded: FileReport, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, frame = store.card(loaded.release), store.frame(loaded.release)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            store.add(replace(card, id="1" * 12), frame)
    assert [c.id for c in store.cards()] == [card.id]
    assert list(store.folder.glob(".tmp-*"))
    store.add(replace(card, id="2" * 12), frame)
    assert not list(store.folder.glob(".tmp-*"))


def test_a_release_pushed_aside_comes_back_when_its_replacement_never_arrives(
    loaded: FileReport, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    withdrawn, frame = store.withdraw(loaded.release, at=at), store.frame(loaded.release)
    rename = Path.rename

    def killed_between(self: Path, target: Path) -> Path:
        if target.name == withdrawn.id:
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed_between)
        with pytest.raises(KeyboardInterrupt):
            store.add(replace(withdrawn, withdrawn_at=None), frame)
    assert store.cards(withdrawn=True) == []
    store.add(replace(withdrawn, id="2" * 12), frame)
    assert withdrawn in store.cards(withdrawn=True)
    assert store.frame(withdrawn.id).equals(frame)
    assert not list(store.folder.glob(".tmp-*"))


def test_an_empty_home_has_no_cards(store: Store) -> None:
    assert store.cards() == []


@pytest.mark.parametrize("text", ['{"id":', "[]", "{}", "null", "\x00"])
def test_a_damaged_card_is_named_in_words(loaded: FileReport, store: Store, text: str) -> None:
    path = store.folder / loaded.release / "card.json"
    path.write_text(text)
    with pytest.raises(Refused, match="damaged") as refused:
        store.cards()
    assert refused.value.file == str(path)


@pytest.mark.parametrize("text", ["[{", "[1]", '[{"x": 1}]', "7"])
def test_a_damaged_list_of_refusals_stops_nothing(store: Store, text: str) -> None:
    store.folder.mkdir(parents=True, exist_ok=True)
    (store.folder / "refused.json").write_text(text)
    assert refusals(store.folder) == []


def test_of_several_releases_none_is_there_unless_all_are(
    loaded: FileReport, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, frame = store.card(loaded.release), store.frame(loaded.release)
    some = [(replace(card, id=f"{n}" * 12), frame) for n in range(1, 4)]
    write = pl.DataFrame.write_parquet

    def no_room(self: pl.DataFrame, file: Any, **options: Any) -> None:
        if "3" * 12 in file.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, file, **options)

    with monkeypatch.context() as patch:
        patch.setattr(pl.DataFrame, "write_parquet", no_room)
        with pytest.raises(OSError, match="No space"):
            store.add_all(some)
    assert [c.id for c in store.cards()] == [card.id]
    assert not list(store.folder.glob(".tmp-*"))
    store.add_all(some)
    assert {c.id for c in store.cards()} == {card.id, *(c.id for c, _ in some)}
    assert store.frame("3" * 12).equals(frame)
