"""The worker: plans a district when something happens in it, and keeps house.

Two halves in one process. A thread follows the event table (a cursor; NOTIFY only wakes it) and defers a job for every
district where something worth a plan happened. procrastinate runs the jobs: a queueing lock lets a burst become one
job, a lock lets one run at a time, in however many processes. A net each minute defers a job for every district:
shifts begin and end without an event. Whoever is killed leaves a job behind that the next worker clears away.

Closed roads go the same way: a job of its own makes the road engine follow, and what that announces asks for a plan.
Where a closure begins or ends by its own time, the job before it has put one into the queue for that moment.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from procrastinate import App, JobContext, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.machine import cluster
from api.settings import Settings
from api.wiring import House, house
from dispatch import crew, desk, feed, store
from dispatch.desk import enforcing
from dispatch.dividing import drawing
from dispatch.dividing import standing as dividing
from dispatch.model import Cursor, Event
from dispatch.planning import Planner, plan_district, worth_planning
from dispatch.store.cleaning import clear_old
from dispatch.store.plans import visible_after
from gis import tiles
from gis.database import begin, engine_for
from gis.importing.deliveries.working import forget, work_apart
from gis.model import DistrictId
from gis.store import districts, divisions
from gis.store.deliveries import batches

PATIENCE = 1.0  #: seconds between two looks at the events when nobody wakes us
RELEASED = 0.25  #: seconds between two looks for jobs: nobody wakes us when a lock falls
HEARTBEAT = 2.0
STALLED = 10.0  #: seconds without a heartbeat after which a worker counts as killed
GRACE = 8.0  #: seconds that a running plan may still take when we are asked to stop
CUT, PLANNED = "division.cut_asked", "division.planned"  #: what the grid has to follow
WARMING = 45.0  #: seconds of a minute for which tiles are cut ahead
ROADS = frozenset({"road.closed", "road.changed", "road.reopened"})  #: what the road engine has to follow

log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then finish what runs. Raises ClusterFailed where there is no database."""
    worker = Worker(settings, settings.database_url or cluster.address(settings))
    asyncio.run(worker.work())


