"""Tiles of the base map and of the cells, decoded again by GDAL."""

from __future__ import annotations

from math import asinh, pi, radians, tan
from pathlib import Path

import pyogrio
import pytest
from geopandas import GeoDataFrame
from sqlalchemy import Engine, text

from gis.database import begin
from gis.errors import BadQuestion
from gis.importing import import_place
from gis.model import DistrictId
from gis.store import basemap, kept
from gis.store.cells import cut_grid
from gis.tiles import DEEPEST, cells_tile, cells_tile_with_etag, tile, tile_with_etag
from tests.gis.village import LAT, LON, add_communities, village


def at(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    """The tile that a position lies in."""
    return z, int((lon + 180) / 360 * 2**z), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z)


HERE = (LON + 0.0005, LAT + 0.0005)


@pytest.fixture(scope="module")
def district(module_database: Engine, tmp_path_factory: pytest.TempPathFactory) -> DistrictId:
    v = village()
    add_communities(v)
    v.way([(0.1, -4), (0.1, 4)], railway="rail")
    v.way([(2, -4), (2, 0), (2, 4)], highway="residential", name="Zweigasse")
    v.way([(2, 4), (2, 6)], highway="residential", name="Zweigasse")
    v.ring(3, 3, 1, landuse="forest", name="Hain")
    v.node((1.1, 0.2), entrance="main")
    folder = tmp_path_factory.mktemp("data")
    file = v.write(folder / "v.osm")
    return import_place(module_database, file, folder=folder, progress=lambda *_: None).district


def layers(body: bytes, folder: Path) -> dict[str, GeoDataFrame]:
    file = folder / "tile.mvt"
    file.write_bytes(body)
    return {name: pyogrio.read_dataframe(file, layer=name) for name, _ in pyogrio.list_layers(file)}


@pytest.fixture
def deep(module_database: Engine, district: DistrictId, tmp_path: Path) -> dict[str, GeoDataFrame]:
    with begin(module_database) as tx:
        return layers(tile(tx, district, *at(*HERE, DEEPEST)), tmp_path)


def test_the_deepest_tile_holds_every_layer_that_lies_there(deep: dict[str, GeoDataFrame]) -> None:
    assert {"land", "roads", "buildings", "boundaries", "points", "doors"} <= set(deep)
    assert "earth" in set(deep["land"]["kind"])
    assert {"minor", "tertiary", "rail"} <= set(deep["roads"]["kind"])


def test_names_come_in_the_languages_that_are_mapped(
    module_database: Engine, district: DistrictId, tmp_path: Path
) -> None:
    with begin(module_database) as tx:
        found = layers(tile(tx, district, *at(LON + 0.0005, LAT + 0.001, 14)), tmp_path)
    assert found["roads"].set_index("name").loc["成府路", "name:en"] == "Chengfu Road"
    assert found["places"].set_index("name").loc["Musterdorf", "name:zh"] == "样板村"


def test_house_numbers_stand_in_the_deepest_tiles_and_not_before(
    module_database: Engine, district: DistrictId, deep: dict[str, GeoDataFrame], tmp_path: Path
) -> None:
    assert "28" in set(deep["doors"]["number"].astype(str))
    with begin(module_database) as tx:
        assert "doors" not in layers(tile(tx, district, *at(*HERE, DEEPEST - 1)), tmp_path)


def test_facilities_have_a_kind_and_a_sign_one_zoom_before_they_are_seen(
    module_database: Engine, district: DistrictId, tmp_path: Path
) -> None:
    with begin(module_database) as tx:
        points = layers(tile(tx, district, *at(LON - 0.0025, LAT - 0.0015, 14)), tmp_path)["points"].set_index("kind")
    assert points.loc["school", "icon"] == "maki/school"
    assert points.loc["school", "name"] == "Schule"
    assert "fire_hydrant" not in points.index


def test_labels_carry_a_rank_by_which_the_important_one_stays(deep: dict[str, GeoDataFrame]) -> None:
    roads = deep["roads"].drop_duplicates("kind").set_index("kind")["rank"]
    assert roads["tertiary"] < roads["minor"]


