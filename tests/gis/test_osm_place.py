"""Which place a file is about, its communities, its streets and its coast."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from shapely.geometry import LineString, Point

from gis.model import AreaLevel
from gis.osm.coast import sea
from gis.osm.hierarchy import communities
from gis.osm.model import Community, Extent
from gis.osm.place import extent
from gis.osm.reading import read
from tests.gis.laying import whole as laid
from tests.gis.village import add_communities, village

pytestmark = pytest.mark.pure


def divided(file: Path) -> tuple[Extent, list[Community]]:
    extract = read(file)
    whole, areas = communities(extract, extent(extract, file))
    return whole, [area for area in areas if area.level is AreaLevel.COMMUNITY]


def test_the_smallest_administrative_area_that_holds_the_buildings_is_the_place(tmp_path: Path) -> None:
    v = village()
    add_communities(v)
    place = laid(v.write(tmp_path / "v.osm"))
    assert (place.extent.source, place.extent.name) == ("administrative", "Musterstadt")
    assert [area.name for area in place.areas] == ["Westend", "Ostend"]


def test_a_file_without_borders_is_cut_by_its_own_box(tmp_path: Path) -> None:
    place = laid(village().write(tmp_path / "v.osm"))
    assert place.extent.source == "box"
    assert place.extent.clip.bounds == pytest.approx((9.995, 49.995, 10.005, 50.005))
    assert [(area.name, area.level) for area in place.areas] == [("Musterdorf", AreaLevel.COMMUNITY)]


def test_a_file_without_a_box_is_cut_by_the_hull_of_its_buildings(tmp_path: Path) -> None:
    place = laid(village(box=False).write(tmp_path / "v.osm"))
    assert place.extent.source == "hull"
    assert place.counts["buildings"] == place.counts["file_buildings"] == 4


def test_a_name_that_is_given_overrules_the_map(tmp_path: Path) -> None:
    assert laid(village().write(tmp_path / "v.osm"), "示范村").extent.name == "示范村"


def test_a_place_without_any_name_is_called_after_its_file(tmp_path: Path) -> None:
    v = village()
    v.nodes = [node for node in v.nodes if "Musterdorf" not in node]
    assert laid(v.write(tmp_path / "old_town-2017.osm")).extent.name == "Old Town"


def test_what_lies_outside_the_box_is_counted_in_the_file_and_not_in_the_place(tmp_path: Path) -> None:
    v = village()
    v.ring(9, 0, 0.3, building="yes")
    counts = laid(v.write(tmp_path / "v.osm")).counts
    assert (counts["file_buildings"], counts["buildings"]) == (5, 4)


def test_a_road_is_cut_at_the_outline(tmp_path: Path) -> None:
    v = village()
    v.way([(0, 0), (20, 0)], highway="primary", name="Fernstraße")
    roads = [road for road in laid(v.write(tmp_path / "v.osm")).roads if road.name == "Fernstraße"]
    assert [road.geom.bounds[2] for road in roads] == pytest.approx([10.005])
    assert roads[0].metres == pytest.approx(5 * 71.7, rel=0.01)


def test_two_villages_may_each_have_a_street_of_one_name(tmp_path: Path) -> None:
    v = village(box=False)
    v.way([(-4, 30), (4, 30)], highway="residential", name="Mühlgasse")
    v.ring(0, 30.1, 0.3, building="yes")
    v.ring(0, -30, 0.3, building="yes")
    place = laid(v.write(tmp_path / "v.osm"))
    assert [street.name for street in place.streets].count("Mühlgasse") == 2


def test_street_names_keep_their_translations(tmp_path: Path) -> None:
    place = laid(village().write(tmp_path / "v.osm"))
    assert {street.name: dict(street.names) for street in place.streets} == {
        "Mühlgasse": {"": "Mühlgasse", "zh-Hant": "磨坊巷"},
        "成府路": {"": "成府路", "en": "Chengfu Road"},
    }


@pytest.mark.parametrize("name", ["monaco_2026", "liechtenstein_2024", "lauf_de_2020"])
def test_communities_cover_their_district_without_gap_or_overlap(shared_data: Path, name: str) -> None:
    whole, areas = divided(shared_data / "osm" / f"{name}.osm.pbf")
    parts = [part for area in areas for part in area.geom.geoms]
    assert shapely.coverage_is_valid(parts)
    assert shapely.unary_union(parts).symmetric_difference(whole.clip).area == 0


def test_liechtenstein_has_two_regions_and_eleven_communes(shared_data: Path) -> None:
    extract = read(file := shared_data / "osm" / "liechtenstein_2024.osm.pbf")
    _, areas = communities(extract, extent(extract, file))
    assert sorted(a.name for a in areas if a.level is AreaLevel.STREET) == ["Oberland", "Unterland"]
    fine = [a for a in areas if a.level is AreaLevel.COMMUNITY]
    assert len(fine) == 11
    assert {areas[a.parent].name for a in fine if a.parent is not None and a.name in ("Vaduz", "Balzers")} == {
        "Oberland"
    }


def test_monaco_is_its_commune_with_nine_quarters_and_not_its_waters(shared_data: Path) -> None:
    whole, areas = divided(shared_data / "osm" / "monaco_2026.osm.pbf")
    assert len(areas) == 9
    assert whole.names["zh"] == "摩纳哥"
    assert whole.clip.area < 0.0003  # square degrees: 2.3 km2 of ground, while the state has 77 km2 with its sea


def test_borders_that_the_box_cuts_still_divide_lauf(shared_data: Path) -> None:
    _, areas = divided(shared_data / "osm" / "lauf_de_2020.osm.pbf")
    size = {area.name: area.geom.area for area in areas}
    assert max(size, key=lambda name: size[name]) == "Lauf an der Pegnitz"
    assert {"Rückersdorf", "Schönberg"} < set(size)


def test_the_sea_lies_right_of_the_coastline() -> None:
    coast = LineString([(0.5, -1), (0.5, 2)])  # northwards: land in the west, sea in the east
    assert sea([coast], (0.0, 0.0, 1.0, 1.0)).bounds == pytest.approx((0.5, 0, 1, 1))
    assert sea([coast.reverse()], (0.0, 0.0, 1.0, 1.0)).bounds == pytest.approx((0, 0, 0.5, 1))
    assert sea([], (0.0, 0.0, 1.0, 1.0)).is_empty


def test_a_coastline_that_breaks_off_floods_nothing() -> None:
    assert sea([LineString([(0.5, 0.2), (0.5, 0.8)])], (0.0, 0.0, 1.0, 1.0)).is_empty


def test_a_coast_that_ends_just_before_the_edge_is_led_to_it() -> None:
    coast = LineString([(0.5, 0.01), (0.5, 0.99)])
    assert sea([coast], (0.0, 0.0, 1.0, 1.0)).area == pytest.approx(0.5)


def test_a_sea_that_would_drown_the_buildings_is_none() -> None:
    coast = LineString([(0.5, -1), (0.5, 2)])
    assert sea([coast], (0.0, 0.0, 1.0, 1.0), [Point(0.8, 0.5), Point(0.2, 0.5)]).is_empty
    assert not sea([coast], (0.0, 0.0, 1.0, 1.0), [Point(0.1, 0.5), Point(0.2, 0.5)]).is_empty


def test_an_island_is_land_in_the_sea() -> None:
    island = LineString([(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6), (0.4, 0.4)])  # anticlockwise
    assert sea([island], (0.0, 0.0, 1.0, 1.0)).area == pytest.approx(1 - 0.04)