class Worker:
    """The jobs, and what they need."""

    def __init__(self, settings: Settings, url: str) -> None:
        self.url = url
        self.engine = engine_for(url, size=4)
        self.house: House = house(settings, self.engine)
        self.app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4))
        self.queue = Queue(App(connector=SyncPsycopgConnector(conninfo=url, min_size=1, max_size=2)))
        self._me: int | None = None  #: this worker's number in the queue, known from its first job on
        self._running: set[int | None] = set()
        self._adrift: set[int | None] = set()  #: jobs that looked finished here but not in the queue, last time
        self._jobs()

    async def work(self) -> None:
        """Run jobs and follow the events until a signal comes."""
        tail = Tail(self.url, self.engine, self.queue)
        with self.queue.app.open():
            tail.start()
            try:
                async with self.app.open_async():
                    mending = asyncio.create_task(self._mend())
                    await self.app.run_worker_async(
                        concurrency=5,  # two plans; meanwhile roads close, a grid is cut, a file is read
                        fetch_job_polling_interval=RELEASED,
                        delete_jobs="successful",
                        update_heartbeat_interval=HEARTBEAT,
                        stalled_worker_timeout=STALLED,
                        shutdown_graceful_timeout=GRACE,
                    )
                    mending.cancel()
            finally:
                tail.stop()
                self.engine.dispose()

    def _jobs(self) -> None:
        app = self.app
        app.task(name="plan", queue="plan", pass_context=True)(self.plan)
        app.task(name="roads", queue="roads", pass_context=True)(self.roads)
        app.task(name="cut", queue="cut", pass_context=True)(self.cut)
        app.task(name="stand", queue="stand", pass_context=True)(self.stand)
        app.task(name="deliver", queue="deliver", pass_context=True)(self.deliver)
        app.task(name="due", queue="due")(self.due)
        app.periodic(cron="* * * * *")(app.task(name="plan_all", queueing_lock="plan_all")(self.plan_all))
        app.periodic(cron="* * * * *")(app.task(name="look_again", queueing_lock="look_again")(self.look_again))
        app.periodic(cron="7 * * * *")(app.task(name="roster", queueing_lock="roster")(self.roster))
        app.periodic(cron="17 * * * *")(app.task(name="clean", queueing_lock="clean")(self.clean))
        app.periodic(cron="* * * * *")(app.task(name="warm", queueing_lock="warm", lock="warm")(self.warm))

    def plan(self, context: JobContext, district: int) -> None:
        """Plan one district."""
        with self._run(context):
            self._plan(district)

    def roads(self, context: JobContext, district: int) -> None:
        """Make the road engine of one district follow its closures."""
        with self._run(context):
            done = enforcing.enforce(self.engine, district, self.house.settings.folder)
            if done.next_change is not None:
                self.queue.roads(district, at=done.next_change)
        if done.changed:
            log.info("district %s: %s segments closed, trouble: %s", district, done.segments, done.trouble)

    def cut(self, context: JobContext, district: int) -> None:
        """Cut the drafts of one district that wait for it."""
        with self._run(context):
            with begin(self.engine) as tx:
                waiting = divisions.to_cut(tx, district)
            for draft, _ in waiting:
                drawing.cut(self.engine, draft)
                log.info("district %s: draft %s is cut", district, draft)

    def stand(self, context: JobContext, district: int) -> None:
        """Put the divisions of one district in force that are due; come again when the next one is."""
        with self._run(context):
            for done in dividing.come_into_force(self.engine, district=district):
                log.info("district %s: division %s is in force since %s", district, done.id, done.starts)
            with begin(self.engine) as tx:
                following = divisions.next_start(tx, district)
            if following is not None:
                self.queue.stand(district, at=following)

    def deliver(self, context: JobContext, batch: int) -> None:
        """Read and compare a file that somebody brought, or write what it changes; one at a time.

        In a process of its own: a long one takes no time from plans, and one that dies takes nobody with it.
        """
        with self._run(context):
            asked = (self.url, batch, self.house.settings.folder)
            process = multiprocessing.get_context("spawn").Process(target=work_apart, args=asked, daemon=True)
            process.start()
            process.join()
            log.info("import %s: %s", batch, "done" if process.exitcode == 0 else f"died ({process.exitcode})")

    def due(self, what: str, district: int) -> None:
        """The moment has come that a job was put off to."""
        (self.queue.roads if what == "roads" else self.queue.stand)(district)

    @contextmanager
    def _run(self, context: JobContext) -> Iterator[None]:
        self._me = context.job.worker_id
        self._running.add(context.job.id)
        try:
            yield
        finally:
            self._running.discard(context.job.id)

    def _plan(self, district: int) -> None:
        planner = Planner(engine=self.engine, travel=self.house.roads.of(district))
        made = plan_district(planner, district)
        log.info("district %s: %s placed, %s moved, %s wait", district, made.placed, made.moved, len(made.unassigned))

    def plan_all(self, timestamp: int) -> None:
        """The net: what no event told."""
        del timestamp
        for district in known(self.engine):
            self.queue.plan(district)
            self.queue.roads(district)
            self.queue.stand(district)
        with begin(self.engine) as tx:
            waiting = {district for _, district in divisions.to_cut(tx)}
        for district in waiting:
            self.queue.cut(district)
        for batch in waiting_deliveries(self.engine):
            self.queue.deliver(batch)

    def look_again(self, timestamp: int) -> None:
        """Take back offers that nobody answers, and look once more for cases that are nowhere on the map yet."""
        del timestamp
        for district in known(self.engine):
            recalled = desk.recall(self.house.desk, district)
            with begin(self.engine) as tx:
                lost = store.unlocated(tx, district)
            locate = self.house.locate(district)
            found = [desk.locate_again(self.house.desk, incident=case.id, locate=locate) for case in lost]
            log.info(
                "district %s: %s recalled, %s of %s found", district, recalled, len([*filter(None, found)]), len(lost)
            )

    def roster(self, timestamp: int) -> None:
        """Write out the shifts of the days ahead."""
        del timestamp
        for district in known(self.engine):
            crew.extend_shifts(self.engine, district)

    def warm(self, timestamp: int) -> None:
        """Cut the tiles that people look at first, where an import or a change has left none; a while at a time."""
        end = timestamp + WARMING
        for district in known(self.engine):
            if done := tiles.warm(self.engine, district, stop=lambda: datetime.now(UTC).timestamp() > end):
                log.info("district %s: %s tiles cut ahead", district, done)

    def clean(self, timestamp: int) -> None:
        """Drop what is kept for a while only."""
        with begin(self.engine) as tx:
            log.info("dropped %s", clear_old(tx, datetime.fromtimestamp(timestamp, UTC)))
        forget(self.engine, self.house.settings.folder, datetime.fromtimestamp(timestamp, UTC))

    async def _mend(self) -> None:
        """A killed worker's job holds its locks: end it, and plan again."""
        while True:
            with suppress(psycopg.Error, ConnectorException):
                await self._end_stalled()
                await self._end_adrift()
            await asyncio.sleep(HEARTBEAT)

    async def _end_stalled(self) -> None:
        for job in await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            log.warning("job %s of a worker that is gone is ended", job.id)
            await self._end(job)

    async def _end_adrift(self) -> None:
        """A job whose end could not be written down, because the connection broke, would hold its locks for ever."""
        if self._me is None:
            return
        jobs = self.app.job_manager
        mine = [
            job
            for task in ("plan", "roads", "cut", "stand", "deliver")
            for job in await jobs.list_jobs_async(task=task, status="doing", worker_id=self._me)
        ]
        adrift = {job.id: job for job in mine if job.id not in self._running}
        for key in self._adrift & adrift.keys():
            log.warning("job %s came to its end unwritten", key)
            await self._end(adrift[key])
        self._adrift = set(adrift)

    async def _end(self, job: Job) -> None:
        await self.app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
        if about := job.task_kwargs.get("district") or job.task_kwargs.get("batch"):
            again = getattr(self.queue, str(job.task_kwargs.get("what") or job.task_name))
            await asyncio.to_thread(again, int(str(about)))


