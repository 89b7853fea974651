"""What the engine did, would do, and is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from dispatch.model.ids import IncidentId, ResponderId, UserId
from gis.model import DistrictId


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The standing reason why an open incident waits."""

    incident: IncidentId
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PlanSummary:
    """What the engine did last."""

    id: int
    district: DistrictId
    made_at: datetime
    engine: str  #: who found it: ortools, insertion, nearest
    seconds: float
    cost: int
    estimated: bool
    placed: int
    moved: int
    unassigned: tuple[Waiting, ...]
    changes: int = 0  #: promises that went to somebody else
    degraded: str | None = None  #: why it is not what the engine can do: late, broken


class PlanMode(StrEnum):
    """Whether a plan that changes promises is applied by itself, or shown to somebody first."""

    AUTO = "auto"
    ASK = "ask"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How plans are made in a district. `version` 0: nobody has said anything yet."""

    district: DistrictId
    plan_mode: PlanMode = PlanMode.AUTO
    most_changes: int | None = None  #: promises that one plan may change; None: as many as it gains by
    version: int = 0
    changed_by: UserId | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SetWeight:
    """A weight that somebody set, and with which version of the district's table."""

    value: int
    version: int
    changed_by: UserId | None
    changed_at: datetime


class ProposalState(StrEnum):
    OPEN = "open"
    APPLIED = "applied"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"  #: by a newer one, or by what happened meanwhile


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A plan that would change promises, kept until somebody decides."""

    id: int
    district: DistrictId
    made_at: datetime
    epoch: int  #: the age of what it was made from
    engine: str
    state: ProposalState
    rows: Mapping[ResponderId, tuple[tuple[IncidentId, int], ...]]  #: (case, part) in order
    seen: Mapping[str, Mapping[int, str]]  #: incident, assignment, responder -> the state that it stands on
    diff: Mapping[str, Any]  #: what it changes, as shown
    decided_by: UserId | None = None
    decided_at: datetime | None = None
    reason: str | None = None
