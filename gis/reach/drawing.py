"""A coverage as GeoJSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gis.reach.model import Band, CellReach, Coverage

type Json = dict[str, Any]

DIGITS = 6  #: of a degree: 0.1 m


def buildings(coverage: Coverage) -> Json:
    """A point per building: band (see Band), seconds (null: no way), people, id, cell, nearest (label)."""
    labels = [source.label for source in coverage.question.sources]
    ways, own = coverage.nearest, coverage.buildings
    columns = zip(
        own.points,
        coverage.bands.tolist(),
        ways.seconds.tolist(),
        own.people.tolist(),
        own.id.tolist(),
        own.cell.tolist(),
        ways.source.tolist(),
        strict=True,
    )
    return _collection(
        _feature(
            {"type": "Point", "coordinates": [round(point.lon, DIGITS), round(point.lat, DIGITS)]},
            band=band,
            seconds=round(seconds, 1) if np.isfinite(seconds) else None,
            people=round(people, 2),
            id=id_,
            cell=cell,
            nearest=labels[source] if source >= 0 else None,
        )
        for point, band, seconds, people, id_, cell, source in columns
    )


def cells(coverage: Coverage) -> Json:
    """A polygon per cell: what the table says of it, and band: that of its P50, null where no building stands."""
    return _collection(
        _feature(shape(cell.outline), band=band(cell, coverage.question.seconds), **row(cell))
        for cell in coverage.cells
    )


def sources(coverage: Coverage) -> Json:
    """A point per source: label, kind, stranded (no road leads from it)."""
    return _collection(
        _feature(
            {"type": "Point", "coordinates": [round(source.point.lon, DIGITS), round(source.point.lat, DIGITS)]},
            label=source.label,
            kind=source.kind,
            stranded=i in coverage.nearest.stranded,
        )
        for i, source in enumerate(coverage.question.sources)
    )


def row(cell: CellReach) -> Json:
    """A row of the table."""
    return {
        "id": cell.id,
        "code": cell.code,
        "area": cell.area,
        "buildings": cell.buildings,
        "reached_buildings": cell.reached_buildings,
        "no_way": cell.no_way,
        "people": round(cell.people, 1),
        "reached_people": round(cell.reached_people, 1),
        "nearest": cell.nearest,
        "seconds": _rounded(cell.seconds),
        "p50": _rounded(cell.p50),
        "p90": _rounded(cell.p90),
    }


def band(cell: CellReach, limit: float) -> int | None:
    """The band of the middle building of a cell."""
    if not cell.buildings:
        return None
    if cell.p50 is None:
        return int(Band.NO_WAY)
    return next((int(b) for b, share in zip(Band, (1 / 3, 2 / 3, 1.0), strict=False) if cell.p50 <= limit * share), 3)


def shape(geometry: BaseGeometry) -> Json:
    """A GeoJSON geometry with no more digits than a map needs."""
    return dict(mapping(shapely.transform(geometry, lambda xy: np.round(xy, DIGITS))))


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _collection(features: Any) -> Json:
    return {"type": "FeatureCollection", "features": list(features)}


def _feature(geometry: Json, **properties: object) -> Json:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
