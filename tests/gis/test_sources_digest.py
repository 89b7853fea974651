"""Equal rows are equal in 64 bits, others are not."""

import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.sources.digest import digest, digests

HOUSE = shapely.box(9.5, 47.1, 9.6, 47.2)
FIELDS = st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.text(max_size=9), max_size=5)


def test_what_is_not_said_does_not_count() -> None:
    assert digest({"a": 1, "b": None, "c": ""}, HOUSE.wkb) == digest({"a": 1.0}, HOUSE.wkb)


def test_a_ring_may_begin_anywhere_and_run_either_way() -> None:
    other = shapely.Polygon([*HOUSE.exterior.coords][2:] + [*HOUSE.exterior.coords][1:3]).reverse()
    assert digest({}, HOUSE.wkb) == digest({}, other.wkb)


def test_the_way_of_a_line_matters() -> None:
    line = shapely.LineString([(1, 2), (3, 4)])
    assert digest({}, line.wkb) != digest({}, line.reverse().wkb)


def test_a_centimetre_is_seen_and_a_millimetre_is_not() -> None:
    here = shapely.Point(9.5, 47.1)
    assert digest({}, here.wkb) == digest({}, shapely.Point(9.5 + 1e-8, 47.1).wkb)
    assert digest({}, here.wkb) != digest({}, shapely.Point(9.5 + 2e-7, 47.1).wkb)


def test_no_shape_is_a_shape_too() -> None:
    assert digest({"a": 1}, b"") != digest({"a": 2}, b"")
    assert digests([{"a": 1}, {"a": 1}], [None, HOUSE])[0] == digest({"a": 1}, b"")
    assert digests([], []) == []


@given(FIELDS, FIELDS)
def test_it_fits_a_bigint_and_tells_rows_apart(one: dict[str, object], other: dict[str, object]) -> None:
    said = [{key: value for key, value in row.items() if value not in (None, "")} for row in (one, other)]
    first, second = digests([one, other], [HOUSE, HOUSE])
    assert -(2**63) <= first < 2**63
    assert (first == second) == (said[0] == said[1])
