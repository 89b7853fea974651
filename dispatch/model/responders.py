"""Whoever goes: workers and volunteers, with what they hold, drive and carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.model.ids import ResponderId, UserId
from dispatch.model.spans import Interval, Pause
from gis.model import AreaId, CellId, DistrictId, Mode, Point


class ResponderKind(StrEnum):
    WORKER = "worker"
    VOLUNTEER = "volunteer"


class Duty(StrEnum):
    """What a responder says of themself now."""

    AVAILABLE = "available"
    BREAK = "break"
    OFF = "off"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """How well somebody holds a skill, and until when."""

    level: int = 1
    valid_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """What somebody comes with: how wide it is, and how much of which good it carries."""

    width_m: float | None = None
    capacity: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Responder:
    """Worker or volunteer: one shape, two policies."""

    id: ResponderId
    district: DistrictId
    area: AreaId | None
    user: UserId | None
    name: str
    kind: ResponderKind
    mode: Mode
    skills: frozenset[str]
    duty: Duty
    home: Point
    home_cell: CellId | None
    point: Point | None
    point_at: datetime | None
    heading: float | None
    speed: float | None
    radius_m: float | None  #: a volunteer goes no further
    max_tasks: int
    version: int
    shifts: tuple[Interval, ...] = ()
    gone: bool = False  #: left for good: never planned, kept for the record
    held: Mapping[str, Certificate] = field(default_factory=dict)  #: of `skills`, those with a level or an end
    vehicle: Vehicle | None = None
    overtime_seconds: int | None = None  #: None: as the district has it for this kind
    rest_seconds: int | None = None
    max_seconds: int | None = None  #: seconds of work a day, at most
    pauses: tuple[Pause, ...] = ()

    def certificate(self, skill: str) -> Certificate | None:
        """How a skill is held; None: not at all."""
        return self.held.get(skill, Certificate()) if skill in self.skills else None
