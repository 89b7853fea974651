"""The geocoder over our own address register: never farther away than the database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import NoResultFound

from gis.database import Transaction, begin
from gis.errors import NotFound
from gis.geocode import coordinates, reading
from gis.geocode.searching import Search, place
from gis.model import DistrictId, Found, Place, Point
from gis.store import register

AT_THE_DOOR: Final = 25.0  #: metres within which a position carries the bare address
CODE: Final = re.compile(r"[^\w]*[\w]{0,4}[^\w]*\d.*", re.DOTALL)  #: how coordinates and the codes of cells begin
IN_SIGHT: Final = 500.0  #: metres within which an address says where a position is


@dataclass(frozen=True)
class Register:
    """A Geocoder over the tables that gis.store.register keeps. Opens a short transaction for each question."""

    engine: Engine

    def search(self, text: str, *, district: DistrictId, near: Point | None = None, limit: int = 5) -> list[Place]:
        """Places that `text` may mean: coordinates, a cell's code, street and number, street, facility, crossing."""
        text = text.replace("\0", " ")  # PostgreSQL has no such character
        with begin(self.engine) as tx:
            places = _pasted(tx, district, text) or Search(tx, district, reading.read(text), near, limit).places()
            if not places:
                _bounds(tx, district)  # nothing is known of a district that does not exist
        return places[:limit]

    def reverse(self, point: Point, *, district: DistrictId) -> Place:
        """The position with the name of the address next to it; see `around`."""
        with begin(self.engine) as tx:
            _bounds(tx, district)
            return around(tx, district, point)


def around(tx: Transaction, district: DistrictId, point: Point) -> Place:
    """`point` itself, called by the nearest address: "Tehtaankatu 1", "Tehtaankatu 1 (≈ 40 m)", else its degrees."""
    nearest = register.nearest_address(tx, district, point)
    if nearest is None or nearest[1] > IN_SIGHT:
        return Place(
            point=point,
            label=f"{point.lat:.5f}, {point.lon:.5f}",
            found=Found.PIN,
            score=0.5,
            accuracy_m=5.0,
            kind="coordinates",
        )
    spot, metres = nearest
    at_door = metres <= AT_THE_DOOR
    label = spot.label if at_door else f"{spot.label} (≈ {round(metres, -1):.0f} m)"
    return Place(
        point=point,
        label=label,
        found=Found.PIN,
        score=1.0 if at_door else 0.8,
        accuracy_m=5.0,
        kind="address" if at_door else "near",
    )


def _pasted(tx: Transaction, district: DistrictId, text: str) -> list[Place]:
    """A position or the code of a cell, written as such."""
    if not CODE.fullmatch(text):
        return []
    point = coordinates.read(text, _bounds(tx, district))
    if point is not None:
        label = f"{point.lat:.5f}, {point.lon:.5f}"
        return [Place(point=point, label=label, found=Found.COORDINATES, score=1.0, accuracy_m=5.0, kind="coordinates")]
    return [place(spot, Found.EXACT, 1.0, "cell") for spot in register.cells(tx, district, text.strip())]


def _bounds(tx: Transaction, district: DistrictId) -> coordinates.Bounds:
    try:
        return register.bounds(tx, district)
    except NoResultFound as error:
        raise NotFound(what="district", id=district) from error
