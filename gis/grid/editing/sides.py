"""Which side of a drawn line a face is on, with every building whole on one."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.grid import arrangement
from gis.grid.arrangement import Lines
from gis.grid.laying import THIN, narrow
from gis.grid.patchwork import Patchwork


def sides(work: Patchwork, faces: list[int], surface: BaseGeometry, lines: Lines) -> list[list[int]]:
    """`faces`, which make up `surface`, parted by `lines`: connected parts, the largest first.

    A building is on the side that has most of it; what is too thin to be a cell is on the side beside it.
    """
    pieces = arrangement.faces(np.concatenate([arrangement.edges(np.array([surface], dtype=object)), lines]))
    inner = np.array(shapely.point_on_surface(work.faces[faces]), dtype=object)
    at = arrangement.holder(pieces, inner)
    side = dict(zip(faces, at.tolist(), strict=True))
    unite(work, faces, side)
    groups: dict[int, list[int]] = {}
    for face, number in side.items():
        groups.setdefault(number, []).append(face)
    return connected(work, [part for group in groups.values() for part in work.components(group)])


def unite(work: Patchwork, faces: Iterable[int], side: dict[int, int]) -> None:
    """The faces of each building get the side that has most of it."""
    houses: dict[int, list[int]] = {}
    for face in faces:
        if work.clump[face] >= 0:
            houses.setdefault(int(work.clump[face]), []).append(face)
    for members in houses.values():
        for part in work.components(members):
            share: dict[int, float] = {}
            for face in part:
                share[side[face]] = share.get(side[face], 0.0) + float(work.area[face])
            most = max(sorted(share), key=lambda number: share[number])
            side.update(dict.fromkeys(part, most))


def connected(work: Patchwork, parts: list[list[int]]) -> list[list[int]]:
    """Parts that are wide enough to be cells; the others joined to the one with which they share most border."""
    parts = sorted(parts, key=lambda part: (-float(work.area[part].sum()), part[0]))
    kept = [part for part in parts if not _thin(work, part)] or parts[:1]
    for part in reversed([part for part in parts if part not in kept]):
        shared = [_common(work, part, other) for other in kept]
        kept[int(np.argmax(shared))].extend(part)
    return kept


def _thin(work: Patchwork, part: list[int]) -> bool:
    return bool(narrow(np.array([work.outline(part)], dtype=object), THIN)[0])


def _common(work: Patchwork, one: list[int], other: list[int]) -> float:
    """Metres of border between two parts."""
    a, b = np.isin(work.a, one), np.isin(work.b, other)
    c, d = np.isin(work.a, other), np.isin(work.b, one)
    return float(work.metres[(a & b) | (c & d)].sum())
