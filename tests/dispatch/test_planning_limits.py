"""Every real limit, from the tables to what is offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert, text

from dispatch import crew, desk, lifecycle, store, tables
from dispatch.classes import ClassTable
from dispatch.model import (
    Assignment,
    AssignmentState,
    Certificate,
    CrewRole,
    Grant,
    Incident,
    Interval,
    Outcome,
    PlanSummary,
    Responder,
    ResponderKind,
    Role,
    Stage,
    User,
    Vehicle,
)
from dispatch.planning import Planner, plan_district
from dispatch.planning.differing import side
from dispatch.planning.posing import Posed, pose
from dispatch.planning.snapshot import read
from dispatch.store.classes import put_classes
from dispatch.store.responders import replace_certificates
from dispatch.store.rows import window
from dispatch.store.shifts import Pattern
from gis.database import begin
from gis.model import Mode, Point
from gis.store.speeds import put
from gis.travel.beeline import Beeline
from gis.travel.engine import Matrix
from gis.travel.speeds import Day, Speed
from tests.dispatch.square import KIND, STAFF_ONLY, Square, at

TWO = replace(KIND, code="two", crew=(CrewRole(skill="electric"), CrewRole(skill=None)))
HARD = replace(KIND, code="hard", level=2)
SANDBAGS = replace(KIND, code="flood", needs={"sandbags": 10})
LATER = KIND.version + 1
KINDS = tuple(replace(one, version=LATER) for one in (KIND, STAFF_ONLY, TWO, HARD, SANDBAGS))


@pytest.fixture
def square(module_database: Engine) -> Square:
    found = Square(module_database)
    with begin(found.engine) as tx:
        put_classes(tx, KINDS)
    return found


def now() -> datetime:
    return datetime.now(UTC)


def plan(square: Square) -> PlanSummary:
    return plan_district(Planner(engine=square.engine, travel=Beeline(), seconds=0.2), square.district)


def posed(square: Square) -> Posed:
    return pose(read(square.engine, square.district), Beeline())


def case(square: Square, east: float, kind: str = "lamp", **changes: Any) -> Incident:
    return square.case(at(east), class_code=kind, class_version=LATER, **changes)


def waits(made: PlanSummary) -> Mapping[int, str]:
    return {w.incident: w.reason for w in made.unassigned}


def weigh(square: Square, **weights: int) -> None:
    with begin(square.engine) as tx:
        for code, value in weights.items():
            row = {"district": square.district, "code": code, "value": value, "version": 1}
            tx.execute(insert(tables.engine_weight).values(**row))


def holds(square: Square, who: Responder, **held: Certificate) -> None:
    with begin(square.engine) as tx:
        replace_certificates(tx, who.id, held)


def live(square: Square, key: int) -> dict[int, Assignment]:
    """Who is on a case, by part."""
    with begin(square.engine) as tx:
        return {a.part: a for a in store.live_crew(tx, key)}


def test_a_case_that_asks_for_more_goes_to_who_holds_the_skill_well_enough(square: Square) -> None:
    square.person(at(1))
    master = square.person(at(-3))
    holds(square, master, electric=Certificate(level=3))
    hard = case(square, 1, "hard")
    plan(square)
    assert square.live()[hard.id].responder == master.id


def test_a_certificate_has_to_be_good_until_the_work_ends(square: Square) -> None:
    near, far = square.person(at(1)), square.person(at(-4))
    holds(square, near, electric=Certificate(valid_until=now() + timedelta(minutes=10)))
    one = case(square, 1)
    plan(square)
    assert square.live()[one.id].responder == far.id


def test_a_vehicle_that_is_too_wide_for_the_lane_is_not_sent_and_the_reason_is_said(square: Square) -> None:
    who = square.person(at(1), vehicle=Vehicle(width_m=2.5))
    narrow = case(square, 1, max_width_m=2.0)
    assert waits(plan(square)) == {narrow.id: "too_wide"}
    small = square.person(at(-3), vehicle=Vehicle(width_m=1.8))
    plan(square)
    assert square.live()[narrow.id].responder == small.id != who.id


def test_what_has_to_be_brought_fits_into_one_tour(square: Square) -> None:
    square.person(at(0))
    van = square.person(at(-2), vehicle=Vehicle(capacity={"sandbags": 15}))
    first, second = case(square, 1, "flood"), case(square, 1.2, "flood")
    made = plan(square)
    assert {a.responder for a in square.live().values()} == {van.id}
    assert len(square.live()) == 1
    assert len(made.unassigned) == 1
    assert {first.id, second.id} == set(square.live()) | set(waits(made))


def test_work_with_an_appointment_begins_inside_it(square: Square) -> None:
    square.person(at(0))
    start = now() + timedelta(hours=2)
    one = case(square, 0.5, appointment_from=start, appointment_to=start + timedelta(minutes=20))
    plan(square)
    offered = square.live()[one.id]
    assert start - timedelta(seconds=2) <= offered.eta <= start + timedelta(minutes=20)


def test_a_case_that_comes_after_another_begins_when_that_is_done(square: Square) -> None:
    square.person(at(0))
    square.person(at(2))
    first = case(square, 0.2)
    second = case(square, 2, after=(first.id,))
    plan(square)
    found = square.live()
    assert found[second.id].eta >= found[first.id].during.end - timedelta(seconds=2)


def test_a_case_after_one_without_a_place_waits_for_it(square: Square) -> None:
    square.person(at(0))
    lost = square.case(None)
    second = case(square, 1, after=(lost.id,))
    assert waits(plan(square)) == {lost.id: "not_located", second.id: "waits_for_another"}


def test_two_who_are_needed_are_offered_it_together_and_for_the_same_moment(square: Square) -> None:
    skilled, helper = square.person(at(1)), square.person(at(-2), skills=frozenset())
    both = case(square, 1, "two")
    plan(square)
    found = live(square, both.id)
    assert {part: a.responder for part, a in found.items()} == {0: skilled.id, 1: helper.id}
    assert abs(found[0].eta - found[1].eta) < timedelta(seconds=2)


def test_a_crew_that_is_not_complete_is_not_sent_at_all(square: Square) -> None:
    square.person(at(1))
    both = case(square, 1, "two")
    assert set(waits(plan(square))) == {both.id}
    assert live(square, both.id) == {}
    square.person(at(-2), skills=frozenset())
    plan(square)
    assert set(live(square, both.id)) == {0, 1}


def crew_at_work(square: Square) -> Incident:
    square.person(at(1))
    square.person(at(-2), skills=frozenset())
    both = case(square, 1, "two")
    plan(square)
    return both


def test_only_who_leads_moves_the_case(square: Square) -> None:
    both = crew_at_work(square)
    helper = live(square, both.id)[1]
    with begin(square.engine) as tx:
        before = lifecycle.Work(incident=store.incident(tx, both.id), assignment=helper)
        after = lifecycle.accept(before, at=now())
        store.save_assignment(tx, helper, after.assignment)
    assert after.incident is before.incident
    assert square.incident(both.id).stage is Stage.DISPATCHED
    square.does(both.id, lifecycle.accept)
    assert square.incident(both.id).stage is Stage.HANDLING


def test_a_member_who_is_lost_is_replaced_while_the_others_work(square: Square) -> None:
    both = crew_at_work(square)
    square.does(both.id, lifecycle.accept)
    lost = live(square, both.id)[1]
    with begin(square.engine) as tx:
        work = lifecycle.Work(incident=store.incident(tx, both.id), assignment=lost)
        store.save_assignment(tx, lost, lifecycle.decline(work, reason="car broke down", at=now()).assignment)
    other = square.person(at(3), skills=frozenset())
    plan(square)
    found = live(square, both.id)
    assert found[0].state is AssignmentState.ACCEPTED
    assert found[1].responder == other.id


def as_worker(square: Square, responder: int) -> User:
    with begin(square.engine) as tx:
        row = insert(tables.app_user).values(login=f"worker-{responder}", name="Worker").returning(tables.app_user.c.id)
        key = int(tx.execute(row).scalar_one())
    grant = Grant(role=Role.WORKER, district=square.district, area=0)
    return User(id=key, login="worker", name="Worker", language="en", grants=(grant,), responder=responder)


def test_when_who_leads_is_done_the_others_go_home_and_the_record_holds(square: Square) -> None:
    both = crew_at_work(square)
    room = desk.Desk(square.engine, ClassTable(version=LATER, classes=KINDS))
    lead, helper = live(square, both.id)[0], live(square, both.id)[1]
    for part in (lead, helper):
        who = as_worker(square, part.responder)
        desk.accept(room, who=who, assignment=part.id, version=None, key=None)
        desk.depart(room, who=who, assignment=part.id, version=None, key=None)
        desk.arrive(room, who=who, assignment=part.id, version=None, key=None)
        if part is lead:
            leads = who
    assert live(square, both.id)[1].state is AssignmentState.ON_SCENE
    done = desk.feed_back(room, who=leads, assignment=lead.id, version=None, outcome=Outcome.DONE, key=None)
    assert done.incident.stage is Stage.FED_BACK
    assert live(square, both.id) == {}
    assert [e["reason"] for e in square.events("assignment.withdrawn")] == ["crew_released"]


def test_a_helper_who_is_done_leaves_the_case_to_who_leads(square: Square) -> None:
    both = crew_at_work(square)
    room, helper = desk.Desk(square.engine, ClassTable(version=LATER, classes=KINDS)), live(square, both.id)[1]
    who = as_worker(square, helper.responder)
    desk.accept(room, who=who, assignment=helper.id, version=None, key=None)
    desk.arrive(room, who=who, assignment=helper.id, version=None, key=None)
    desk.feed_back(room, who=who, assignment=helper.id, version=None, outcome=Outcome.DONE, key=None)
    assert set(live(square, both.id)) == {0}
    assert square.incident(both.id).stage is Stage.DISPATCHED


def test_overtime_is_used_where_it_is_allowed(square: Square) -> None:
    square.person(at(0), hours=0.2)
    one = case(square, 1)
    assert waits(plan(square)) == {one.id: "shift_over"}
    weigh(square, overtime_worker=1800)
    plan(square)
    assert one.id in square.live()


def test_a_limit_of_work_a_day_counts_what_was_done(square: Square) -> None:
    who = square.person(at(0), max_seconds=2000)
    done = case(square, 0, stage=Stage.CLOSED)
    began = now() - timedelta(minutes=30)
    past = {"state": AssignmentState.DONE, "arrived_at": began, "ended_at": began + timedelta(minutes=25)}
    square.place(done, who, start=began, minutes=25, **past)
    seen = read(square.engine, square.district)
    local = now().astimezone(seen.zone)
    if local.hour == 0:
        pytest.skip("half an hour ago was yesterday")
    assert seen.worked[who.id] == pytest.approx(1500, abs=2)
    assert posed(square).problem.people[0].max_work == pytest.approx(500, abs=2)
    one = case(square, 0.5)
    assert one.id in waits(plan(square))


def test_somebody_who_has_just_worked_rests_before_the_next_shift(square: Square) -> None:
    weigh(square, rest=11 * 3600, look_ahead=86_400)
    who = square.person(at(0), hours=0)
    ended, shift = (
        now() - timedelta(hours=1),
        Interval(start=now() + timedelta(hours=2), end=now() + timedelta(hours=20)),
    )
    done = case(square, 0, stage=Stage.CLOSED)
    past = {"state": AssignmentState.DONE, "arrived_at": ended - timedelta(minutes=5), "ended_at": ended}
    square.place(done, who, start=ended - timedelta(minutes=5), minutes=5, **past)
    with begin(square.engine) as tx:
        tx.execute(insert(tables.shift).values(responder=who.id, during=window(shift)))
    ((start, _),) = posed(square).problem.people[0].windows
    assert start == pytest.approx(10 * 3600, abs=5)


def test_breaks_of_a_shift_are_local_wall_time_also_on_the_day_the_clocks_change() -> None:
    zone = ZoneInfo("Europe/Helsinki")
    day = Pattern(
        weekdays=frozenset(range(1, 8)),
        starts=time(22),
        ends=time(6),
        break_from=time(2),
        break_until=time(5),
        break_seconds=1800,
    )
    found = crew.pauses([day], zone, date(2026, 3, 27), date(2026, 3, 28))
    hours = [(p.latest - p.earliest) / timedelta(hours=1) for p in found]
    assert hours == [3, 2], "the night of 29 March has no hour from three to four"
    assert [p.earliest.astimezone(zone).hour for p in found] == [2, 2]


def test_a_break_is_taken_between_two_tasks(square: Square) -> None:
    who = square.person(at(0))
    pause = {"earliest": now(), "latest": now() + timedelta(minutes=40), "seconds": 1800, "responder": who.id}
    with begin(square.engine) as tx:
        tx.execute(insert(tables.shift_break).values(**pause))
    for east in (0.1, 0.2, 0.3):
        case(square, east)
    plan(square)
    rows = sorted(square.live().values(), key=lambda a: a.during.start)
    gaps = [b.during.start - a.during.end for a, b in pairwise(rows)]
    begins = [rows[0].during.start - now(), *gaps]
    assert max(begins) >= timedelta(minutes=29)


def test_the_person_who_answers_for_a_cell_is_sent_before_a_nearer_one(square: Square) -> None:
    owner, near = square.person(at(2)), square.person(at(0.5))
    with begin(square.engine) as tx:
        cell = a_cell(square)
        tx.execute(insert(tables.cell_duty).values(cell=cell, responder=owner.id))
    first = case(square, 0, cell=cell)
    plan(square)
    assert square.live()[first.id].responder == near.id
    weigh(square, other_cell=3600, hop=0)
    plan(square)
    assert square.live()[first.id].responder == owner.id


def a_cell(square: Square) -> int:
    box = "POLYGON((24.94 60.14,24.96 60.14,24.96 60.16,24.94 60.16,24.94 60.14))"
    around = "INSERT INTO area (district, level, code, name, geom) VALUES (:d, 'district', :c, 'All', :g) RETURNING id"
    version = "INSERT INTO grid_version (district, target_m2) VALUES (:d, 10000) RETURNING id"
    with begin(square.engine) as tx:
        values = {"d": square.district, "g": box, "c": f"A{square.district}"}
        around = around.replace(":g", "ST_Multi(ST_GeomFromText(:g, 4326))")
        area, version = (tx.execute(text(one), values).scalar_one() for one in (around, version))
        row = text(
            "INSERT INTO cell (district, version, area, code, seq, area_m2, geom, centre) VALUES"
            " (:d, :v, :a, :c, 1, 1, ST_GeomFromText(:g, 4326), ST_Centroid(ST_GeomFromText(:g, 4326))) RETURNING id"
        )
        return int(tx.execute(row, values | {"v": version, "a": area}).scalar_one())


def test_weights_of_the_district_reach_the_engine(square: Square) -> None:
    square.person(at(0), kind=ResponderKind.VOLUNTEER)
    case(square, 1)
    before = posed(square).problem
    weigh(square, late_normal=7, volunteer=900, fairness=50, patience=33)
    after = posed(square).problem
    assert (before.tasks[0].weight, after.tasks[0].weight) == (2, 7)
    assert (before.people[0].cost_per_task, after.people[0].cost_per_task) == (120, 900)
    assert (before.fairness, after.fairness, after.patience) == (0, 50, 33)


def test_ways_take_longer_in_the_hours_in_which_they_do(square: Square) -> None:
    square.person(at(0))
    one = case(square, 4)
    before = posed(square).problem
    assert before.speeds == ()
    with begin(square.engine) as tx:
        for hour in range(24):
            put(tx, square.district, Mode.DRIVE, Day.ANY, hour, Speed(permille=2000, source="table"))
    (speeds,) = posed(square).problem.speeds
    assert speeds is not None
    assert set(speeds.permille) == {2000}
    assert -3600 < speeds.start <= 0
    plan(square)
    way = square.live()[one.id].eta - now()
    assert way.total_seconds() == pytest.approx(2 * int(before.travel[0][0, 1]), abs=10)


def test_who_is_wanted_on_standby_stays_where_another_can_go(square: Square) -> None:
    with begin(square.engine) as tx:
        row = text(
            "INSERT INTO area (district, level, code, name, geom) VALUES (:d, 'community', :c, 'East',"
            " ST_Multi(ST_MakeEnvelope(24.95, 60.1, 25, 60.2, 4326))) RETURNING id"
        )
        east = int(tx.execute(row, {"d": square.district, "c": f"E{square.district}"}).scalar_one())
        tx.execute(insert(tables.standby).values(area=east, district=square.district, least=1))
    near, far = square.person(at(1), area=east), square.person(at(-1))
    one = case(square, 0.5)
    plan(square)
    assert square.live()[one.id].responder == far.id != near.id


def test_the_engine_plans_with_a_share_of_each_target_and_lateness_is_told_by_the_whole(square: Square) -> None:
    one = case(square, 1, due_arrive_at=now() + timedelta(minutes=90), filed_at=now() - timedelta(minutes=30))
    half = posed(square)
    weigh(square, target_share=1000)
    whole = posed(square)
    assert [p.keys() for p in (whole, half)] == [((one.id, 0),)] * 2
    assert whole.problem.tasks[0].target == whole.due[0] == pytest.approx(90 * 60, abs=5)
    assert half.problem.tasks[0].target == pytest.approx(30 * 60, abs=5)
    assert half.due[0] == pytest.approx(90 * 60, abs=5)


def test_a_day_that_is_planned_early_does_not_call_cases_late_that_are_not(square: Square) -> None:
    square.person(at(0))
    case(square, 4, due_arrive_at=now() + timedelta(minutes=15), filed_at=now())
    found = posed(square)
    drawn = side(found.problem, ((0,),), found.due)
    assert found.problem.tasks[0].target < drawn.stops[0].begin < found.due[0]
    assert (drawn.late, drawn.late_seconds, drawn.in_time) == (0, 0, 1)
    assert drawn.score.late_tasks == 1


class Closed(Beeline):
    """Whoever is at home in the west stands on a closed road."""

    def matrix(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:
        known = super().matrix(mode, sources, targets)
        return replace(known, estimated=False, moved=frozenset({at(0)}))


def test_a_way_from_a_closed_road_is_marked_and_the_next_one_is_not(square: Square) -> None:
    square.person(at(0))
    cases = [case(square, east) for east in (0.5, 1.0)]
    plan_district(Planner(engine=square.engine, travel=Closed(), seconds=0.2), square.district)
    offered = sorted((square.live()[one.id] for one in cases), key=lambda a: a.seq)
    assert [a.estimated for a in offered] == [True, False]
