"""The class table, as loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from gis.model import Names


class Priority(IntEnum):
    LIFE = 1
    URGENT = 2
    NORMAL = 3
    LOW = 4


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """The condition under which a class may be filed or closed, and the limits it brings."""

    code: str
    names: Names
    handle_seconds: int | None = None  #: overrides the class's limit


@dataclass(frozen=True, kw_only=True)
class CrewRole:
    """What one member of a crew has to be able to do."""

    skill: str | None
    level: int = 1


@dataclass(frozen=True, kw_only=True)
class IncidentClass:
    """One minor class of the class table, as loaded: an incident keeps the version it was filed under."""

    code: str
    version: int
    major: str
    major_names: Names
    names: Names
    skill: str | None
    priority: Priority
    service_seconds: int
    accept_seconds: int  #: target from filing to acceptance
    arrive_seconds: int  #: target from filing to on scene
    handle_seconds: int  #: target from dispatch to feedback
    volunteers: bool  #: may a volunteer be sent
    public: bool  #: may a resident choose it
    icon: str
    filing: tuple[Criterion, ...]
    closing: tuple[Criterion, ...]
    level: int = 1  #: at least so well the skill has to be held
    crew: tuple[CrewRole, ...] = ()  #: everybody who has to be there at once, who leads first; empty: one person
    needs: Mapping[str, int] = field(default_factory=dict)  #: how much of which good the work takes

    def roles(self) -> tuple[CrewRole, ...]:
        """Who is needed: at least one."""
        return self.crew or (CrewRole(skill=self.skill, level=self.level),)
