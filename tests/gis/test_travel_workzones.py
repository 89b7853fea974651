"""A work-zone feed: good features in, bad ones listed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from shapely import box

from gis.errors import BadShape
from gis.travel import workzones
from gis.travel.workzones import Feed

pytestmark = pytest.mark.pure

HERE = box(9.4, 47.0, 9.7, 47.3)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def event(key: Any = "a", **changes: Any) -> dict[str, Any]:
    """A road event as WZDx 4.2 has it."""
    properties = {
        "core_details": {
            "event_type": "work-zone",
            "data_source_id": "roads",
            "direction": "northbound",
            "road_names": ["Landstrasse"],
            "description": "New water main",
        },
        "start_date": "2026-11-20T06:00:00Z",
        "end_date": "2026-12-20T18:00:00+01:00",
        "vehicle_impact": "all-lanes-closed",
        "location_method": "channel-device-method",
    }
    geometry = changes.pop("geometry", {"type": "LineString", "coordinates": [[9.5, 47.1], [9.51, 47.1]]})
    return {"id": key, "type": "Feature", "properties": properties | changes, "geometry": geometry}


def read(*features: Any) -> Feed:
    return workzones.read({"type": "FeatureCollection", "features": list(features)}, within=HERE, now=NOW)


def test_a_closed_road_is_read_with_its_times_and_its_words() -> None:
    (zone,) = read(event()).zones
    assert zone.key == "a"
    assert zone.starts == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert zone.ends == datetime(2026, 12, 20, 17, tzinfo=UTC)
    assert zone.reason == "Landstrasse: New water main"


@pytest.mark.parametrize("impact", ["some-lanes-closed", "all-lanes-open", "flagging", "unknown"])
def test_where_a_lane_stays_open_nothing_is_closed_and_that_is_listed(impact: str) -> None:
    feed = read(event(vehicle_impact=impact), event("b"))
    assert [zone.key for zone in feed.zones] == ["b"]
    assert [(left.index, left.key, left.reason) for left in feed.not_used] == [(0, "a", "lanes_open")]


def test_what_is_over_or_elsewhere_is_listed_as_not_used() -> None:
    far = {"type": "LineString", "coordinates": [[1.0, 47.1], [1.01, 47.1]]}
    feed = read(event("old", end_date="2026-11-22T00:00:00Z"), event("far", geometry=far))
    assert [(left.key, left.reason) for left in feed.not_used] == [("old", "over"), ("far", "outside")]
    assert feed.zones == feed.refused == ()


@pytest.mark.parametrize(
    ("feature", "reason", "field"),
    [
        ("text", "not_a_feature", "feature"),
        (event(None), "no_id", "id"),
        ({"id": "a", "type": "Feature"}, "not_a_feature", "properties"),
        (event(core_details=None), "missing", "properties.core_details"),
        (event(start_date=None), "missing", "properties.start_date"),
        (event(start_date="soon"), "moment", "properties.start_date"),
        (event(end_date="2026-11-01T00:00:00Z"), "order", "properties.end_date"),
        (event(geometry=None), "missing", "geometry"),
        (event(geometry={"type": "MultiPoint", "coordinates": [[9.5, 47.1], [9.6, 47.1]]}), "kind", "geometry.type"),
        (event(geometry={"type": "LineString", "coordinates": [[9.5, 471.0]]}), "coordinates", "geometry.coordinates"),
    ],
)
def test_a_bad_feature_is_listed_with_its_field_and_the_good_ones_are_used(
    feature: Any, reason: str, field: str
) -> None:
    feed = read(feature, event("good"))
    assert [zone.key for zone in feed.zones] == ["good"]
    assert [(left.index, left.reason, left.field) for left in feed.refused] == [(0, reason, field)]


def test_one_id_twice_is_refused_the_second_time() -> None:
    feed = read(event(), event())
    assert len(feed.zones) == 1
    assert [(left.index, left.reason) for left in feed.refused] == [(1, "twice")]


def test_a_time_without_a_zone_is_taken_as_utc_and_no_end_as_open() -> None:
    (zone,) = read(event(start_date="2026-11-20T06:00:00", end_date=None)).zones
    assert (zone.starts, zone.ends) == (datetime(2026, 11, 20, 6, tzinfo=UTC), None)


@pytest.mark.parametrize("told", [{}, {"type": "FeatureCollection"}, {"type": "Feature", "features": []}])
def test_what_is_no_feed_is_refused_as_a_whole(told: dict[str, Any]) -> None:
    with pytest.raises(BadShape) as caught:
        workzones.read(told, within=HERE, now=NOW)
    assert caught.value.params["reason"] == "feed"


def test_signs_that_cannot_be_stored_are_left_out_of_ids_words_and_values() -> None:
    odd = event("a\x00\ud800", core_details={"description": "x\x00y"}, end_date=None)
    (zone,) = read(odd).zones
    assert (zone.key, zone.reason) == ("a?", "xy")
    (left,) = read(event("b", start_date="\x00\ud800")).refused
    assert left.value == "?"
