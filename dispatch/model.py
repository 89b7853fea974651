"""Values of the work. Frozen; times aware and UTC, durations in seconds, positions WGS 84."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from gis.model import AreaId, CellId, DistrictId, Mode, Names, Point

type IncidentId = int
type AssignmentId = int
type ResponderId = int
type UserId = int


class Role(StrEnum):
    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    WORKER = "worker"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"


class Priority(IntEnum):
    LIFE = 1
    URGENT = 2
    NORMAL = 3
    LOW = 4


class Stage(StrEnum):
    """Where a case stands in the closed loop, and the one way out.

    信息收集 案卷建立 任务派遣 任务处理 处理反馈 核查结案 综合评价.
    """

    COLLECTED = "collected"  #: reported; a public report waits here for a check on site or a dispatcher's word
    FILED = "filed"  #: a case; waits for somebody
    DISPATCHED = "dispatched"  #: offered to somebody
    HANDLING = "handling"  #: accepted; on the way or on scene
    FED_BACK = "fed_back"  #: done, says whoever did it; waits for somebody else to verify
    CLOSED = "closed"  #: verified and closed
    EVALUATED = "evaluated"
    REJECTED = "rejected"  #: no case: unfounded, duplicate, elsewhere


OPEN_STAGES = frozenset({Stage.COLLECTED, Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.FED_BACK})


class Source(StrEnum):
    PHONE = "phone"
    WEB = "web"
    FIELD = "field"
    SENSOR = "sensor"
    SYSTEM = "system"
    DEMO = "demo"


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


class ResponderKind(StrEnum):
    WORKER = "worker"
    VOLUNTEER = "volunteer"


class Duty(StrEnum):
    """What a responder says of themself now."""

    AVAILABLE = "available"
    BREAK = "break"
    OFF = "off"


class Deed(StrEnum):
    """What people do. `lifecycle` says when, `policy` says who."""

    REPORT = "report"
    CONFIRM = "confirm"
    REJECT = "reject"
    OFFER = "offer"  #: by the engine
    ASSIGN = "assign"  #: by hand
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    DEPART = "depart"
    ARRIVE = "arrive"
    FEED_BACK = "feed_back"
    RETURN = "return"
    CLOSE = "close"
    REOPEN = "reopen"
    EVALUATE = "evaluate"
    RECLASSIFY = "reclassify"
    RELOCATE = "relocate"
    NOTE = "note"
    ATTACH = "attach"
    SEE_GROUND = "see_ground"
    SEE_DESK = "see_desk"
    SEE_CONTACT = "see_contact"
    SEE_TASKS = "see_tasks"
    SEE_COVERAGE = "see_coverage"
    DUTY = "duty"
    POSITION = "position"
    PLAN = "plan"
    CLOSE_ROAD = "close_road"
    SET_SPEEDS = "set_speeds"
    SET_PLANNING = "set_planning"  #: mode, bounds and people on standby
    SET_WEIGHTS = "set_weights"
    LIMIT = "limit"  #: appointment, width of the lane, what comes before
    MANAGE_CREW = "manage_crew"
    MANAGE_USERS = "manage_users"


class Outcome(StrEnum):
    """What feedback says."""

    DONE = "done"
    NOT_FOUND = "not_found"
    NEEDS_OTHER = "needs_other"  #: somebody else has to go: another skill, more hands
    OK = "ok"
    NOT_OK = "not_ok"


@dataclass(frozen=True, kw_only=True)
class Interval:
    """[start, end)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A role within an area and everything below it."""

    role: Role
    district: DistrictId
    area: AreaId
    areas: frozenset[AreaId] = frozenset()  #: the area and everything below, as loaded


@dataclass(frozen=True, kw_only=True)
class User:
    id: UserId
    login: str
    name: str
    language: str
    grants: tuple[Grant, ...]
    responder: ResponderId | None = None

    def roles(self) -> frozenset[Role]:
        return frozenset(g.role for g in self.grants)


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


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One case 案件, from report to closure."""

    id: IncidentId
    number: str  #: what people say on the phone, such as HEL-261122-0042
    district: DistrictId
    area: AreaId | None
    cell: CellId | None
    cell_code: str | None
    source: Source
    class_code: str
    class_version: int
    priority: Priority
    skill: str | None
    service_seconds: int
    title: str
    description: str
    place: str  #: in the words of the place
    found: str  #: gis.model.Found
    accuracy_m: float
    point: Point | None
    stage: Stage
    version: int
    reported_at: datetime
    filed_at: datetime | None
    dispatched_at: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    fed_back_at: datetime | None
    closed_at: datetime | None
    due_accept_at: datetime | None
    due_arrive_at: datetime | None
    due_handle_at: datetime | None
    reported_by: UserId | None
    contact: str | None  #: personal; never leaves the circle of those who handle the case
    filing_criterion: str | None
    closing_criterion: str | None
    outcome: str | None
    handled_by: ResponderId | None
    verified_by: UserId | None
    reopened: int
    returned: int
    score: int | None  #: residents' satisfaction 1..5
    handle_seconds: int | None = None  #: the limit of class and criterion, fixed when filed; runs from dispatch
    appointment_from: datetime | None = None  #: the work begins not before
    appointment_to: datetime | None = None  #: and not after
    max_width_m: float | None = None  #: the lane takes no vehicle that is wider
    after: tuple[IncidentId, ...] = ()  #: cases whose work has to end before this one's begins


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
class Pause:
    """A break of `seconds` that begins within [earliest, latest]."""

    earliest: datetime
    latest: datetime
    seconds: int


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


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A photo of a case; its body is fetched by itself."""

    id: int
    incident: IncidentId
    assignment: AssignmentId | None
    media_type: str
    at: datetime


@dataclass(frozen=True, kw_only=True, order=True)
class Cursor:
    """Where a reader stands in the event table: (txid, seq): seq is taken before commit, so seq alone would skip."""

    txid: int
    seq: int

    def __str__(self) -> str:
        return f"{self.txid}-{self.seq}"
