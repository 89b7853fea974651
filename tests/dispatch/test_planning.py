"""Planning against a real PostGIS: what is offered to whom, what stays, what is said."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine

from dispatch import lifecycle, store
from dispatch.model import (
    Assignment,
    AssignmentState,
    Duty,
    Event,
    Interval,
    Priority,
    Purpose,
    ResponderKind,
    Source,
    Stage,
)
from dispatch.planning import Planner, plan_district
from dispatch.planning.saving import moves
from dispatch.planning.snapshot import read
from dispatch.planning.timing import Slot, times
from dispatch.solver import Stop
from dispatch.store import plans
from gis.database import begin
from gis.model import Leg, Mode, Point
from gis.travel.beeline import Beeline
from gis.travel.engine import Matrix
from tests.dispatch import make
from tests.dispatch.square import Square, at


@pytest.fixture
def square(module_database: Engine) -> Square:
    return Square(module_database)


def planner(square: Square, travel: Any = None) -> Planner:
    return Planner(engine=square.engine, travel=travel or Beeline(), seconds=0.1)


def now() -> datetime:
    return datetime.now(UTC)


def windows_apart(live: Sequence[Assignment]) -> bool:
    rows = sorted(live, key=lambda a: a.during.start)
    return all(a.during.end <= b.during.start for a, b in pairwise(rows))


def test_an_open_case_is_offered_to_whom_it_is_near(square: Square) -> None:
    square.person(at(-4))
    near, case = square.person(at(1)), square.case(at(1.5))
    made = plan_district(planner(square), square.district)
    offer = square.live()[case.id]
    assert (offer.responder, offer.purpose, offer.state) == (near.id, Purpose.HANDLE, AssignmentState.OFFERED)
    assert offer.during.start < offer.eta < offer.during.end
    assert offer.travel_metres > 400
    assert offer.estimated
    assert (made.placed, made.moved, made.unassigned) == (1, 0, ())


def test_an_offer_moves_the_case_and_starts_the_clock_of_handling(square: Square) -> None:
    square.person(at(0))
    case = square.case(at(1))
    plan_district(planner(square), square.district)
    after = square.incident(case.id)
    assert (after.stage, after.version) == (Stage.DISPATCHED, 2)
    assert after.due_handle_at is not None


def test_every_change_is_announced_once_and_the_plan_as_well(square: Square) -> None:
    square.person(at(0))
    case = square.case(at(1))
    plan_district(planner(square), square.district)
    assert [e["incident"] for e in square.events("assignment.offered")] == [case.id]
    assert square.events("assignment.offered")[0]["body"]["incident"]["stage"] == "dispatched"
    assert square.events("plan.made")[0]["body"]["plan"]["placed"] == 1


def test_planning_twice_changes_nothing_and_says_nothing(square: Square) -> None:
    square.person(at(0))
    square.case(at(1))
    first = plan_district(planner(square), square.district)
    before = square.live()
    again = plan_district(planner(square), square.district)
    assert square.live() == before
    assert again.id == first.id
    assert len(square.events("plan.made")) == 1


def test_two_districts_on_the_same_ground_lend_each_other_nobody(square: Square) -> None:
    beside = Square(square.engine)
    person, case = beside.person(at(0)), square.case(at(0.5))
    own = beside.case(at(0.5))
    assert plan_district(planner(square), square.district).unassigned[0].reason == "nobody_on_duty"
    plan_district(planner(beside), beside.district)
    assert square.live() == {}
    assert [(a.incident, a.responder) for a in beside.live().values()] == [(own.id, person.id)]
    assert case.id not in beside.live()


def test_the_windows_of_a_row_follow_one_another(square: Square) -> None:
    square.person(at(0))
    for east in (1, 2, 3, 4):
        square.case(at(east))
    plan_district(planner(square), square.district)
    rows = list(square.live().values())
    assert len(rows) == 4
    assert windows_apart(rows)
    assert sorted(a.seq for a in rows) == [1, 2, 3, 4]


def test_a_life_in_danger_overtakes_what_is_only_offered(square: Square) -> None:
    square.person(at(0))
    lamp = square.case(at(1))
    plan_district(planner(square), square.district)
    life = square.case(at(-3), priority=Priority.LIFE, due_arrive_at=now() + timedelta(minutes=8))
    plan_district(planner(square), square.district)
    live = square.live()
    assert live[life.id].during.end <= live[lamp.id].during.start
    assert live[life.id].seq < live[lamp.id].seq
    assert square.events("assignment.shifted")[-1]["incident"] == lamp.id


def test_of_two_cases_due_at_once_the_graver_comes_first_though_the_other_is_nearer(square: Square) -> None:
    square.person(at(0))
    due = now() + timedelta(minutes=1)
    low = square.case(at(1), priority=Priority.LOW, due_arrive_at=due)
    life = square.case(at(-1.3), priority=Priority.LIFE, due_arrive_at=due)
    plan_district(planner(square), square.district)
    live = square.live()
    assert live[life.id].during.end <= live[low.id].during.start


def test_what_a_plan_forgets_is_taken_from_nobody_who_has_begun_or_was_sent_by_hand(square: Square) -> None:
    person, case = square.person(at(0)), square.case(at(1))
    plan_district(planner(square), square.district)
    seen = read(square.engine, square.district)
    nothing: dict[int, tuple[Slot, ...]] = {person.id: ()}
    assert [m.taken for m in moves(seen, nothing)] == [seen.live[case.id]]
    for kept in (
        replace(seen.live[case.id], placed_by=1),
        replace(seen.live[case.id], state=AssignmentState.ACCEPTED),
        replace(seen.live[case.id], state=AssignmentState.ON_SCENE),
    ):
        assert moves(replace(seen, live={case.id: kept}), nothing) == []


def test_a_delay_of_seconds_does_not_run_down_the_row(square: Square) -> None:
    begin = now()
    free = begin + timedelta(minutes=10, seconds=20)  # the task before ends twenty seconds later than was planned
    during = Interval(start=begin + timedelta(minutes=10), end=begin + timedelta(minutes=30))
    held = make.assignment(during=during, eta=begin + timedelta(minutes=14))
    stop = Stop(task=0, leave=620, begin=860, end=1820, travel=240)
    told, eta = times(begin, stop, held, free)
    assert (told, eta) == (Interval(start=free, end=during.end), held.eta)
    late, _ = times(begin, replace(stop, leave=1000, begin=1240, end=2200), held, free)
    assert late.start == begin + timedelta(seconds=1000)


def test_what_has_begun_and_what_a_person_placed_stays(square: Square) -> None:
    far, _ = square.person(at(-4)), square.person(at(2))
    begun, placed = square.case(at(2)), square.case(at(2.2))
    plan_district(planner(square), square.district)
    with begin(square.engine) as tx:
        for key in (begun.id, placed.id):
            offer = store.live_assignment(tx, key)
            assert offer is not None
            store.save_assignment(tx, offer, replace(offer, responder=far.id, version=offer.version + 1))
    square.does(begun.id, lifecycle.accept)
    with begin(square.engine) as tx:
        offer = store.live_assignment(tx, placed.id)
        assert offer is not None
        tx.exec_driver_sql("INSERT INTO app_user (login, name) VALUES ('dora', 'Dora') ON CONFLICT DO NOTHING")
        dora = tx.exec_driver_sql("SELECT id FROM app_user WHERE login = 'dora'").scalar_one()
        store.save_assignment(tx, offer, replace(offer, placed_by=dora, version=offer.version + 1))
    plan_district(planner(square), square.district)
    assert {a.responder for a in square.live().values()} == {far.id}


def test_work_that_overruns_pushes_the_rest_of_the_row(square: Square) -> None:
    who = square.person(at(0))
    first, second = square.case(at(0), stage=Stage.HANDLING), square.case(at(0.2), stage=Stage.DISPATCHED)
    began = now() - timedelta(minutes=40)
    on_scene = {"state": AssignmentState.ON_SCENE, "arrived_at": began, "departed_at": began, "accepted_at": began}
    square.place(first, who, start=began, minutes=15, **on_scene)
    square.place(second, who, start=began + timedelta(minutes=15), minutes=20, seq=2)
    plan_district(planner(square), square.district)
    live = square.live()
    assert live[first.id].during.start == began
    assert live[first.id].during.end > now()
    assert live[second.id].during.start >= live[first.id].during.end


def test_an_offer_goes_to_another_when_somebody_goes_off_duty(square: Square) -> None:
    near, far, case = square.person(at(1)), square.person(at(-4)), square.case(at(1))
    plan_district(planner(square), square.district)
    with begin(square.engine) as tx:
        store.save_responder(tx, near, replace(near, duty=Duty.OFF, version=near.version + 1))
    made = plan_district(planner(square), square.district)
    assert square.live()[case.id].responder == far.id
    assert (made.placed, made.moved) == (0, 1)
    withdrawn = square.events("assignment.withdrawn")
    assert [(e["responder"], e["reason"]) for e in withdrawn] == [(near.id, "replanned")]
    versions = [e["body"]["incident"]["version"] for e in (*withdrawn, *square.events("assignment.offered"))]
    assert sorted(versions) == [2, 3, 4]


def test_an_offer_stays_when_a_change_gains_a_few_seconds_only(square: Square) -> None:
    square.person(at(2))
    case = square.case(at(1))
    plan_district(planner(square), square.district)
    before = square.live()[case.id]
    square.person(at(1.2))
    plan_district(planner(square), square.district)
    assert square.live()[case.id] == before


def test_whoever_declined_is_not_asked_again_at_once(square: Square) -> None:
    near, far, case = square.person(at(1)), square.person(at(-4)), square.case(at(1))
    plan_district(planner(square), square.district)
    square.does(case.id, lifecycle.decline, reason="no ladder")
    plan_district(planner(square), square.district)
    assert square.live()[case.id].responder == far.id != near.id


def test_a_case_that_nobody_can_take_waits_with_its_reason_until_somebody_can(square: Square) -> None:
    square.person(at(0), skills=frozenset())
    case, unknown = square.case(at(1)), square.case(None)
    plan_district(planner(square), square.district)
    with begin(square.engine) as tx:
        waiting = plans.waiting(tx, square.district)
    assert (waiting[case.id].reason, waiting[case.id].params["skill"]) == ("no_skill", "electric")
    assert waiting[unknown.id].reason == "not_located"
    square.person(at(0))
    plan_district(planner(square), square.district)
    with begin(square.engine) as tx:
        assert set(plans.waiting(tx, square.district)) == {unknown.id}


def test_a_public_report_is_checked_on_site_and_stays_collected_meanwhile(square: Square) -> None:
    square.person(at(0), skills=frozenset())
    case = square.case(at(1), stage=Stage.COLLECTED, source=Source.WEB, filed_at=None, due_arrive_at=None)
    plan_district(planner(square), square.district)
    assert square.live()[case.id].purpose is Purpose.CHECK
    assert square.incident(case.id) == case


def test_work_is_verified_by_somebody_else_and_by_no_volunteer(square: Square) -> None:
    did, other = square.person(at(1)), square.person(at(-4))
    square.person(at(1), kind=ResponderKind.VOLUNTEER)
    case = square.case(at(1), stage=Stage.FED_BACK, fed_back_at=now(), handled_by=did.id)
    plan_district(planner(square), square.district)
    live = square.live()[case.id]
    assert (live.responder, live.purpose) == (other.id, Purpose.VERIFY)


def test_a_volunteer_goes_no_further_than_they_said_and_to_no_dangerous_work(square: Square) -> None:
    square.person(at(0), kind=ResponderKind.VOLUNTEER, radius_m=1000)
    far, gas = square.case(at(3)), square.case(at(0.1), class_code="gas")
    made = plan_district(planner(square), square.district)
    assert {w.incident: w.reason for w in made.unassigned} == {
        far.id: "out_of_radius",
        gas.id: "class_not_for_volunteers",
    }


def test_nobody_is_offered_what_would_end_after_their_shift(square: Square) -> None:
    square.person(at(0), hours=0.2)
    case = square.case(at(3))
    made = plan_district(planner(square), square.district)
    assert [(w.incident, w.reason) for w in made.unassigned] == [(case.id, "shift_over")]


def test_no_transaction_is_open_while_ways_are_asked_for(square: Square) -> None:
    square.person(at(0))
    square.case(at(1))
    asked = Watching(square.engine)
    plan_district(planner(square, asked), square.district)
    assert asked.open == [0]


def test_what_somebody_touched_meanwhile_is_left_alone_and_planned_anew(square: Square) -> None:
    """The offer is accepted while the engine is asking for ways: the plan may not take it away."""
    near, case = square.person(at(1)), square.case(at(1))
    plan_district(planner(square), square.district)
    with begin(square.engine) as tx:
        store.save_responder(tx, near, replace(near, duty=Duty.OFF, version=near.version + 1))
    square.person(at(-1))
    meddling = Meddling(lambda: square.does(case.id, lifecycle.accept))
    plan_district(planner(square, meddling), square.district)
    live = square.live()[case.id]
    assert (live.responder, live.state) == (near.id, AssignmentState.ACCEPTED)
    assert meddling.calls >= 2


def test_a_case_that_arrives_meanwhile_is_planned_by_the_next_round_only_if_it_collides(square: Square) -> None:
    square.person(at(0))
    first = square.case(at(1))
    late: list[int] = []
    plan_district(planner(square, Meddling(lambda: late.append(square.case(at(2)).id))), square.district)
    assert set(square.live()) == {first.id}
    plan_district(planner(square), square.district)
    assert set(square.live()) == {first.id, *late}


def test_two_planners_at_once_make_no_double_booking(square: Square) -> None:
    for east in range(-3, 4):
        square.case(at(east))
    for east in (-2, 2):
        square.person(at(east))
    errors: list[BaseException] = []

    def work() -> None:
        try:
            plan_district(planner(square), square.district)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert errors == []
    live = square.live().values()
    assert len(live) == 7
    for who in {a.responder for a in live}:
        assert windows_apart([a for a in live if a.responder == who])


def test_a_plan_that_was_asked_for_is_kept_even_if_nothing_changed(square: Square) -> None:
    with begin(square.engine) as tx:
        tx.exec_driver_sql("INSERT INTO app_user (login, name) VALUES ('dora', 'Dora') ON CONFLICT DO NOTHING")
        dora = tx.exec_driver_sql("SELECT id FROM app_user WHERE login = 'dora'").scalar_one()
    made = plan_district(planner(square), square.district, asked_by=dora)
    assert made.id > 0
    with begin(square.engine) as tx:
        latest = plans.latest_plan(tx, square.district)
    assert latest is not None
    assert latest.id == made.id


class Watching(Beeline):
    """Counts the transactions that are open when it is asked."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        object.__setattr__(self, "engine", engine)
        object.__setattr__(self, "open", [])

    def matrix(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:
        self.open.append(self.engine.pool.checkedout())  # type: ignore[attr-defined]  # set above
        return super().matrix(mode, sources, targets)


class Meddling:
    """Lets somebody act while the engine is thinking, the first time."""

    def __init__(self, act: Any) -> None:
        self.act, self.calls = act, 0

    def matrix(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:
        self.calls += 1
        if self.calls == 1:
            self.act()
        return Beeline().matrix(mode, sources, targets)

    def route(self, mode: Mode, stops: Sequence[Point]) -> Leg:
        return Beeline().route(mode, stops)


def test_a_refused_event_leaves_nothing_behind(square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction: when the last word cannot be said, nothing was done."""
    square.person(at(0))
    case = square.case(at(1))
    record = store.record

    def refuse(tx: Any, event: Event) -> int:
        if event.kind == "plan.made":
            raise RuntimeError("disk full")
        return record(tx, event)

    monkeypatch.setattr("dispatch.planning.saving.store.record", refuse)
    with pytest.raises(RuntimeError, match="disk full"):
        plan_district(planner(square), square.district)
    monkeypatch.undo()
    assert square.live() == {}
    assert square.incident(case.id).stage is Stage.FILED
