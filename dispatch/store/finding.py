"""Cases and people by what somebody types."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select

from dispatch.model import Incident, IncidentId, Responder
from dispatch.store.incidents import incidents_by_id
from dispatch.store.responders import responders_by_id
from dispatch.tables import cell_duty, incident, responder
from gis.database import Transaction
from gis.model import AreaId, CellId, DistrictId


def incidents_like(
    tx: Transaction, district: DistrictId, areas: Collection[AreaId], text: str, limit: int
) -> list[Incident]:
    """Cases whose number or title holds `text`, open or closed, the newest first."""
    i = incident.c
    scope = or_(i.area.is_(None), i.area.in_(areas))
    said = or_(i.number.icontains(text, autoescape=True), i.title.icontains(text, autoescape=True))
    keys = tx.scalars(select(i.id).where(i.district == district, scope, said).order_by(i.id.desc()).limit(limit)).all()
    return sorted(incidents_by_id(tx, keys), key=lambda case: -case.id)


def responders_like(
    tx: Transaction, district: DistrictId, areas: Collection[AreaId], text: str, limit: int
) -> list[Responder]:
    """People whose name holds `text`, by name."""
    r = responder.c
    scope = or_(r.area.is_(None), r.area.in_(areas))
    said = (r.district == district, r.gone.is_(False), scope, r.name.icontains(text, autoescape=True))
    keys = tx.scalars(select(r.id).where(*said).order_by(r.name).limit(limit)).all()
    return sorted(responders_by_id(tx, keys), key=lambda person: person.name)


def responsible(tx: Transaction, cell: CellId) -> Responder | None:
    """Who looks after this cell."""
    key = tx.scalar(select(cell_duty.c.responder).where(cell_duty.c.cell == cell))
    found = [] if key is None else responders_by_id(tx, [key])
    return found[0] if found else None


def open_in_cell(tx: Transaction, cell: CellId, stages: Collection[str]) -> list[IncidentId]:
    """The cases of this cell at these stages, by id."""
    i = incident.c
    return [int(key) for key in tx.scalars(select(i.id).where(i.cell == cell, i.stage.in_(stages)).order_by(i.id))]
