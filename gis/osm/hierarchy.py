"""District > street > community: the two finest administrative levels that divide a place, made to cover it exactly.

The borders of a level and the outline of the place are noded together and cut into faces; each face goes to one
area. So communities share their vertices, leave no gap and never overlap, even where relations are cut by the edge of
the extract and are no polygons at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis.model import AreaLevel
from gis.osm import tags as read_tags
from gis.osm.model import Boundary, Community, Extent, Extract, Thing
from gis.osm.place import GRID
from gis.osm.shapes import multipolygon

OWNS = 0.95  #: of a face's inner border must belong to a relation that is cut before it owns the face
REACH = 0.003  #: degrees that a loose end may be from the outline and still be led to it
CRUMB = 1e-6  #: share of the place below which a face is a crumb of imprecise borders, whatever it is called
SLIVER = 1e-3  #: share of the place below which an area is only a neighbour's edge that the box has caught


@dataclass(frozen=True, kw_only=True)
class _Division:
    level: int
    parts: Mapping[int, list[Polygon]]  #: relation -> faces
    tags: Mapping[int, Mapping[str, str]]


def communities(extract: Extract, extent: Extent) -> tuple[Extent, tuple[Community, ...]]:
    """The areas below the district, street offices first, and the extent made equal to their union.

    Always at least one community. `parent` is the index of the street office, None where the district is the parent.
    """
    divisions = [d for d in (_division(extract, extent, level) for level in _levels(extract)) if d]
    if not divisions:
        whole = Community(name=extent.name, names=extent.names, level=AreaLevel.COMMUNITY, geom=extent.clip)
        return extent, (whole,)
    fine = _areas(divisions[0], AreaLevel.COMMUNITY)
    coarse = _areas(divisions[1], AreaLevel.STREET) if len(divisions) > 1 else []
    streets, fine = _nested(coarse, fine)
    union = multipolygon(shapely.unary_union([area.geom for area in fine], grid_size=GRID))
    return replace(extent, clip=union), (*streets, *fine)


def _levels(extract: Extract) -> list[int]:
    return sorted({boundary.level for boundary in extract.boundaries if boundary.tags.get("name")}, reverse=True)


def _division(extract: Extract, extent: Extent, level: int) -> _Division | None:
    """The place cut along the borders of one level; None unless that gives two named parts or more."""
    here = [b for b in extract.boundaries if b.level == level and b.tags.get("name")]
    faces = _faces(extract, extent, here)
    if len(faces) < 2:
        return None
    owners = _owners(extract, here, faces)
    if len(set(owners.values())) < 2:
        return None
    parts = defaultdict(list)
    for index, owner in _completed(faces, owners, extent.clip.area).items():
        parts[owner].append(faces[index])
    if len(parts) < 2:
        return None
    return _Division(level=level, parts=parts, tags={b.osm_id: b.tags for b in here})


def _faces(extract: Extract, extent: Extent, boundaries: Sequence[Boundary]) -> list[Polygon]:
    wanted = frozenset[int]().union(*(b.ways for b in boundaries))
    shapely.prepare(extent.clip)
    lines = [line.geom for line in extract.borders if line.osm_id in wanted and extent.clip.intersects(line.geom)]
    if not lines:
        return []
    inside = [shapely.intersection(line, extent.clip.envelope.buffer(GRID * 10)) for line in lines]
    led = [] if extent.source == "administrative" else _reaching(inside, extent.clip)
    noded = shapely.unary_union([extent.clip.boundary, *inside, *led], grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded))))
    return [face for face in faces if extent.clip.contains(face.representative_point())]


def _reaching(lines: Sequence[shapely.Geometry], clip: MultiPolygon) -> list[LineString]:
    """Short lines from loose ends to the outline: an extract cut at nodes stops a border just before its edge."""
    ends = Counter(end for line in shapely.get_parts(lines) for end in (line.coords[0], line.coords[-1]))
    outline = clip.boundary
    loose = [shapely.Point(end) for end, times in ends.items() if times == 1]
    close = [point for point in loose if 0 < outline.distance(point) <= REACH]
    return [LineString([point, outline.interpolate(outline.project(point))]) for point in close]


def _owners(extract: Extract, boundaries: Sequence[Boundary], faces: Sequence[Polygon]) -> dict[int, int]:
    """Face -> relation: whole areas by where they lie, cut ones by a place of that name inside, then by border."""
    owners: dict[int, int] = {}
    ids = {b.osm_id for b in boundaries}
    whole = [a for a in extract.outlines if a.osm_type == "relation" and a.osm_id in ids]
    for area in whole:
        shapely.prepare(area.geom)
        owners |= {i: area.osm_id for i, f in enumerate(faces) if area.geom.contains(f.representative_point())}
    cut = [b for b in boundaries if b.osm_id not in {a.osm_id for a in whole}]
    for boundary in cut:
        owners |= {i: boundary.osm_id for i in _labelled(extract.places, boundary, faces) if i not in owners}
    lines = _borders(extract, cut)
    for index, face in enumerate(faces):
        if index not in owners and (owner := _by_border(face, cut, lines, set(owners.values()))) is not None:
            owners[index] = owner
    return owners


def _borders(extract: Extract, cut: Sequence[Boundary]) -> Mapping[int, BaseGeometry]:
    """The ways of these relations; one that the extract has cut is several lines."""
    wanted = frozenset[int]().union(*(boundary.ways for boundary in cut))
    found: dict[int, list[LineString]] = defaultdict(list)
    for line in extract.borders:
        if line.osm_id in wanted:
            found[line.osm_id].append(line.geom)
    return {way: shapely.unary_union(lines) for way, lines in found.items()}


def _labelled(nodes: Sequence[Thing[Point]], boundary: Boundary, faces: Sequence[Polygon]) -> list[int]:
    label = [
        node.geom
        for node in nodes
        if node.osm_id in boundary.nodes or ("place" in node.tags and node.tags.get("name") == boundary.tags["name"])
    ]
    return [i for i, face in enumerate(faces) if any(face.contains(point) for point in label)]


def _by_border(
    face: Polygon, cut: Sequence[Boundary], lines: Mapping[int, BaseGeometry], taken: set[int]
) -> int | None:
    """The relation to which nearly all of the face's border along any relation of this level belongs."""
    near = face.exterior.buffer(GRID * 10)
    ways = np.array(list(lines.values()), dtype=object)
    touching = np.flatnonzero(shapely.intersects(near, ways)).tolist() if len(ways) else []
    names = list(lines)
    length = {names[i]: ways[i].intersection(near).length for i in touching}
    total = sum(length.values())
    shares = {b.osm_id: sum(length.get(way, 0.0) for way in b.ways) / total if total else 0.0 for b in cut}
    fitting = [osm_id for osm_id, share in shares.items() if share >= OWNS]
    free = [osm_id for osm_id in fitting if osm_id not in taken]
    return next(iter(free or fitting), None)


