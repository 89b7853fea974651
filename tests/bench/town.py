"""A real place for benches: its addresses and its road graphs, made once into the benches' own folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.solver import NO_WAY
from gis.model import Mode, Point
from gis.osm.grounding import lay, survey
from gis.osm.place import extent
from gis.osm.reading import read
from gis.travel import graphs
from gis.travel.osrm import Osrm
from tests.bench.cells import FOLDER

EXTRACTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "osm"
FILES = {"Lauf": "lauf_de_2020.osm.pbf", "Liechtenstein": "liechtenstein_2024.osm.pbf"}
JOINED = 0.9  #: of the drawn addresses have to be in reach of one that is kept, both ways

type Seconds = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Town:
    """Every address once, west to east, and the roads between them."""

    name: str
    addresses: tuple[Point, ...]
    roads: Osrm

    def matrix(self, mode: Mode, points: Sequence[Point]) -> Seconds:
        """(points, points) whole seconds by road, rounded up; NO_WAY where none leads."""
        seconds = self.roads.matrix(mode, points, points).seconds
        return np.asarray(np.where(np.isfinite(seconds), np.ceil(seconds), NO_WAY), dtype=np.int64)

    def drawn(self, chance: np.random.Generator, modes: Sequence[Mode], count: int) -> list[Point]:
        """So many addresses at random, all of them joined with nearly all others by every one of `modes`."""
        many = [self.addresses[i] for i in chance.choice(len(self.addresses), count + count // 5 + 5, replace=False)]
        joined = np.ones(len(many), dtype=bool)
        for mode in modes:
            there = self.matrix(mode, many) < NO_WAY
            joined &= (there.mean(axis=0) >= JOINED) & (there.mean(axis=1) >= JOINED)
        kept = [point for point, ok in zip(many, joined, strict=True) if ok]
        if len(kept) < count:
            raise ValueError(f"only {len(kept)} of {len(many)} addresses of {self.name} are joined by roads")
        return kept[:count]


def there(name: str) -> bool:
    """Whether the extract lies beside the repository."""
    return (EXTRACTS / FILES[name]).is_file()


def town(name: str) -> Town:
    """The place, built at the first question. Stops the program where its extract is not there."""
    file = EXTRACTS / FILES[name]
    if not file.is_file():
        raise SystemExit(f"needs {file}, which is not part of the project")
    folder = FOLDER / f"{file.name.split('.')[0]}-{_hash(file)}"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "graphs.json").is_file():
        graphs.build(file, folder, lambda *_: None)
    return Town(name=name, addresses=_addresses(file, folder / "addresses.json"), roads=Osrm(folder))


def _addresses(file: Path, kept: Path) -> tuple[Point, ...]:
    if not kept.is_file():
        extract = read(file)
        every = lay(extract, survey(extract, extent(extract, file)), ("addresses",))
        points = sorted({(a.point.x, a.point.y) for laid in every for a in laid.addresses})
        kept.write_text(json.dumps(points))
    found: list[list[Any]] = json.loads(kept.read_text())
    return tuple(Point(lon, lat) for lon, lat in found)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8]
