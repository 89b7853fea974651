"""The cursor misses no event, whatever the order of commits."""

from __future__ import annotations

import random
import select as sockets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from dispatch import desk, feed, store
from dispatch.desk import Fix
from dispatch.model import Cursor, Event, StoredEvent
from gis.database import engine_for, quiet
from tests.dispatch.make import HERE, NOON, Town, new_key

WRITERS, EACH = 6, 60


def _told(tx: Connection, town: Town, kind: str, **changes: Any) -> int:
    return store.record(tx, Event(kind=kind, district=town.district, **changes))


def _read(engine: Engine, cursor: Cursor | None, **scope: Any) -> tuple[list[StoredEvent], Cursor]:
    with engine.connect() as tx:
        return feed.after(tx, cursor, **scope)


def test_an_event_that_commits_late_is_not_skipped(town: Town) -> None:
    with town.engine.connect() as tx:
        start = feed.now(tx)
    with town.engine.connect() as late:
        _told(late, town, "incident.noted", reason="early number, late commit")
        with town.engine.begin() as tx:
            _told(tx, town, "incident.noted", reason="second")
        first, cursor = _read(town.engine, start)
        assert first == []  # the second waits for the first
        late.commit()
    rest, _ = _read(town.engine, cursor)
    assert [e.event.reason for e in rest] == ["early number, late commit", "second"]


def test_a_long_import_that_promised_to_record_nothing_holds_nobody_up(town: Town) -> None:
    with town.engine.connect() as tx:
        cursor = feed.now(tx)
    with town.engine.connect() as loud, town.engine.connect() as hushed:
        quiet(hushed)
        for long in (hushed, loud):
            long.execute(text("SELECT pg_current_xact_id()"))  # it has a number now, and keeps it
        with town.engine.begin() as tx:
            _told(tx, town, "incident.noted")
        assert _read(town.engine, cursor, district=town.district)[0] == []
        loud.rollback()
        assert len(_read(town.engine, cursor, district=town.district)[0]) == 1


def test_a_transaction_of_another_database_holds_nobody_up(town: Town, server: str) -> None:
    with town.engine.connect() as tx:
        cursor = feed.now(tx)
    elsewhere = engine_for(server)
    with elsewhere.connect() as long:
        long.execute(text("SELECT pg_current_xact_id()"))
        with town.engine.begin() as tx:
            _told(tx, town, "incident.noted")
        assert len(_read(town.engine, cursor, district=town.district)[0]) == 1
    elsewhere.dispose()


def test_concurrent_writers_and_a_reader_miss_nothing_and_double_nothing(town: Town) -> None:
    with town.engine.connect() as tx:
        cursor = feed.now(tx)
    over, seen = threading.Event(), []

    def write(writer: int) -> None:
        dice = random.Random(writer)
        for n in range(EACH):
            with town.engine.connect() as tx:
                _told(tx, town, "incident.noted", reason=f"{writer}-{n}")
                time.sleep(dice.random() * 0.01)  # commits come out of the order of numbers
                tx.rollback() if dice.random() < 0.2 else tx.commit()

    def read() -> None:
        nonlocal cursor
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            last = over.is_set()
            events, cursor = _read(town.engine, cursor, district=town.district, limit=7)
            seen.extend(events)
            if last and not events:
                return

    reader = threading.Thread(target=read)
    reader.start()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    over.set()
    reader.join(timeout=70)
    with town.engine.connect() as tx:
        kept = set(tx.scalars(text("SELECT seq FROM event WHERE kind = 'incident.noted'")))
    numbers = [e.seq for e in seen if e.event.kind == "incident.noted"]
    assert len(kept) > WRITERS * EACH / 2
    assert set(numbers) == kept
    assert len(numbers) == len(kept)


def test_a_snapshot_and_the_events_after_its_cursor_miss_nothing(town: Town) -> None:
    """Commits fall between taking the cursor and reading the rest of the snapshot."""
    over = threading.Event()

    def work() -> None:
        for _ in range(40):
            if over.is_set():
                return
            town.report(town.dispatcher)

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(work) for _ in range(2)]
        shots = []
        for _ in range(8):
            shots.append(desk.snapshot(town.desk, town.dispatcher, town.district))
            time.sleep(0.03)
        over.set()
        for each in running:
            each.result(timeout=60)
    with town.engine.connect() as tx:
        everything = set(tx.scalars(text("SELECT id FROM incident")))
    for shot in shots:
        later, cursor = [], shot.cursor
        for _ in range(100):
            events, cursor = _read(town.engine, cursor, district=town.district)
            later += events
            if not events:
                break
        assert {i.id for i in shot.incidents} | {e.event.incident for e in later} >= everything


