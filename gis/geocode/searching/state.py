"""What the parts of one search share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from gis.geocode.index.model import STREET, Column, Index
from gis.geocode.judging import Found, Judge
from gis.geocode.matching import Match
from gis.geocode.reading import Number, Reading

SURE: Final = 0.93  #: worth from which nothing else is looked for
HOUSES: Final = ("address", "longer", "neighbour", "lane")  #: kinds of which a row is a house
DEGREE: Final = 111_320.0  #: metres of a degree of latitude


@dataclass
class Asked:
    """One search: what is asked, and what is found so far."""

    index: Index
    reading: Reading
    near: tuple[float, float] | None = None
    found: list[Found] = field(default_factory=list)
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        self.judge = Judge(self.index, self.reading, ())

    @property
    def sure(self) -> bool:
        """Whether something is good enough not to look further."""
        return any(found.worth > SURE for found in self.found)

    def rows(self, street: int) -> slice:
        """The rows of the houses of a street."""
        starts = self.index.house_start
        return slice(int(starts[street]), int(starts[street + 1]))

    def add(self, kind: str, row: int, match: Match, value: float, number: Number | None, **more: object) -> None:
        """A house that the text may mean."""
        town, post = int(self.index.house_town[row]), int(self.index.house_post[row])
        self.found.append(self.judge.found(kind, row, match, value, number=number, town=town, post=post, **more))  # type: ignore[arg-type]  # passed on as it came

    def street(self, match: Match, value: float) -> None:
        """The street itself, in each of its towns."""
        starts = self.index.street_start
        for spot in self.index.street_spot[starts[match.target] : starts[match.target + 1]][:16].tolist():
            town = int(self.index.spot_town[spot])
            self.found.append(self.judge.found("street", spot, match, value, town=town))


def place(index: Index, found: Found) -> tuple[float, float]:
    """Where it is, degrees."""
    if found.at is not None:
        return found.at
    table = "house" if found.kind in HOUSES else "spot"
    return float(index.numbers[f"{table}_lon"][found.row]), float(index.numbers[f"{table}_lat"][found.row])


def metres(index: Index, street: int, lon: Column, lat: Column) -> Column:
    """How far each position is from a street: from its line where it is drawn, else from its houses."""
    first, last = index.line_start[street : street + 2].tolist()
    if last > first:
        x, y = index.line_lon[first:last], index.line_lat[first:last]
    else:
        rows = slice(*index.house_start[street : street + 2].tolist())
        x, y = index.house_lon[rows], index.house_lat[rows]
    if not len(x):
        return np.full(len(lon), np.inf)
    flat = np.cos(np.radians(float(y[0])))
    apart = np.hypot((lon[:, None] - x[None, :]) * flat, lat[:, None] - y[None, :])
    return np.asarray(DEGREE * apart.min(axis=1))


def distinct(names: Iterable[Match]) -> list[Match]:
    """For each target its best match; the list is in order already."""
    found: dict[tuple[int, int], Match] = {}
    for match in names:
        found.setdefault((match.target, match.start), match)
    return list(found.values())


def within(match: Match, others: Sequence[Match]) -> bool:
    """Whether a stretch is only a part of another: the station of a fire station."""
    size = match.stop - match.start
    return any(o.start <= match.start and match.stop <= o.stop and o.stop - o.start > size for o in others)


def streets(names: Sequence[Match]) -> list[Match]:
    """Those that are streets, each once."""
    return distinct(match for match in names if match.kind == STREET)