def _completed(faces: Sequence[Polygon], owners: Mapping[int, int], whole: float) -> dict[int, int]:
    """Every face with an owner: what nobody claims, and crumbs, go to the neighbour with the longest common border."""
    size: dict[int, float] = defaultdict(float)
    for index, owner in owners.items():
        size[owner] += faces[index].area / whole
    done = {i: o for i, o in owners.items() if size[o] >= SLIVER and faces[i].area >= CRUMB * whole}
    for index in sorted(set(range(len(faces))) - set(done), key=lambda i: -faces[i].area):
        if done or index in owners:
            done[index] = done[_neighbour(index, faces, done)] if done else owners[index]
    return done


def _neighbour(index: int, faces: Sequence[Polygon], done: Mapping[int, int]) -> int:
    others = list(done)
    around = np.array([faces[i] for i in others], dtype=object)
    near = shapely.intersects(faces[index], around)
    border = np.zeros(len(others))
    border[near] = shapely.length(shapely.intersection(faces[index], around[near]))
    if border.max() > 0:
        return others[int(np.argmax(border))]
    return others[int(np.argmin([faces[index].distance(faces[i]) for i in others]))]


def _areas(division: _Division, level: AreaLevel) -> list[Community]:
    """West to east within north to south, as the codes count."""
    areas = [
        Community(
            name=division.tags[osm_id]["name"],
            names=read_tags.names(division.tags[osm_id]),
            level=level,
            geom=multipolygon(shapely.unary_union(faces, grid_size=GRID)),
        )
        for osm_id, faces in division.parts.items()
    ]
    return sorted(areas, key=lambda a: (-round(a.geom.centroid.y, 2), a.geom.centroid.x))


def _nested(streets: list[Community], fine: list[Community]) -> tuple[list[Community], list[Community]]:
    """Each community below the street office that holds most of it; an office is the union of its communities."""
    if not streets:
        return [], fine
    share = [[shapely.intersection(area.geom, street.geom).area for street in streets] for area in fine]
    above = [int(np.argmax(row)) for row in share]
    used = sorted(set(above))
    below = [replace(area, parent=used.index(up)) for area, up in zip(fine, above, strict=True)]
    offices = [
        replace(streets[up], geom=_union([area.geom for area, mine in zip(fine, above, strict=True) if mine == up]))
        for up in used
    ]
    return offices, below


def _union(geoms: Sequence[MultiPolygon]) -> MultiPolygon:
    return multipolygon(shapely.unary_union(list(geoms), grid_size=GRID))
