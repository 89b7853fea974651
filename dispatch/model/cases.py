"""A case, from report to closure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.model.classes import Priority
from dispatch.model.ids import AssignmentId, IncidentId, ResponderId, UserId
from gis.model import AreaId, CellId, DistrictId, Point


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


class Outcome(StrEnum):
    """What feedback says."""

    DONE = "done"
    NOT_FOUND = "not_found"
    NEEDS_OTHER = "needs_other"  #: somebody else has to go: another skill, more hands
    OK = "ok"
    NOT_OK = "not_ok"


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
    said: str | None = None  #: the words that it was looked for by
    after: tuple[IncidentId, ...] = ()  #: cases whose work has to end before this one's begins


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A photo of a case; its body is fetched by itself."""

    id: int
    incident: IncidentId
    assignment: AssignmentId | None
    media_type: str
    at: datetime
