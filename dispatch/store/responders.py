"""Workers and volunteers, their shifts, where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, func, insert, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from dispatch.errors import Unknown
from dispatch.model import (
    Certificate,
    Duty,
    Interval,
    Pause,
    Responder,
    ResponderId,
    ResponderKind,
    UserId,
    Vehicle,
)
from dispatch.store.rows import geometry, guarded, interval_in, plain, point_in, position_of, window
from dispatch.tables import position, responder_skill, shift, shift_break
from dispatch.tables import responder as t
from gis.database import Transaction
from gis.model import CellId, DistrictId, Mode, Point

SHIFTS_BEFORE = timedelta(hours=12)
SHIFTS_AFTER = timedelta(hours=36)
_PLAIN = (
    "district",
    "area",
    "name",
    "home_cell",
    "point_at",
    "heading",
    "speed",
    "radius_m",
    "max_tasks",
    "gone",
    "version",
    "overtime_seconds",
    "rest_seconds",
    "max_seconds",
)


def responder(tx: Transaction, key: ResponderId, *, lock: bool = False) -> Responder:
    """The responder with the shifts around now; Unknown if there is none."""
    found = _all(tx, t.c.id == key, lock=lock)
    if not found:
        raise Unknown(what="responder", id=key)
    return found[0]


def responders(tx: Transaction, district: DistrictId) -> list[Responder]:
    """Everybody who has not left, by id, with the shifts around now."""
    return _all(tx, t.c.district == district, t.c.gone.is_(False))


def responders_by_id(tx: Transaction, keys: Collection[ResponderId]) -> list[Responder]:
    """These, by id, whether they have left or not."""
    return _all(tx, t.c.id.in_(keys)) if keys else []


def all_responders(tx: Transaction) -> list[Responder]:
    """Everybody who ever was, by id: for checks and exports."""
    return _all(tx)


def responder_of(tx: Transaction, user: UserId) -> Responder | None:
    """The responder that this account is."""
    found = _all(tx, t.c.app_user == user)
    return found[0] if found else None


def add_responder(tx: Transaction, r: Responder) -> ResponderId:
    """Store a new one; its `id` is ignored, its shifts are kept apart (`replace_shifts`)."""
    return int(tx.execute(insert(t).values(**_values(r)).returning(t.c.id)).scalar_one())


def save_responder(tx: Transaction, before: Responder, after: Responder) -> None:
    """Replace `before` by `after`, position apart; Stale if somebody else changed it meanwhile."""
    apart = ("point", "point_at", "heading", "speed")  # a fix may come between reading and saving, and is the newer one
    values = {name: value for name, value in _values(after).items() if name not in apart}
    guarded(tx, t, "responder", before.id, before.version, values)


def set_home_cell(tx: Transaction, key: ResponderId, cell: CellId | None) -> None:
    """The cell of the home: derived, hence no new version."""
    tx.execute(update(t).where(t.c.id == key).values(home_cell=cell))


def replace_shifts(tx: Transaction, key: ResponderId, start: datetime, shifts: Sequence[Interval]) -> None:
    """From `start` on the shifts are these; one that runs over `start` ends there."""
    s = shift.c
    mine, begins = s.responder == key, func.lower(s.during)
    tx.execute(delete(shift).where(mine, begins >= start))
    over = func.tstzrange(begins, start)
    tx.execute(update(shift).where(mine, begins < start, func.upper(s.during) > start).values(during=over))
    if shifts:
        tx.execute(insert(shift), [{"responder": key, "during": window(each)} for each in shifts])


def replace_pauses(tx: Transaction, key: ResponderId, start: datetime, pauses: Sequence[Pause]) -> None:
    """From `start` on the breaks are these."""
    b = shift_break.c
    tx.execute(delete(shift_break).where(b.responder == key, b.earliest >= start))
    rows = [{"responder": key, **asdict(one)} for one in pauses]
    if rows:
        tx.execute(insert(shift_break), rows)


def replace_certificates(tx: Transaction, key: ResponderId, held: Mapping[str, Certificate]) -> None:
    """How well the skills are held, and until when."""
    tx.execute(delete(responder_skill).where(responder_skill.c.responder == key))
    rows = [{"responder": key, "skill": skill, **asdict(one)} for skill, one in sorted(held.items())]
    if rows:
        tx.execute(insert(responder_skill), rows)


def put_fix(
    tx: Transaction,
    key: ResponderId,
    *,
    point: Point,
    at: datetime,
    accuracy_m: float | None,
    heading: float | None,
    speed: float | None,
) -> bool:
    """Keep a fix. True when it is the newest; a repeat is kept once, a late one never replaces a newer one."""
    fix = {"point": geometry(point), "heading": heading, "speed": speed}
    row = upsert(position).values(responder=key, at=at, accuracy_m=accuracy_m, **fix)
    tx.execute(row.on_conflict_do_nothing())
    newer = (t.c.point_at.is_(None)) | (t.c.point_at < at)
    return tx.execute(update(t).where(t.c.id == key, newer).values(point_at=at, **fix)).rowcount == 1


def _all(tx: Transaction, *where: ColumnElement[bool], lock: bool = False) -> list[Responder]:
    question = (
        select(*plain(t, "home", "point"), *position_of(t), *position_of(t, "home")).where(*where).order_by(t.c.id)
    )
    rows = tx.execute(question.with_for_update() if lock else question).mappings().all()
    keys = [row["id"] for row in rows]
    shifts, pauses, held = _shifts(tx, keys), _pauses(tx, keys), _held(tx, keys)
    return [
        replace(_responder(row, tuple(shifts[row["id"]])), pauses=tuple(pauses[row["id"]]), held=dict(held[row["id"]]))
        for row in rows
    ]


def _pauses(tx: Transaction, keys: Sequence[ResponderId]) -> dict[ResponderId, list[Pause]]:
    b = shift_break.c
    near = (b.latest > func.now() - SHIFTS_BEFORE, b.earliest < func.now() + SHIFTS_AFTER)
    found: dict[ResponderId, list[Pause]] = defaultdict(list)
    for row in tx.execute(select(shift_break).where(b.responder.in_(keys), *near).order_by(b.earliest, b.id)):
        found[row.responder].append(Pause(earliest=row.earliest, latest=row.latest, seconds=row.seconds))
    return found


def _held(tx: Transaction, keys: Sequence[ResponderId]) -> dict[ResponderId, dict[str, Certificate]]:
    found: dict[ResponderId, dict[str, Certificate]] = defaultdict(dict)
    for row in tx.execute(select(responder_skill).where(responder_skill.c.responder.in_(keys))):
        found[row.responder][row.skill] = Certificate(level=row.level, valid_until=row.valid_until)
    return found


def _shifts(tx: Transaction, keys: Sequence[ResponderId]) -> dict[ResponderId, list[Interval]]:
    around = func.tstzrange(func.now() - SHIFTS_BEFORE, func.now() + SHIFTS_AFTER)
    s = shift.c
    rows = tx.execute(
        select(s.responder, s.during)
        .where(s.responder.in_(keys), s.during.op("&&")(around))
        .order_by(func.lower(s.during))
    )
    found: dict[ResponderId, list[Interval]] = defaultdict(list)
    for key, during in rows:
        found[key].append(interval_in(during))
    return found


def _values(r: Responder) -> dict[str, Any]:
    return {name: getattr(r, name) for name in _PLAIN} | {
        "app_user": r.user,
        "kind": r.kind,
        "mode": r.mode,
        "skills": sorted(r.skills),
        "duty": r.duty,
        "home": geometry(r.home),
        "point": geometry(r.point),
        "vehicle": asdict(r.vehicle) if r.vehicle else null(),
    }


def _responder(row: RowMapping, shifts: tuple[Interval, ...]) -> Responder:
    home = point_in(row, "home")
    assert home is not None  # noqa: S101 - the column is NOT NULL
    return Responder(
        id=row["id"],
        user=row["app_user"],
        kind=ResponderKind(row["kind"]),
        mode=Mode(row["mode"]),
        skills=frozenset(row["skills"]),
        duty=Duty(row["duty"]),
        home=home,
        point=point_in(row),
        shifts=shifts,
        vehicle=Vehicle(**row["vehicle"]) if row["vehicle"] else None,
        **{name: row[name] for name in _PLAIN},
    )
