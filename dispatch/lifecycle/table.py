"""The guarded table of transitions of a case: the deed, the stages it leaves and reaches, who, what it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dispatch.errors import NoReason, NotNow
from dispatch.model import OPEN_STAGES, Deed, Incident, Role, Stage

DESK = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
FIELD = frozenset({Role.WORKER, Role.VOLUNTEER})


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One row. `to` empty: the stage stays. `own`: roles that may do it to their own work or report only."""

    deed: Deed
    stages: frozenset[Stage]
    to: frozenset[Stage] = frozenset()
    roles: frozenset[Role] = frozenset()
    own: frozenset[Role] = frozenset()
    reason: bool = False
    criterion: Literal["filing", "closing"] | None = None
    outcome: bool = False
    guard: str | None = None  #: what else must hold, checked by the function of that deed


def _row(deed: Deed, stages: str, to: str = "", **rest: object) -> Transition:
    return Transition(deed=deed, stages=_stages(stages), to=_stages(to), **rest)  # type: ignore[arg-type]  # passed through to typed fields


def _stages(names: str) -> frozenset[Stage]:
    return frozenset(Stage(name) for name in names.split())


OPEN = " ".join(sorted(OPEN_STAGES))
ANY = " ".join(Stage)

_ROWS = (
    _row(Deed.CONFIRM, "collected", "filed", roles=DESK, criterion="filing"),
    _row(Deed.REJECT, "collected filed", "rejected", roles=DESK, reason=True),
    _row(Deed.OFFER, "filed", "dispatched"),
    _row(Deed.ASSIGN, "collected filed dispatched handling fed_back", "dispatched", roles=DESK, guard="same_person"),
    _row(Deed.ACCEPT, "dispatched", "handling", own=FIELD),
    _row(Deed.DECLINE, "dispatched handling", "filed", own=FIELD, reason=True),
    _row(Deed.WITHDRAW, "dispatched handling", "filed", roles=DESK, reason=True),
    _row(
        Deed.FEED_BACK,
        "collected handling fed_back",
        "filed fed_back closed rejected",
        own=FIELD,
        outcome=True,
        guard="same_person",
    ),
    _row(Deed.RETURN, "fed_back", "filed", roles=DESK, reason=True),
    _row(Deed.CLOSE, "fed_back", "closed", roles=DESK, criterion="closing", guard="same_person"),
    _row(Deed.REOPEN, "closed evaluated rejected", "filed collected", roles=DESK, reason=True),
    _row(Deed.EVALUATE, "closed", "evaluated", roles=frozenset({Role.SUPERVISOR}), own=frozenset({Role.RESIDENT})),
    _row(Deed.RECLASSIFY, "collected filed", roles=DESK, reason=True),
    _row(Deed.RELOCATE, "collected filed dispatched handling", roles=DESK),
    _row(Deed.NOTE, ANY, roles=DESK, own=FIELD, reason=True),
    _row(Deed.ATTACH, OPEN, roles=DESK, own=FIELD | {Role.RESIDENT}),
)

TRANSITIONS = {row.deed: row for row in _ROWS}

#: Every step of stage that anything may take, for whoever checks a history.
LEGAL = frozenset(
    {
        (stage, to)
        for row in _ROWS
        if row.deed not in (Deed.FEED_BACK, Deed.ASSIGN)
        for stage in row.stages
        for to in row.to
    }
    | {
        (Stage.COLLECTED, Stage.FILED),  # a check on site confirms
        (Stage.COLLECTED, Stage.REJECTED),  # or does not
        (Stage.HANDLING, Stage.FED_BACK),
        (Stage.HANDLING, Stage.FILED),  # somebody else has to go
        (Stage.FED_BACK, Stage.CLOSED),  # verified on site
        (Stage.FED_BACK, Stage.FILED),  # or returned
    }
)


def check_stage(case: Incident, deed: Deed) -> Transition:
    """The row of `deed`; NotNow when the case's stage is not one that it leaves."""
    row = TRANSITIONS[deed]
    if case.stage not in row.stages:
        raise NotNow(deed=deed, stage=case.stage)
    return row


def check_reason(deed: Deed, reason: str | None) -> str:
    """The reason, trimmed; NoReason when it is blank."""
    if not (said := (reason or "").strip()):
        raise NoReason(field="reason", deed=deed)
    return said
