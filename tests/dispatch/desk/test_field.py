"""Responders: late phones, repeated requests, windows that never overlap."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from sqlalchemy import text

from dispatch import crew, desk, invariants, store
from dispatch.desk import Fix
from dispatch.errors import Forbidden, Gone, Invalid, NoReason, NotNow, Stale, Taken
from dispatch.lifecycle import Work
from dispatch.model import AssignmentState, Duty, Incident, Outcome, Stage, User
from gis.model import Point
from tests.dispatch.make import NEAR, Town, new_key


def _accept(town: Town, given: Work, who: User, key: str | None = None) -> Work:
    return desk.accept(town.desk, who=who, assignment=given.assignment.id, version=None, key=key or new_key())


def _depart(town: Town, given: Work, who: User) -> Work:
    return desk.depart(town.desk, who=who, assignment=given.assignment.id, version=None, key=new_key())


def _three(town: Town) -> list[Work]:
    return [town.assigned(town.report(town.dispatcher), town.worker) for _ in range(3)]


def test_tasks_given_to_one_person_queue_up(town: Town) -> None:
    first, second, third = (given.assignment for given in _three(town))
    assert first.during.end <= second.during.start
    assert second.during.end <= third.during.start
    assert [a.seq for a in (first, second, third)] == [1, 2, 3]


def test_departing_for_the_last_task_pushes_the_others_back(town: Town) -> None:
    first, second, third = _three(town)
    _accept(town, third, town.worker)
    gone = _depart(town, third, town.worker)
    with town.engine.connect() as tx:
        live = store.live_assignments(tx, gone.assignment.responder)
        assert [a.id for a in live] == [third.assignment.id, first.assignment.id, second.assignment.id]
        assert invariants.check(tx) == []


def test_nobody_is_on_two_ways_at_once(town: Town) -> None:
    first, second, _ = _three(town)
    for given in (first, second):
        _accept(town, given, town.worker)
    _depart(town, first, town.worker)
    with pytest.raises(Taken):
        _depart(town, second, town.worker)


def test_departing_twice_at_once_leaves_one_under_way(town: Town) -> None:
    given = _three(town)[:2]
    for each in given:
        _accept(town, each, town.worker)
    gate = Barrier(2)

    def go(each: Work) -> str:
        gate.wait(timeout=10)
        try:
            return str(_depart(town, each, town.worker).assignment.state)
        except Taken:
            return "taken"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go, given)) == ["en_route", "taken"]
    with town.engine.connect() as tx:
        assert invariants.check(tx) == []


def test_accepting_twice_with_one_key_is_accepting_once(town: Town) -> None:
    given = town.assigned(town.report(town.dispatcher), town.worker)
    assert _accept(town, given, town.worker, "k-1") == _accept(town, given, town.worker, "k-1")
    with pytest.raises(NotNow):
        _accept(town, given, town.worker, "k-2")


def test_a_phone_that_saw_an_old_version_still_arrives(town: Town) -> None:
    first, second, _ = _three(town)
    _accept(town, second, town.worker)
    _accept(town, first, town.worker)
    _depart(town, first, town.worker)
    seen = second.assignment.version  # the window has moved since
    after = desk.decline(
        town.desk, who=town.worker, assignment=second.assignment.id, version=seen, reason="flat tyre", key=new_key()
    )
    assert after.assignment.state is AssignmentState.DECLINED
    assert after.incident.stage is Stage.FILED


def test_a_phone_that_acts_on_what_is_over_hears_that_it_is_stale(town: Town) -> None:
    given = town.assigned(town.report(town.dispatcher), town.worker)
    desk.withdraw(
        town.desk, who=town.dispatcher, incident=given.incident.id, version=None, reason="closer one", key=new_key()
    )
    with pytest.raises(Stale):
        desk.accept(town.desk, who=town.worker, assignment=given.assignment.id, version=1, key=new_key())


def test_declining_takes_a_reason(town: Town) -> None:
    given = town.assigned(town.report(town.dispatcher), town.worker)
    with pytest.raises(NoReason):
        desk.decline(town.desk, who=town.worker, assignment=given.assignment.id, version=None, reason="", key=new_key())


def test_nobody_accepts_for_another(town: Town) -> None:
    given = town.assigned(town.report(town.dispatcher), town.worker)
    for who in (town.other, town.dispatcher):
        with pytest.raises(Forbidden):
            _accept(town, given, who)


def test_what_was_done_offline_keeps_its_hour_but_not_a_future_one(town: Town) -> None:
    given = town.assigned(town.report(town.dispatcher), town.worker)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    say = {"who": town.worker, "assignment": given.assignment.id, "version": None}
    accepted = desk.accept(town.desk, **say, at=tomorrow, key=new_key())
    assert accepted.assignment.accepted_at is not None
    assert accepted.assignment.accepted_at < tomorrow
    departed = desk.depart(town.desk, **say, at=datetime(2020, 1, 1, tzinfo=UTC), key=new_key())
    assert departed.assignment.departed_at == accepted.assignment.accepted_at


def test_work_that_needs_somebody_else_goes_back_to_the_queue(town: Town) -> None:
    given = town.assigned(town.report(town.dispatcher), town.worker)
    after = town.fed_back(given, town.worker, Outcome.NEEDS_OTHER, "needs a crane")
    assert (after.incident.stage, after.incident.returned) == (Stage.FILED, 1)
    assert after.assignment.reason == "needs a crane"


def test_a_verification_has_no_outcome_of_work(town: Town) -> None:
    done = town.fed_back(town.assigned(town.report(town.dispatcher), town.worker), town.worker)
    with pytest.raises(Invalid):
        town.fed_back(town.assigned(done.incident, town.other), town.other, Outcome.DONE)


def test_a_late_fix_never_replaces_a_newer_one(town: Town) -> None:
    now = datetime.now(UTC)
    new = Fix(point=Point(24.94, 60.16), at=now - timedelta(seconds=10), heading=90.0)
    old = Fix(point=Point(24.93, 60.15), at=now - timedelta(seconds=60))
    assert desk.positions(town.desk, who=town.worker, fixes=[new]) == 1
    assert desk.positions(town.desk, who=town.worker, fixes=[new]) == 1  # said again: fine
    assert desk.positions(town.desk, who=town.worker, fixes=[old]) == 1
    person = town.responder(town.worker)
    assert (person.point, person.point_at, person.heading) == (new.point, new.at, 90.0)
    with town.engine.connect() as tx:
        assert tx.execute(text("SELECT count(*) FROM position")).scalar_one() == 2


def test_a_phone_whose_clock_is_ahead_does_not_block_itself(town: Town) -> None:
    ahead = Fix(point=Point(24.93, 60.15), at=datetime.now(UTC) + timedelta(hours=3))
    desk.positions(town.desk, who=town.worker, fixes=[ahead])
    here = Fix(point=Point(24.94, 60.16), at=datetime.now(UTC))
    desk.positions(town.desk, who=town.worker, fixes=[here])
    assert town.responder(town.worker).point == here.point


def test_a_dispatcher_has_no_position(town: Town) -> None:
    with pytest.raises(Forbidden):
        desk.positions(town.desk, who=town.dispatcher, fixes=[])


def test_duty_is_said_by_oneself_or_the_desk_and_by_nobody_else(town: Town) -> None:
    assert town.worker.responder is not None
    for who in (town.worker, town.dispatcher):
        after = desk.set_duty(town.desk, who=who, responder=town.worker.responder, duty=Duty.BREAK, key=new_key())
        assert after.duty is Duty.BREAK
    with pytest.raises(Forbidden):
        desk.set_duty(town.desk, who=town.other, responder=town.worker.responder, duty=Duty.OFF, key=new_key())


def test_another_one_takes_over_by_hand_and_the_first_is_told(town: Town) -> None:
    first = town.assigned(town.report(town.dispatcher), town.worker)
    second = town.assigned(first.incident, town.other)
    assert second.assignment.placed_by == town.dispatcher.id
    with town.engine.connect() as tx:
        before = store.assignment(tx, first.assignment.id)
        assert (before.state, before.reason) == (AssignmentState.WITHDRAWN, "reassigned")
        told = [(e.event.kind, e.event.responder) for e in store.timeline(tx, first.incident.id)]
        assert invariants.check(tx) == []
    assert ("assignment.withdrawn", town.worker.responder) in told


def test_one_person_sent_to_three_cases_at_once_gets_them_one_after_the_other(town: Town) -> None:
    cases = [town.report(town.dispatcher) for _ in range(3)]
    gate = Barrier(3)

    def send(case: Incident) -> Work:
        gate.wait(timeout=10)
        return town.assigned(case, town.worker)

    with ThreadPoolExecutor(3) as pool:
        windows = sorted((given.assignment.during for given in pool.map(send, cases)), key=lambda w: w.start)
    assert all(one.end <= two.start for one, two in pairwise(windows))


def test_two_dispatchers_who_send_two_people_at_once_send_one(town: Town) -> None:
    case = town.report(town.dispatcher)
    gate = Barrier(2)

    def send(who: User) -> str:
        gate.wait(timeout=10)
        try:
            return str(town.assigned(case, who).assignment.state)
        except Stale:
            return "stale"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, (town.worker, town.other))) == ["offered", "stale"]


def test_the_database_refuses_two_windows_at_one_time(town: Town) -> None:
    """Past every check in Python: what the constraint says comes out as Taken, at commit."""
    given = _three(town)
    with pytest.raises(Taken) as heard, town.desk.begin() as tx:
        tx.execute(
            text("UPDATE assignment SET during = (SELECT during FROM assignment WHERE id = :one) WHERE id = :two"),
            {"one": given[0].assignment.id, "two": given[1].assignment.id},
        )
    assert heard.value.params["responder"] == town.worker.responder


def test_nobody_sends_somebody_who_has_left(town: Town) -> None:
    assert town.other.responder is not None
    crew.release(town.engine, town.other.responder, reason="moved away")
    case = town.report(town.dispatcher)
    with pytest.raises(Gone):
        desk.assign(
            town.desk,
            who=town.dispatcher,
            incident=case.id,
            responder=town.other.responder,
            version=case.version,
            travel=NEAR,
            key=new_key(),
        )


def test_nobody_of_another_district_is_sent(town: Town) -> None:
    with town.engine.begin() as tx:
        tx.execute(
            text(
                "WITH beside AS (INSERT INTO district (code, name, clip, centre, time_zone, metric_srid, attribution,"
                " source_file, source_sha256) SELECT 'ZZZ', 'Beside', clip, centre, time_zone, metric_srid, '', '', 'z'"
                " FROM district RETURNING id) UPDATE responder SET district = beside.id, area = NULL FROM beside"
                " WHERE responder.id = :id"
            ),
            {"id": town.other.responder},
        )
    case = town.report(town.dispatcher)
    with pytest.raises(Invalid) as heard:
        desk.assign(
            town.desk,
            who=town.dispatcher,
            incident=case.id,
            responder=town.other.responder or 0,
            version=case.version,
            travel=NEAR,
            key=new_key(),
        )
    assert heard.value.params["allowed"] == "in_district"
