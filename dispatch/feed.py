"""Events in the order of a cursor that misses none.

`seq` is drawn before commit, so a reader that remembers only the last `seq` skips whatever commits late. The cursor is
(txid, seq), and nobody reads at or above the oldest transaction that still runs and may record events: below it all is
decided. Transactions of other databases and those that called `gis.database.quiet` are not waited for, or an import of
a minute would hold every screen for a minute.

A cursor stands at an event, never above the last one. After a crash PostgreSQL gives the number of a transaction that
left nothing on disk (it was rolled back) to a new one, whose events a cursor above the last event would skip. What an
event carries is on disk before anybody reads it, and its number is not given twice.

The cursor's order is that of transaction numbers, which are drawn before anybody waits for a lock: two changes of one
thing may be told the later one first. Every thing carries its version, and a reader keeps the newer one.

NOTIFY on `gridward_event` (payload: the district) only says that it is worth asking now; positions come by NOTIFY on
`gridward_position` alone and are in no event.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, cast, exists, or_, select, text, tuple_

from dispatch.model import LIVE, Cursor, ResponderId, StoredEvent
from dispatch.store.events import selected, stored
from dispatch.tables import Xid8
from dispatch.tables import assignment as a
from dispatch.tables import event as t
from gis.database import QUIET, Transaction
from gis.model import AreaId, DistrictId

EVENT_CHANNEL = "gridward_event"
POSITION_CHANNEL = "gridward_position"
START = Cursor(txid=0, seq=0)


def now(tx: Transaction) -> Cursor:
    """Where a reader stands who sees what `tx` sees.

    What is read in the same REPEATABLE READ transaction, and then the events after this cursor, miss nothing; some
    events may tell what was already read.
    """
    return _last_below(tx, _horizon(tx))


def after(
    tx: Transaction,
    cursor: Cursor | None,
    *,
    district: DistrictId | None = None,
    areas: Collection[AreaId] | None = None,
    responder: ResponderId | None = None,
    limit: int = 500,
) -> tuple[list[StoredEvent], Cursor]:
    """At most `limit` events after `cursor` (None: from the first) in scope, and the cursor to go on from.

    `areas`: events there, and events in no area; None: everywhere. `responder`: only what is about this person, about
    the cases that they are on, and nothing else.
    """
    horizon = _horizon(tx)
    since = cursor or START
    scope = [_after(since), t.c.txid < _xid(horizon)]
    if district is not None:
        scope.append(t.c.district == district)
    if areas is not None:
        scope.append(or_(t.c.area.is_(None), t.c.area.in_(areas)))
    if responder is not None:
        scope.append(_about(responder))
    rows = tx.execute(_ordered(scope).limit(limit)).mappings().all()
    events = [stored(row) for row in rows]
    if len(events) == limit:
        return events, Cursor(txid=events[-1].txid, seq=events[-1].seq)
    return events, max(since, _last_below(tx, horizon))


def _last_below(tx: Transaction, horizon: int) -> Cursor:
    found = select(cast(t.c.txid, Text).label("txid"), t.c.seq).where(t.c.txid < _xid(horizon))
    row = tx.execute(found.order_by(t.c.txid.desc(), t.c.seq.desc()).limit(1)).one_or_none()
    return START if row is None else Cursor(txid=int(row.txid), seq=row.seq)


def _ordered(scope: list[ColumnElement[bool]]) -> Select[tuple[object, ...]]:
    return selected().where(*scope).order_by(t.c.txid, t.c.seq)


def _about(responder: ResponderId) -> ColumnElement[bool]:
    on_it = exists().where(a.c.incident == t.c.incident, a.c.responder == responder, a.c.state.in_(LIVE))
    return or_(t.c.responder == responder, and_(t.c.responder.is_(None), on_it))


def _after(since: Cursor) -> ColumnElement[bool]:
    return tuple_(t.c.txid, t.c.seq) > tuple_(_xid(since.txid), since.seq)


def _xid(value: int) -> ColumnElement[int]:
    return cast(bindparam(None, str(value), Text), Xid8())


# What is in the snapshot's list and cannot be shown to be harmless, because it just ended or is hidden, is waited for.
_HORIZON = text(
    """
    SELECT coalesce(
        (
            SELECT min(r.xid::text::bigint)
            FROM pg_snapshot_xip(s.snapshot) AS r (xid)
            WHERE NOT EXISTS (
                SELECT FROM pg_stat_activity a
                WHERE a.backend_xid = r.xid::xid AND (a.datname <> current_database() OR a.application_name = :quiet)
            )
        ),
        pg_snapshot_xmax(s.snapshot)::text::bigint
    )
    FROM (SELECT pg_current_snapshot()) AS s (snapshot)
    """
)


def _horizon(tx: Transaction) -> int:
    return int(tx.execute(_HORIZON, {"quiet": QUIET}).scalar_one())
