"""A file arrives: what is in it, and what it probably means."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine

from gis.database import Transaction, begin
from gis.model import District
from gis.sources import crs as systems
from gis.sources import proposing
from gis.sources.columns import plain
from gis.sources.model import Inspected, Layer, Record
from gis.sources.opening import Opened, opened
from gis.sources.proposing import Source
from gis.sources.targets import targets
from gis.store.deliveries import batches
from gis.store.deliveries.batches import Delivery, Origin

LOOKED: Final = 500  #: rows that are looked at
SAID, FOUND, CHOSEN, REMEMBERED, UNKNOWN = "said", "found", "chosen", "remembered", "unknown"
PLACE, CHANGES = "place", "changes"


@dataclass(frozen=True, kw_only=True)
class Received:
    """What a file turned out to be, and what is proposed for it."""

    name: str
    sha256: str
    bytes: int
    format: str
    layers: tuple[Layer, ...] = ()
    layer: str | None = None
    encoding: str | None = None
    encoding_how: str | None = None
    crs: str | None = None
    crs_how: str = UNKNOWN
    target: str | None = None
    target_how: str = UNKNOWN
    mapping: Mapping[str, Any] = field(default_factory=dict)
    mapping_how: str = FOUND
    origin: Origin
    whole: bool = True


def inspect(engine: Engine, file: Path, *, name: str, district: District | None) -> Received:
    """Look into a file and propose what to do with it. Raises BadSource."""
    said: dict[str, Any] = {"name": Path(name).name, "sha256": _checksum(file), "bytes": _size(file)}
    with opened(file, name=name) as found:
        if found.format.foreign:
            target = PLACE if found.format == "osm" else CHANGES
            origin = Origin(kind=batches.OSM, name="OpenStreetMap")
            return Received(**said, format=found.format.value, target=target, target_how=FOUND, origin=origin)
        inside = found.inspected()
        layer = max(inside.layers, key=lambda one: (_score(one, name), one.rows or 0))
        rows = [record for record, _ in zip(found.records(layer.name), range(LOOKED), strict=False)]
        known = _remembered(engine, district, layer)
        proposal = _proposed(found, layer, name) if known is None else _again(inside, layer, rows, known)
    given = {**said, **_basics(inside, layer), "origin": Origin(name=Path(name).stem), **proposal}
    if given.get("crs") is None:
        given |= find_crs(layer, rows, given.get("mapping", {}), district, name)
    return Received(**given)


def store(tx: Transaction, received: Received, *, district: int | None, stored: str | None, by: int | None) -> Delivery:
    """Write down a delivery that was looked into."""
    inspected = {
        "layers": [asdict(layer) for layer in received.layers],
        **{name: getattr(received, name) for name in ("encoding_how", "crs_how", "target_how", "mapping_how")},
    }
    plan = {"source": asdict(received.origin), "whole": received.whole}
    columns = ("sha256", "bytes", "format", "layer", "encoding", "crs", "target", "mapping")
    row: dict[str, Any] = {name: getattr(received, name) for name in columns}
    made: dict[str, Any] = {"file": received.name, "inspected": inspected, "plan": plan, "stored": stored}
    return batches.add(tx, district=district, created_by=by, source=received.origin.id, **row, **made)


def find_crs(
    layer: Layer, rows: Sequence[Record], mapping: Mapping[str, Any], district: District | None, name: str
) -> dict[str, Any]:
    """crs and crs_how of a layer: as it says, unless that is plainly wrong; else by where its rows would fall."""
    declared = systems.named(layer.crs) if layer.crs else None
    coords = positions(rows, mapping if "lon" in mapping else as_json(proposing.mapping(layer, targets()["address"])))
    place = district.clip if district is not None else None
    hint = " ".join([name, layer.name, *(one.name for one in layer.fields)])
    found = systems.guesses(coords, place, hint=hint) if place is not None else _by_range(coords)
    fits = {one.crs: one.inside for one in found}
    if declared and (place is None or fits.get(declared, _inside(coords, declared, place)) > 0 or not found):
        return {"crs": declared, "crs_how": SAID}
    if not found or found[0].inside < systems.ENOUGH:
        return {"crs": declared, "crs_how": UNKNOWN if declared is None else SAID}
    best = found[0].crs
    sure = not systems.ambiguous(coords, best) or systems.hinted(hint) is not None
    return {"crs": best, "crs_how": FOUND if sure else UNKNOWN}


def positions(rows: Sequence[Record], mapping: Mapping[str, Any]) -> NDArray[np.float64]:
    """Where rows lie in their own coordinates, (n, 2)."""
    shapes = [row.geom for row in rows if row.geom is not None and not row.geom.is_empty]
    if shapes:
        inner = [shape.representative_point() if shape.area else shape.centroid for shape in shapes]
        return shapely.get_coordinates(np.array(inner, dtype=object))
    x, y = (mapping.get(name, {}).get("field") for name in ("lon", "lat"))
    pairs = [(row.values.get(x), row.values.get(y)) for row in rows] if x and y else []
    sound = [(_number(a), _number(b)) for a, b in pairs]
    kept = [(a, b) for a, b in sound if a is not None and b is not None and (a, b) != (0.0, 0.0)]
    return np.array(kept, np.float64).reshape(-1, 2)


def as_json(mapping: Mapping[str, Source]) -> dict[str, Any]:
    """A mapping as it is stored and told."""
    return {
        name: {"field": one.field} if one.field is not None else {"value": one.value} for name, one in mapping.items()
    }


def columns_key(layer: Layer) -> str:
    """Stands for a set of column names: the same columns, the same mapping."""
    names = "\n".join(sorted(one.name for one in layer.fields))
    return hashlib.blake2b(names.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _basics(inside: Inspected, layer: Layer) -> dict[str, Any]:
    return {
        "format": inside.format.value,
        "layers": inside.layers,
        "layer": layer.name,
        "encoding": inside.encoding,
        "encoding_how": inside.encoding_how,
    }


def _score(layer: Layer, name: str) -> float:
    found = proposing.propose(layer, title=Path(name).stem)
    return found.score if found else 0.0


def _proposed(found: Opened, layer: Layer, name: str) -> dict[str, Any]:
    guess = proposing.propose(layer, title=Path(name).stem)
    if guess is None:
        return {}
    mapping = dict(guess.mapping)
    key = mapping.get("key")
    if key is not None and key.field is not None and proposing.repeats(found.records(layer.name), key.field):
        del mapping["key"]  # it is called an id and is none
    return {"target": guess.target, "target_how": FOUND, "mapping": as_json(mapping)}


def _remembered(engine: Engine, district: District | None, layer: Layer) -> tuple[Origin, Mapping[str, Any]] | None:
    if district is None:
        return None
    with begin(engine) as tx:
        return batches.remembered(tx, district.id, columns_key(layer))


def _again(
    inside: Inspected, layer: Layer, rows: Sequence[Record], known: tuple[Origin, Mapping[str, Any]]
) -> dict[str, Any]:
    """What was said of the last file with these columns, as far as it still makes sense."""
    del inside, rows
    origin, plan = known
    names = {one.name for one in layer.fields}
    mapping = {name: one for name, one in plan["mapping"].items() if "field" not in one or one["field"] in names}
    crs = {"crs": plan["crs"], "crs_how": REMEMBERED} if plan.get("crs") else {}
    return {
        "target": plan["target"] if plan["target"] in targets() else None,
        "target_how": REMEMBERED,
        "mapping": mapping,
        "mapping_how": REMEMBERED,
        "origin": origin,
        "whole": bool(plan.get("whole", True)),
        **crs,
    }


def _by_range(coords: NDArray[np.float64]) -> list[systems.Guess]:
    """Without a place to fall into, degrees can be told at least."""
    if len(coords) and (np.abs(coords) <= np.array([180.0, 90.0])).all():
        return [systems.Guess(crs=systems.DEGREES, inside=1.0)]
    return []


def _inside(coords: NDArray[np.float64], crs: str, place: BaseGeometry) -> float:
    if not len(coords):
        return 1.0
    there = systems.to_degrees(crs)(coords)
    return float(np.mean(shapely.intersects_xy(place, there[:, 0], there[:, 1])))


def _number(value: object) -> float | None:
    try:
        return float(str(plain(value)))
    except ValueError:
        return None


def _checksum(file: Path) -> str:
    if file.is_dir() or not file.is_file():
        return hashlib.sha256(str(file).encode()).hexdigest()
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0
