"""What the first reader would wait for is worked out before anybody asks."""

import gc
import weakref
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bridgehead.config import warm
from bridgehead.desk.views import area
from bridgehead.picture import store
from bridgehead.web.addresses import school_page
from tests.cast import Site


@pytest.mark.django_db
def test_the_first_reader_of_an_area_finds_its_figures_made(site: Site) -> None:
    area.figures.cache_clear()
    reader = Client()
    reader.force_login(site.cast.broker)
    warm.again(None)
    made = area.figures.cache_info().misses
    assert made
    assert reader.get(reverse("desk:area")).status_code == 200
    assert area.figures.cache_info().misses == made
    area.figures.cache_clear()  # without it the reader makes them
    reader.get(reverse("desk:area"))
    assert area.figures.cache_info().misses == 1


@pytest.mark.django_db
def test_it_is_done_again_for_a_new_picture_and_a_new_day_only(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[date] = []
    monkeypatch.setattr(warm, "partnerships", lambda picture, today: done.append(today))
    warmed = warm.again(None)
    assert done == [localdate()]
    assert warm.again(warmed) == warmed
    assert len(done) == 1
    warm.again((warmed[0], warmed[1] - timedelta(days=1)))
    warm.again(("another", warmed[1]))
    assert len(done) == 3


@pytest.mark.django_db
def test_what_fails_is_told_and_the_site_serves_all_the_same(
    site: Site,
    synthetic_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    digest = store.current(synthetic_home)
    assert digest
    folder = store.pictures(tmp_path) / digest
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text("{}")
    monkeypatch.setattr(store, "current", lambda home: digest)
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    assert warm.again(None) == (digest, localdate())
    assert "worked out before anybody asks failed" in caplog.text


def test_before_the_first_picture_there_is_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGEHEAD_HOME", str(tmp_path))
    assert warm.again(None) == (None, localdate())


def test_the_collector_passes_over_what_is_kept_and_not_over_what_comes_after() -> None:
    class Loop:
        def __init__(self) -> None:
            self.itself = self

    try:
        gone = weakref.ref(Loop())
        warm.settle()
        assert gone() is None  # what nobody holds goes before anything is settled
        assert gc.get_freeze_count() > len(gc.get_objects())
        later = weakref.ref(Loop())
        gc.collect()
        assert later() is None
    finally:
        gc.unfreeze()


def test_every_template_of_ours_can_be_read() -> None:
    warm.templates()


def test_the_address_of_a_school_is_the_one_that_django_gives() -> None:
    for urn in (1, 100000, 987654, 999999):
        assert school_page(urn) == reverse("desk:school", args=[urn])
