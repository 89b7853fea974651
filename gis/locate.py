"""Where something is: from a text or a pin to a place with its cell. No transaction waits for a geocoder."""

from __future__ import annotations

from dataclasses import replace

from gis.database import Transaction
from gis.errors import OutsidePlace
from gis.geocode.geocoder import Geocoder
from gis.geocode.register import around
from gis.model import DistrictId, Found, Place, Point
from gis.store.cells import cell_at


def locate_text(
    tx: Transaction,
    geocoder: Geocoder,
    district: DistrictId,
    text: str,
    *,
    near: Point | None = None,
    outside: bool = False,
) -> Place:
    """The place that `text` means best, with its cell; Found.NOT_LOCATED and no point when nobody knows it.

    With `outside` the text may be told to geocoders of others.
    Hand in a `tx` in which nothing was asked yet: the geocoder is asked before it is used.
    Raises OutsidePlace(lon, lat, district) for a position outside the district, NotFound for an unknown district.
    """
    places = geocoder.search(
        text, district=district, near=near, limit=2, outside=outside
    )  # two, to be told apart by their towns
    if not places or places[0].point is None:
        return Place(point=None, label=text.strip(), found=Found.NOT_LOCATED, score=0.0, accuracy_m=0.0, kind="text")
    return _in_cell(tx, district, places[0], places[0].point)


def locate_pin(tx: Transaction, district: DistrictId, point: Point) -> Place:
    """`point` with the name of the address next to it and its cell. Raises OutsidePlace(lon, lat, district)."""
    return _in_cell(tx, district, around(tx, district, point), point)


def _in_cell(tx: Transaction, district: DistrictId, place: Place, point: Point) -> Place:
    cell = cell_at(tx, district, point)
    if cell is None:
        raise OutsidePlace(lon=point.lon, lat=point.lat, district=district)
    return replace(place, cell=cell.id, cell_code=cell.code, area=cell.area)
