"""A work-zone feed (WZDx 4.x, a GeoJSON FeatureCollection) as roads to close.

Of a road event's `core_details` only road names and description are read, then `start_date`, `end_date` and
`vehicle_impact`: nothing but `all-lanes-closed` shuts a road. Both directions are shut, whatever the event's own. Good
features are used although others in the same feed are bad.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from gis.errors import BadShape
from gis.model import Mode
from gis.travel import drawn

SHUT: Final = "all-lanes-closed"
MODES: Final = frozenset((Mode.DRIVE, Mode.CYCLE))  #: the feed speaks of lanes; whoever walks finds a way past
MOST: Final = 2000  #: features
LONGEST, SHOWN = 300, 80  #: characters: of a reason, of a wrong value in the answer


@dataclass(frozen=True, kw_only=True)
class WorkZone:
    """One road event that shuts a road."""

    key: str
    geometry: BaseGeometry
    starts: datetime
    ends: datetime | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Left:
    """A feature that is not used: a good one that shuts nothing, or a bad one (`field` says where)."""

    index: int
    key: str | None
    reason: str
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class Feed:
    """What a feed says."""

    zones: tuple[WorkZone, ...]
    not_used: tuple[Left, ...]
    refused: tuple[Left, ...]


class _Unfit(Exception):
    def __init__(self, reason: str, field: str | None = None, value: Any = None) -> None:
        super().__init__(reason)
        self.reason, self.field, self.value = reason, field, value


def read(feed: Mapping[str, Any], *, within: BaseGeometry, now: datetime) -> Feed:
    """The closures in a feed. Raises BadShape(reason="feed") for what is no FeatureCollection, or too long."""
    features = feed.get("features")
    if feed.get("type") != "FeatureCollection" or not isinstance(features, list) or len(features) > MOST:
        count = len(features) if isinstance(features, list) else None
        raise BadShape(reason="feed", field="features", value=count, allowed=MOST)
    zones: dict[str, WorkZone] = {}
    not_used: list[Left] = []
    refused: list[Left] = []
    for index, feature in enumerate(features):
        key = _key(feature)
        try:
            zone = _zone(feature, key, within, now)
            if zone.key in zones:
                raise _Unfit("twice", "id", zone.key)
            zones[zone.key] = zone
        except _Unfit as why:
            value = None if why.value is None else _text(why.value)[:SHOWN]
            left = Left(index=index, key=key, reason=why.reason, field=why.field, value=value)
            (refused if why.field else not_used).append(left)
    return Feed(zones=tuple(zones.values()), not_used=tuple(not_used), refused=tuple(refused))


def _key(feature: Any) -> str | None:
    given = feature.get("id") if isinstance(feature, Mapping) else None
    return (_text(given)[:200] or None) if isinstance(given, str | int) else None


def _zone(feature: Any, key: str | None, within: BaseGeometry, now: datetime) -> WorkZone:
    if not isinstance(feature, Mapping):
        raise _Unfit("not_a_feature", "feature", feature)
    if key is None:
        raise _Unfit("no_id", "id", feature.get("id"))
    told = feature.get("properties")
    if not isinstance(told, Mapping):
        raise _Unfit("not_a_feature", "properties")
    core = told.get("core_details")
    if not isinstance(core, Mapping):
        raise _Unfit("missing", "properties.core_details")
    impact = told.get("vehicle_impact")
    if impact != SHUT:
        raise _Unfit("lanes_open" if impact else "no_impact")
    starts, ends = _moment(told, "start_date"), _moment(told, "end_date")
    if starts is None:
        raise _Unfit("missing", "properties.start_date")
    if ends is not None and ends <= starts:
        raise _Unfit("order", "properties.end_date", told["end_date"])
    if ends is not None and ends <= now:
        raise _Unfit("over")
    return WorkZone(key=key, geometry=_geometry(feature, within), starts=starts, ends=ends, reason=_reason(core))


def _moment(told: Mapping[str, Any], name: str) -> datetime | None:
    given = told.get(name)
    if given is None or given == "":
        return None
    try:
        found = datetime.fromisoformat(str(given))
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _Unfit("moment", f"properties.{name}", given) from error


def _geometry(feature: Mapping[str, Any], within: BaseGeometry) -> BaseGeometry:
    given = feature.get("geometry")
    if not isinstance(given, Mapping):
        raise _Unfit("missing", "geometry")
    try:
        return drawn.shape(given, radius_m=None, within=within)
    except BadShape as error:
        reason = str(error.params["reason"])
        if reason == "outside":
            raise _Unfit("outside") from error  # a feed covers more than one place
        raise _Unfit(reason, str(error.params["field"]), error.params.get("value")) from error


def _reason(core: Mapping[str, Any]) -> str:
    names = core.get("road_names")
    roads = ", ".join(map(str, names)) if isinstance(names, Sequence) and not isinstance(names, str) else ""
    said = [_text(part) for part in (roads, core.get("description") or "")]
    return ": ".join(part for part in said if part)[:LONGEST] or "–"


def _text(given: Any) -> str:
    """What can be stored and sent of a text that may be anything."""
    return str(given)[:LONGEST].replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
