"""What must be known of a whole file before anything of it can be clipped: little, whatever the size of the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Point

from gis.osm import tags as read_tags
from gis.osm.model import Thing
from gis.osm.spool import Batch

ENOUGH: Final = 500_000  #: positions that vote at most
#: Languages that the drawn map carries wherever they are mapped, and the share of named roads that any other needs.
ALWAYS: Final = frozenset(("zh", "zh-Hans", "zh-Hant", "zh-CN", "zh-TW", "zh-HK", "en"))
COMMON: Final = 0.05
UNSAID: Final = ("x-",)  #: names that are no language's

type Positions = NDArray[np.float64]


@dataclass(slots=True)
class _Sample:
    """Positions, thinned evenly where there are very many."""

    parts: list[Positions] = field(default_factory=list)
    every: int = 1
    count: int = 0

    def add(self, found: Positions) -> None:
        self.parts.append(found[:: self.every])
        self.count += len(self.parts[-1])
        if self.count > ENOUGH:
            self.parts = [np.concatenate(self.parts)[::2]]
            self.every, self.count = self.every * 2, len(self.parts[0])

    def all(self) -> Positions:
        return np.concatenate(self.parts) if self.parts else np.empty((0, 2))


@dataclass(slots=True, kw_only=True)
class Notes:
    """Taken while the batches come in."""

    borders: frozenset[int]  #: ways of administrative relations
    labels: frozenset[int]  #: their nodes
    outlines: list[Thing[MultiPolygon]] = field(default_factory=list)
    lines: list[Thing[LineString]] = field(default_factory=list)
    coast: list[LineString] = field(default_factory=list)
    places: list[Thing[Point]] = field(default_factory=list)
    homes: _Sample = field(default_factory=_Sample)
    roads: _Sample = field(default_factory=_Sample)
    named: int = 0
    spoken: Counter[str] = field(default_factory=Counter)

    def nodes(self, batch: Batch[Point]) -> None:
        doors = [i for i, (_, _, tags) in enumerate(batch.who) if "addr:housenumber" in tags]
        self.homes.add(shapely.get_coordinates(batch.shapes[doors]))
        self.places += [t for t in batch if "place" in t.tags or t.osm_id in self.labels]

    def ways(self, batch: Batch[LineString]) -> None:
        roads = [i for i, (_, _, tags) in enumerate(batch.who) if "highway" in tags]
        self.roads.add(_centres(batch, roads))
        for _, _, tags in batch.who:
            if "name" in tags and read_tags.is_way(tags):
                self.named += 1
                self.spoken.update(language for language in read_tags.names(tags) if not language.startswith(UNSAID))
        self.lines += [t for t in batch if t.osm_id in self.borders]
        self.coast += [t.geom for t in batch if t.tags.get("natural") == "coastline"]

    def areas(self, batch: Batch[MultiPolygon]) -> None:
        homes = [i for i, (_, _, tags) in enumerate(batch.who) if read_tags.is_building(tags)]
        self.homes.add(_centres(batch, homes))
        self.outlines += [t for t in batch if t.tags.get("boundary") == "administrative" and t.tags.get("name")]

    def voters(self) -> Positions:
        """Where people are: buildings and house numbers, else ways."""
        return self.homes.all() if self.homes.count else self.roads.all()

    def languages(self) -> frozenset[str]:
        """Those whose names the drawn map carries, besides the local one."""
        return ALWAYS | {language for language, n in self.spoken.items() if language and n >= COMMON * self.named}


def _centres(batch: Batch[LineString] | Batch[MultiPolygon], which: list[int]) -> Positions:
    return shapely.get_coordinates(shapely.centroid(batch.shapes[which]))
