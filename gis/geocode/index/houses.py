"""The houses of every street, in the order in which they are looked up."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from gis.geocode.index.model import Column, Texts, code
from gis.spelling import letters
from gis.spelling.inside import PARTS

PLACES: Final = 2e-3  #: degrees of a square in which houses are looked up by position


@dataclass
class Houses:
    """One row per address while they are read: columns grow, nothing is kept twice."""

    street: array[int] = field(default_factory=lambda: array("i"))
    town: array[int] = field(default_factory=lambda: array("i"))
    post: array[int] = field(default_factory=lambda: array("i"))
    cell: array[int] = field(default_factory=lambda: array("i"))
    lead: array[int] = field(default_factory=lambda: array("i"))
    code: array[int] = field(default_factory=lambda: array("q"))
    lane: array[int] = field(default_factory=lambda: array("q"))
    first: array[int] = field(default_factory=lambda: array("i"))  #: where it leaves the street: its lane, else itself
    lon: array[float] = field(default_factory=lambda: array("d"))
    lat: array[float] = field(default_factory=lambda: array("d"))
    block: array[int] = field(default_factory=lambda: array("q"))
    unit: array[int] = field(default_factory=lambda: array("q"))
    floor: array[int] = field(default_factory=lambda: array("q"))
    room: array[int] = field(default_factory=lambda: array("q"))
    label: list[str] = field(default_factory=list)

    def add(self, street: int, number: str, town: int, post: int, row: Sequence[Any]) -> None:
        """An address of `street` whose number has the key `number`; `row`: label, lon, lat, cell, block .. room."""
        label, lon, lat, cell, *fine = row
        for name, said in zip(PARTS, fine, strict=True):
            getattr(self, name).append(code(said.casefold()) if said else 0)
        self.street.append(street)
        self.town.append(town)
        self.post.append(post)
        self.cell.append(cell or 0)
        self.lead.append(letters.leading(number))
        self.code.append(code(number))
        lane = letters.lane(number)
        self.lane.append(code(lane) if lane else 0)
        self.first.append(letters.first(number))
        self.lon.append(lon)
        self.lat.append(lat)
        self.label.append(label)

    def columns(self, streets: int) -> tuple[dict[str, Column], Texts]:
        """Columns house_*, sorted by street and number, with the rows of each street in house_start; the labels."""
        table = {
            name: np.array(getattr(self, name))
            for name in ("street", "town", "post", "cell", "lead", "code", "lane", "first", "lon", "lat")
        }
        table |= {name: np.array(getattr(self, name)).astype(np.uint32) for name in PARTS}
        order = np.lexsort((table["code"], table["lead"], table["street"]))
        columns = {f"house_{name}": column[order] for name, column in table.items()}
        columns |= {f"house_{name}": columns[f"house_{name}"][:0] for name in PARTS if not table[name].any()}
        starts = np.searchsorted(columns["house_street"], np.arange(streets + 1))
        by_code = np.argsort(columns["house_code"], kind="stable")
        columns |= {"code_sorted": columns["house_code"][by_code], "code_house": by_code.astype(np.int32)}
        labels = Texts.of(self.label[at] for at in order.tolist())
        return columns | {"house_start": starts} | _by_place(columns["house_lon"], columns["house_lat"]), labels


def square(lon: Column, lat: Column) -> Column:
    """The number of the square in which a position lies, row by row from the south."""
    return np.floor(np.asarray(lat) / PLACES).astype(np.int64) << 32 | np.floor(np.asarray(lon) / PLACES).astype(
        np.int64
    ) + (1 << 20)


def _by_place(lon: Column, lat: Column) -> dict[str, Column]:
    squares = square(lon, lat)
    order = np.argsort(squares, kind="stable")
    return {"place_square": squares[order], "place_house": order.astype(np.int32)}


def numbers(texts: Iterable[str]) -> dict[str, int]:
    """Texts numbered as they come, each once."""
    found: dict[str, int] = {}
    for text in texts:
        found.setdefault(text, len(found))
    return found
