"""Reading extracts: what is found, what is left out and why, and what is no extract at all."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from gis.errors import BadExtract
from gis.osm import facilities, people
from gis.osm import tags as read_tags
from gis.osm.features import line, point
from gis.osm.reading import read
from tests.gis.laying import whole
from tests.gis.village import Village, village

pytestmark = pytest.mark.pure


def reasons(file: Path) -> dict[int, str]:
    return {rejection.osm_id: rejection.reason for rejection in read(file).rejected}


def test_a_whole_village_is_read_without_a_rejection(tmp_path: Path) -> None:
    file = village().write(tmp_path / "village.osm")
    place = whole(file)
    assert read(file).rejected == ()
    assert place.extent.name == "Musterdorf"
    assert place.extent.names["zh"] == "样板村"
    counts = place.counts
    assert (counts["buildings"], counts["addresses"], counts["addresses_with_street"]) == (4, 3, 2)
    assert (counts["facility_school"], counts["facility_fire_hydrant"]) == (1, 1)
    assert counts["car_km"] == pytest.approx(0.573 + 0.890, abs=0.05)
    assert counts["foot_km"] == pytest.approx(0.573, abs=0.05)


def test_gzipped_xml_gives_the_same_as_plain_xml(tmp_path: Path) -> None:
    plain = village().write(tmp_path / "village.osm")
    packed = tmp_path / "village.osm.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(read(packed).areas) == list(read(plain).areas)


def test_an_unclosed_building_is_left_out_with_the_reason(tmp_path: Path) -> None:
    v = village()
    broken = v.way([(3, 3), (3.3, 3), (3.3, 3.3)], building="yes")
    assert reasons(v.write(tmp_path / "v.osm")) == {broken: "unclosed"}


def test_a_multipolygon_without_all_its_members_is_left_out_with_the_reason(tmp_path: Path) -> None:
    v = village()
    half = v.way([(3, 3), (3.3, 3), (3.3, 3.3)])
    broken = v.relation([("way", half, "outer"), ("way", 999_999, "outer")], type="multipolygon", building="yes")
    assert reasons(v.write(tmp_path / "v.osm")) == {broken: "missing_members"}


def test_a_multipolygon_whose_rings_do_not_close_is_left_out_with_the_reason(tmp_path: Path) -> None:
    v = village()
    half = v.way([(3, 3), (3.3, 3), (3.3, 3.3)])
    broken = v.relation([("way", half, "outer")], type="multipolygon", building="yes")
    assert reasons(v.write(tmp_path / "v.osm")) == {broken: "broken_rings"}


def test_a_building_that_crosses_itself_is_left_out_with_the_reason(tmp_path: Path) -> None:
    v = village()
    start = v.node((3, 3))
    broken = v.way([start, (3.4, 3.4), (3.4, 3), (3, 3.4), start], building="yes")
    assert reasons(v.write(tmp_path / "v.osm")) == {broken: "broken_rings"}


def test_a_building_without_an_area_is_left_out(tmp_path: Path) -> None:
    v = village()
    start = v.node((3, 3))
    broken = v.way([start, (3.4, 3), (3.2, 3), start], building="yes")
    assert set(reasons(v.write(tmp_path / "v.osm"))) == {broken}


def test_a_road_with_missing_nodes_keeps_the_part_that_is_there(tmp_path: Path) -> None:
    v = village()
    cut = v.way([(1, 3), (2, 3), 999_999], highway="residential", name="Endgasse")
    extract = read(v.write(tmp_path / "v.osm"))
    assert [(r.osm_id, r.reason, r.detail) for r in extract.rejected] == [(cut, "missing_nodes", "cut")]
    assert [len(t.geom.coords) for t in extract.lines if t.tags.get("name") == "Endgasse"] == [2]


def test_a_road_without_any_node_is_left_out(tmp_path: Path) -> None:
    v = village()
    gone = v.way([999_998, 999_999], highway="residential")
    assert reasons(v.write(tmp_path / "v.osm")) == {gone: "missing_nodes"}


def test_a_highway_of_an_unknown_kind_is_listed_and_a_planned_one_is_not(tmp_path: Path) -> None:
    v = village()
    strange = v.way([(1, 3), (2, 3)], highway="teleporter")
    v.way([(1, 3.5), (2, 3.5)], highway="proposed")
    assert reasons(v.write(tmp_path / "v.osm")) == {strange: "unknown_kind"}


@pytest.mark.parametrize("name", ["photo.osm.pbf", "photo.osm", "photo.osm.gz"])
def test_a_foreign_file_is_no_extract_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    with pytest.raises(BadExtract) as caught:
        read(file)
    assert caught.value.params["file"] == name
    assert caught.value.params["reason"] == "unreadable"


def test_a_file_of_another_kind_is_named_foreign(tmp_path: Path) -> None:
    file = tmp_path / "roads.shp"
    file.write_bytes(b"")
    with pytest.raises(BadExtract, match="foreign"):
        read(file)


def test_a_file_that_is_not_there_is_named_missing(tmp_path: Path) -> None:
    with pytest.raises(BadExtract, match="missing"):
        read(tmp_path / "nowhere.osm.pbf")


def test_xml_that_breaks_off_is_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "cut.osm"
    whole = village().text()
    file.write_text(whole[: len(whole) // 2], encoding="utf-8")
    with pytest.raises(BadExtract, match="unreadable"):
        read(file)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.97])
def test_a_pbf_that_breaks_off_is_unreadable(tmp_path: Path, shared_data: Path, share: float) -> None:
    whole = (shared_data / "osm" / "monaco_2026.osm.pbf").read_bytes()
    file = tmp_path / "cut.osm.pbf"
    file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadExtract, match="unreadable"):
        read(file)


def test_an_extract_with_nothing_in_it_is_empty(tmp_path: Path) -> None:
    with pytest.raises(BadExtract, match="empty"):
        read(Village().write(tmp_path / "empty.osm"))


def test_ways_before_their_nodes_are_refused_because_every_way_would_be_broken(tmp_path: Path) -> None:
    v = village()
    v.nodes, v.ways = v.ways, v.nodes
    with pytest.raises(BadExtract, match="unsorted"):
        read(v.write(tmp_path / "v.osm"))


def test_names_keep_their_languages_and_nothing_else() -> None:
    tags = {"name": "Kluuvi", "name:sv": "Gloet", "name:zh-Hant": "克盧維", "name:etymology": "x", "source:name": "y"}
    assert read_tags.names(tags) == {"": "Kluuvi", "sv": "Gloet", "zh-Hant": "克盧維"}


def test_old_and_other_names_are_kept_beside_those_of_languages() -> None:
    tags = {"name": "Kluuvi", "old_name": "Gloet", "alt_name": "Kaisaniemi; Kluvi"}
    assert read_tags.names(tags) == {"": "Kluuvi", "x-old": "Gloet", "x-alt": "Kaisaniemi", "x-alt-2": "Kluvi"}
    assert read_tags.names({"addr:street": "Katu", "alt_name": "y"}, "addr:street") == {"": "Katu"}


@pytest.mark.parametrize(
    ("tags", "storeys"),
    [
        ({"building:levels": "3"}, 3.0),
        ({"building:levels": "2", "roof:levels": "1"}, 2.5),
        ({"building:levels": "2,5"}, 2.5),
        ({"height": "12 m"}, 4.0),
        ({"building:levels": "viele"}, None),
        ({}, None),
    ],
)
def test_storeys_are_read_from_what_mappers_write(tags: dict[str, str], storeys: float | None) -> None:
    assert read_tags.levels(tags) == storeys


@pytest.mark.parametrize(
    ("street", "number", "label"),
    [
        ("Rosenstraße", "12a", "Rosenstraße 12a"),
        ("成府路", "28", "成府路28号"),
        ("Rue Grimaldi", "12", "12 Rue Grimaldi"),
        ("Baker Street", "221b", "221b Baker Street"),
        (None, "7", "Kuhnhof 7"),
    ],
)
def test_an_address_reads_as_people_say_it(street: str | None, number: str, label: str) -> None:
    assert read_tags.label(street, number, "Kuhnhof") == label


def test_a_roundabout_is_a_line_although_it_closes() -> None:
    assert not read_tags.is_area({"highway": "residential", "junction": "roundabout"})
    assert read_tags.is_area({"highway": "pedestrian", "area": "yes"})


def test_people_are_estimated_for_dwellings_only_and_a_mappers_figure_wins() -> None:
    assert people.estimate("garage", {}, 100.0, None, numbered=True) == 0
    assert people.estimate("yes", {}, 100.0, None, numbered=False) == 0
    assert people.estimate("yes", {}, 100.0, 2.0, numbered=True) == pytest.approx(100 * 2 * 0.5 / 41.76, abs=0.01)
    assert people.estimate("apartments", {"building:flats": "10"}, 100.0, 2.0, numbered=False) == pytest.approx(23)
    assert people.estimate("garage", {"population": "4"}, 10.0, None, numbered=False) == 4


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"amenity": "fire_station"}, "fire_station"),
        ({"healthcare": "pharmacy", "amenity": "pharmacy"}, "pharmacy"),
        ({"amenity": "social_facility", "social_facility:for": "senior"}, "care_home"),
        ({"amenity": "social_facility", "social_facility:for": "homeless"}, "social_facility"),
        ({"amenity": "shelter", "shelter_type": "public_transport"}, None),
        ({"amenity": "shelter"}, "shelter"),
        ({"emergency": "no"}, None),
    ],
)
def test_a_facility_is_what_its_tags_make_it(tags: dict[str, str], kind: str | None) -> None:
    assert facilities.kind_of(tags) == kind


def test_every_facility_kind_has_its_names_in_three_languages_and_a_sign() -> None:
    wanted = (
        "fire_station police ambulance_station hospital clinic pharmacy kindergarten school care_home toilets fuel gas"
    )
    kinds = {kind.kind: kind for kind in facilities.kinds()}
    assert set(wanted.split()) < set(kinds)
    for kind in kinds.values():
        assert set(kind.names) == {"en", "zh-Hans", "zh-Hant"}, kind.kind
        assert kind.icon.split("/")[0] in ("maki", "temaki"), kind.kind


def test_a_siding_is_no_main_line_and_a_link_is_its_road() -> None:
    assert line({"railway": "rail", "service": "yard"}) == ("road", ("siding", 14))
    assert line({"railway": "rail"}) == ("road", ("rail", 9))
    assert line({"highway": "trunk_link"}) == ("road", ("trunk", 6))
    assert line({"waterway": "stream"}) == ("water", ("stream", 13))
    assert line({"highway": "proposed"}) is None


def test_street_furniture_is_not_drawn() -> None:
    assert point({"amenity": "bench", "name": "Bank"}) is None
    assert point({"shop": "bakery"}) is None
    assert point({"shop": "bakery", "name": "Bäcker"}) == ("shop", 6.0, 15)
