"""A look at a delivery before anybody decides: how its first rows would land."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from sqlalchemy import Engine

from gis.database import begin
from gis.errors import BadPlan
from gis.importing.deliveries.planning import layers, sources
from gis.importing.deliveries.receiving import as_json, positions
from gis.model import District
from gis.sources import crs as systems
from gis.sources import proposing
from gis.sources.opening import opened
from gis.sources.rows import Reading, Refused, Row
from gis.sources.targets import targets
from gis.store import districts
from gis.store.deliveries.batches import Delivery

ROWS: Final = 500
BETTER: Final = 0.2  #: share of the rows more that have to fall inside before another system is suggested


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The first rows as they would land, WGS 84. `suggestion` is a coordinate system with which more lie inside."""

    rows: tuple[Row | Refused, ...]
    bounds: tuple[float, float, float, float] | None
    outside: int
    suggestion: str | None
    crs: str
    mapping: Mapping[str, Any]


def sample(
    engine: Engine,
    known: Delivery,
    file: Path,
    *,
    target: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> Sample:
    """Read the first rows of a delivery as it is proposed, or as a person tries it. Raises BadPlan, BadSource."""
    kind = targets().get(target or known.target or "")
    chosen = next((one for one in layers(known) if one.name == (layer or known.layer)), None)
    system = systems.named(crs) if crs else known.crs or systems.DEGREES
    for name, found, said in (("target", kind, target), ("layer", chosen, layer), ("crs", system, crs)):
        if found is None:
            raise BadPlan(field=name, value=said, allowed=[*targets()] if name == "target" else list(systems.USUAL))
    assert kind is not None  # noqa: S101 - asked above, as the two below
    assert chosen is not None  # noqa: S101
    assert system is not None  # noqa: S101
    mapped = mapping if mapping is not None else known.mapping
    if mapping is None and (kind.target != known.target or chosen.name != known.layer):
        mapped = as_json(proposing.mapping(chosen, kind))
    place = _place(engine, known)
    reading = Reading(target=kind, mapping=sources(mapped), crs=system, place=place.clip if place else None)
    with opened(file, encoding=encoding or known.encoding, name=known.file) as found_file:
        records = [one for one, _ in zip(found_file.records(chosen.name), range(ROWS), strict=False)]
    rows = tuple(reading.rows(records))
    outside = sum(isinstance(row, Refused) and row.fault.reason in ("outside", "bad_position") for row in rows)
    hint = " ".join([known.file, chosen.name, *(field.name for field in chosen.fields)])
    coords = positions(records, mapped)
    better = systems.guesses(coords, place.clip, hint=hint)[:1] if place is not None and outside else []
    suggested = [one.crs for one in better if one.inside > 1 - outside / max(len(rows), 1) + BETTER]
    return Sample(
        rows=rows,
        bounds=_bounds(rows),
        outside=outside,
        suggestion=suggested[0] if suggested else None,
        crs=system,
        mapping=mapped,
    )


def _place(engine: Engine, known: Delivery) -> District | None:
    if known.district is None:
        return None
    with begin(engine) as tx:
        return districts.district(tx, known.district)


def _bounds(rows: tuple[Row | Refused, ...]) -> tuple[float, float, float, float] | None:
    shapes = np.array([row.geom for row in rows if row.geom is not None], dtype=object)
    found = shapely.total_bounds(shapes) if len(shapes) else np.full(4, np.nan)
    return None if np.isnan(found).any() else (float(found[0]), float(found[1]), float(found[2]), float(found[3]))
