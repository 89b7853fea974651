"""Photos of cases."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import insert, select

from dispatch.errors import Unknown
from dispatch.model import AssignmentId, Attachment, IncidentId, UserId
from dispatch.tables import attachment as t
from gis.database import Transaction


def add_attachment(
    tx: Transaction,
    *,
    incident: IncidentId,
    assignment: AssignmentId | None,
    user: UserId | None,
    media_type: str,
    body: bytes,
) -> Attachment:
    """Keep a photo."""
    values = {"incident": incident, "assignment": assignment, "app_user": user, "media_type": media_type, "body": body}
    row = tx.execute(insert(t).values(**values, sha256=sha256(body).digest()).returning(t.c.id, t.c.at)).one()
    return Attachment(id=row.id, incident=incident, assignment=assignment, media_type=media_type, at=row.at)


def attachments(tx: Transaction, incident: IncidentId) -> list[Attachment]:
    """The photos of a case without their bodies, oldest first."""
    columns = (t.c.id, t.c.incident, t.c.assignment, t.c.media_type, t.c.at)
    rows = tx.execute(select(*columns).where(t.c.incident == incident).order_by(t.c.id))
    return [Attachment(**row) for row in rows.mappings()]


def attachment_body(tx: Transaction, key: int) -> tuple[Attachment, bytes]:
    """A photo and its body; Unknown if there is none."""
    row = tx.execute(select(t).where(t.c.id == key)).mappings().one_or_none()
    if row is None:
        raise Unknown(what="file", id=key)
    known = {name: row[name] for name in ("id", "incident", "assignment", "media_type", "at")}
    return Attachment(**known), bytes(row["body"])