@dataclass(frozen=True)
class Queue:
    """Where jobs are put, from any thread. Its app knows no tasks: a task would defer through the app that made it."""

    app: App

    def plan(self, district: DistrictId) -> None:
        """Ask for a plan; one that waits already will do."""
        self._now("plan", district)

    def roads(self, district: DistrictId, at: datetime | None = None) -> None:
        """Ask for the road engine to follow the closures; now, or once more at a moment."""
        self._now("roads", district) if at is None else self._at("roads", district, at)

    def cut(self, district: DistrictId) -> None:
        """Ask for the drafts of a district to be cut."""
        self._now("cut", district)

    def stand(self, district: DistrictId, at: datetime | None = None) -> None:
        """Ask for what is due to come into force; now, or once more at a moment."""
        self._now("stand", district) if at is None else self._at("stand", district, at)

    def deliver(self, batch: int) -> None:
        """Ask for a delivery to be read or written; one of all goes at a time, so that they never crowd out a plan."""
        job = self.app.configure_task("deliver", queue="deliver", lock="deliver", queueing_lock=f"deliver-{batch}")
        with suppress(AlreadyEnqueued):
            job.defer(batch=batch)

    def _now(self, what: str, district: DistrictId) -> None:
        """One of a kind and a district goes at a time, and one waits."""
        lock = f"{what}-{district}"
        job = self.app.configure_task(what, queue=what, lock=lock, queueing_lock=lock)
        with suppress(AlreadyEnqueued):
            job.defer(district=district)

    def _at(self, what: str, district: DistrictId, at: datetime) -> None:
        """Without a lock: a job that waits for its moment with one would hold up every later job until then."""
        waits = f"{what}-{district}-{at.isoformat()}"
        job = self.app.configure_task("due", queue="due", queueing_lock=waits, schedule_at=at)
        with suppress(AlreadyEnqueued):
            job.defer(what=what, district=district)


