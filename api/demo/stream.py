"""The process that makes the demonstration live: callers call, the crew moves. Killed and started again it goes on."""

from __future__ import annotations

import logging
import random
import signal
import threading
import time
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError

from api.demo import crew, script
from api.demo.acting import Actor
from api.demo.callers import Callers
from api.settings import Settings, is_loopback
from api.wiring import House, house
from dispatch import accounts, desk
from dispatch.desk import Snapshot
from dispatch.errors import WorkError
from dispatch.model import LIVE, OPEN_STAGES, User, UserId
from gis.database import begin
from gis.errors import GroundError
from gis.model import District, Found, Place
from gis.store import cells, districts
from gis.store.sampling import some_addresses

log = logging.getLogger(__name__)

BEAT = 2.0  #: seconds between two looks at the world
ADDRESSES = 400  #: from how many addresses callers call
PACE = 4.0  #: how many times faster than in life people move


@dataclass(eq=False)
class Stage:
    """One place of the demonstration with everybody in it."""

    house: House
    district: District
    watcher: User
    callers: Callers
    actors: dict[UserId, Actor] = field(default_factory=dict)

    def tick(self, now: float) -> None:
        """One beat: callers first, then everybody of the crew."""
        seen = desk.snapshot(self.house.desk, self.watcher, self.district.id)
        self.callers.tick(now, sum(case.stage in OPEN_STAGES for case in seen.incidents), PACE)
        for user, actor in self.actors.items():
            self._let_act(user, actor, seen, now)

    def _let_act(self, user: UserId, actor: Actor, seen: Snapshot, now: float) -> None:
        me = next((one for one in seen.responders if one.user == user), None)
        if me is None:
            return
        where = {case.id: case.point for case in seen.incidents}
        mine = sorted((a for a in seen.assignments if a.responder == me.id and a.state in LIVE), key=lambda a: a.seq)
        try:
            actor.tick(me, [(a, where.get(a.incident)) for a in mine], now)
        except (WorkError, GroundError) as error:
            log.info("%s was overtaken: %s", me.name, error)


def run(settings: Settings, until: threading.Event | None = None) -> None:
    """Play until the event is set. Refuses to play outside demo mode or beyond loopback."""
    if not settings.demo or not is_loopback(settings.host):
        raise ValueError("the demonstration runs in demo mode on this machine alone")
    until = until or threading.Event()
    home = house(settings)
    stages: list[Stage] = []
    try:
        while not until.is_set():
            try:
                stages = stages or stages_of(home)
                _beat(stages, until)
            except DBAPIError as error:
                log.warning("the database is away, trying again: %s", error)
                until.wait(2 * BEAT)
    finally:
        home.close()


def _beat(stages: list[Stage], until: threading.Event) -> None:
    for stage in stages:
        stage.tick(time.monotonic())
    until.wait(BEAT)


def stages_of(home: House) -> list[Stage]:
    """Every place that was imported for a demonstration and has its crew."""
    with begin(home.engine) as tx:
        places = [one for one in districts.districts(tx) if one.fictional]
    known = {user.login: user for user in accounts.all_users(home.engine)}
    return [_stage(home, one, known) for one in places if crew.login("dispatcher", one) in known]


def _stage(home: House, district: District, known: dict[str, User]) -> Stage:
    chance = random.Random()  # noqa: S311 - a demonstration, and every day another one
    logins = [crew.login(f"crew-{n:02}", district) for n in range(1, len(script.crew()) + 1)]
    people = [known[one] for one in logins if one in known]
    phone = known[crew.login("dispatcher", district)]
    roads = home.roads.of(district.id)
    callers = Callers(
        house=home,
        district=district.id,
        phone=phone,
        eyes=people[: len(script.crew()) // 2],
        places=_places(home, district, chance.randrange(1 << 30)),
        chance=chance,
    )
    actors = {one.id: Actor(home.desk, roads, one, random.Random(), PACE) for one in people}  # noqa: S311 - see above
    return Stage(house=home, district=district, watcher=phone, callers=callers, actors=actors)


def _places(home: House, district: District, seed: int) -> list[Place]:
    """Addresses of the register; where a place has none, the middles of its cells."""
    with begin(home.engine) as tx:
        found = some_addresses(tx, district.id, seed=seed, limit=ADDRESSES)
        return found or [
            Place(point=one.centre, label=one.code, found=Found.PIN, score=1.0, accuracy_m=50.0, cell=one.id)
            for one in cells.cells(tx, district.id)
        ]


def main() -> None:
    """`python -m api.demo`: play until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    until = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: until.set())
    run(Settings(), until)
