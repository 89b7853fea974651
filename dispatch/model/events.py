"""What happened, and where a reader stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatch.model.ids import AssignmentId, IncidentId, ResponderId, UserId
from gis.model import AreaId, DistrictId


@dataclass(frozen=True, kw_only=True)
class Event:
    """Anything that happened. `kind` is a dotted past participle: incident.reported, assignment.accepted, plan.made."""

    kind: str
    district: DistrictId
    area: AreaId | None = None
    incident: IncidentId | None = None
    assignment: AssignmentId | None = None
    responder: ResponderId | None = None
    actor: UserId | None = None  #: None: the engine, or somebody without an account
    reason: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)  #: what changed, JSON
    at: datetime | None = None  #: set by the database


@dataclass(frozen=True, kw_only=True)
class StoredEvent:
    """An event as the table holds it."""

    txid: int
    seq: int
    at: datetime
    event: Event


@dataclass(frozen=True, kw_only=True, order=True)
class Cursor:
    """Where a reader stands in the event table: (txid, seq): seq is taken before commit, so seq alone would skip."""

    txid: int
    seq: int

    def __str__(self) -> str:
        return f"{self.txid}-{self.seq}"
