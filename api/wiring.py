"""Where real things are chosen: which database, which road engine, which address search. Nobody else makes them."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from api.machine import cluster
from api.settings import RasterTiles, Settings
from dispatch.desk import Desk, Locate
from dispatch.store.plans import latest_plan, planner_seen
from gis import locate
from gis.database import Transaction, begin, engine_for
from gis.errors import NotFound, TravelUnavailable
from gis.geocode.outside import Beyond, Service
from gis.geocode.register import REGISTERS, Register
from gis.model import Area, District, DistrictId, Place, Point
from gis.store import districts
from gis.tiles import Memory
from gis.travel import built
from gis.travel.beeline import Beeline
from gis.travel.engine import TravelEngine
from gis.travel.fallback import Steady
from gis.travel.osrm import Osrm

CONNECTIONS = 10  #: per process that stay open; as many again while there is a rush
FRESH = 5.0  #: seconds for which the list of places is believed
SILENT = timedelta(seconds=15)  #: a worker says every two seconds that it lives


@dataclass(eq=False)
class Roads:
    """One road engine per place, opened when it is first asked for."""

    folder: Path  #: the product's data folder
    engine: Engine
    _open: dict[DistrictId, Steady] = field(default_factory=dict)
    _since: dict[DistrictId, datetime] = field(default_factory=dict)
    _folders: dict[DistrictId, Path] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, district: DistrictId) -> TravelEngine:
        """Ways in this place: by road, or estimated and marked so. Raises NotFound."""
        with self._lock:
            known = self._open.get(district)
        return known or self._made(district)

    def degraded(self, district: DistrictId) -> tuple[str, datetime] | None:
        """Why ways are estimates now, and since when; None while they are by road, or nobody has asked yet."""
        with self._lock:
            steady = self._open.get(district)
            reason = steady.degraded if steady else None
            if reason is None:
                self._since.pop(district, None)
                return None
            return reason, self._since.setdefault(district, datetime.now(UTC))

    def version(self, district: DistrictId) -> Hashable:
        """Changes when the roads of this place do: an import, a road that closes or opens."""
        return Osrm(self._folder(district)).version()

    def state(self) -> str:
        """`ok`, or what is wrong in the first place where something is."""
        for district in list(self._open):
            if found := self.degraded(district):
                return found[0]
        return "ok"

    def _folder(self, district: DistrictId) -> Path:
        with self._lock:
            known = self._folders.get(district)
        if known is None:
            with begin(self.engine) as tx:
                districts.district(tx, district)
                graphs = districts.graphs(tx, district)
            with self._lock:
                known = self._folders[district] = self.folder / (graphs or f"graphs/none-{district}")
        return known

    def _made(self, district: DistrictId) -> Steady:
        folder = self._folder(district)
        roads = Osrm(folder)
        steady = Steady(roads, Beeline(_paces(folder)), version=roads.version)
        with self._lock:
            return self._open.setdefault(district, steady)


def _paces(folder: Path) -> Any:
    """What straight lines are worth in this place, where that was measured."""
    try:
        return built.read(folder).paces
    except TravelUnavailable:
        return Beeline().paces


class Recent:
    """The last few answers to questions that take seconds to work out, and who else asks waits for the first."""

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get[Answer](self, key: Hashable, ask: Callable[[], Answer], *, seconds: float) -> Answer:
        """The answer to `key`, asked anew when the known one is older than `seconds`."""
        with self._lock:  # one at a time: two of them together would only be slower
            at, known = self._known.get(key, (0.0, None))
            if known is not None and time.monotonic() - at < seconds:
                return cast(Answer, known)
            answer = ask()
            self._known[key] = (time.monotonic(), answer)
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
            return answer


@dataclass(eq=False)
class House:
    """Everything that a process needs, made once. Opens nothing until it is asked."""

    settings: Settings
    engine: Engine
    roads: Roads
    geocoder: Beyond
    version: str
    buckets: dict[str, Any] = field(default_factory=dict)  #: tries per door, see identity
    recent: Recent = field(default_factory=Recent)
    tiles: Memory = field(default_factory=Memory)
    _asked: tuple[float, bool] = (0.0, True)
    _known: dict[str, tuple[float, Any]] = field(default_factory=dict)
    _unplanned: datetime | None = None

    @cached_property
    def desk(self) -> Desk:
        """The desk. Stores the class table when it is first opened, which needs PostgreSQL."""
        return Desk(self.engine)

    def district(self, key: DistrictId) -> District:
        """One place. Raises NotFound."""
        found = next((place for place in self.districts() if place.id == key), None)
        if found is None:
            raise NotFound(what="district", id=key)
        return found

    def known(self, key: DistrictId) -> District | None:
        """The same without asking anybody: None where it is not known, or was read too long ago."""
        at, known = self._known.get("districts", (0.0, ()))
        fresh = known if time.monotonic() - at < FRESH else ()
        return next((place for place in fresh if place.id == key), None)

    def districts(self) -> tuple[District, ...]:
        """All places; what an import adds is seen within FRESH seconds."""
        return self._read("districts", lambda tx: tuple(districts.districts(tx)))

    def areas(self, district: DistrictId) -> tuple[Area, ...]:
        """The areas of a place, as fresh as the places."""
        return self._read(f"areas {district}", lambda tx: tuple(districts.areas(tx, district)))

    def _read[Answer](self, name: str, question: Callable[[Transaction], Answer]) -> Answer:
        at, known = self._known.get(name, (0.0, None))
        if known is not None and time.monotonic() - at < FRESH:
            return cast(Answer, known)
        with begin(self.engine) as tx:
            answer = question(tx)
        if answer:
            self._known[name] = (time.monotonic(), answer)
        return answer

    def locate(self, district: DistrictId) -> Locate:
        """Text or pin to a place in `district`; the pin wins, it is what the person meant."""

        def find(said: str | None, point: Point | None) -> Place:
            with begin(self.engine) as tx:
                if point is not None:
                    return locate.locate_pin(tx, district, point)
                outside = self.settings.geocoders_personal  # what people write in reports is theirs
                return locate.locate_text(tx, self.geocoder, district, said or "", outside=outside)

        return find

    def degraded(self, district: DistrictId) -> list[dict[str, Any]]:
        """What works less well in this place, without sentences."""
        roads, planner, solver = self.roads.degraded(district), self._without_planner(), self._without_engine(district)
        return [
            *([] if roads is None else [{"what": "travel", "mode": roads[0], "since": roads[1]}]),
            *([] if planner is None else [{"what": "planner", "mode": None, "since": planner}]),
            *(
                []
                if (away := self.geocoder.degraded()) is None
                else [{"what": "geocode", "mode": away[0], "since": away[1]}]
            ),
            *([] if solver is None else [{"what": "solver", "mode": None, "since": solver}]),
        ]

    def _without_engine(self, district: DistrictId) -> datetime | None:
        """Since when the nearest person is taken, because the engine was late or broke; None as a rule."""
        try:
            (last,) = self._read(f"engine {district}", lambda tx: (latest_plan(tx, district),))
        except SQLAlchemyError:  # the database is away, which is told by itself
            return None
        return last.made_at if last is not None and last.degraded else None

    def _without_planner(self) -> datetime | None:
        """Since when no worker has said that it lives; None while one does, or nobody can be asked."""
        try:
            (seen,) = self._read("planner", lambda tx: (planner_seen(tx),))
        except SQLAlchemyError:  # the database is away, which is told by itself
            return None
        now = datetime.now(UTC)
        if seen is not None and now - seen < SILENT:
            self._unplanned = None
            return None
        self._unplanned = self._unplanned or seen or now
        return self._unplanned

    def reachable(self) -> bool:
        """Whether PostgreSQL answers; asked at most once a second however often somebody wants to know."""
        at, good = self._asked
        if time.monotonic() - at < 1:
            return good
        try:
            with self.engine.connect() as tx:
                tx.execute(text("SELECT 1"))
            good = True
        except SQLAlchemyError:
            good = False
        self._asked = (time.monotonic(), good)
        return good

    def close(self) -> None:
        self.engine.dispose()


def house(settings: Settings, engine: Engine | None = None) -> House:
    """The house of these settings. Raises ClusterFailed before there is a database."""
    engine = engine or engine_for(cluster.address(settings), size=CONNECTIONS)
    return House(
        settings=settings,
        engine=engine,
        roads=Roads(settings.folder, engine),
        geocoder=geocoder(settings, engine),
        version=_version(),
    )


def geocoder(settings: Settings, engine: Engine) -> Beyond:
    """Our register, and behind it the services that this installation names."""
    named = [
        Service(
            kind=each.kind,
            url=each.url,
            key=each.key.get_secret_value(),
            seconds=each.seconds,
            attribution=each.attribution,
        )
        for each in settings.geocoders
    ]
    return Beyond(Register(engine, settings.folder / REGISTERS), named)


def travel(settings: Settings, district: DistrictId, engine: Engine) -> TravelEngine:
    """Ways in one place, for a process that is not a house."""
    return Roads(settings.folder, engine).of(district)


def rasters(settings: Settings) -> tuple[RasterTiles, ...]:
    """Raster tiles from outside that may lie under the map; none unless somebody asked for them."""
    return settings.raster


def _version() -> str:
    try:
        return version("gridward")
    except PackageNotFoundError:
        return "0"


async def _house(request: Request) -> House:  # async: what waits for nothing needs no thread
    found: House = request.app.state.house
    return found


HouseDep = Annotated[House, Depends(_house)]
