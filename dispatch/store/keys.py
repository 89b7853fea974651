"""Requests that were answered: the same request gets the same answer, once done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from dispatch.errors import KeyReused
from dispatch.tables import request_key as t
from gis.database import Transaction


def claim(tx: Transaction, *, actor: str, key: str, deed: str, digest: bytes) -> dict[str, Any] | None:
    """None: the request is new, and ours. Else the answer that it got, after waiting for whoever was at it.

    KeyReused when the key stands for another request.
    """
    row = upsert(t).values(actor=actor, key=key, deed=deed, digest=digest, answer={})
    if tx.execute(row.on_conflict_do_nothing()).rowcount == 1:
        return None
    first = tx.execute(select(t).where(t.c.actor == actor, t.c.key == key)).mappings().one()
    if (first["deed"], bytes(first["digest"])) != (deed, digest):
        raise KeyReused(key=key)
    return dict(first["answer"])


def answer(tx: Transaction, *, actor: str, key: str, said: dict[str, Any]) -> None:
    """What the request of this transaction is answered with."""
    tx.execute(update(t).where(t.c.actor == actor, t.c.key == key).values(answer=said))


def forget_before(tx: Transaction, moment: datetime) -> int:
    """Drop answers older than that; how many."""
    return tx.execute(delete(t).where(t.c.at < moment)).rowcount


def clock(tx: Transaction) -> datetime:
    """The database's clock, which all stamps go by."""
    now: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return now
