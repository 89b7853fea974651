"""PostgreSQL gives the number of a transaction that left nothing on disk to another one after a crash."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from api.machine import cluster
from api.machine.cluster import Cluster
from dispatch import feed, store
from dispatch.model import Cursor, Event
from dispatch.store.plans import visible_after
from gis.database import begin
from tests.dispatch.make import Town, town
from tests.faults.house import cluster_in, database_in, kill_postgres

pytestmark = pytest.mark.slow
TRIES = 6  #: a loaded machine may write the lost number down before the crash comes


@pytest.fixture(scope="module")
def private() -> Iterator[Cluster]:
    with cluster_in("gridward-cursor-") as found:
        yield found


@pytest.fixture(scope="module")
def database(private: Cluster) -> Iterator[Engine]:
    with database_in(private) as engine:
        yield engine


@pytest.fixture(scope="module")
def place(database: Engine) -> Town:
    return town(database)


def _refused(engine: Engine) -> int:
    """A deed that came to nothing: it had a number, and no word of it is on disk."""
    with engine.connect() as tx:
        number = int(tx.scalar(text("SELECT pg_current_xact_id()::text::bigint")) or 0)
        tx.rollback()
    return number


def _told(place: Town, reason: str) -> int:
    with begin(place.engine) as tx:
        store.record(tx, Event(kind="incident.noted", district=place.district, reason=reason))
        return int(tx.scalar(text("SELECT pg_current_xact_id()::text::bigint")) or 0)


def _crash(private: Cluster, engine: Engine) -> None:
    kill_postgres(private)
    engine.dispose()
    cluster.start(private)


def _now(place: Town) -> Cursor:
    with begin(place.engine) as tx:
        return feed.now(tx)


def _crashed(place: Town, private: Cluster) -> tuple[bool, list[Cursor]]:
    """Whether the first event after a crash got the number of a lost transaction; the cursors read before the crash."""
    for _ in range(3):
        lost = _refused(place.engine)
    desk = _now(place)
    with begin(place.engine) as tx:
        _, stream = feed.after(tx, desk, district=place.district)
    _crash(private, place.engine)
    return _told(place, "after") <= lost, [desk, stream]


def test_a_reader_misses_nothing_that_happens_after_a_crash(place: Town, private: Cluster) -> None:
    _told(place, "before")
    for _ in range(TRIES):
        used_again, cursors = _crashed(place, private)
        if used_again:
            break
    assert used_again, "every crash came after the lost number was written down, so nothing was shown"
    with begin(place.engine) as tx:
        for cursor in cursors:
            assert [e.event.reason for e in feed.after(tx, cursor, district=place.district)[0]] == ["after"]
            assert [e.event.reason for e in visible_after(tx, cursor)] == ["after"]
