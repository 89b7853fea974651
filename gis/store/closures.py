"""Closures of roads, and what the road engine of a district goes by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoalchemy2.shape import from_shape, to_shape
from sqlalchemy import ColumnElement, RowMapping, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gis.database import Transaction
from gis.errors import NotFound
from gis.model import AreaId, DistrictId, Mode, Point, RoadClosure
from gis.store.cells import cell_at
from gis.tables import closure as t
from gis.tables import road_state as s
from gis.travel.closing import Closure, Effect

SRID = 4326


@dataclass(frozen=True, kw_only=True)
class RoadState:
    """What was announced last of the roads of a district."""

    key: str | None = None
    at: datetime | None = None
    segments: int = 0
    trouble: str | None = None


def add(tx: Transaction, closure: RoadClosure) -> int:
    """A new closure; its id."""
    return int(tx.execute(insert(t).values(_values(closure)).returning(t.c.id)).scalar_one())


def closure(tx: Transaction, key: int, *, lock: bool = False) -> RoadClosure:
    """One closure. Raises NotFound."""
    question = select(t).where(t.c.id == key)
    row = tx.execute(question.with_for_update() if lock else question).mappings().first()
    if row is None:
        raise NotFound(what="closure", id=key)
    return _closure(row)


def save(tx: Transaction, before: RoadClosure, after: RoadClosure) -> bool:
    """Replace `before` by `after`, one version on; False where it is not as it was read."""
    kept = update(t).where(t.c.id == before.id, t.c.version == before.version)
    return tx.execute(kept.values(**_values(after), version=before.version + 1)).rowcount == 1


def standing(tx: Transaction, district: DistrictId, now: datetime) -> list[RoadClosure]:
    """What is closed now or will be, the earliest first."""
    return _some(tx, t.c.district == district, t.c.lifted_at.is_(None), or_(t.c.ends.is_(None), t.c.ends > now))


def since(tx: Transaction, district: DistrictId, moment: datetime) -> list[RoadClosure]:
    """What was closed at any time since `moment`, or will be."""
    open_end = or_(t.c.ends.is_(None), t.c.ends > moment)
    return _some(tx, t.c.district == district, open_end, or_(t.c.lifted_at.is_(None), t.c.lifted_at > moment))


def live(tx: Transaction, district: DistrictId, now: datetime) -> list[RoadClosure]:
    """What has to be closed at `now`."""
    return [one for one in standing(tx, district, now) if one.starts <= now]


def heeded(tx: Transaction, district: DistrictId) -> list[RoadClosure]:
    """What the road engine goes by, or is in trouble with."""
    return _some(tx, t.c.district == district, or_(t.c.in_force_since.is_not(None), t.c.trouble.is_not(None)))


def of_source(tx: Transaction, district: DistrictId, source: str) -> Mapping[str, RoadClosure]:
    """Everything that one source ever closed, by its own key."""
    return {one.source_key: one for one in _some(tx, t.c.district == district, t.c.source == source)}


def next_change(tx: Transaction, district: DistrictId, now: datetime) -> datetime | None:
    """When the next closure begins or ends by its own time."""
    moments = [m for one in standing(tx, district, now) for m in (one.starts, one.ends) if m is not None and m > now]
    return min(moments, default=None)


def note(tx: Transaction, key: int, effect: Effect, now: datetime) -> None:
    """Keep what became of a closure in the road engine; its version stays, since nobody changed the closure."""
    since_then = func.coalesce(t.c.in_force_since, now) if effect.segments else None
    values = {"in_force_since": since_then, "segments": effect.segments, "trouble": effect.trouble}
    tx.execute(update(t).where(t.c.id == key).values(values))


def road_state(tx: Transaction, district: DistrictId) -> RoadState:
    """What was announced last."""
    row = tx.execute(select(s.c.key, s.c.at, s.c.segments, s.c.trouble).where(s.c.district == district)).mappings()
    return next((RoadState(**found) for found in row), RoadState())


def put_road_state(tx: Transaction, district: DistrictId, state: RoadState) -> None:
    """Keep what is announced now."""
    values = {"key": state.key, "at": state.at, "segments": state.segments, "trouble": state.trouble}
    row = upsert(s).values(district=district, **values)
    tx.execute(row.on_conflict_do_update(index_elements=["district"], set_=values))


def area_of(tx: Transaction, district: DistrictId, found: RoadClosure) -> AreaId | None:
    """The community in which the middle of a closure lies; None outside of all."""
    middle = found.geometry.interpolate(0.5, normalized=True) if _is_line(found) else None
    at = middle if middle is not None else found.geometry.representative_point()
    cell = cell_at(tx, district, Point(at.x, at.y))
    return None if cell is None else cell.area


def to_close(found: Sequence[RoadClosure]) -> list[Closure]:
    """As the road engine wants them."""
    return [Closure(id=one.id, geometry=one.geometry, modes=one.modes) for one in found]


def _is_line(found: RoadClosure) -> bool:
    return bool(found.geometry.geom_type == "LineString")


def _some(tx: Transaction, *where: ColumnElement[bool]) -> list[RoadClosure]:
    return [_closure(row) for row in tx.execute(select(t).where(*where).order_by(t.c.starts, t.c.id)).mappings()]


def _values(found: RoadClosure) -> dict[str, Any]:
    return {
        "district": found.district,
        "area": found.area,
        "geom": from_shape(found.geometry, SRID),
        "modes": sorted(found.modes),
        "starts": found.starts,
        "ends": found.ends,
        "reason": found.reason,
        "source": found.source,
        "source_key": found.source_key,
        "lifted_at": found.lifted_at,
        "created_by": found.created_by,
    }


def _closure(row: RowMapping) -> RoadClosure:
    rest = {name: row[name] for name in row if name not in ("geom", "modes")}
    return RoadClosure(**rest, geometry=to_shape(row["geom"]), modes=frozenset(Mode(mode) for mode in row["modes"]))
