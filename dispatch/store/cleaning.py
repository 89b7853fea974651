"""What is kept for a while only."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from dispatch.store.keys import forget_before
from dispatch.tables import position, session, sign_in_attempt, sign_in_link
from gis.database import Transaction

POSITIONS = timedelta(days=7)
ANSWERS = timedelta(days=7)  #: a phone that was off for so long reports anew
ATTEMPTS = timedelta(days=30)


def clear_old(tx: Transaction, now: datetime) -> dict[str, int]:
    """Drop what is over; how many of each."""
    return {
        "position": tx.execute(delete(position).where(position.c.at < now - POSITIONS)).rowcount,
        "session": tx.execute(delete(session).where(session.c.expires_at < now)).rowcount,
        "sign_in_link": tx.execute(delete(sign_in_link).where(sign_in_link.c.expires_at < now)).rowcount,
        "sign_in_attempt": tx.execute(delete(sign_in_attempt).where(sign_in_attempt.c.at < now - ATTEMPTS)).rowcount,
        "request_key": forget_before(tx, now - ANSWERS),
    }
