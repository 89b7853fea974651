"""Server-sent events: one thread per process listens to PostgreSQL, reads the events, and hands them to every screen.

A notification is a wake-up and nothing more; the events are read by cursor, each second at the latest, so a lost
notification costs a second and a lost connection costs until PostgreSQL is back. Every subscriber has a cursor of its
own; those with the same scope at the same cursor share one reading. A screen that does not keep up is told to reload
(`reset`) rather than fed from an ever longer queue. Positions are worth nothing a moment later: they carry no id, are
not repeated, and give way first.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import select
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from api.answers import is_away
from api.messages import Language
from api.schemas import saying
from dispatch import feed
from dispatch.model import Cursor, StoredEvent
from gis.database import begin

log = logging.getLogger(__name__)

BATCH = 500  #: a screen that is further behind than this is told to reload
WAITING = 1000  #: messages that may wait for one slow screen
POLL_SECONDS = 1.0
PING_SECONDS = 10.0

type Degradations = Sequence[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a subscriber may see. `areas` None: the whole district; with `responder`, only what concerns that person."""

    district: int
    areas: frozenset[int] | None = None
    responder: int | None = None
    language: Language = "en"  #: of the sentences that come with a plan or a degradation


@dataclass(frozen=True)
class Message:
    """One message on the wire."""

    event: str
    data: str
    id: str | None = None

    def encode(self) -> bytes:
        lines = [f"id: {self.id}"] if self.id else []
        return "\n".join([*lines, f"event: {self.event}", f"data: {self.data}", "", ""]).encode()


def message(event: str, data: object, *, id: str | None = None) -> Message:  # noqa: A002  the field's own name
    return Message(event, json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str), id)


PING = b": ping\n\n"
RESET = message("reset", {})


@dataclass(eq=False)
class Subscriber:
    """One open screen. Only the event loop touches the queue; the thread asks it to."""

    scope: Scope
    cursor: Cursor
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Message | None] = field(default_factory=lambda: asyncio.Queue(WAITING))
    known: Degradations | None = None  #: what this screen was last told to be degraded

    def send(self, told: Message | None) -> None:
        """From the thread. None ends the stream."""
        with suppress(RuntimeError):  # the loop is closed: nobody is there any more
            self.loop.call_soon_threadsafe(self._put, told)

    def _put(self, told: Message | None) -> None:
        if told is not None and told.id is None and told.event == "position" and self.queue.qsize() > WAITING // 2:
            return
        if told is None or told is RESET or self.queue.full():
            self._clear()
            if told is not None:
                self.queue.put_nowait(RESET)
            self.queue.put_nowait(None)
            return
        self.queue.put_nowait(told)

    def _clear(self) -> None:
        while not self.queue.empty():
            self.queue.get_nowait()


