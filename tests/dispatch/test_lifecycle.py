"""The guarded table of transitions, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import lifecycle
from dispatch.errors import Invalid, NoCriterion, NoReason, NotNow, SamePerson
from dispatch.lifecycle import LEGAL, TRANSITIONS
from dispatch.model import (
    Assignment,
    AssignmentState,
    Deed,
    Incident,
    Interval,
    Outcome,
    Purpose,
    Role,
    Source,
    Stage,
)
from gis.model import Found, Place
from tests.dispatch import make
from tests.dispatch.make import MANHOLE, NOON

pytestmark = pytest.mark.pure

LATER = NOON + timedelta(hours=1)


def _do(deed: Deed, case: Incident) -> Incident:
    """Any deed of the desk with everything it could ask for."""
    desk = make.user(Role.DISPATCHER)
    deeds = {
        Deed.CONFIRM: lambda: lifecycle.confirm(case, kind=MANHOLE, criterion="missing", at=LATER),
        Deed.REJECT: lambda: lifecycle.reject(case, reason="double", at=LATER),
        Deed.OFFER: lambda: lifecycle.offer(case, purpose=Purpose.HANDLE, at=LATER),
        Deed.RETURN: lambda: lifecycle.return_(case, reason="not good"),
        Deed.CLOSE: lambda: lifecycle.close(case, kind=MANHOLE, criterion="restored", outcome=None, who=desk, at=LATER),
        Deed.REOPEN: lambda: lifecycle.reopen(case, kind=MANHOLE, reason="again", at=LATER),
        Deed.EVALUATE: lambda: lifecycle.evaluate(case, score=3),
        Deed.RECLASSIFY: lambda: lifecycle.reclassify(
            case, kind=MANHOLE, criterion=None, priority=None, reason="other", at=LATER
        ),
        Deed.RELOCATE: lambda: lifecycle.relocate(case, place=THERE),
    }
    return deeds[deed]()


THERE = Place(point=make.HERE, label="there", found=Found.PIN, score=1.0, accuracy_m=1.0)
DESK_DEEDS = (
    Deed.CONFIRM,
    Deed.REJECT,
    Deed.OFFER,
    Deed.RETURN,
    Deed.CLOSE,
    Deed.REOPEN,
    Deed.EVALUATE,
    Deed.RECLASSIFY,
    Deed.RELOCATE,
)


@pytest.mark.parametrize("deed", DESK_DEEDS)
@pytest.mark.parametrize("stage", Stage)
def test_a_deed_leaves_exactly_the_stages_of_its_row(deed: Deed, stage: Stage) -> None:
    case = make.incident(stage=stage)
    if stage not in TRANSITIONS[deed].stages:
        with pytest.raises((NotNow, Invalid)):
            _do(deed, case)
        return
    after = _do(deed, case)
    assert after.version == case.version + 1
    assert after.stage is stage or (stage, after.stage) in LEGAL


def test_every_stage_can_be_reached_and_only_from_where_the_loop_says() -> None:
    assert {to for _, to in LEGAL} | {Stage.COLLECTED} == set(Stage)
    assert (Stage.FILED, Stage.CLOSED) not in LEGAL
    assert (Stage.DISPATCHED, Stage.CLOSED) not in LEGAL
    assert (Stage.COLLECTED, Stage.CLOSED) not in LEGAL


@pytest.mark.parametrize(("criterion", "hours"), [("missing", 2), ("broken", 4), ("noisy", 48), ("sunken", 120)])
def test_a_criterion_brings_its_own_limit(criterion: str, hours: int) -> None:
    case = make.incident(stage=Stage.COLLECTED, filed_at=None)
    filed = lifecycle.confirm(case, kind=MANHOLE, criterion=criterion, at=NOON)
    sent = lifecycle.offer(filed, purpose=Purpose.HANDLE, at=LATER)
    assert sent.due_handle_at == LATER + timedelta(hours=hours)


def test_a_criterion_without_a_limit_takes_the_limit_of_the_class() -> None:
    plain = replace(MANHOLE, filing=(replace(MANHOLE.filing[0], handle_seconds=None),), handle_seconds=99)
    case = make.incident(stage=Stage.COLLECTED, filed_at=None)
    assert lifecycle.confirm(case, kind=plain, criterion="missing", at=NOON).handle_seconds == 99


def test_the_handling_clock_starts_once_and_a_decline_does_not_stop_it() -> None:
    sent = lifecycle.offer(make.incident(), purpose=Purpose.HANDLE, at=NOON)
    work = lifecycle.Work(incident=sent, assignment=make.assignment())
    declined = lifecycle.decline(work, reason="flat tyre", at=LATER).incident
    again = lifecycle.offer(declined, purpose=Purpose.HANDLE, at=LATER)
    assert (again.dispatched_at, again.due_handle_at) == (NOON, NOON + timedelta(hours=2))


def test_whoever_handled_a_case_may_not_close_it() -> None:
    case = make.incident(stage=Stage.FED_BACK, handled_by=7)
    lei = make.user(Role.DISPATCHER, responder=7)
    with pytest.raises(SamePerson):
        lifecycle.close(case, kind=MANHOLE, criterion="restored", outcome=None, who=lei, at=LATER)


def test_whoever_handled_a_case_may_not_verify_it_on_site() -> None:
    work = make.work(Stage.FED_BACK, AssignmentState.ON_SCENE, Purpose.VERIFY, handled_by=7)
    with pytest.raises(SamePerson):
        lifecycle.feed_back(work, kind=MANHOLE, outcome=Outcome.OK, note=None, criterion=None, by=1, at=LATER)


@pytest.mark.parametrize("deed", [deed for deed in DESK_DEEDS if TRANSITIONS[deed].reason])
def test_a_deed_that_takes_something_back_takes_a_reason(deed: Deed) -> None:
    with pytest.raises(NoReason):
        lifecycle.check_reason(deed, "  ")


def test_a_criterion_of_another_class_is_refused_with_those_of_this_one() -> None:
    case = make.incident(stage=Stage.COLLECTED)
    with pytest.raises(NoCriterion) as heard:
        lifecycle.confirm(case, kind=MANHOLE, criterion="trapped", at=LATER)
    assert heard.value.params["allowed"] == ["missing", "broken", "noisy", "sunken"]


def test_a_report_that_was_rejected_unseen_is_checked_after_reopening() -> None:
    case = make.incident(stage=Stage.REJECTED, filing_criterion=None, filed_at=None)
    assert lifecycle.reopen(case, kind=MANHOLE, reason="seen again", at=LATER).stage is Stage.COLLECTED


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_outside_one_to_five_is_refused(score: int) -> None:
    with pytest.raises(Invalid):
        lifecycle.evaluate(make.incident(stage=Stage.CLOSED), score=score)


def test_nobody_is_sent_to_verify_what_waits_to_be_handled() -> None:
    with pytest.raises(Invalid):
        lifecycle.offer(make.incident(stage=Stage.FILED), purpose=Purpose.VERIFY, at=NOON)


@pytest.mark.parametrize("state", AssignmentState)
@pytest.mark.parametrize("deed", ["accept", "decline", "depart", "arrive", "withdraw"])
def test_an_assignment_takes_only_legal_steps(state: AssignmentState, deed: str) -> None:
    stage = Stage.DISPATCHED if state is AssignmentState.OFFERED else Stage.HANDLING
    given_, says = make.work(stage, state), {"reason": "r"} if deed in ("decline", "withdraw") else {}
    try:
        after = getattr(lifecycle, deed)(given_, at=LATER, **says)
    except NotNow:
        return
    assert (state, after.assignment.state) in lifecycle.LEGAL_STATES
    assert after.assignment.version == 2


def test_what_is_over_stays_over() -> None:
    over = {AssignmentState.DONE, AssignmentState.DECLINED, AssignmentState.WITHDRAWN}
    assert not [step for step in lifecycle.LEGAL_STATES if step[0] in over]


@pytest.mark.parametrize(
    ("source", "roles", "filed"),
    [
        (Source.PHONE, [Role.DISPATCHER], True),
        (Source.FIELD, [Role.WORKER], True),
        (Source.FIELD, [Role.VOLUNTEER], False),
        (Source.WEB, [Role.DISPATCHER], False),
        (Source.PHONE, [Role.RESIDENT], False),
    ],
)
def test_only_the_staffs_own_reports_are_filed_at_once(source: Source, roles: list[Role], filed: bool) -> None:
    assert lifecycle.begins_filed(source, make.user(*roles)) is filed


def test_what_comes_from_above_or_from_a_sensor_is_registered() -> None:
    assert lifecycle.begins_filed(Source.SYSTEM, None)
    assert not lifecycle.begins_filed(Source.WEB, None)


@pytest.mark.parametrize("said", [None, "", "  \n"])
def test_what_takes_something_from_somebody_takes_a_reason(said: str | None) -> None:
    held = make.work(Stage.HANDLING, AssignmentState.ACCEPTED)
    deeds = {
        Deed.REJECT: lambda: lifecycle.reject(make.incident(), reason=said, at=LATER),
        Deed.RETURN: lambda: lifecycle.return_(make.incident(stage=Stage.FED_BACK), reason=said),
        Deed.REOPEN: lambda: lifecycle.reopen(make.incident(stage=Stage.CLOSED), kind=MANHOLE, reason=said, at=LATER),
        Deed.RECLASSIFY: lambda: lifecycle.reclassify(
            make.incident(), kind=MANHOLE, criterion=None, priority=None, reason=said, at=LATER
        ),
        Deed.DECLINE: lambda: lifecycle.decline(held, reason=said, at=LATER),
        Deed.WITHDRAW: lambda: lifecycle.withdraw(held, reason=said, at=LATER),
    }
    assert set(deeds) == {deed for deed, row in lifecycle.TRANSITIONS.items() if row.reason} - {Deed.NOTE}
    for deed in deeds.values():
        with pytest.raises(NoReason):
            deed()


def test_work_that_did_not_hold_is_nobody_s_and_waits_under_its_old_limit() -> None:
    due = NOON + timedelta(hours=2)
    done = make.incident(
        stage=Stage.FED_BACK, handled_by=7, fed_back_at=NOON, accepted_at=NOON, outcome="done", due_handle_at=due
    )
    back = lifecycle.return_(done, reason="loose again")
    assert (back.stage, back.returned, back.due_handle_at) == (Stage.FILED, 1, due)
    assert (back.handled_by, back.fed_back_at, back.accepted_at, back.outcome) == (None, None, None, None)


def test_a_class_without_a_limit_takes_the_old_deadline_away() -> None:
    case = make.incident(stage=Stage.FILED, dispatched_at=NOON, due_handle_at=NOON + timedelta(hours=2))
    endless = replace(
        MANHOLE, code="C9999", handle_seconds=None, filing=(replace(MANHOLE.filing[0], handle_seconds=None),)
    )
    after = lifecycle.reclassify(case, kind=endless, criterion=None, priority=None, reason="other", at=LATER)
    assert (after.handle_seconds, after.due_handle_at) == (None, None)


@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.integers(1, 120), st.booleans()),
        min_size=1,
        max_size=8,
    )
)
def test_a_chain_never_overlaps_keeps_every_length_and_draws_nothing_forward(
    tasks: list[tuple[int, int, bool]],
) -> None:
    live = [_window(n, start, length) for n, (start, length, _) in enumerate(tasks)]
    if tasks[0][2]:
        live[0] = replace(live[0], state=AssignmentState.EN_ROUTE)
    chained = lifecycle.rechain(live, now=NOON)
    before = {a.id: a for a in live}
    for one, two in pairwise(chained):
        assert one.during.end <= two.during.start
    for a in chained:
        was = before[a.id]
        assert a.during.start >= was.during.start
        if a.state is AssignmentState.OFFERED:
            assert a.during.end - a.during.start == was.during.end - was.during.start
        assert a.version == was.version + (a.during != was.during)


def _window(n: int, start: int, minutes: int) -> Assignment:
    begin = NOON + timedelta(minutes=start)
    return make.assignment(id=n + 1, seq=n, during=Interval(start=begin, end=begin + timedelta(minutes=minutes)))