def test_pieces_of_a_road_come_as_one_line_so_that_its_name_is_written_once(
    module_database: Engine, district: DistrictId, tmp_path: Path
) -> None:
    with begin(module_database) as tx:
        roads = layers(tile(tx, district, *at(LON + 0.002, LAT + 0.004, 14)), tmp_path)["roads"]
    named = roads[roads["name"] == "Zweigasse"]
    assert list(named.geom_type) == ["LineString"]


def test_a_far_tile_is_empty_bytes(module_database: Engine, district: DistrictId) -> None:
    with begin(module_database) as tx:
        assert tile(tx, district, *at(-70.0, -30.0, 14)) == b""
        assert cells_tile(tx, district, *at(-70.0, -30.0, 14)) == b""


def test_empty_tiles_are_not_kept_so_that_nobody_can_fill_the_table(
    module_database: Engine, district: DistrictId
) -> None:
    with begin(module_database) as tx:
        before = tx.scalar(text("SELECT count(*) FROM tile"))
        assert tile_with_etag(tx, district, *at(-70.0, -30.0, 14)).body == b""
        assert tile_with_etag(tx, district + 1000, *at(*HERE, 14)).body == b""
        assert tx.scalar(text("SELECT count(*) FROM tile")) == before


def test_another_district_is_not_drawn(module_database: Engine, district: DistrictId) -> None:
    with begin(module_database) as tx:
        assert basemap.base_tile(tx, district + 1000, *at(*HERE, 14)) == b""


@pytest.mark.parametrize(("z", "x", "y"), [(17, 0, 0), (-1, 0, 0), (3, 8, 0), (3, 0, -1)])
def test_a_tile_that_does_not_exist_is_a_bad_question(
    module_database: Engine, district: DistrictId, z: int, x: int, y: int
) -> None:
    with begin(module_database) as tx, pytest.raises(BadQuestion):
        tile(tx, district, z, x, y)


def test_cells_come_with_their_codes_and_the_name_of_their_community(
    module_database: Engine, district: DistrictId, tmp_path: Path
) -> None:
    with begin(module_database) as tx:
        found = layers(cells_tile(tx, district, *at(*HERE, 14)), tmp_path)
        stored = set(tx.scalars(text("SELECT code FROM cell WHERE district = :d"), {"d": district}))
    assert set(found["cells"]["code"]) == set(found["cell_labels"]["code"]) == stored
    assert set(found["cells"]["area_name"]) == {"Westend", "Ostend"}


def test_codes_of_cells_are_left_out_where_they_could_not_be_read(
    module_database: Engine, district: DistrictId, tmp_path: Path
) -> None:
    with begin(module_database) as tx:
        assert set(layers(cells_tile(tx, district, *at(*HERE, 12)), tmp_path)) == {"cells"}


def test_a_tile_is_cut_once_and_keeps_its_etag(module_database: Engine, district: DistrictId) -> None:
    where = at(*HERE, 15)
    with begin(module_database) as tx:
        first = tile_with_etag(tx, district, *where)
    with begin(module_database) as tx:
        tx.execute(text("CREATE TEMP TABLE basemap_road (id int) ON COMMIT DROP"))  # cutting again would fail
        assert tile_with_etag(tx, district, *where) == first
    assert len(first.etag) == 24


def test_a_new_division_is_drawn_at_once(module_database: Engine, district: DistrictId) -> None:
    where = at(*HERE, 14)
    with begin(module_database) as tx:
        before = cells_tile_with_etag(tx, district, *where)
        cut_grid(tx, district, target_m2=2_000.0)
        after = cells_tile_with_etag(tx, district, *where)
    assert before.etag != after.etag


def test_forgotten_tiles_are_cut_again(module_database: Engine, district: DistrictId) -> None:
    where = at(*HERE, 16)
    with begin(module_database) as tx:
        old = tile_with_etag(tx, district, *where)
        tx.execute(text("UPDATE basemap_road SET name = 'Neue Gasse' WHERE name = 'Mühlgasse'"))
        assert tile_with_etag(tx, district, *where) == old
        kept.forget(tx, district)
        assert tile_with_etag(tx, district, *where).etag != old.etag