class Tail(threading.Thread):
    """Follows the events, asks for plans and for roads that follow."""

    def __init__(self, url: str, engine: Engine, queue: Queue) -> None:
        super().__init__(name="events", daemon=True)
        self._url, self._engine, self._queue = url, engine, queue
        self._over = threading.Event()
        self._cursor: Cursor | None = None
        self._told: set[int] = set()  #: events at or after the cursor that were heeded already
        self._shut: set[DistrictId] = set()  #: districts whose roads closed or opened, as of the last look
        self._grid: set[tuple[str, DistrictId]] = set()  #: and those that want a grid cut, or have one planned
        self._brought: dict[int, int] = {}  #: deliveries that were put into the queue, with their version

    def stop(self) -> None:
        """Come to an end, within PATIENCE."""
        self._over.set()
        self.join(timeout=3 * PATIENCE)

    def run(self) -> None:
        """Listen; where the connection is lost, listen again and read on from the cursor."""
        while not self._over.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    connection.execute(f"LISTEN {feed.EVENT_CHANNEL}")
                    self._follow(connection)
            except (psycopg.Error, SQLAlchemyError, ConnectorException) as error:
                log.warning("events are out of reach: %s", str(error).strip())
                self._over.wait(PATIENCE)

    def _follow(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        while not self._over.is_set():
            plans = self._asking()
            for district in self._shut:
                self._queue.roads(district)
            for kind, district in self._grid:
                (self._queue.cut if kind == CUT else self._queue.stand)(district)
            for district in plans:
                self._queue.plan(district)
            for batch in self._delivering():
                self._queue.deliver(batch)
            for _ in connection.notifies(timeout=PATIENCE, stop_after=1):
                pass

    def _delivering(self) -> list[int]:
        """Deliveries that somebody asked for since the last look."""
        waiting = waiting_deliveries(self._engine)
        new = [batch for batch, version in waiting.items() if self._brought.get(batch) != version]
        self._brought = waiting
        return new

    def _asking(self) -> set[DistrictId]:
        """The districts that need a plan: all of them at the start, then those where something happened.

        What is committed counts at once. The cursor stays below the oldest running transaction all the same, so that
        whatever commits late is not missed; a long import would else hold up every plan.
        """
        with begin(self._engine) as tx:
            if self._cursor is None:
                self._cursor = feed.now(tx)
                self._shut = {place.id for place in districts.districts(tx)}
                return set(self._shut)
            events = visible_after(tx, self._cursor)
            self._cursor = max(self._cursor, feed.now(tx))
        new = [e for e in events if e.seq not in self._told]
        self._told = {e.seq for e in events if e.txid >= self._cursor.txid}
        self._shut = {e.event.district for e in new if closes_roads(e.event)}
        self._grid = {(e.event.kind, e.event.district) for e in new if e.event.kind in (CUT, PLANNED)}
        return {e.event.district for e in new if worth_planning(e.event)}


def waiting_deliveries(engine: Engine) -> dict[int, int]:
    """Deliveries that have to be read or written, with the version at which somebody asked for it."""
    with begin(engine) as tx:
        return {one.id: one.version for one in batches.at_work(tx) if one.stored}


def closes_roads(event: Event) -> bool:
    """Whether the road engine has to follow."""
    return event.kind in ROADS


def known(engine: Engine) -> list[DistrictId]:
    """All districts."""
    with begin(engine) as tx:
        return [place.id for place in districts.districts(tx)]
