"""Why one case waits. (`plans` has the reasons of a whole district.)"""

from __future__ import annotations

from sqlalchemy import delete, select

from dispatch.model import IncidentId, Waiting
from dispatch.tables import unassigned
from gis.database import Transaction


def why(tx: Transaction, case: IncidentId) -> Waiting | None:
    """The standing reason of one case."""
    u = unassigned.c
    row = tx.execute(select(u.incident, u.reason, u.params).where(u.incident == case)).one_or_none()
    return None if row is None else Waiting(incident=row.incident, reason=row.reason, params=row.params)


def waits_no_more(tx: Transaction, case: IncidentId) -> None:
    """Somebody goes, or nobody has to."""
    tx.execute(delete(unassigned).where(unassigned.c.incident == case))
