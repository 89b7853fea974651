"""Small regions join a neighbour: over the longest border and the weakest line, until each is worth a cell."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from gis.grid.arrangement import Floats, Ints
from gis.grid.groups import Groups
from gis.grid.load import FULL, Scale
from gis.grid.model import Rank

SMALL = 0.5  #: a region below this load looks for a neighbour
RELAXED = 2.5  #: a region under the least that is asked for may reach this with a neighbour
SCRAP = 0.12  #: below this it joins whoever is there
SPECK = 0.05  #: and over the most that is asked for, if it is less than this share of that
ISLET = 1.0  #: a region with one neighbour alone joins it below this load, if the two fit
SOFTNESS = {
    -1: 1.0,
    Rank.CUT: 1.0,
    Rank.PATH: 0.8,
    Rank.SERVICE: 0.55,
    Rank.PARCEL: 0.5,
    Rank.WALL: 0.4,
    Rank.MINOR: 0.3,
    Rank.STREAM: 0.25,
    Rank.MAJOR: 0.1,
    Rank.RAIL: 0.05,
    Rank.SHORE: 0.04,
}  #: what a metre of border counts for when a neighbour is chosen


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """What is to be merged: m², m² of plots, weight (people, households, incidents), whether under water."""

    area: Floats
    plots: Floats
    weight: Floats
    water: Ints


@dataclass
class _Region:
    area: float
    plots: float
    weight: float
    dry: float  #: m² that are not water
    load: float
    pull: dict[int, float] = field(default_factory=dict)  #: neighbour -> weighted metres of shared border


def merge(pieces: Pieces, a: Ints, b: Ints, metres: Floats, rank: Ints, scale: Scale) -> Ints:
    """The group of each piece. a[i] and b[i] share `metres[i]` of border of `rank[i]`; only such pairs ever join.

    The smallest region chooses first, among equals the first; so the result depends on nothing but the input.
    """
    merger = _Merger(pieces, scale)
    soft = np.array([SOFTNESS[int(r)] for r in range(-1, max(Rank) + 1)])[rank + 1]
    for i, j, pull in zip(a.tolist(), b.tolist(), (metres * soft).tolist(), strict=True):
        merger.border(i, j, pull)
    return merger.run()


class _Merger:
    def __init__(self, pieces: Pieces, scale: Scale) -> None:
        load = scale.load(area=pieces.area, plots=pieces.plots, weight=pieces.weight, water=pieces.water > 0)
        dry = np.where(pieces.water, 0.0, pieces.area)
        columns = (pieces.area.tolist(), pieces.plots.tolist(), pieces.weight.tolist(), dry.tolist(), load.tolist())
        self.scale = scale
        self.regions = {i: _Region(*row) for i, row in enumerate(zip(*columns, strict=True))}
        self.groups = Groups(len(self.regions))

    def border(self, i: int, j: int, pull: float) -> None:
        for one, other in ((i, j), (j, i)):
            known = self.regions[one].pull
            known[other] = known.get(other, 0.0) + pull

    def run(self) -> Ints:
        heap = [(region.load, i) for i, region in self.regions.items()]
        heapq.heapify(heap)
        while heap:
            load, i = heapq.heappop(heap)
            region = self.regions.get(i)
            if region is None or region.load != load:
                continue
            if (partner := self._partner(region)) is not None:
                self._join(i, partner)
                for k in (min(i, partner), *self._lonely(min(i, partner))):
                    heapq.heappush(heap, (self.regions[k].load, k))
        return self.groups.dense()

    def _lonely(self, i: int) -> list[int]:
        """Neighbours of `i` that have no other one, perhaps since a moment ago."""
        return [k for k in self.regions[i].pull if len(self.regions[k].pull) == 1]

    def _partner(self, region: _Region) -> int | None:
        """The neighbour to join, or None where the region stays as it is."""
        lonely = len(region.pull) == 1 and region.load < ISLET
        if not region.pull or not (region.load < SMALL or lonely or self._needy(region)):
            return None
        scored = [(self._liking(region, j, pull), -j) for j, pull in region.pull.items()]
        liking, partner = max(scored)
        return -partner if liking > 0 or self._scrap(region, self.regions[-partner]) else None

    def _liking(self, region: _Region, j: int, pull: float) -> float:
        """Weighted border, less for a neighbour that is big already; negative where the two are too much together."""
        other = self.regions[j]
        load = region.load + other.load
        fits = self._fits(region, other, load)
        same = (region.dry > 0) == (other.dry > 0)
        return (pull / (0.5 + load)) * (1.0 if same else 0.1) if fits else -load

    def _scrap(self, region: _Region, other: _Region) -> bool:
        """Whether it is so little that it joins a neighbour that is full."""
        amount = self.scale.amount(region.area, region.weight)
        within = amount + self.scale.amount(other.area, other.weight) <= self.scale.most
        return region.load < SCRAP and (within or amount < SPECK * self.scale.most)

    def _needy(self, region: _Region) -> bool:
        """Whether it has less than the least that is asked for."""
        return self.scale.amount(region.area, region.weight) < self.scale.least

    def _fits(self, region: _Region, other: _Region, load: float) -> bool:
        """Whether the two may be one: not too much together, unless the one has too little and the bounds are kept."""
        area, weight = region.area + other.area, region.weight + other.weight
        within = self.scale.amount(area, weight) <= self.scale.most
        if self._needy(region) and self.scale.most < np.inf:
            return within and load <= RELAXED
        return within and load <= FULL and weight <= self.scale.cap

    def _join(self, i: int, j: int) -> None:
        """`j` and `i` become the lower of the two."""
        keep, gone = min(i, j), max(i, j)
        one, other = self.regions[keep], self.regions.pop(gone)
        self.groups.join(keep, gone)
        for name in ("area", "plots", "weight", "dry"):
            setattr(one, name, getattr(one, name) + getattr(other, name))
        one.load = self._load(one)
        for k, pull in other.pull.items():
            del self.regions[k].pull[gone]
            if k != keep:
                self.border(keep, k, pull)

    def _load(self, region: _Region) -> float:
        plots = min(region.plots, region.dry)
        one = np.ones(1)
        dry = self.scale.load(area=one * region.dry, plots=one * plots, weight=one * region.weight, water=[False])
        wet = self.scale.load(area=one * (region.area - region.dry), plots=0 * one, weight=0 * one, water=[True])
        return float(dry[0] + wet[0])


def sums(values: Floats, group: Ints, count: int) -> Floats:
    """The total of `values` in each group."""
    return np.bincount(group, weights=values, minlength=count)


def by_group(group: Ints) -> dict[int, list[int]]:
    """The members of each group, in order."""
    members: dict[int, list[int]] = defaultdict(list)
    for i, g in enumerate(group.tolist()):
        members[g].append(i)
    return members
