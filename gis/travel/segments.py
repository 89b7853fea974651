"""The pieces of road between two nodes of OpenStreetMap: what a closure takes away, kept beside the graphs of a place.

OSRM names a segment by the ids of its two nodes; the graphs themselves cannot be asked where those lie. So the build
reads them from the extract into one small file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import osmium
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from gis.errors import TravelUnavailable
from gis.model import Mode

FILE: Final = "roads.npz"
KEYS: Final = ("highway", "route", "railway", "man_made", "bridge", "public_transport", "leisure", "amenity")
BIT: Final[Mapping[Mode, int]] = {Mode.WALK: 1, Mode.CYCLE: 2, Mode.DRIVE: 4}
DRIVEN: Final = frozenset(
    (
        *("motorway", "trunk", "primary", "secondary", "tertiary"),
        *("motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link"),
        *("unclassified", "residential", "living_street", "service", "road"),
    )
)
FAST: Final = frozenset(("motorway", "motorway_link"))
NOT_CYCLED: Final = frozenset(("steps", "elevator", "corridor")) | FAST
NO: Final = frozenset(("no", "private", "agricultural", "forestry"))

type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Segments:
    """All segments of a place, each once whichever way it is travelled."""

    ids: Ints  #: of nodes, ascending
    at: Floats  #: (nodes, 2) longitude and latitude
    ends: Ints  #: (segments, 2) rows of `ids`
    usable: NDArray[np.uint8]  #: the bits of the modes that the tags admit: a guess, the graph itself decides

    @cached_property
    def lines(self) -> Any:
        """One line for each segment, degrees."""
        return shapely.linestrings(self.at[self.ends])

    @cached_property
    def tree(self) -> STRtree:
        """Finds lines by place."""
        return STRtree(self.lines)

    def pairs(self, which: Ints) -> Ints:
        """(n, 2) ids of the nodes of some segments."""
        found: Ints = self.ids[self.ends[which]]
        return found

    def of(self, mode: Mode, which: Ints) -> Ints:
        """Those of `which` that `mode` can use, by their tags."""
        found: Ints = which[(self.usable[which] & BIT[mode]) > 0]
        return found


def gather(extract: Path) -> Segments:
    """Read every way that a profile may make a road of."""
    at: dict[int, tuple[float, float]] = {}
    usable: dict[tuple[int, int], int] = {}
    for way in _ways(extract):
        bits = _bits(way.tags)
        for a, b in pairwise(way.nodes):
            if a.ref != b.ref and a.location.valid() and b.location.valid():
                at |= {n.ref: (n.location.lon, n.location.lat) for n in (a, b)}
                pair = (min(a.ref, b.ref), max(a.ref, b.ref))
                usable[pair] = usable.get(pair, 0) | bits
    return _packed(at, usable)


def save(roads: Segments, file: Path) -> None:
    """Keep them: positions as OpenStreetMap does, in whole 1e-7 degrees."""
    np.savez_compressed(
        file,
        ids=np.diff(roads.ids, prepend=0),
        at=np.rint(roads.at * 1e7).astype(np.int32),
        ends=roads.ends.astype(np.uint32),
        usable=roads.usable,
    )


def load(build: Path) -> Segments:
    """The segments of one build. Raises TravelUnavailable(reason="old_graphs") where it was made without."""
    try:
        return _loaded(build / FILE, (build / FILE).stat().st_mtime_ns)
    except OSError as error:
        raise TravelUnavailable(reason="old_graphs", folder=build.name, said=str(error)) from error


@lru_cache(maxsize=4)
def _loaded(file: Path, stamp: int) -> Segments:  # noqa: ARG001  a new file of the same name is another
    with np.load(file) as kept:
        return Segments(
            ids=np.cumsum(kept["ids"]),
            at=kept["at"].astype(np.float64) / 1e7,
            ends=kept["ends"].astype(np.int64),
            usable=kept["usable"],
        )


def _ways(extract: Path) -> Iterator[Any]:
    found = osmium.FileProcessor(str(extract), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    for thing in found.with_filter(osmium.filter.KeyFilter(*KEYS)):
        if isinstance(thing, osmium.osm.Way):
            yield thing


def _bits(tags: Any) -> int:
    """The modes that a way's tags admit, roughly as the profiles read them."""
    highway = tags.get("highway")
    if highway is None:
        return BIT[Mode.WALK] | (sum(BIT.values()) if tags.get("route") == "ferry" else 0)
    closed = tags.get("access") in NO
    drive = highway in DRIVEN and not closed and tags.get("motor_vehicle") not in NO
    cycle = highway not in NOT_CYCLED and tags.get("bicycle", "no" if closed else "") != "no"
    walk = highway not in FAST and tags.get("foot", "no" if closed else "") != "no"
    return BIT[Mode.DRIVE] * drive | BIT[Mode.CYCLE] * cycle | BIT[Mode.WALK] * walk


def _packed(at: Mapping[int, tuple[float, float]], usable: Mapping[tuple[int, int], int]) -> Segments:
    ids = np.array(sorted(at), dtype=np.int64)
    pairs = np.array(list(usable), dtype=np.int64).reshape(-1, 2)
    return Segments(
        ids=ids,
        at=np.array([at[i] for i in ids.tolist()], dtype=np.float64).reshape(-1, 2),
        ends=np.searchsorted(ids, pairs),
        usable=np.array(list(usable.values()), dtype=np.uint8),
    )
