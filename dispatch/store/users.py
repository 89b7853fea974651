"""Accounts, their grants with everything below, sessions, links and attempts to sign in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from dispatch.errors import Unknown
from dispatch.model import Grant, Role, User, UserId
from dispatch.tables import app_user, responder, role_grant, session, sign_in_attempt, sign_in_link
from gis.database import Transaction
from gis.model import AreaId
from gis.tables import area


def user(tx: Transaction, key: UserId) -> User:
    """The account with its grants; Unknown if there is none."""
    found = _user(tx, app_user.c.id == key)
    if found is None:
        raise Unknown(what="user", id=key)
    return found


def user_by_login(tx: Transaction, login: str) -> User | None:
    """The account with this login that is not disabled."""
    return _user(tx, app_user.c.login == login, app_user.c.disabled.is_(False))


def users(tx: Transaction) -> list[User]:
    """All accounts, by login."""
    keys = tx.scalars(select(app_user.c.id).order_by(app_user.c.login)).all()
    return [user(tx, key) for key in keys]


def names_of(tx: Transaction, keys: Sequence[UserId]) -> dict[UserId, str]:
    """The names of these accounts."""
    rows = tx.execute(select(app_user.c.id, app_user.c.name).where(app_user.c.id.in_(keys)))
    return {row.id: row.name for row in rows}


def add_user(tx: Transaction, *, login: str, name: str, language: str, password: str | None, demo: bool) -> UserId:
    """Store an account; `password` is the Argon2 hash."""
    values = {"login": login, "name": name, "language": language, "password": password, "demo": demo}
    return int(tx.execute(insert(app_user).values(**values).returning(app_user.c.id)).scalar_one())


def grant(tx: Transaction, key: UserId, grants: Sequence[tuple[Role, AreaId]]) -> None:
    """Exactly these roles in these areas."""
    tx.execute(delete(role_grant).where(role_grant.c.app_user == key))
    if grants:
        tx.execute(insert(role_grant), [{"app_user": key, "role": role, "area": where} for role, where in grants])


def change_user(tx: Transaction, key: UserId, **values: Any) -> None:
    """Set columns of an account; Unknown if there is none."""
    if tx.execute(update(app_user).where(app_user.c.id == key).values(**values)).rowcount == 0:
        raise Unknown(what="user", id=key)


def credentials(tx: Transaction, login: str) -> tuple[UserId, str] | None:
    """Id and password hash of an account that may sign in with a password."""
    a = app_user.c
    row = tx.execute(select(a.id, a.password).where(a.login == login, a.disabled.is_(False))).one_or_none()
    return None if row is None or row.password is None else (row.id, row.password)


def bad_attempts(tx: Transaction, login: str, origin: str, since: datetime) -> tuple[int, datetime | None]:
    """How many attempts failed since then and since the last good one, and when the first of them was."""
    a = sign_in_attempt.c
    mine = (a.login == login) & (a.origin == origin) & (a.at >= since)
    good = select(func.max(a.at)).where(mine, a.good.is_(True)).scalar_subquery()
    bad = (a.good.is_(False)) & (a.at > func.coalesce(good, since))
    row = tx.execute(select(func.count(), func.min(a.at)).where(mine, bad)).one()
    return int(row[0]), row[1]


def note_attempt(tx: Transaction, login: str, origin: str, *, good: bool) -> None:
    """Remember that somebody tried."""
    tx.execute(insert(sign_in_attempt).values(login=login, origin=origin, good=good))


def add_session(
    tx: Transaction, *, token_sha256: bytes, key: UserId, csrf: str, expires_at: datetime, agent: str
) -> None:
    """Open a session."""
    values = {"token_sha256": token_sha256, "app_user": key, "csrf": csrf, "expires_at": expires_at, "agent": agent}
    tx.execute(insert(session).values(**values))


def session_of(tx: Transaction, token_sha256: bytes) -> tuple[UserId, str, datetime, bool] | None:
    """Account, CSRF token, expiry and demo mark of a session that is still good."""
    s = session.c
    row = tx.execute(
        select(s.app_user, s.csrf, s.expires_at, app_user.c.demo)
        .join(app_user, app_user.c.id == s.app_user)
        .where(s.token_sha256 == token_sha256, s.expires_at > func.now(), app_user.c.disabled.is_(False))
    ).one_or_none()
    return None if row is None else (row.app_user, row.csrf, row.expires_at, row.demo)


def end_session(tx: Transaction, token_sha256: bytes) -> None:
    """Close one session."""
    tx.execute(delete(session).where(session.c.token_sha256 == token_sha256))


def end_sessions(tx: Transaction, key: UserId) -> None:
    """Close all sessions of an account."""
    tx.execute(delete(session).where(session.c.app_user == key))


def add_link(tx: Transaction, *, token_sha256: bytes, key: UserId, expires_at: datetime, reusable: bool) -> None:
    """Make a link that signs in."""
    values = {"token_sha256": token_sha256, "app_user": key, "expires_at": expires_at, "reusable": reusable}
    tx.execute(insert(sign_in_link).values(**values))


def use_link(tx: Transaction, token_sha256: bytes) -> UserId | None:
    """Whom the link signs in; None when it is unknown, over, or used up."""
    k = sign_in_link.c
    fresh = k.reusable.is_(True) | k.used_at.is_(None)
    used = (
        update(sign_in_link)
        .where(k.token_sha256 == token_sha256, k.expires_at > func.now(), fresh, app_user.c.id == k.app_user)
        .where(app_user.c.disabled.is_(False))
        .values(used_at=func.now())
    )
    return tx.execute(used.returning(k.app_user)).scalar_one_or_none()


def _user(tx: Transaction, *where: ColumnElement[bool]) -> User | None:
    question = select(app_user, responder.c.id.label("responder")).outerjoin(
        responder, responder.c.app_user == app_user.c.id
    )
    row = tx.execute(question.where(*where)).mappings().one_or_none()
    if row is None:
        return None
    return User(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        language=row["language"],
        grants=_grants(tx, row["id"]),
        responder=row["responder"],
    )


def _grants(tx: Transaction, key: UserId) -> tuple[Grant, ...]:
    g = role_grant.c
    below = select(g.role, g.area.label("root"), g.area).where(g.app_user == key).cte("below", recursive=True)
    children = select(below.c.role, below.c.root, area.c.id).join(area, area.c.parent == below.c.area)
    below = below.union_all(children)
    roots = area.alias("roots")
    rows = tx.execute(
        select(below.c.role, below.c.root, roots.c.district, func.array_agg(below.c.area).label("areas"))
        .join(roots, roots.c.id == below.c.root)
        .group_by(below.c.role, below.c.root, roots.c.district)
        .order_by(below.c.role, below.c.root)
    )
    return tuple(Grant(role=Role(r.role), district=r.district, area=r.root, areas=frozenset(r.areas)) for r in rows)
