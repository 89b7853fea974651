"""Looking things up at the desk: cases and people by what somebody types, and who stands behind a cell."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch import policy
from dispatch.desk.room import Desk
from dispatch.model import OPEN_STAGES, Deed, Incident, IncidentId, Responder, User
from dispatch.store import finding
from gis.model import Cell, DistrictId

SHORTEST = 2  #: characters; one letter finds everybody


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The work of one cell."""

    responsible: Responder | None
    open_incidents: tuple[IncidentId, ...]


def find(
    desk: Desk, user: User, district: DistrictId, text: str, *, limit: int
) -> tuple[list[Incident], list[Responder]]:
    """Cases by number or title and people by name, in the user's areas; nothing for whoever may not see the desk."""
    if len(text.strip()) < SHORTEST or not policy.allows(user, Deed.SEE_DESK, district):
        return [], []
    areas = policy.scope(user, Deed.SEE_DESK, district)
    with desk.begin() as tx:
        cases = finding.incidents_like(tx, district, areas, text.strip(), limit)
        people = finding.responders_like(tx, district, areas, text.strip(), limit)
    return cases, people


def work_in(desk: Desk, user: User, cell: Cell) -> Seen:
    """Who looks after a cell and, for whoever watches the desk there, which cases are open in it."""
    watches = policy.allows(user, Deed.SEE_DESK, cell.district) and cell.area in policy.scope(
        user, Deed.SEE_DESK, cell.district
    )
    with desk.begin() as tx:
        cases = finding.open_in_cell(tx, cell.id, OPEN_STAGES) if watches else []
        return Seen(responsible=finding.responsible(tx, cell.id), open_incidents=tuple(cases))
