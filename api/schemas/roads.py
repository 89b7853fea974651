"""Closed roads, and speeds by the hour."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api import messages
from api.messages import Language
from api.schemas.base import In, Moment, Number, Out
from dispatch import shape
from dispatch.desk.closing import LONGEST
from dispatch.desk.speeding import SpeedsSeen
from dispatch.desk.zones import Taken, Unused
from gis.model import ClosureState, Mode, RoadClosure
from gis.travel.speeds import KINDS, LEAST, MOST, Day, HourTable

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]
Modes = Annotated[frozenset[Mode], Field(min_length=1)]
Radius = Annotated[float, Field(description="Metres around a Point.")]


class GeometryIn(In):
    """A GeoJSON geometry: LineString, MultiLineString, Polygon, MultiPolygon, or Point with `radius_m`."""

    type: str
    coordinates: list[Any]
    bbox: list[float] | None = None


class ClosureIn(In):
    """Roads to close: along a line, or in an area."""

    district: Number
    geometry: GeometryIn
    radius_m: Radius | None = None
    modes: Modes = frozenset(Mode)
    starts: Moment | None = Field(default=None, description="Now, if left out.")
    ends: Moment | None = Field(default=None, description="None: until somebody lifts it.")
    reason: Reason


class ClosureChangeIn(In):
    """What is to be different; what is left out stays."""

    version: Number
    starts: Moment | None = None
    ends: Moment | None = None
    reason: Reason | None = None
    modes: Modes | None = None


class VersionIn(In):
    version: Number


class TroubleOut(Out):
    code: str
    message: str | None = None


class ClosureFactsOut(Out):
    id: int
    district: int
    area: int | None
    modes: list[Mode]
    starts: Moment
    ends: Moment | None
    reason: str
    source: str
    source_key: str
    state: ClosureState
    in_force: bool = Field(description="The road engine leaves these roads out.")
    in_force_since: Moment | None
    segments: int = Field(description="Pieces of road that it takes away.")
    trouble: TroubleOut | None = Field(description="Why it is not in force.")
    lifted_at: Moment | None
    created_by: int | None
    created_at: Moment | None
    version: int


class ClosureOut(Out):
    """A GeoJSON Feature."""

    type: Literal["Feature"]
    id: int
    geometry: dict[str, Any]
    properties: ClosureFactsOut


class RoadStateOut(Out):
    live: int
    in_force: int
    since: Moment | None
    trouble: TroubleOut | None
    busy: bool = Field(description="Not all that is wanted is in force yet.")


class ClosuresOut(Out):
    """A GeoJSON FeatureCollection."""

    type: Literal["FeatureCollection"]
    features: list[ClosureOut]
    state: RoadStateOut


class UnusedOut(Out):
    index: int
    id: str | None
    reason: str
    message: str


class RefusedOut(Out):
    index: int
    id: str | None
    field: str
    value: Any
    code: str
    message: str


class FeedOut(Out):
    source: str
    added: int
    changed: int
    unchanged: int
    lifted: int
    not_used: list[UnusedOut]
    refused: list[RefusedOut]


class SpeedRowIn(In):
    """One hour: a value, what was learned, or null for back to the default."""

    mode: Mode
    day: Day
    hour: int = Field(ge=0, le=23)
    permille: int | None = Field(default=None, ge=LEAST, le=MOST)
    learned: bool = False


class SpeedsIn(In):
    version: Number
    rows: Annotated[list[SpeedRowIn], Field(min_length=1, max_length=24 * 3 * 3)]


class LearnedOut(Out):
    permille: int
    samples: int


class HourOut(Out):
    hour: int
    permille: int = Field(description="Thousandths of the engine's time: 1300 takes 30 % longer.")
    source: Literal["table", "learned", "default"]
    samples: int
    learned: LearnedOut | None = Field(description="What the team's own ways say; counts once it is taken over.")


class SpeedsOut(Out):
    district: int
    time_zone: str
    least: int
    most: int
    version: int
    modes: dict[Mode, dict[Literal["weekday", "weekend"], list[HourOut]]]


def feature(found: RoadClosure, now: datetime, language: Language) -> dict[str, Any]:
    """A closure with its trouble in words."""
    told = shape.closure(found, now)
    return {**told, "properties": {**told["properties"], "trouble": trouble(found.trouble, language)}}


def told(found: RoadClosure, language: Language) -> dict[str, Any]:
    """A closure as it is now."""
    return feature(found, datetime.now(UTC), language)


def trouble(code: str | None, language: Language) -> dict[str, Any] | None:
    """Why roads are not closed as somebody wants."""
    return None if code is None else {"code": code, "message": messages.said("roads", code, {}, language)}


def taken(done: Taken, language: Language) -> dict[str, Any]:
    """What a feed changed, and every feature that it did not use."""
    return {
        **{name: getattr(done, name) for name in ("source", "added", "changed", "unchanged", "lifted")},
        "not_used": [{**vars(one), "message": _why(one, language)} for one in done.not_used],
        "refused": [{**vars(one), "code": one.reason, "message": _why(one, language)} for one in done.refused],
    }


def _why(one: Unused, language: Language) -> str:
    return messages.said("roads", one.reason, {"field": one.field, "value": one.value}, language)


def hours(seen: SpeedsSeen) -> dict[str, Any]:
    """Speeds by mode, kind of day and hour: what counts, and what was learned."""
    return {
        "district": seen.district,
        "time_zone": seen.time_zone,
        "least": LEAST,
        "most": MOST,
        "version": seen.version,
        "modes": {mode: {str(kind): _row(seen, mode, kind) for kind in KINDS} for mode in Mode},
    }


def _row(seen: SpeedsSeen, mode: Mode, kind: Day) -> list[dict[str, Any]]:
    table = seen.tables.get(mode, HourTable())
    found = ((hour, table.at(kind, hour), seen.learned.get((mode, kind, hour))) for hour in range(24))
    return [
        {"hour": hour, **vars(speed), "learned": None if learned is None else vars(learned)}
        for hour, speed, learned in found
    ]