def test_staff_hear_of_their_areas_and_of_what_has_none(town: Town) -> None:
    with town.engine.begin() as tx:
        _told(tx, town, "incident.noted", area=town.north, reason="north")
        _told(tx, town, "incident.noted", area=town.south, reason="south")
        _told(tx, town, "incident.noted", area=None, reason="nowhere")
    heard, _ = _read(town.engine, None, district=town.district, areas=frozenset({town.south}))
    assert [e.event.reason for e in heard if e.event.kind == "incident.noted"] == ["south", "nowhere"]


def test_a_responder_hears_of_own_work_and_of_nobody_elses(town: Town) -> None:
    mine, theirs = town.report(town.dispatcher), town.report(town.dispatcher)
    refused = town.assigned(mine, town.other)
    say = {"who": town.other, "assignment": refused.assignment.id, "version": None, "reason": "my back hurts"}
    free = desk.decline(town.desk, **say, key=new_key()).incident
    given = town.assigned(free, town.worker)
    town.assigned(theirs, town.other)
    desk.note(town.desk, who=town.dispatcher, incident=mine.id, version=None, note="gate code 12", key=new_key())
    desk.note(town.desk, who=town.dispatcher, incident=theirs.id, version=None, note="dog", key=new_key())
    heard, _ = _read(town.engine, None, district=town.district, responder=town.worker.responder)
    assert {e.event.incident for e in heard} - {None} == {mine.id}
    assert "gate code 12" in [e.event.reason for e in heard]
    assert "my back hurts" not in [e.event.reason for e in heard]
    town.assigned(given.incident, town.other)  # taken away: told so, and of nothing after that
    desk.note(town.desk, who=town.dispatcher, incident=mine.id, version=None, note="for the other", key=new_key())
    heard, _ = _read(town.engine, None, district=town.district, responder=town.worker.responder)
    assert heard[-1].event.kind == "assignment.withdrawn"


def test_a_full_page_goes_on_where_it_ended(town: Town) -> None:
    with town.engine.connect() as tx:
        cursor = feed.now(tx)
    with town.engine.begin() as tx:
        for n in range(10):
            _told(tx, town, "incident.noted", reason=str(n))
    pages = []
    for _ in range(4):
        events, cursor = _read(town.engine, cursor, limit=4)
        pages.append([e.event.reason for e in events])
    assert pages == [["0", "1", "2", "3"], ["4", "5", "6", "7"], ["8", "9"], []]


def _listen(tx: Connection, channel: str) -> Any:
    raw = tx.connection.driver_connection
    assert raw is not None
    tx.execute(text(f"LISTEN {channel}"))
    tx.commit()
    return raw


def _heard(raw: Any) -> list[str]:
    sockets.select([raw], [], [], 5)
    raw.poll()
    return [n.payload for n in raw.notifies]


def test_an_event_wakes_whoever_listens(town: Town) -> None:
    with town.engine.connect() as ear:
        raw = _listen(ear, feed.EVENT_CHANNEL)
        with town.engine.begin() as tx:
            _told(tx, town, "incident.noted")
        assert _heard(raw) == [str(town.district)]


def test_a_new_position_is_announced_and_a_late_one_is_not(town: Town) -> None:
    with town.engine.connect() as ear:
        raw = _listen(ear, feed.POSITION_CHANNEL)
        desk.positions(
            town.desk, who=town.worker, fixes=[Fix(point=HERE, at=NOON), Fix(point=HERE, at=NOON.replace(hour=1))]
        )
        desk.positions(town.desk, who=town.worker, fixes=[Fix(point=HERE, at=NOON.replace(hour=2))])
        heard = _heard(raw)
    assert [n for n in heard if '"at" : "2026-11-22T12' in n]
    assert not [n for n in heard if "T02" in n]
    assert f'"responder" : {town.worker.responder}' in heard[-1]


def test_what_was_told_is_never_changed(town: Town) -> None:
    town.report(town.dispatcher)
    for deed in ("UPDATE event SET reason = 'x'", "DELETE FROM event"):
        with pytest.raises(DBAPIError, match="never changed"), town.engine.begin() as tx:
            tx.execute(text(deed))
