"""Change files: the same rows as a fresh import of the result, and only what differs is written."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import osmium
import pytest
from sqlalchemy import Engine, text

from gis.database import begin
from gis.errors import BadExtract, Overtaken
from gis.importing import import_place
from gis.importing.changing import apply_changes, change, compare_changes
from gis.importing.keeping import keep
from gis.model import DistrictId
from gis.store import districts
from gis.store.kinds import KINDS
from tests.gis.test_importing_renewing import after, batch, before, quiet, rows, tile_of


def difference(old: Path, new: Path, target: Path) -> Path:
    """What leads from one extract to the other, as a change file."""
    were, are = ({(t.type_str(), t.id): str(t) for t in _objects(file)} for file in (old, new))
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for thing in _objects(new):
            if were.get((thing.type_str(), thing.id)) != str(thing):
                writer.add(thing.replace(version=2))
        for thing in _objects(old):
            if (thing.type_str(), thing.id) not in are:
                writer.add(thing.replace(version=2, visible=False))
    return target


def _objects(file: Path) -> Iterator[Any]:
    return iter(osmium.FileProcessor(str(file)))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    old, new = before().write(tmp_path / "a.osm"), after().write(tmp_path / "b.osm")
    return old, new, difference(old, new, tmp_path / "ab.osc.gz")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def district(database: Engine, files: tuple[Path, Path, Path], folder: Path) -> DistrictId:
    return import_place(database, files[0], folder=folder, progress=quiet).district


def content(engine: Engine, district: DistrictId) -> list[list[tuple[object, ...]]]:
    asked = "SELECT source_key, digest, ST_AsText({}, 7) FROM {} WHERE district = {} ORDER BY 1"
    return [rows(engine, asked.format(kind.shape, name, district)) for name, kind in KINDS.items()]


def test_a_change_file_leads_to_the_same_rows_as_a_fresh_import(
    database: Engine, district: DistrictId, files: tuple[Path, Path, Path], folder: Path
) -> None:
    done = change(database, files[2], district=district, folder=folder, progress=quiet)
    assert (done.kinds["building"].added, done.kinds["building"].gone, done.graphs) == (1, 1, True)
    fresh = import_place(database, files[1], folder=folder, progress=quiet).district
    assert content(database, district) == content(database, fresh)


def test_a_change_that_comes_twice_changes_nothing_the_second_time(
    database: Engine, district: DistrictId, files: tuple[Path, Path, Path], folder: Path
) -> None:
    change(database, files[2], district=district, folder=folder, progress=quiet)
    were = content(database, district)
    again = change(database, files[2], district=district, folder=folder, progress=quiet)
    assert sum(one.touched for one in again.kinds.values()) == 0
    assert content(database, district) == were


def test_roads_are_built_anew_only_where_one_is_touched(
    database: Engine, district: DistrictId, files: tuple[Path, Path, Path], tmp_path: Path, folder: Path
) -> None:
    v = before()
    v.ring(3, -3, 0.3, building="house")
    osc = difference(files[0], v.write(tmp_path / "c.osm"), tmp_path / "c.osc")
    done = change(database, osc, district=district, folder=folder, progress=quiet)
    assert (done.kinds["building"].added, done.graphs) == (1, False)
    w = before()
    w.node((0.5, 0), barrier="bollard")
    osc = difference(files[0], w.write(tmp_path / "d.osm"), tmp_path / "d.osc")
    assert change(database, osc, district=district, folder=folder, progress=quiet).graphs


def test_only_tiles_that_show_the_change_are_dropped(
    database: Engine, district: DistrictId, files: tuple[Path, Path, Path], tmp_path: Path, folder: Path
) -> None:
    kept = "INSERT INTO tile (district, layer, z, x, y, body, etag) VALUES (:d, 'base', :z, :x, :y, '', 'e')"
    with begin(database) as tx:
        _, x, y = tile_of(10.00315, 50.00045)
        for at in ((16, x, y), (16, x - 20, y)):
            tx.execute(text(kept), {"d": district, **dict(zip("zxy", at, strict=True))})
    v = before()
    v.ring(3, 0.3, 0.3, building="house")
    osc = difference(files[0], v.write(tmp_path / "c.osm"), tmp_path / "c.osc")
    change(database, osc, district=district, folder=folder, progress=quiet)
    assert rows(database, "SELECT x FROM tile") == [(x - 20,)]


def test_a_delivery_of_changes_is_shown_and_then_applied(
    database: Engine, district: DistrictId, files: tuple[Path, Path, Path], folder: Path
) -> None:
    number = batch(database, district)
    compare_changes(database, number, files[2], district=district, folder=folder, progress=quiet)
    [(counts,)] = rows(database, "SELECT counts FROM import_batch")
    assert isinstance(counts, dict)
    assert counts["kinds"]["building"] == {"added": 1, "changed": 1, "same": 2, "gone": 1}
    assert apply_changes(database, number, files[2], folder=folder, progress=quiet).applied
    with pytest.raises(Overtaken):
        apply_changes(database, number, files[2], folder=folder, progress=quiet)


def test_a_damaged_change_file_says_so_and_changes_nothing(
    database: Engine, district: DistrictId, files: tuple[Path, Path, Path], tmp_path: Path, folder: Path
) -> None:
    were = content(database, district)
    whole = gzip.decompress(files[2].read_bytes())
    cut = tmp_path / "cut.osc"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadExtract, match="unreadable"):
        change(database, cut, district=district, folder=folder, progress=quiet)
    with pytest.raises(BadExtract, match="foreign"):
        change(database, files[0], district=district, folder=folder, progress=quiet)
    assert content(database, district) == were


def test_a_place_without_a_copy_says_what_to_do(
    database: Engine, district: DistrictId, files: tuple[Path, Path, Path], folder: Path
) -> None:
    with begin(database) as tx:
        (folder / str(districts.extract(tx, district))).unlink()
    with pytest.raises(BadExtract, match="no_copy"):
        change(database, files[2], district=district, folder=folder, progress=quiet)


@pytest.mark.pure
def test_a_copy_of_a_small_place_leaves_out_the_rest_of_a_large_file(tmp_path: Path) -> None:
    v = before()
    for east in range(2000, 2400, 2):  # a second town, 140 km away
        v.ring(east, 0, 1, building="house")
    across = v.way([(0, 3), (2000, 0)], highway="motorway")
    around = (9.995, 49.995, 10.005, 50.005)
    keep(v.write(tmp_path / "v.osm"), tmp_path / "all.osm.pbf")
    keep(
        v.write(tmp_path / "v.osm"), tmp_path / "small.osm.pbf", bounds=around
    )  # not worth the memory that cutting takes
    keep(v.write(tmp_path / "v.osm"), tmp_path / "cut.osm.pbf", bounds=around, large=0)
    whole, small, cut = (
        {(t.type_str(), t.id) for t in _objects(tmp_path / f"{name}.osm.pbf")} for name in ("all", "small", "cut")
    )
    assert small == whole
    expected = {(t.type_str(), t.id) for t in _objects(before().write(tmp_path / "w.osm"))}
    assert cut < whole
    assert expected < cut
    assert ("w", across) in cut
    assert len(cut - expected) == 3  # the way and its two ends
