"""The work: incidents, assignments, people, plans."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.schemas.base import Moment, Out, Point
from api.schemas.ground import ClassOut, CodedOut, DistrictOut
from dispatch.model import AssignmentState, Duty, Purpose, ResponderKind, Source, Stage
from gis.model import Mode


class IncidentOut(Out):
    """One case. The contact of whoever reported it stands in the detail alone, for those who handle the case."""

    id: int
    number: str
    district: int
    area: int | None
    cell: int | None
    cell_code: str | None
    source: Source
    class_code: str
    class_version: int
    priority: int
    skill: str | None
    service_seconds: int
    title: str
    description: str
    place: str
    found: str
    accuracy_m: float
    point: Point | None
    stage: Stage
    version: int
    reported_at: Moment
    filed_at: Moment | None
    dispatched_at: Moment | None
    accepted_at: Moment | None
    arrived_at: Moment | None
    fed_back_at: Moment | None
    closed_at: Moment | None
    due_accept_at: Moment | None
    due_arrive_at: Moment | None
    due_handle_at: Moment | None
    filing_criterion: str | None
    closing_criterion: str | None
    outcome: str | None
    handled_by: int | None
    verified_by: int | None
    reopened: int
    returned: int
    score: int | None


class AssignmentOut(Out):
    """One responder on one case, from offer to release."""

    id: int
    incident: int
    district: int
    responder: int
    part: int = Field(default=0, description="Of a crew: 0 leads, the others help.")
    purpose: Purpose
    start: Moment
    end: Moment
    state: AssignmentState
    version: int
    placed_by: int | None
    seq: int
    travel_seconds: float
    travel_metres: float
    estimated: bool
    eta: Moment
    offered_at: Moment
    accepted_at: Moment | None
    departed_at: Moment | None
    arrived_at: Moment | None
    ended_at: Moment | None
    reason: str | None


class ResponderOut(Out):
    """Worker or volunteer."""

    id: int
    district: int
    area: int | None
    name: str
    kind: ResponderKind
    mode: Mode
    skills: list[str]
    duty: Duty
    on_shift: bool
    shift_end: Moment | None
    home: Point
    home_cell: int | None
    point: Point | None
    point_at: Moment | None
    heading: float | None
    speed: float | None
    radius_m: float | None
    max_tasks: int
    version: int


class WaitingOut(Out):
    """Why an open case has nobody."""

    reason: str
    params: dict[str, Any] = Field(default_factory=dict)
    message: str


class UnservedOut(WaitingOut):
    incident: int


class DegradedPlan(Out):
    """Why a plan is not what the engine can do."""

    code: str
    message: str


class PlanOut(Out):
    id: int
    made_at: Moment
    engine: str = Field(description="What found it: ortools, insertion, nearest.")
    seconds: float
    cost: int
    estimated: bool
    placed: int
    moved: int
    unassigned: list[UnservedOut]
    changes: int = Field(default=0, description="Promises that went to somebody else.")
    degraded: DegradedPlan | None = None


class DegradedOut(Out):
    """What works less well at the moment."""

    what: Literal["travel", "geocode", "planner", "solver", "stream"]
    mode: str | None = None
    since: Moment | None
    message: str


class DeskOut(Out):
    """Everything that the console shows, and where the stream goes on from."""

    cursor: str
    now: Moment
    district: DistrictOut
    incidents: list[IncidentOut]
    assignments: list[AssignmentOut]
    responders: list[ResponderOut]
    plan: PlanOut | None
    unassigned: dict[int, WaitingOut]
    degraded: list[DegradedOut]


class ActorOut(Out):
    id: int
    name: str


class EntryOut(Out):
    """One line of the record."""

    seq: int
    at: Moment
    kind: str
    actor: ActorOut | None
    reason: str | None
    message: str
    assignment: int | None
    responder: int | None


class FileOut(Out):
    id: int
    url: str


class AttachedOut(FileOut):
    media_type: str
    at: Moment


class NeedsOut(Out):
    reason: bool
    criterion: list[CodedOut] | None
    outcome: bool


class DeedOut(Out):
    """What this caller may do to the case now."""

    deed: str
    needs: NeedsOut


class RouteOut(Out):
    line: list[tuple[float, float]] = Field(description="[lon, lat] pairs.")
    seconds: float
    metres: float
    estimated: bool


class DetailOut(Out):
    """One case with all that belongs to it."""

    incident: IncidentOut
    contact: str | None = None
    class_: ClassOut = Field(alias="class", serialization_alias="class")
    assignments: list[AssignmentOut]
    responders: dict[int, ResponderOut]
    timeline: list[EntryOut]
    files: list[AttachedOut]
    deeds: list[DeedOut]
    unassigned: WaitingOut | None
    routes: dict[int, RouteOut]


class RuleOut(Out):
    code: str
    passed: bool
    params: dict[str, Any]
    message: str


class LoadOut(Out):
    tasks: int
    busy_until: Moment | None


class CandidateOut(Out):
    """One person for one case, with the reasons for and against."""

    responder: ResponderOut
    fit: bool
    seconds: float | None = Field(description="By road; null where there is no way.")
    metres: float | None
    straight_metres: float | None
    eta: Moment | None
    load: LoadOut
    position_age: float | None = Field(description="Seconds since the last fix.")
    rules: list[RuleOut]
    estimated: bool


class CandidatesOut(Out):
    candidates: list[CandidateOut]
    made_at: Moment


class DoneOut(Out):
    """Both sides of a deed in the field."""

    assignment: AssignmentOut
    incident: IncidentOut


class LegOut(Out):
    seconds: float
    metres: float
    estimated: bool


class TourOut(Out):
    """The way through the tasks in their order."""

    line: list[tuple[float, float]]
    legs: list[LegOut]
    estimated: bool


class ShiftOut(Out):
    start: Moment
    end: Moment


class TaskOut(Out):
    assignment: AssignmentOut
    incident: IncidentOut


class DayOut(Out):
    """The day of one person."""

    responder: ResponderOut
    shifts: list[ShiftOut]
    tasks: list[TaskOut]
    route: TourOut | None
    done_today: int
    metres_today: float


class MyTaskOut(TaskOut):
    class_: ClassOut = Field(alias="class", serialization_alias="class")
    contact: str | None = None


class MyTasksOut(Out):
    """What the phone shows."""

    responder: ResponderOut
    district: DistrictOut
    now: Moment
    cursor: str
    tasks: list[MyTaskOut]
    route: TourOut | None
    skills: list[CodedOut]
