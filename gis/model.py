"""Values of the ground. Frozen; positions in WGS 84, lengths in metres, durations in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

type DistrictId = int
type AreaId = int
type CellId = int
type Names = Mapping[str, str]  #: language tag -> text; "" is the local name


@dataclass(frozen=True, slots=True)
class Point:
    """A position, WGS 84 degrees."""

    lon: float
    lat: float


class Mode(StrEnum):
    """How somebody travels; one road graph each."""

    WALK = "walk"
    CYCLE = "cycle"
    DRIVE = "drive"


class AreaLevel(StrEnum):
    """The hierarchy above the cell: 区, 街道, 社区."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


@dataclass(frozen=True, kw_only=True)
class District:
    """One imported place: the unit of planning and of scope."""

    id: DistrictId
    code: str
    name: str
    names: Names
    clip: BaseGeometry  #: MultiPolygon of the place
    centre: Point
    bounds: tuple[float, float, float, float]  #: west, south, east, north
    time_zone: str
    metric_srid: int  #: a projected CRS in metres that fits the place (UTM)
    attribution: str
    fictional: bool  #: crew and incidents are a demonstration


@dataclass(frozen=True, kw_only=True)
class Area:
    id: AreaId
    district: DistrictId
    parent: AreaId | None
    level: AreaLevel
    code: str
    name: str
    names: Names = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A unit grid cell 单元网格."""

    id: CellId
    district: DistrictId
    area: AreaId
    code: str
    seq: int
    area_m2: float
    buildings: int
    people: float
    centre: Point


class DivisionState(StrEnum):
    """Where a division stands on its way into force and out of it."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PLANNED = "planned"  #: approved; comes into force at `starts`
    STANDING = "standing"
    PAST = "past"


@dataclass(frozen=True, kw_only=True)
class Division:
    """A district divided into cells, from draft to past. Users are numbers: the ground knows nobody."""

    id: int
    district: DistrictId
    state: DivisionState
    version: int = 1
    starts: datetime | None = None
    ends: datetime | None = None
    note: str = ""
    target_m2: float
    pattern: str  #: of the codes of its cells
    based_on: int | None = None
    turn: int | None = None  #: the how many-th of its district that came into force
    cut: Mapping[str, object] | None = None  #: what it is cut towards: measure, aim, least, most
    step: str = ""
    share: float | None = None  #: of the cut that is done; None: nothing is being done
    error: Mapping[str, object] | None = None  #: why it was not cut or did not come into force: code, params
    reason: str | None = None  #: why it was rejected
    made_by: int | None = None
    made_at: datetime
    proposed_by: int | None = None
    proposed_at: datetime | None = None
    approved_by: int | None = None
    approved_at: datetime | None = None
    stood_at: datetime | None = None  #: when it really came into force


@dataclass(frozen=True, kw_only=True)
class DraftCell:
    """A cell of a division that has not come into force. `geom` may be anything that somebody brought, WGS 84."""

    key: str
    geom: BaseGeometry
    cell: CellId | None = None  #: the cell whose ground this is, to the millimetre: it goes on
    code: str | None = None  #: as it was brought
    area: AreaId | None = None  #: its community
    area_m2: float = 0.0
    buildings: int = 0
    people: float = 0.0
    households: int = 0


@dataclass(frozen=True, kw_only=True)
class Facility:
    id: int
    kind: str
    name: str | None
    names: Names
    point: Point
    cell: CellId | None


class Found(StrEnum):
    """How a place was found."""

    EXACT = "exact"
    PREFIX = "prefix"
    TYPO = "typo"
    STREET = "street"
    FACILITY = "facility"
    COORDINATES = "coordinates"
    PIN = "pin"
    NOT_LOCATED = "not_located"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something is, how that was found, and in which cell it lies."""

    point: Point | None
    label: str
    found: Found
    score: float  #: 0..1
    accuracy_m: float
    cell: CellId | None = None
    cell_code: str | None = None
    area: AreaId | None = None
    kind: str = "address"
    unknown: tuple[str, ...] = ()  #: parts of the text that nobody knows here: block, unit, floor, room
    by: str | None = None  #: whom to name for it, where somebody outside found it


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One way from A to B."""

    seconds: float
    metres: float
    line: tuple[Point, ...]
    estimated: bool  #: True when no road engine answered (straight line x detour)


class ClosureState(StrEnum):
    """Where a closure stands in time."""

    COMING = "coming"
    LIVE = "live"
    OVER = "over"  #: its time has passed
    LIFTED = "lifted"  #: somebody, or its feed, took it back


@dataclass(frozen=True, kw_only=True)
class RoadClosure:
    """Roads that are shut for a while: along a line, or in an area."""

    id: int
    district: DistrictId
    area: AreaId | None  #: the community in which its middle lies
    geometry: BaseGeometry  #: lines or polygons
    modes: frozenset[Mode]
    starts: datetime
    ends: datetime | None  #: None: until somebody lifts it
    reason: str
    source: str
    source_key: str
    lifted_at: datetime | None = None
    created_by: int | None = None
    created_at: datetime | None = None
    version: int = 1
    in_force_since: datetime | None = None  #: when the road engine began to heed it
    segments: int = 0  #: pieces of road that it takes away
    trouble: str | None = None  #: why the road engine does not heed it

    def state(self, now: datetime) -> ClosureState:
        """Where it stands at `now`."""
        if self.lifted_at is not None:
            return ClosureState.LIFTED
        if self.ends is not None and self.ends <= now:
            return ClosureState.OVER
        return ClosureState.COMING if self.starts > now else ClosureState.LIVE


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """An object that an import left out."""

    osm_type: str
    osm_id: int
    reason: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    district: DistrictId
    file: str
    started: datetime
    seconds: float
    peak_mb: float
    counts: Mapping[str, float]
    rejected: tuple[Rejection, ...]