class Broadcaster:
    """The one reader of this process. `degraded(district)` says what works less well there."""

    def __init__(self, engine: Engine, degraded: Callable[[int], Degradations] = lambda _: ()) -> None:
        self._engine = engine
        self._degraded = degraded
        self._subscribers: set[Subscriber] = set()
        self._lock = threading.Lock()
        self._wake, self._waker = os.pipe()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self.lost_since: float | None = None  #: epoch seconds since when PostgreSQL does not answer

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """End every stream and the thread. Safe to call twice, and from a signal handler's thread."""
        if self._closing.is_set():
            return
        self._closing.set()
        os.write(self._waker, b"x")
        for subscriber in self._all():
            subscriber.send(None)

    def join(self, seconds: float = 5) -> None:
        if self._thread.ident is not None:
            self._thread.join(seconds)

    @property
    def closing(self) -> bool:
        return self._closing.is_set()

    def count(self) -> int:
        return len(self._subscribers)

    async def messages(
        self, scope: Scope, cursor: Cursor, *, hello: object, still: Callable[[], bool] = lambda: True
    ) -> AsyncIterator[bytes]:
        """Everything after `cursor` in `scope`, until the caller goes away. `still()` is asked every half a minute."""
        subscriber = Subscriber(scope, cursor, asyncio.get_running_loop())
        with self._subscribed(subscriber):
            yield message("hello", hello).encode()
            asked = time.monotonic()
            while not self.closing:
                try:
                    told = await asyncio.wait_for(subscriber.queue.get(), PING_SECONDS)
                except TimeoutError:
                    yield PING
                else:
                    if told is None:
                        return
                    yield told.encode()
                if time.monotonic() - asked > 30:
                    asked = time.monotonic()
                    if not await asyncio.to_thread(still):
                        return

    @contextmanager
    def _subscribed(self, subscriber: Subscriber) -> Iterator[None]:
        with self._lock:
            self._subscribers.add(subscriber)
        os.write(self._waker, b"x")
        try:
            yield
        finally:
            with self._lock:
                self._subscribers.discard(subscriber)

    def _all(self) -> list[Subscriber]:
        with self._lock:
            return list(self._subscribers)

    def _run(self) -> None:
        while not self.closing:
            try:
                self._listen()
            except Exception as error:
                if not is_away(error) and not _gone(error):
                    log.exception("the stream broke; it starts again")
                self.lost_since = self.lost_since or time.time()
                self._tell_degradations()
                self._closing.wait(POLL_SECONDS)

    def _listen(self) -> None:
        """Listen and pump until the connection is lost or the house closes."""
        pooled = self._engine.raw_connection()
        driver: Any = pooled.driver_connection
        pooled.detach()  # it listens as long as it lives: nobody else may get it from the pool
        try:
            driver.autocommit = True
            with driver.cursor() as asked:
                asked.execute("LISTEN gridward_event")
                asked.execute("LISTEN gridward_position")
            while not self.closing:
                self._pump()
                self.lost_since = None
                self._tell_degradations()
                self._await(driver)
        finally:
            with suppress(Exception):
                driver.close()

    def _await(self, driver: Any) -> None:
        """Sleep until something is heard, at most POLL_SECONDS; pass positions on."""
        ready, _, _ = select.select([driver, self._wake], [], [], POLL_SECONDS)
        if self._wake in ready:
            os.read(self._wake, 4096)
        driver.poll()
        heard, driver.notifies[:] = list(driver.notifies), []
        self._pass_on([note.payload for note in heard if note.channel == "gridward_position"])

    def _pump(self) -> None:
        """Bring every subscriber up to date."""
        groups: dict[int, dict[tuple[Scope, Cursor], list[Subscriber]]] = defaultdict(lambda: defaultdict(list))
        for subscriber in self._all():
            groups[subscriber.scope.district][subscriber.scope, subscriber.cursor].append(subscriber)
        for district, group in groups.items():
            self._pump_district(district, group)

    def _pump_district(self, district: int, groups: dict[tuple[Scope, Cursor], list[Subscriber]]) -> None:
        """One look over the whole district first: mostly there is nothing, and nobody need be asked about."""
        lowest = min(cursor for _, cursor in groups)
        with begin(self._engine) as tx:
            news, reached = feed.after(tx, lowest, district=district, areas=None, responder=None, limit=1)
            for (scope, cursor), members in groups.items():
                if news:
                    found, reached = feed.after(
                        tx, cursor, district=district, areas=scope.areas, responder=scope.responder, limit=BATCH
                    )
                    self._hand_out(members, found, scope.language)
                _advance(members, reached)

    def _hand_out(self, members: Iterable[Subscriber], found: Sequence[StoredEvent], language: Language) -> None:
        told = [RESET] if len(found) >= BATCH else [change(event, language) for event in found]
        for member in members:
            for one in told:
                member.send(one)

    def _pass_on(self, payloads: Iterable[str]) -> None:
        latest: dict[int, dict[str, Any]] = {}
        for payload in payloads:
            fix = json.loads(payload)
            latest[fix["responder"]] = fix
        for fix in latest.values():
            told = message("position", {name: fix.get(name) for name in POSITION})
            for subscriber in self._all():
                if sees(subscriber.scope, fix):
                    subscriber.send(told)

    def _tell_degradations(self) -> None:
        for subscriber in self._all():
            now = list(self._degraded(subscriber.scope.district))
            if now != (subscriber.known or []):
                subscriber.known = now
                subscriber.send(message("degraded", saying.degraded(now, subscriber.scope.language)))


POSITION = ("responder", "lon", "lat", "at", "heading", "speed")


def change(stored: StoredEvent, language: Language = "en") -> Message:
    """One stored event as the browser reads it: what happened, and the changed objects in full."""
    event = stored.event
    data = {
        **event.body,
        "kind": event.kind,
        "at": stored.at.isoformat().replace("+00:00", "Z"),
        "incident_id": event.incident,
        "assignment_id": event.assignment,
        "responder_id": event.responder,
        "actor": event.actor,
        "reason": event.reason,
    }
    if "plan" in event.body:
        data["plan"] = saying.told_plan(event.body["plan"], language)
    return message("change", data, id=str(Cursor(txid=stored.txid, seq=stored.seq)))


def sees(scope: Scope, fix: dict[str, Any]) -> bool:
    """Whether somebody's position is for this subscriber: staff of the area (of any, without one), and the person."""
    if fix.get("district") != scope.district:
        return False
    if scope.responder is not None:
        return bool(fix["responder"] == scope.responder)
    return scope.areas is None or fix.get("area") is None or fix["area"] in scope.areas


def cursor_of(text: str | None) -> Cursor | None:
    """The cursor that a browser sends back; None where there is none or it is none of ours."""
    head, _, tail = (text or "").partition("-")
    if not ((head + tail).isascii() and head.isdigit() and tail.isdigit() and len(head) < 20 and len(tail) < 20):
        return None
    return Cursor(txid=int(head), seq=int(tail))


def _advance(members: Iterable[Subscriber], reached: Cursor) -> None:
    for member in members:
        member.cursor = max(member.cursor, reached)


def _gone(error: Exception) -> bool:
    """psycopg2 speaks here without SQLAlchemy in between."""
    return type(error).__module__ == "psycopg2" or isinstance(error, OSError)
