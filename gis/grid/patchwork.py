"""Ground as a patchwork of faces, each held by cells: what mending and editing move about.

All borders, old and new, are noded together (`arrangement.faces`), so whatever is put together from faces fits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.grid import arrangement
from gis.grid.arrangement import UNIT, Floats, Ints, Lines, Polygons
from gis.grid.footprints import Clumps, footprints
from gis.grid.groups import joined
from gis.grid.laying import Laid, Shapes

CRUMB = 2.0  #: millimetres: a face that is narrower is left from rounding, and nobody's ground in particular


@dataclass(frozen=True, kw_only=True)
class Patchwork:
    """Faces (mm) with the community and the cells of each; `held` is what changes."""

    faces: Polygons
    area: Floats  #: m²
    ground: Ints  #: the community of each; -1 outside
    held: list[set[int]]
    clump: Ints  #: the overlapping buildings that each stands on; -1 for none
    a: Ints  #: faces that share a border, with b
    b: Ints
    metres: Floats  #: of border that they share

    def of(self, cell: int) -> list[int]:
        """The faces that a cell holds."""
        return [f for f, cells in enumerate(self.held) if cell in cells]

    def components(self, faces: Iterable[int]) -> list[list[int]]:
        """The connected parts of `faces`, the largest first."""
        chosen = sorted(faces)
        place = np.full(len(self.faces), -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        inside = (place[self.a] >= 0) & (place[self.b] >= 0)
        group = joined(len(chosen), place[self.a[inside]], place[self.b[inside]])
        parts: dict[int, list[int]] = {}
        for face, number in zip(chosen, group.tolist(), strict=True):
            parts.setdefault(number, []).append(face)
        return sorted(parts.values(), key=lambda part: (-float(self.area[part].sum()), part[0]))

    def beside(self, faces: Iterable[int]) -> dict[int, float]:
        """Metres of border that these faces share with the cells round them in the same community."""
        inside = np.zeros(len(self.faces), dtype=bool)
        chosen = list(faces)
        inside[chosen] = True
        edge = (inside[self.a] != inside[self.b]) & (self.ground[self.a] == self.ground[self.b])
        outer = np.where(inside[self.a[edge]], self.b[edge], self.a[edge])
        shared: dict[int, float] = {}
        for face, metres in zip(outer.tolist(), self.metres[edge].tolist(), strict=True):
            for cell in self.held[face]:
                shared[cell] = shared.get(cell, 0.0) + metres
        return shared

    def around(self, cells: Collection[int]) -> set[int]:
        """The cells that share a border with any of `cells`."""
        chosen = set(cells)
        mine = np.array([bool(held & chosen) for held in self.held], dtype=bool)
        edge = mine[self.a] != mine[self.b]
        others = np.where(mine[self.a[edge]], self.b[edge], self.a[edge])
        return {cell for face in others.tolist() for cell in self.held[face]}

    def outline(self, faces: list[int]) -> BaseGeometry:
        """The faces as one surface (mm)."""
        whole = shapely.coverage_union_all(self.faces[faces])
        parts = shapely.get_parts(whole)
        return parts[0] if len(parts) == 1 else whole


def patchwork(laid: Laid, polygons: Shapes, *lines: Lines, clumps: Clumps | None = None) -> Patchwork:
    """The faces between the outlines of the cells and of `clumps`, and `lines`.

    Outlines of communities are among `lines` only where cells have to follow them: cells that do already have vertices
    of their own on them, which a second noding would bend.
    """
    outlines = [arrangement.edges(polygons)]
    if clumps is not None and len(clumps.polygons):
        outlines.append(arrangement.edges(clumps.polygons))
    found = arrangement.faces(np.concatenate([*outlines, *lines]), settled=True)
    inner = np.array(shapely.point_on_surface(found), dtype=object)
    shared = arrangement.borders(found)
    pairs, index = np.unique(np.column_stack([shared.a, shared.b]), axis=0, return_inverse=True)
    return Patchwork(
        faces=found,
        area=shapely.area(found) / UNIT**2,
        ground=arrangement.holder(laid.grounds, inner) if len(laid.grounds) else np.zeros(len(found), dtype=np.int64),
        held=_held(polygons, inner),
        clump=clumps.holding(inner) if clumps is not None else np.full(len(found), -1, dtype=np.int64),
        a=pairs[:, 0].astype(np.int64),
        b=pairs[:, 1].astype(np.int64),
        metres=np.bincount(index.ravel(), weights=shared.mm, minlength=len(pairs)) / UNIT,
    )


def clumps_of(laid: Laid, lines: Lines, only: set[int] | None = None) -> Clumps:
    """Outlines of the buildings that `lines` run through; `only` those with these places in the input."""
    prints = footprints(laid.buildings)
    crossed = prints.crossed(lines)
    if only is not None:
        crossed = crossed[np.isin(laid.which[prints.owner[crossed]], list(only))]
    return prints.clumps(crossed)


def _held(polygons: Shapes, inner: Shapes) -> list[set[int]]:
    held: list[set[int]] = [set() for _ in inner]
    if len(polygons) and len(inner):
        at, on = shapely.STRtree(polygons).query(inner, predicate="intersects")
        for face, cell in zip(at.tolist(), on.tolist(), strict=True):
            held[face].add(cell)
    return held
