"""Events reach every screen in scope within a second, and nobody else."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, text

from api import stream
from api.stream import Broadcaster, Scope, cursor_of
from dispatch import feed
from dispatch.model import Cursor, Event
from dispatch.store import record
from gis.database import begin

HERE, ELSEWHERE = 1, 2


@pytest.fixture
def engine(database: Engine) -> Engine:
    with begin(database) as tx:
        for code in ("AAA", "BBB"):
            tx.execute(
                text(
                    "INSERT INTO district (code, name, clip, centre, time_zone, metric_srid, attribution, source_file,"
                    " source_sha256) VALUES (:code, :code, ST_Multi(ST_MakeEnvelope(0, 0, 1, 1, 4326)),"
                    " ST_Point(0.5, 0.5, 4326), 'Europe/Vaduz', 32632, '', '', :code)"
                ),
                {"code": code},
            )
    return database


@pytest.fixture
def broadcaster(engine: Engine) -> Iterator[Broadcaster]:
    made = Broadcaster(engine)
    made.start()
    yield made
    made.close()
    made.join()
    assert not made._thread.is_alive()


def tell(engine: Engine, kind: str = "incident.noted", *, district: int = HERE, **rest: Any) -> None:
    with begin(engine) as tx:
        record(tx, Event(kind=kind, district=district, **rest))


def here(engine: Engine) -> Cursor:
    with begin(engine) as tx:
        return feed.now(tx)


@dataclass
class Screen:
    """What one open page has received."""

    messages: list[tuple[str, Any, str | None]] = field(default_factory=list)
    ended: bool = False

    def kinds(self) -> list[str]:
        return [data["kind"] for event, data, _ in self.messages if event == "change"]

    def named(self, name: str) -> list[Any]:
        return [data for event, data, _ in self.messages if event == name]

    async def until(self, happened: Any, seconds: float = 3.0) -> float:
        """How long it took until `happened(self)`."""
        begun = time.monotonic()
        while not happened(self):
            assert time.monotonic() - begun < seconds, f"not within {seconds} s: {self.messages}"
            await asyncio.sleep(0.005)
        return time.monotonic() - begun

    def take(self, chunk: bytes) -> None:
        said = dict(line.split(": ", 1) for line in chunk.decode().strip().split("\n") if not line.startswith(":"))
        if said:
            self.messages.append((said["event"], json.loads(said["data"]), said.get("id")))


@asynccontextmanager
async def watching(broadcaster: Broadcaster, scope: Scope, cursor: Cursor) -> AsyncIterator[Screen]:
    screen = Screen()

    async def watch() -> None:
        async for chunk in broadcaster.messages(scope, cursor, hello={}):
            screen.take(chunk)
        screen.ended = True

    task = asyncio.create_task(watch())
    try:
        await screen.until(lambda s: s.messages)
        yield screen
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_an_event_reaches_an_open_screen_within_a_second(engine: Engine, broadcaster: Broadcaster) -> None:
    async def play() -> None:
        async with watching(broadcaster, Scope(district=HERE), here(engine)) as screen:
            for n in range(1, 6):
                await asyncio.to_thread(tell, engine, "incident.reported", incident=n, body={"incident": {"id": n}})
                took = await screen.until(lambda s, n=n: len(s.kinds()) == n)
                assert took < 1.0
            assert screen.named("change")[0]["incident"] == {"id": 1}

    asyncio.run(play())


def test_a_screen_sees_its_areas_and_what_has_no_area_and_nothing_else(
    engine: Engine, broadcaster: Broadcaster
) -> None:
    async def play() -> None:
        cursor = here(engine)
        scoped = Scope(district=HERE, areas=frozenset({7}))
        person = Scope(district=HERE, responder=3)
        async with (
            watching(broadcaster, scoped, cursor) as some,
            watching(broadcaster, Scope(district=HERE), cursor) as every,
            watching(broadcaster, person, cursor) as mine,
        ):
            tell(engine, "incident.reported", area=7)
            tell(engine, "incident.filed", area=8)
            tell(engine, "incident.relocated", area=None)
            tell(engine, "assignment.offered", area=8, responder=3)
            tell(engine, "assignment.declined", area=8, responder=4)
            tell(engine, "incident.closed", district=ELSEWHERE)
            tell(engine, "plan.made")
            await every.until(lambda s: "plan.made" in s.kinds())
            await some.until(lambda s: "plan.made" in s.kinds())
            await mine.until(lambda s: s.kinds())
            await asyncio.sleep(0.2)
            assert some.kinds() == ["incident.reported", "incident.relocated", "plan.made"]
            assert len(every.kinds()) == 6
            assert mine.kinds() == ["assignment.offered"]

    asyncio.run(play())


def test_a_screen_that_comes_back_gets_what_it_missed_and_nothing_twice(
    engine: Engine, broadcaster: Broadcaster
) -> None:
    async def play() -> None:
        async with watching(broadcaster, Scope(district=HERE), here(engine)) as screen:
            tell(engine, "incident.reported")
            await screen.until(lambda s: s.kinds())
            last = cursor_of(screen.messages[-1][2])
        assert last is not None
        for kind in ("incident.filed", "incident.closed"):
            tell(engine, kind)
        async with watching(broadcaster, Scope(district=HERE), last) as again:
            await again.until(lambda s: len(s.kinds()) >= 2)
            await asyncio.sleep(0.2)
            assert again.kinds() == ["incident.filed", "incident.closed"]

    asyncio.run(play())


def test_a_screen_that_is_too_far_behind_is_told_to_reload(engine: Engine, broadcaster: Broadcaster) -> None:
    async def play() -> None:
        cursor = here(engine)
        with begin(engine) as tx:
            for _ in range(stream.BATCH + 1):
                record(tx, Event(kind="incident.noted", district=HERE))
        async with watching(broadcaster, Scope(district=HERE), cursor) as screen:
            await screen.until(lambda s: s.named("reset"))
            await screen.until(lambda s: s.ended)
            assert screen.kinds() == []

    asyncio.run(play())


def test_a_screen_that_does_not_read_is_told_to_reload_and_holds_nobody_up(
    engine: Engine, broadcaster: Broadcaster
) -> None:
    async def play() -> None:
        cursor = here(engine)
        asleep = broadcaster.messages(Scope(district=HERE), cursor, hello={})
        await anext(asleep)
        async with watching(broadcaster, Scope(district=HERE), cursor) as awake:
            for n in range(stream.WAITING // 100 + 2):
                with begin(engine) as tx:
                    for _ in range(100):
                        record(tx, Event(kind="incident.noted", district=HERE))
                await awake.until(lambda s, n=n: len(s.kinds()) == 100 * (n + 1))
        assert b"event: reset" in await anext(asleep)
        with pytest.raises(StopAsyncIteration):
            await anext(asleep)

    asyncio.run(play())


def test_positions_reach_staff_of_the_area_and_the_person_alone(engine: Engine, broadcaster: Broadcaster) -> None:
    async def play() -> None:
        cursor = here(engine)
        async with (
            watching(broadcaster, Scope(district=HERE, areas=frozenset({7})), cursor) as staff,
            watching(broadcaster, Scope(district=HERE, areas=frozenset({8})), cursor) as other,
            watching(broadcaster, Scope(district=HERE, responder=3), cursor) as self_,
            watching(broadcaster, Scope(district=HERE, responder=4), cursor) as colleague,
        ):
            fix = {"responder": 3, "district": HERE, "area": 7, "lon": 1.5, "lat": 2.5, "at": "2026-01-01T00:00:00Z"}
            with begin(engine) as tx:
                tx.execute(text("SELECT pg_notify('gridward_position', :fix)"), {"fix": json.dumps(fix)})
            took = await staff.until(lambda s: s.named("position"))
            await self_.until(lambda s: s.named("position"))
            assert took < 1.0
            assert staff.named("position")[0] == {
                **{name: fix[name] for name in ("responder", "lon", "lat", "at")},
                "heading": None,
                "speed": None,
            }
            assert staff.messages[-1][2] is None
            assert other.named("position") == colleague.named("position") == []
            with begin(engine) as tx:
                tx.execute(
                    text("SELECT pg_notify('gridward_position', :fix)"), {"fix": json.dumps({**fix, "area": None})}
                )
            await other.until(lambda s: s.named("position"))

    asyncio.run(play())


def test_the_stream_goes_on_after_its_connection_was_lost(engine: Engine, broadcaster: Broadcaster) -> None:
    async def play() -> None:
        async with watching(broadcaster, Scope(district=HERE), here(engine)) as screen:
            tell(engine, "incident.reported")
            await screen.until(lambda s: s.kinds())
            with begin(engine) as tx:
                ended = tx.scalars(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                ).all()
            assert any(ended)
            tell(engine, "incident.filed")
            await screen.until(lambda s: len(s.kinds()) == 2, seconds=5)
            assert screen.kinds() == ["incident.reported", "incident.filed"]

    asyncio.run(play())


def test_what_works_less_well_is_told_once_when_it_changes(engine: Engine) -> None:
    now: list[dict[str, Any]] = []
    broadcaster = Broadcaster(engine, lambda district: now if district == HERE else [])
    broadcaster.start()

    async def play() -> None:
        async with watching(broadcaster, Scope(district=HERE, language="zh-Hans"), here(engine)) as screen:
            now.append({"what": "travel"})
            await screen.until(lambda s: s.named("degraded"))
            now.clear()
            await screen.until(lambda s: len(s.named("degraded")) == 2)
            await asyncio.sleep(1.2)
            [(first,), none] = screen.named("degraded")
            assert (first["what"], none) == ("travel", [])
            assert "直线" in first["message"]

    try:
        asyncio.run(play())
    finally:
        broadcaster.close()
        broadcaster.join()


def test_a_plan_comes_with_the_reasons_in_the_words_of_the_reader(engine: Engine, broadcaster: Broadcaster) -> None:
    left = [{"incident": 5, "reason": "no_skill", "params": {"skill": "gas"}}]

    async def play() -> None:
        english, chinese = Scope(district=HERE), Scope(district=HERE, language="zh-Hant")
        async with (
            watching(broadcaster, english, here(engine)) as one,
            watching(broadcaster, chinese, here(engine)) as two,
        ):
            tell(engine, "plan.made", body={"plan": {"id": 1, "unassigned": left}})
            for screen, word in ((one, "gas"), (two, "瓦斯")):
                await screen.until(lambda s: s.kinds())
                (told,) = screen.named("change")[0]["plan"]["unassigned"]
                assert (told["incident"], told["reason"]) == (5, "no_skill")
                assert word in told["message"].lower()

    asyncio.run(play())


def test_closing_ends_every_open_stream_at_once(engine: Engine, broadcaster: Broadcaster) -> None:
    async def play() -> None:
        async with watching(broadcaster, Scope(district=HERE), here(engine)) as screen:
            broadcaster.close()
            assert await screen.until(lambda s: s.ended) < 1.0

    asyncio.run(play())


@pytest.mark.parametrize("text_", [None, "", "1", "1-", "-1", "a-b", "1-2-3", "9" * 30 + "-1", "١-٢"])
def test_a_cursor_that_is_none_of_ours_is_no_cursor(text_: str | None) -> None:
    assert cursor_of(text_) is None


def test_a_cursor_goes_out_and_comes_back() -> None:
    assert cursor_of(str(Cursor(txid=12, seq=34))) == Cursor(txid=12, seq=34)
