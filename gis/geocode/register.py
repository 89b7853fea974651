"""The geocoder over our own address register: never farther away than the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from gis.database import Transaction
from gis.geocode import answering, pasted, posts, reading, surroundings
from gis.geocode.index.model import Index
from gis.geocode.reversing import nearest_house
from gis.geocode.searching import Search
from gis.geocode.shelf import Shelf
from gis.geocode.surroundings import Surroundings
from gis.model import DistrictId, Found, Place, Point
from gis.store import register

REGISTERS: Final = "registers"  #: the folder of the indexes, in the data folder
AT_THE_DOOR: Final = 25.0  #: metres within which a position carries the bare address
SWAPPED: Final = 0.9  #: score of a position whose longitude and latitude stood the wrong way round
IN_SIGHT: Final = 500.0  #: metres within which an address says where a position is


@dataclass(eq=False)
class Register:
    """A Geocoder over our own register. PostgreSQL is asked for the register's version, once a second, and no more."""

    engine: Engine
    folder: Path | None = None  #: of the indexes that processes share
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.engine, self.folder)

    def search(
        self,
        text: str,
        *,
        district: DistrictId,
        near: Point | None = None,
        limit: int = 5,
        outside: bool = False,  # noqa: ARG002 the register knows nobody outside
    ) -> list[Place]:
        """Places that `text` may mean: coordinates, a cell's code, street and number, street, facility, crossing."""
        index = self.shelf.of(district)
        if places := self._pasted(index, text):
            return places[:limit]
        around = (near.lon, near.lat) if near else None
        return answering.places(index, Search(index, reading.read(text), around).run(), limit)

    def _pasted(self, index: Index, text: str) -> list[Place]:
        """A position or the code of a cell, written as such."""
        if found := pasted.read(text, index.bounds, self._around(index, text)):
            return [_pasted_place(found)]
        if pasted.is_three_words(text):
            return [_unreadable(text)]
        if post := posts.find(index, text):
            return [post]
        row = index.codes.get(text.strip().casefold())
        return [] if row is None else [_cell(index, row)]

    def _around(self, index: Index, text: str) -> Point | None:
        """Where the town is that stands beside a short plus code."""
        town = pasted.locality(text)
        if not town:
            return None
        found = answering.places(index, Search(index, reading.read(town)).run(), 1)
        return found[0].point if found else None

    def around(self, point: Point, *, district: DistrictId) -> Surroundings:
        """Door, street, kilometre post, cell and community at `point`. Raises NotFound for an unknown district."""
        return surroundings.around(self.shelf.of(district), point)

    def reverse(self, point: Point, *, district: DistrictId) -> Place:
        """The position with the name of the address next to it, as `around` says it."""
        index = self.shelf.of(district)
        found = nearest_house(index, point, IN_SIGHT)
        return _called(point, None if found is None else (index.texts["house_label"][found[0]], found[1]))


def around(tx: Transaction, district: DistrictId, point: Point) -> Place:
    """`point` itself, called by the nearest address: "Tehtaankatu 1", "Tehtaankatu 1 (≈ 40 m)", else its degrees."""
    nearest = register.nearest_address(tx, district, point)
    return _called(point, None if nearest is None or nearest[1] > IN_SIGHT else (nearest[0].label, nearest[1]))


def _pasted_place(found: pasted.Pasted) -> Place:
    """A position; one that was the wrong way round carries a sign of it and is less sure."""
    label = f"{found.point.lat:.5f}, {found.point.lon:.5f}{' ⇄' if found.swapped else ''}"
    score = SWAPPED if found.swapped else 1.0
    return Place(
        point=found.point, label=label, found=Found.COORDINATES, score=score, accuracy_m=5.0, kind="coordinates"
    )


def _unreadable(text: str) -> Place:
    """Three words: no position, and said so."""
    return Place(point=None, label=text.strip(), found=Found.NOT_LOCATED, score=0.0, accuracy_m=0.0, kind="what3words")


def _called(point: Point, nearest: tuple[str, float] | None) -> Place:
    if nearest is None:
        label, score, kind = f"{point.lat:.5f}, {point.lon:.5f}", 0.5, "coordinates"
    elif nearest[1] <= AT_THE_DOOR:
        label, score, kind = nearest[0], 1.0, "address"
    else:
        label, score, kind = f"{nearest[0]} (≈ {round(nearest[1], -1):.0f} m)", 0.8, "near"
    return Place(point=point, label=label, found=Found.PIN, score=score, accuracy_m=5.0, kind=kind)


def _cell(index: Index, row: int) -> Place:
    """A cell, called by its code."""
    code = index.texts["cell_code"][row]
    return Place(
        point=Point(float(index.cell_lon[row]), float(index.cell_lat[row])),
        label=code,
        found=Found.EXACT,
        score=1.0,
        accuracy_m=round(float(index.cell_reach[row]), 1),
        cell=int(index.cell_id[row]),
        cell_code=code,
        area=int(index.cell_area[row]),
        kind="cell",
    )
