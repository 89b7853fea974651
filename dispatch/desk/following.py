"""The resident's view: whoever holds the token of a report follows it, adds a photo, says in the end if it was good."""

from __future__ import annotations

from hashlib import sha256

from dispatch import lifecycle, store
from dispatch.desk.photos import cleaned, keep
from dispatch.desk.room import Desk
from dispatch.errors import Unknown
from dispatch.model import Attachment, Deed, Event, Incident
from gis.database import Transaction


def follow(desk: Desk, *, token: str) -> Incident:
    """The case of this token, without contact; Unknown if there is none."""
    with desk.begin() as tx:
        return _case(tx, token)


def evaluate_public(desk: Desk, *, token: str, score: int, comment: str | None = None, key: str | None) -> Incident:
    """Satisfaction, 1 to 5, once the case is closed."""

    def deed(tx: Transaction) -> Incident:
        before = _case(tx, token, lock=True)
        after = lifecycle.evaluate(before, score=score)
        store.save_incident(tx, before, after)
        event = Event(
            kind="incident.evaluated",
            district=after.district,
            area=after.area,
            incident=after.id,
            reason=comment,
            body=store.changes(incident=after),
        )
        store.record(tx, event)
        return after

    asked = {"token": _hash(token).hex(), "score": score, "comment": comment}
    return desk.once(Incident, deed, name=Deed.EVALUATE, key=key, who=None, asked=asked)


def attach_public(desk: Desk, *, token: str, body: bytes, key: str | None) -> Attachment:
    """A photo by whoever reported it."""
    picture = cleaned(body)

    def deed(tx: Transaction) -> Attachment:
        return keep(tx, _case(tx, token), None, None, picture)

    asked = {"token": _hash(token).hex(), "sha256": sha256(body).hexdigest()}
    return desk.once(Attachment, deed, name=Deed.ATTACH, key=key, who=None, asked=asked)


def _case(tx: Transaction, token: str, *, lock: bool = False) -> Incident:
    case = store.incident_by_tracking(tx, _hash(token), lock=lock)
    if case is None:
        raise Unknown(what="report", id=None)
    return case


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
