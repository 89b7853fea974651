"""What people ask the house to do."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.base import In, Moment, Number, Out, PointIn, Words
from dispatch.model import Duty, Purpose

Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_.\-]+$")]
Contact = Annotated[str, Field(max_length=200)]


class ReportIn(In):
    """A case as somebody at the console, or in the field, hears or sees it."""

    class_code: Code
    text: Annotated[str, Field(max_length=300)] | None = None
    point: PointIn | None = None
    title: Annotated[str, Field(max_length=200)] = ""
    description: Words = ""
    place: Annotated[str, Field(max_length=300)] | None = None
    contact: Contact | None = None
    source: Literal["phone", "web", "field"] = "phone"
    filing_criterion: Code | None = None
    priority: Annotated[int, Field(ge=1, le=4)] | None = None


class PublicReportIn(In):
    """A report by anybody, without an account."""

    class_code: Code
    description: Annotated[str, Field(min_length=1, max_length=4000)]
    text: Annotated[str, Field(max_length=300)] | None = None
    point: PointIn | None = None
    contact: Contact | None = None


class AssignIn(In):
    responder: Number
    version: Number
    purpose: Purpose | None = None
    reason: Words | None = None


class DeedIn(In):
    """One step of a case. Which fields are needed depends on the step: see `deeds` in the detail of the case."""

    version: Number
    reason: Words | None = None
    criterion: Code | None = None
    outcome: Words | None = None
    score: Annotated[int, Field(ge=1, le=5)] | None = None
    class_code: Code | None = None
    point: PointIn | None = None
    text: Annotated[str, Field(max_length=300)] | None = None
    note: Words | None = None


class FieldDeedIn(In):
    """One step on the phone."""

    version: Number
    reason: Words | None = None
    note: Words | None = None
    outcome: Literal["done", "not_found", "needs_other", "ok", "not_ok"] | None = None
    at: Moment | None = Field(default=None, description="When it was done, if the phone was offline then.")


class DutyIn(In):
    duty: Duty


class FixIn(In):
    """One position of a phone."""

    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    at: Moment
    accuracy: float | None = Field(default=None, ge=0)
    heading: float | None = None
    speed: float | None = Field(default=None, description="Metres per second.")


class ScoreIn(In):
    score: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Field(max_length=2000)] = ""


class AcceptedOut(Out):
    accepted: int


class ReceiptOut(Out):
    """What a resident follows the report with."""

    number: str
    token: str
    url: str


class StageAtOut(Out):
    stage: str
    at: Moment | None


class TrackOut(Out):
    """What a resident sees of a report."""

    number: str
    title: str
    place: str
    stage: str
    stages: list[StageAtOut]
    updated_at: Moment
    evaluable: bool
