"""One responder on one incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.model.ids import AssignmentId, IncidentId, ResponderId, UserId
from dispatch.model.spans import Interval
from gis.model import DistrictId


class Purpose(StrEnum):
    """Why somebody goes: check a public report on site, handle the case, verify the work of another."""

    CHECK = "check"
    HANDLE = "handle"
    VERIFY = "verify"


class AssignmentState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


LIVE = frozenset(
    {AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE, AssignmentState.ON_SCENE}
)
BEGUN = frozenset({AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE, AssignmentState.ON_SCENE})
UNDER_WAY = frozenset({AssignmentState.EN_ROUTE, AssignmentState.ON_SCENE})


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One responder on one incident, from offer to release."""

    id: AssignmentId
    incident: IncidentId
    district: DistrictId
    responder: ResponderId
    purpose: Purpose
    during: Interval  #: when the responder is bound: planned start of the way to planned end of the work
    state: AssignmentState
    version: int
    placed_by: UserId | None  #: None when the engine placed it; a person's choice is never moved by the engine
    seq: int  #: order among the responder's live assignments
    travel_seconds: float
    travel_metres: float
    estimated: bool  #: travel is a straight line x detour
    eta: datetime  #: planned arrival
    offered_at: datetime
    accepted_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    reason: str | None
    plan: int | None
    part: int = 0  #: of a crew: 0 leads, and moves the case; the others are there to help

    @property
    def locked(self) -> bool:
        return self.placed_by is not None or self.state in BEGUN

    @property
    def moves_case(self) -> bool:
        """Whether its deeds move the stage of the case, step by step."""
        return self.purpose is Purpose.HANDLE and self.part == 0
