"""Making faults: metres outside, millimetres inside, and a key that is the same for the same fault."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import shapely
from shapely.geometry.base import BaseGeometry

from gis.grid.arrangement import UNIT
from gis.grid.given import Fault, How, Key, Kind


def fault(
    kind: Kind,
    cells: Sequence[Key],
    shape: BaseGeometry | None = None,
    *,
    metres: float | None = None,
    building: int | None = None,
    community: str | None = None,
    detail: str | None = None,
    mends: tuple[How, ...] = (),
) -> Fault:
    """A fault at `shape` (millimetres)."""
    areal = shape is not None and shape.area > 0
    return Fault(
        key=_key(kind, cells, shape, detail),
        kind=kind,
        cells=tuple(cells),
        geometry=None if shape is None else shapely.transform(shape, lambda xy: xy / UNIT),
        area_m2=round(shape.area / UNIT**2, 6) if shape is not None and areal else None,
        metres=metres,
        building=building,
        community=community,
        detail=detail,
        mends=mends,
    )


def _key(kind: Kind, cells: Sequence[Key], shape: BaseGeometry | None, detail: str | None) -> str:
    place = "" if shape is None or shape.is_empty else " ".join(f"{value:.0f}" for value in shape.bounds)
    said = "\n".join((kind.value, *sorted(cells), place, detail or ""))
    return f"{kind.value}-{blake2b(said.encode(), digest_size=6).hexdigest()}"
