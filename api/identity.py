"""Who calls, and whether they may. Every route names exactly one Permission; a test walks the routes and looks.

A session is a cookie that scripts cannot read. Whoever uses it to change something must also send the CSRF token of the
session in a header, which a foreign page cannot know.
"""

import hmac
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from fastapi.params import Depends as Dependency

from api import messages
from api.answers import Refused, language_for
from api.settings import is_loopback
from api.wiring import House, HouseDep
from dispatch import accounts, policy
from dispatch.errors import Forbidden, Unauthenticated
from dispatch.model import Deed, User

COOKIE = "gridward_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
KEY = re.compile(r"[\x21-\x7e]{8,200}")


@dataclass(frozen=True)
class Permission:
    """Who may use a route. `deed` None with `open` False: anybody who is signed in.

    The deed is checked against everything the caller may do anywhere; the use case checks it against the thing itself.
    """

    deed: Deed | None = None
    open: bool = False

    def __call__(self, request: Request) -> None:
        if self.open:
            return
        caller = signed_in_as(request)
        if request.method not in SAFE:
            _same_page(request, caller)
        if self.deed is not None and not policy.may(caller.user, self.deed):
            raise Forbidden(deed=self.deed, role=", ".join(sorted(caller.user.roles())))


class Open(Permission):
    """For anybody: nothing is looked up, so nobody waits for a thread."""

    async def __call__(self, request: Request) -> None: ...  # type: ignore[override]  # awaited by whoever resolves it


def permits(deed: Deed) -> Dependency:
    """Only callers who may do `deed` to something."""
    return _depends(Permission(deed=deed))


def _depends(permission: Permission) -> Dependency:
    found: Dependency = Depends(permission)
    return found


public = _depends(Open(open=True))  #: anybody, signed in or not
signed_in = _depends(Permission())  #: anybody who is signed in


def signed_in_as(request: Request) -> accounts.Session:
    """The session of this request, looked up once. Raises Unauthenticated."""
    known: accounts.Session | None = getattr(request.state, "caller", None)
    if known is not None:
        return known
    house: House = request.app.state.house
    token = request.cookies.get(COOKIE)
    if not token or len(token) > 200:
        raise Unauthenticated()
    found = accounts.user_of(house.engine, token)
    request.state.caller = found
    request.state.language = messages.language_of(found.user.language)
    return found


def _caller(request: Request) -> User:
    return signed_in_as(request).user


def _perhaps(request: Request) -> User | None:
    try:
        return signed_in_as(request).user
    except Unauthenticated:
        return None


Caller = Annotated[User, Depends(_caller)]
Session = Annotated[accounts.Session, Depends(signed_in_as)]
PerhapsCaller = Annotated[User | None, Depends(_perhaps)]


def _same_page(request: Request, caller: accounts.Session) -> None:
    sent = request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(sent.encode(), caller.csrf.encode()):
        raise Refused(403, "request.csrf")


def _key(
    idempotency_key: Annotated[
        str | None,
        Header(description="New for each deed, the same for each repetition: 8 to 200 printable characters."),
    ] = None,
) -> str:
    if idempotency_key is None or not KEY.fullmatch(idempotency_key):
        raise Refused(422, "request.no_key", field="Idempotency-Key", value=idempotency_key)
    return idempotency_key


Key = Annotated[str, Depends(_key)]


Language = Annotated[messages.Language, Depends(language_for)]


def origin_of(request: Request) -> str:
    """Where a request comes from, for counting."""
    return request.client.host if request.client else "unknown"


def at_this_machine(request: Request, house: HouseDep) -> None:
    """Only in demo mode and only from this machine: not through a proxy, nor under a name that somebody else chose."""
    forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for"))
    here = is_loopback(origin_of(request)) and is_loopback(request.url.hostname or "")
    if not house.settings.demo or forwarded or not here:
        raise Refused(404, "request.demo_only")


def remember(response: Response, house: House, request: Request, opened: accounts.SignedIn) -> None:
    """Put the session into the browser."""
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=int((opened.expires_at - datetime.now(UTC)).total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_secure(house, request),
    )


def forget(response: Response, house: House, request: Request) -> None:
    """Take the session out of the browser."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=_secure(house, request))


def _secure(house: House, request: Request) -> bool:
    """A cookie that travels over HTTPS alone, except on this machine, where there is none."""
    if house.settings.secure_cookies or request.url.scheme == "https":
        return True
    return not is_loopback(request.url.hostname or "")


class Bucket:
    """At most `times` in `seconds` per caller, counted in this process."""

    def __init__(self, times: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._times = times
        self._seconds = seconds
        self._clock = clock
        self._seen: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, caller: str) -> float:
        """Count one try; the seconds until there may be another, 0 when this one may go on."""
        now = self._clock()
        with self._lock:
            self._clear(now)
            tries = self._seen.setdefault(caller, deque())
            while tries and tries[0] <= now - self._seconds:
                tries.popleft()
            if len(tries) >= self._times:
                return tries[0] + self._seconds - now
            tries.append(now)
            return 0

    def _clear(self, now: float) -> None:
        if len(self._seen) > 10_000:
            self._seen = {who: tries for who, tries in self._seen.items() if tries and tries[-1] > now - self._seconds}


def limited(name: str, times: int, seconds: float = 60) -> Dependency:
    """At most `times` in `seconds` from one address, per process; the rest gets 429."""

    async def limit(request: Request, house: HouseDep) -> None:
        wait = house.buckets.setdefault(name, Bucket(times, seconds)).wait(origin_of(request))
        if wait:
            raise Refused(429, "request.too_many", retry_after=max(1, round(wait)))

    found: Dependency = Depends(limit)
    return found
