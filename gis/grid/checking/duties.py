"""Duty grids that are not connected."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping

import numpy as np
import shapely

from gis.grid import arrangement
from gis.grid.checking.faults import fault
from gis.grid.given import Fault, Key, Kind
from gis.grid.groups import Groups
from gis.grid.laying import Laid


def connected[K: Hashable, S: Hashable](
    sets: Mapping[S, Collection[K]], neighbours: Iterable[tuple[K, K]]
) -> dict[S, tuple[tuple[K, ...], ...]]:
    """The sets that are not connected, each with its connected parts, the largest first. No row: all are.

    `neighbours` are pairs of cells that share a stretch of border.
    """
    beside: dict[K, set[K]] = {}
    for a, b in neighbours:
        beside.setdefault(a, set()).add(b)
        beside.setdefault(b, set()).add(a)
    found = {name: _parts(list(dict.fromkeys(members)), beside) for name, members in sets.items()}
    return {name: parts for name, parts in found.items() if len(parts) > 1}


def _parts[K: Hashable](members: list[K], beside: Mapping[K, set[K]]) -> tuple[tuple[K, ...], ...]:
    number = {member: i for i, member in enumerate(members)}
    groups = Groups(len(members))
    for i, member in enumerate(members):
        for other in beside.get(member, ()):
            if other in number:
                groups.join(i, number[other])
    parts: dict[int, list[K]] = {}
    for i, group in enumerate(groups.dense().tolist()):
        parts.setdefault(group, []).append(members[i])
    return tuple(tuple(part) for part in sorted(parts.values(), key=lambda part: (-len(part), number[part[0]])))


def duty_faults(laid: Laid, duties: Mapping[str, tuple[Key, ...]]) -> Iterator[Fault]:
    """Duty grids in several parts, with the cells outside the largest."""
    if not duties:
        return
    place = {key: i for i, key in enumerate(laid.keys)}
    known = {name: [place[key] for key in keys if key in place] for name, keys in duties.items()}
    for name, parts in connected(known, bordering(laid)).items():
        apart = sorted(i for part in parts[1:] for i in part)
        shape = shapely.union_all(laid.polygons[apart])
        yield fault(Kind.DUTY_UNCONNECTED, [laid.cells[i].key for i in apart], shape, detail=name)


def bordering(laid: Laid) -> list[tuple[int, int]]:
    """Pairs of cells that share a stretch of border."""
    parts, owner = shapely.get_parts(laid.polygons, return_index=True)
    shared = arrangement.borders(parts)
    a, b = owner[shared.a], owner[shared.b]
    pairs = np.unique(np.sort(np.column_stack([a, b])[a != b], axis=1), axis=0)
    return [(int(i), int(j)) for i, j in pairs]
