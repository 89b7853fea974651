"""The engine: how plans are made, what it proposes, what it weighs."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from api.schemas.base import BigNumber, In, Moment, Names, Number, Out, PointIn, Words
from api.schemas.base import Point as PointOut
from api.schemas.work import ActorOut, CandidateOut, WaitingOut

Seconds = Annotated[int, Field(ge=0, le=86_400)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


def _on_the_wall(at: time) -> time:
    if at.tzinfo is not None or at.microsecond:
        raise ValueError("a time of the local clock")
    return at


Clock = Annotated[time, AfterValidator(_on_the_wall)]
Skill = Annotated[str, Field(min_length=1, max_length=40)]


class SaidOut(Out):
    """A code with its parameters and its sentence."""

    code: str
    params: dict[str, Any] = Field(default_factory=dict)
    message: str


class PartOut(Out):
    """One part of a cost, weighted seconds."""

    code: str
    name: str
    value: int


class ChangedPartOut(Out):
    code: str
    name: str
    before: int
    after: int


class CostOut(Out):
    before: int
    after: int
    parts: list[ChangedPartOut]


class LateOut(Out):
    before_minutes: float
    after_minutes: float
    before_cases: int
    after_cases: int


class TakenOut(Out):
    """A case that comes to somebody or leaves them."""

    incident: int
    part: int = 0
    number: str
    title: str
    from_: int | None = Field(default=None, alias="from", serialization_alias="from")
    to: int | None = None


class MovedOut(Out):
    """A case that begins earlier (negative) or later."""

    incident: int
    part: int = 0
    number: str
    title: str
    seconds: int


class PersonDiffOut(Out):
    """What changes for one person; somebody who only joins in a what-if has a negative number."""

    responder: int
    name: str
    gains: list[TakenOut]
    loses: list[TakenOut]
    moves: list[MovedOut]
    message: str


class ProposalOut(Out):
    """A plan that would break promises, and waits for a word."""

    id: int
    district: int
    made_at: Moment
    epoch: int
    engine: str
    state: Literal["open", "applied", "rejected", "superseded"]
    cost: CostOut
    late: LateOut
    changes: int
    people: list[PersonDiffOut]
    decided_by: ActorOut | None
    decided_at: Moment | None
    reason: str | None


class DegradedPlanOut(Out):
    code: str
    message: str


class PlanLineOut(Out):
    """One plan in the list."""

    id: int
    made_at: Moment
    engine: str
    cost: int
    seconds: float
    placed: int
    moved: int
    changes: int = Field(description="Promises that went to somebody else.")
    degraded: DegradedPlanOut | None
    asked_by: ActorOut | None
    applied_by: ActorOut | None
    undone_by: ActorOut | None
    undone_at: Moment | None
    reason: str | None


class StandbyOut(Out):
    area: int
    name: str
    least: int
    on_duty: int
    free: int
    short: int


class PlanningOut(Out):
    """How plans are made here, and what became of the last ones."""

    district: int
    plan_mode: Literal["auto", "ask"]
    most_changes: int | None
    version: int
    changed_by: ActorOut | None
    changed_at: Moment | None
    standby: list[StandbyOut]
    proposal: ProposalOut | None
    last: PlanLineOut | None
    undoable: PlanLineOut | None
    plans: list[PlanLineOut]


class StandbyIn(In):
    area: Number
    least: Annotated[int, Field(ge=1, le=1000)]


class PlanningIn(In):
    version: Version
    plan_mode: Literal["auto", "ask"]
    most_changes: Annotated[int, Field(ge=0, le=10_000)] | None = None
    standby: Annotated[list[StandbyIn], Field(default_factory=list, max_length=500)]


class ApplyIn(In):
    epoch: BigNumber | None = None
    reason: Words | None = None


class ReasonIn(In):
    reason: Words | None = None


class AppliedOut(Out):
    proposal: ProposalOut
    plan: PlanLineOut


class RestoredOut(Out):
    incident: int
    number: str
    responder: int
    name: str


class NotRestoredOut(Out):
    incident: int
    number: str
    code: str
    message: str


class UndoneOut(Out):
    """Which promises hold again, and which could not be made again."""

    restored: list[RestoredOut]
    could_not: list[NotRestoredOut]
    plan: PlanLineOut


class WeightOut(Out):
    """One weight or limit with its explanation."""

    code: str
    value: int
    default: int
    unit: Literal["factor", "seconds", "thousandths"]
    group: str
    least: int
    most: int
    name: str
    names: Names
    explained: Names
    example: Names
    changed_by: ActorOut | None
    changed_at: Moment | None


class WeightsOut(Out):
    district: int
    version: int
    weights: list[WeightOut]


class WeightsIn(In):
    version: Version
    weights: Annotated[dict[str, int], Field(min_length=1, max_length=100)]


class MoveUpOut(Out):
    """Somebody idle who had better wait elsewhere."""

    responder: int
    name: str
    area: int
    area_name: str
    point: PointOut
    seconds: int
    message: str


class MoveUpsOut(Out):
    areas: list[StandbyOut]
    moves: list[MoveUpOut]


class HeldIn(In):
    skill: Skill
    level: Annotated[int, Field(ge=1, le=9)] = 1
    valid_until: Moment | None = None


class VehicleIn(In):
    width_m: Annotated[float, Field(gt=0, le=20)] | None = None
    capacity: Annotated[
        dict[Skill, Annotated[int, Field(ge=0, le=1_000_000)]], Field(default_factory=dict, max_length=50)
    ]


class PersonLimitsIn(In):
    version: Number
    skills: Annotated[list[HeldIn], Field(max_length=100)]
    vehicle: VehicleIn | None = None
    overtime_seconds: Seconds | None = None
    rest_seconds: Seconds | None = None
    max_seconds: Seconds | None = None


class HeldOut(Out):
    skill: str
    level: int
    valid_until: Moment | None


class VehicleOut(Out):
    width_m: float | None
    capacity: dict[str, int]


class PersonLimitsOut(Out):
    """What somebody holds, comes with and may be asked for; null: as the district has it."""

    responder: int
    version: int
    skills: list[HeldOut]
    vehicle: VehicleOut | None
    overtime_seconds: int | None
    rest_seconds: int | None
    max_seconds: int | None
    worked_today: int
    worked_week: int


class BreakIn(In):
    """A pause of `seconds` that begins between two times of the local clock."""

    from_: Clock = Field(alias="from")
    until: Clock
    seconds: Annotated[int, Field(ge=60, le=14_400)]


class PatternIn(In):
    """Work on these days (1 Monday .. 7 Sunday), local clock; an end that is not after the beginning is on the next."""

    weekdays: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
    starts: Clock
    ends: Clock
    break_: BreakIn | None = Field(default=None, alias="break")


class PatternsIn(In):
    version: Number
    patterns: Annotated[list[PatternIn], Field(max_length=50)]


class BreakOut(Out):
    from_: time = Field(alias="from", serialization_alias="from")
    until: time
    seconds: int


class PatternOut(Out):
    weekdays: list[int]
    starts: time
    ends: time
    break_: BreakOut | None = Field(alias="break", serialization_alias="break")


class PatternsOut(Out):
    """When somebody works, as agreed; written out for the weeks ahead."""

    responder: int
    version: int
    patterns: list[PatternOut]


class CaseLimitsIn(In):
    version: Number
    appointment_from: Moment | None = None
    appointment_to: Moment | None = None
    max_width_m: Annotated[float, Field(gt=0, le=20)] | None = None
    after: Annotated[list[BigNumber], Field(default_factory=list, max_length=20)]


class CaseLimitsOut(Out):
    incident: int
    version: int
    appointment_from: Moment | None
    appointment_to: Moment | None
    max_width_m: float | None
    after: list[int]


class JoinIn(In):
    """Somebody who might come."""

    kind: Literal["worker", "volunteer"] = "volunteer"
    skills: Annotated[list[Skill], Field(default_factory=list, max_length=50)]
    mode: Literal["walk", "cycle", "drive"] = "walk"
    point: PointIn
    until: Moment | None = None
    name: Annotated[str, Field(max_length=100)] | None = None


class WhatIfIn(In):
    """A day that might be."""

    out: Annotated[list[Number], Field(default_factory=list, max_length=500)]
    join: Annotated[list[JoinIn], Field(default_factory=list, max_length=50)]
    close: Annotated[list[dict[str, Any]], Field(default_factory=list, max_length=50)]
    seconds: Annotated[float, Field(gt=0, le=1.0)] = 0.4


class UnservedCaseOut(WaitingOut):
    incident: int
    number: str
    title: str


class SideOut(Out):
    cost: int
    parts: list[PartOut]
    late_minutes: float
    late_cases: int
    served: int
    unserved: list[UnservedCaseOut]
    in_time: float | None


class WhatIfOut(Out):
    """The day as it is and as it would be. Nothing is written."""

    seconds: float
    estimated: bool
    written: Literal[False] = False
    before: SideOut
    after: SideOut
    people: list[PersonDiffOut]
    message: str


class PriceOut(Out):
    total: int
    parts: list[PartOut]


class WhyCandidateOut(CandidateOut):
    """One person, with what giving them the case would cost the plan."""

    holds: bool
    price: PriceOut | None
    hurdle: SaidOut | None


class ChosenOut(Out):
    responder: int
    message: str


class NextOut(ChosenOut):
    more: int
    parts: list[PartOut]


class StandingPlanOut(Out):
    cost: int
    engine: str


class WhyOut(Out):
    """Why this person, why not the next, or why nobody."""

    incident: int
    number: str
    purpose: str
    made_at: Moment
    holder: int | None
    locked: bool
    plan: StandingPlanOut | None
    candidates: list[WhyCandidateOut]
    chosen: ChosenOut | None
    next: NextOut | None
    unserved: WaitingOut | None
    remedies: list[SaidOut]
    took_ms: int
