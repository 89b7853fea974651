"""What was cut before a change is never shown after its commit, whoever cut it and when."""

from __future__ import annotations

import multiprocessing
import threading
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Engine, text

from gis.database import begin, engine_for
from gis.importing import import_place
from gis.model import DistrictId
from gis.store import basemap, kept
from gis.tiles import DEEPEST, Memory, spoil, tile_with_etag, warm
from gis.tiles.squares import ranges
from tests.gis.test_tiles import HERE, at
from tests.gis.village import LAT, LON, village


@pytest.fixture(scope="module")
def district(module_database: Engine, tmp_path_factory: pytest.TempPathFactory) -> DistrictId:
    folder = tmp_path_factory.mktemp("data")
    file = village().write(folder / "v.osm")
    return import_place(module_database, file, folder=folder, progress=lambda *_: None).district


def _renaming(url: str, district: int, name: str, changed: Event, go: Event) -> None:
    """Another process: renames every road, says so, commits when it is told to."""
    engine = engine_for(url)
    with begin(engine) as tx:
        tx.execute(text("UPDATE basemap_road SET name = :name"), {"name": name})
        spoil(tx, district, [(LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)])
        changed.set()
        go.wait(20)
    engine.dispose()


def test_two_processes_never_keep_or_show_what_a_commit_has_made_old(
    module_database: Engine, district: DistrictId
) -> None:
    url = module_database.url.render_as_string(hide_password=False)
    processes = multiprocessing.get_context("spawn")
    changed, go = processes.Event(), processes.Event()
    memory, where = Memory(), at(*HERE, 15)
    with begin(module_database) as tx:
        before = tile_with_etag(tx, district, *where, memory)
    other = processes.Process(target=_renaming, args=(url.replace("+psycopg2", ""), district, "Neuweg", changed, go))
    other.start()
    try:
        assert changed.wait(20)
        with begin(module_database) as tx:  # cut anew from what still holds; must not be kept
            beside = at(LON - 0.004, LAT - 0.003, 16)
            tile_with_etag(tx, district, *beside, memory)
            assert tile_with_etag(tx, district, *where, memory) == before
            assert kept.kept(tx, district, "base", *beside) is None
        go.set()
        other.join(20)
    finally:
        go.set()
        other.join(5)
    with begin(module_database) as tx:
        for place in (where, beside):
            after = tile_with_etag(tx, district, *place, memory)
            assert after.body == basemap.base_tile(tx, district, *place)
        assert b"Neuweg" in tile_with_etag(tx, district, *where, memory).body


def test_a_change_waits_for_a_tile_that_is_being_cut_and_then_drops_it(
    module_database: Engine, district: DistrictId
) -> None:
    where, done = at(*HERE, 16), threading.Event()

    def change() -> None:
        with begin(module_database) as tx:
            tx.execute(text("UPDATE basemap_road SET name = 'Spätweg'"))
            spoil(tx, district, [shapely.Point(*HERE)])
        done.set()

    with begin(module_database) as tx:
        spoil(tx, district)
    with begin(module_database) as tx:
        old = tile_with_etag(tx, district, *where)
        thread = threading.Thread(target=change)
        thread.start()
        assert not done.wait(0.3), "the change did not wait for the tile that is about to be kept"
    thread.join(10)
    with begin(module_database) as tx:
        assert kept.kept(tx, district, "base", *where) is None
        assert tile_with_etag(tx, district, *where).etag != old.etag


def test_only_the_touched_squares_are_dropped(module_database: Engine, district: DistrictId) -> None:
    with begin(module_database) as tx:
        near, far = at(*HERE, 16), at(LON - 0.006, LAT - 0.004, 16)
        etags = {place: tile_with_etag(tx, district, *place).etag for place in (near, far, at(*HERE, 10))}
        spoil(tx, district, [shapely.Point(*HERE)])
        assert kept.kept(tx, district, "base", *near) is None
        assert kept.kept(tx, district, "base", *at(*HERE, 10)) is None
        assert kept.kept(tx, district, "base", *far) is not None
        assert tile_with_etag(tx, district, *near).etag == etags[near], "the same content has the same mark"


def test_what_is_cut_ahead_is_cut_once(module_database: Engine, district: DistrictId) -> None:
    with begin(module_database) as tx:
        spoil(tx, district)
    first = warm(module_database, district)
    with begin(module_database) as tx:
        assert {z for (z,) in tx.execute(text("SELECT DISTINCT z FROM tile"))} == {10, 11, 12, 13, 14}
    assert first > 10
    assert warm(module_database, district) == 0
    assert warm(module_database, district, stop=lambda: True) == 0


@pytest.mark.pure
@given(lon=some.floats(-180, 180), lat=some.floats(-84, 84), z=some.integers(0, DEEPEST))
def test_every_square_that_holds_a_point_is_touched_by_it(lon: float, lat: float, z: int) -> None:
    most = 2**z - 1
    _, x, y = at(min(lon, 179.9999), lat, z)
    touched = [one for one in ranges([shapely.Point(lon, lat)]) if one[0] == z]
    assert any(west <= min(x, most) <= east and north <= y <= south for _, west, east, north, south in touched)
    assert sum((e - w + 1) * (s - n + 1) for _, w, e, n, s in touched) <= 4


@pytest.mark.pure
def test_memory_forgets_what_was_not_asked_for_longest() -> None:
    memory = Memory(most=100)
    for n in range(4):
        memory.put((1, "base", 0, n, 0), "e", bytes(30))
        memory.get((1, "base", 0, 0, 0))
    assert len(memory) == 3
    assert memory.get((1, "base", 0, 0, 0)) is not None
    assert memory.get((1, "base", 0, 1, 0)) is None


@pytest.mark.pure
def test_shapes_without_a_place_touch_nothing() -> None:
    assert list(ranges([shapely.Polygon(), (np.nan, 0.0, 1.0, 1.0)])) == []


def test_a_tile_is_sent_as_it_is_kept(module_database: Engine, district: DistrictId, tmp_path: Path) -> None:
    with begin(module_database) as tx:
        first = tile_with_etag(tx, district, *at(*HERE, 13))
        stored = tx.scalar(text("SELECT body FROM tile WHERE etag = :etag"), {"etag": first.etag})
        assert bytes(stored) == first.packed
        assert first.body == basemap.base_tile(tx, district, *at(*HERE, 13))
