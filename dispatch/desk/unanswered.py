"""Offers that nobody answers. A case must not wait for a phone that lies in a drawer."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatch import steps, store
from dispatch.desk.room import Desk
from dispatch.lifecycle import Work
from dispatch.model import UNDER_WAY, Assignment, AssignmentState, Incident
from dispatch.store.keys import clock
from gis.database import Transaction
from gis.model import DistrictId

UNANSWERED = "unanswered"
SHORTEST = timedelta(minutes=2)  #: however urgent the case, so much time has a person to look at the phone


def recall(desk: Desk, district: DistrictId) -> int:
    """Take back what the engine offered and nobody answered within the class's time to accept; how many offers.

    What a dispatcher placed stays, and so does the offer of somebody who is busy on another case: they cannot look.
    """
    with desk.begin() as tx:
        offers = store.offers(tx, district, before=clock(tx) - SHORTEST)
    return sum(_recalled(desk, one) for one in offers)


def _recalled(desk: Desk, offer: Assignment) -> bool:
    with desk.begin() as tx:
        case = store.incident(tx, offer.incident, lock=True)  # the case first, as everywhere
        live = next((a for a in store.live_crew(tx, case.id, lock=True) if a.id == offer.id), None)
        at = clock(tx)
        if live is None or not _is_over(desk, tx, case, live, at):
            return False
        steps.withdraw(tx, Work(incident=case, assignment=live), by=None, reason=UNANSWERED, at=at)
        return True


def _is_over(desk: Desk, tx: Transaction, case: Incident, live: Assignment, at: datetime) -> bool:
    patience = max(SHORTEST, timedelta(seconds=desk.class_of(tx, case).accept_seconds))
    if live.state is not AssignmentState.OFFERED or live.locked or at - live.offered_at < patience:
        return False
    return not any(one.state in UNDER_WAY for one in store.live_assignments(tx, live.responder))
