"""Who is who: accounts, passwords, sessions, links that sign in.

Only hashes are stored: Argon2id of passwords, SHA-256 of session tokens and links. An unknown login costs as much time
as a wrong password. After ten bad attempts with one login from one origin that pair waits a quarter of an hour.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine

from dispatch.errors import Invalid, TooMany, Unauthenticated
from dispatch.model import Role, User, UserId
from dispatch.once import begin
from dispatch.store import users
from dispatch.store.keys import clock
from gis.model import AreaId

SESSION = timedelta(hours=12)
LOCKOUT = timedelta(minutes=15)
BAD_ATTEMPTS = 10
SHORTEST, LONGEST = 10, 200
LANGUAGES = ("en", "zh-Hans", "zh-Hant")


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A session just opened. `token` is only ever in the cookie."""

    user: User
    token: str
    csrf: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Session:
    """A session that holds."""

    user: User
    csrf: str
    expires_at: datetime
    demo: bool


def add_user(
    engine: Engine,
    *,
    login: str,
    name: str,
    password: str | None,
    grants: Sequence[tuple[Role, AreaId]],
    language: str = "en",
    demo: bool = False,
) -> User:
    """A new account. Without a password it signs in by link alone. Invalid for a login that is taken."""
    _check_language(language)
    hashed = None if password is None else _hashed(password)
    said = login.strip().casefold()
    if not said:
        raise Invalid(field="login", value=login, allowed="some_login")
    with begin(engine) as tx:
        if users.user_by_login(tx, said) is not None:
            raise Invalid(field="login", value=login, allowed="free_login")
        key = users.add_user(tx, login=said, name=name, language=language, password=hashed, demo=demo)
        users.grant(tx, key, grants)
        return users.user(tx, key)


def set_grants(engine: Engine, user: UserId, grants: Sequence[tuple[Role, AreaId]]) -> User:
    """Exactly these roles in these areas, from the next request on."""
    with begin(engine) as tx:
        users.grant(tx, user, grants)
        return users.user(tx, user)


def set_password(engine: Engine, user: UserId, password: str) -> None:
    """Another password; every session of the account ends."""
    hashed = _hashed(password)
    with begin(engine) as tx:
        users.change_user(tx, user, password=hashed)
        users.end_sessions(tx, user)


def set_language(engine: Engine, user: UserId, language: str) -> User:
    """The language in which the account is spoken to."""
    _check_language(language)
    with begin(engine) as tx:
        users.change_user(tx, user, language=language)
        return users.user(tx, user)


def disable(engine: Engine, user: UserId) -> None:
    """The account signs in no more; every session ends."""
    with begin(engine) as tx:
        users.change_user(tx, user, disabled=True)
        users.end_sessions(tx, user)


def all_users(engine: Engine) -> list[User]:
    """All accounts, by login."""
    with begin(engine) as tx:
        return users.users(tx)


def user_named(engine: Engine, login: str) -> User | None:
    """The account with this login."""
    with begin(engine) as tx:
        return users.user_by_login(tx, login.strip().casefold())


def sign_in(
    engine: Engine, *, login: str, password: str, origin: str, agent: str = "", lasts: timedelta = SESSION
) -> SignedIn:
    """Open a session. Raises Unauthenticated, and TooMany (retry_after) while the pair of login and origin waits."""
    said = login.strip().casefold()[:LONGEST]
    with begin(engine) as tx:
        now = clock(tx)
        bad, first = users.bad_attempts(tx, said, origin, now - LOCKOUT)
        known = users.credentials(tx, said)
    if bad >= BAD_ATTEMPTS and first is not None:
        raise TooMany(retry_after=max(1, int((first + LOCKOUT - now).total_seconds())))
    good = _matches(known[1] if known else _nobody(), password) and known is not None
    with begin(engine) as tx:  # hashing is slow on purpose, and no transaction waits for it
        users.note_attempt(tx, said, origin, good=good)
    if not good or known is None:
        raise Unauthenticated
    return open_session(engine, known[0], agent=agent, lasts=lasts)


def open_session(engine: Engine, user: UserId, *, agent: str = "", lasts: timedelta = SESSION) -> SignedIn:
    """A session for somebody who is known by other means."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with begin(engine) as tx:
        expires = clock(tx) + lasts
        users.add_session(tx, token_sha256=_digest(token), key=user, csrf=csrf, expires_at=expires, agent=agent[:200])
        return SignedIn(user=users.user(tx, user), token=token, csrf=csrf, expires_at=expires)


def user_of(engine: Engine, token: str) -> Session:
    """Whose session this is. Raises Unauthenticated."""
    with begin(engine) as tx:
        found = users.session_of(tx, _digest(token))
        if found is None:
            raise Unauthenticated
        key, csrf, expires, demo = found
        return Session(user=users.user(tx, key), csrf=csrf, expires_at=expires, demo=demo)


def sign_out(engine: Engine, token: str) -> None:
    """End this session; nothing happens where there is none."""
    with begin(engine) as tx:
        users.end_session(tx, _digest(token))


def make_link(engine: Engine, user: UserId, *, lasts: timedelta, reusable: bool = False) -> str:
    """A token that signs `user` in: once, or as often as one likes (demo) until it is over."""
    token = secrets.token_urlsafe(24)
    with begin(engine) as tx:
        users.add_link(tx, token_sha256=_digest(token), key=user, expires_at=clock(tx) + lasts, reusable=reusable)
    return token


def enter(engine: Engine, token: str, *, agent: str = "") -> SignedIn:
    """Sign in by link. Raises Unauthenticated when it is unknown, over or used up."""
    with begin(engine) as tx:
        user = users.use_link(tx, _digest(token))
    if user is None:
        raise Unauthenticated
    return open_session(engine, user, agent=agent)


def _hashed(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(field="password", value=len(password), allowed=f"{SHORTEST}..{LONGEST}")
    return _hasher().hash(password)


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise Invalid(field="language", value=language, allowed=list(LANGUAGES))


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # Argon2id with the parameters of RFC 9106's second choice


@cache
def _nobody() -> str:
    """A hash that no password matches, checked where there is no account: the time must not tell."""
    return _hasher().hash(secrets.token_urlsafe(32))
