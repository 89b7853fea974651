"""What somebody drew is closed by, or gets a clear answer."""

from __future__ import annotations

import math
from typing import Any

import pytest
from shapely import box
from shapely.geometry import shape as shapely_shape

from gis.errors import BadShape
from gis.travel import drawn

pytestmark = pytest.mark.pure

HERE = box(9.4, 47.0, 9.7, 47.3)
LINE = {"type": "LineString", "coordinates": [[9.5, 47.1], [9.51, 47.1]]}


def ring(*at: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(one) for one in (*at, at[0])]]}


def refused(given: dict[str, Any], **more: Any) -> BadShape:
    with pytest.raises(BadShape) as caught:
        drawn.shape(given, **({"radius_m": None, "within": HERE} | more))
    return caught.value


def test_a_line_and_an_area_are_taken_as_they_were_drawn() -> None:
    for given in (LINE, ring((9.5, 47.1), (9.51, 47.1), (9.51, 47.11))):
        made = drawn.shape(given, radius_m=None, within=HERE)
        assert made.equals(shapely_shape(given))
        assert drawn.geojson(made)["type"] == given["type"]


def test_a_height_is_dropped() -> None:
    given = {"type": "LineString", "coordinates": [[9.5, 47.1, 450.0], [9.51, 47.1, 451.0]]}
    assert not drawn.shape(given, radius_m=None, within=HERE).has_z


def test_a_point_becomes_a_circle_of_its_radius() -> None:
    made = drawn.shape({"type": "Point", "coordinates": [9.5, 47.1]}, radius_m=100.0, within=HERE)
    west, south, east, north = made.bounds
    assert (north - south) * 111_320 == pytest.approx(200, rel=0.01)
    assert (east - west) * 111_320 * math.cos(math.radians(47.1)) == pytest.approx(200, rel=0.01)


@pytest.mark.parametrize("radius", [None, 0.0, 2001.0, math.nan])
def test_a_point_needs_a_radius_within_reason(radius: float | None) -> None:
    error = refused({"type": "Point", "coordinates": [9.5, 47.1]}, radius_m=radius)
    assert (error.params["reason"], error.params["field"]) == ("radius", "radius_m")
    assert error.params["allowed"] == [5.0, 2000.0]


def test_an_area_whose_edge_crosses_itself_is_refused_with_the_place() -> None:
    error = refused(ring((9.5, 47.1), (9.52, 47.12), (9.52, 47.1), (9.5, 47.12)))
    assert error.params["reason"] == "crossing"
    assert error.params["at"] == {"lon": pytest.approx(9.51), "lat": pytest.approx(47.11)}


def test_what_lies_outside_of_the_place_is_refused_with_where_it_lies() -> None:
    error = refused({"type": "LineString", "coordinates": [[10.5, 47.1], [10.7, 47.1]]})
    assert (error.params["reason"], error.params["value"]) == ("outside", (pytest.approx(10.6), 47.1))


def test_too_many_corners_are_refused_with_how_many_may_be() -> None:
    many = [[9.5 + k * 1e-6, 47.1] for k in range(drawn.MOST + 1)]
    error = refused({"type": "LineString", "coordinates": many})
    assert (error.params["reason"], error.params["value"], error.params["allowed"]) == ("vertices", 1001, 1000)


@pytest.mark.parametrize(
    "given",
    [
        {"type": "LineString", "coordinates": [[9.5, 47.1], [9.5, 91.0]]},
        {"type": "LineString", "coordinates": [[9.5, 47.1], [9.5, "x"]]},
        {"type": "LineString", "coordinates": [[9.5, 47.1], [math.nan, 47.1]]},
        {"type": "LineString", "coordinates": [[9.5, 47.1], [9.5]]},
        {"type": "LineString", "coordinates": []},
        {"type": "LineString"},
        {"type": "Polygon", "coordinates": [[9.5, 47.1], [9.5, 47.2]]},
        {"type": "LineString", "coordinates": "9.5 47.1"},
        {"type": "LineString", "coordinates": [[9.5, 47.1], {"lon": 9.5}]},
    ],
)
def test_positions_that_are_none_are_refused(given: dict[str, Any]) -> None:
    assert refused(given).params["reason"] == "coordinates"


@pytest.mark.parametrize(
    "given",
    [
        {"type": "LineString", "coordinates": [[9.5, 47.1]]},
        {"type": "LineString", "coordinates": [[9.5, 47.1], [9.5, 47.1]]},
        {"type": "Polygon", "coordinates": [[[9.5, 47.1], [9.51, 47.1]]]},
    ],
)
def test_what_has_no_extent_is_refused(given: dict[str, Any]) -> None:
    assert refused(given).params["reason"] in {"short", "crossing"}


def test_an_unknown_kind_is_refused_with_those_that_may_be() -> None:
    error = refused({"type": "GeometryCollection", "geometries": []})
    assert (error.params["field"], error.params["allowed"]) == ("geometry.type", list(drawn.KINDS))


def test_nobody_closes_a_whole_country_by_a_slip() -> None:
    assert refused(ring((9.4, 47.0), (9.7, 47.0), (9.7, 47.3), (9.4, 47.3))).params["reason"] == "large"
    long = {"type": "LineString", "coordinates": [[9.4, 47.0], [10.4, 47.3]]}
    assert refused(long).params["reason"] == "large"
