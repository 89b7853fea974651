"""Ways that people of the team went, for what can be learned from them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from dispatch.tables import assignment as a
from dispatch.tables import responder as r
from gis.database import Transaction
from gis.model import DistrictId, Mode
from gis.travel.speeds import Way

LONGEST = 4 * 3600  #: seconds; a way that took longer was forgotten on the phone


def ways_since(tx: Transaction, district: DistrictId, moment: datetime) -> list[Way]:
    """Every way by road that began after `moment` and came to its end; what was estimated says nothing of roads."""
    took = func.extract("epoch", a.c.arrived_at - a.c.departed_at)
    question = (
        select(r.c.mode, a.c.departed_at, a.c.travel_seconds, took.label("took"))
        .join(r, r.c.id == a.c.responder)
        .where(a.c.district == district, a.c.departed_at > moment, a.c.arrived_at > a.c.departed_at)
        .where(a.c.estimated.is_(False), took < LONGEST)
        .order_by(a.c.id)
    )
    return [
        Way(mode=Mode(row.mode), departed=row.departed_at, planned=row.travel_seconds, actual=float(row.took))
        for row in tx.execute(question)
    ]
