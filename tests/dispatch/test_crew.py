"""Shifts in wall time, cells and who answers for them, and what happens when somebody leaves."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from dispatch import accounts, crew, desk, invariants, store
from dispatch.errors import Forbidden, Unauthenticated
from dispatch.model import AssignmentState, Stage
from dispatch.store.shifts import Pattern
from tests.dispatch.make import PASSWORD, Town, new_key

HELSINKI = ZoneInfo("Europe/Helsinki")
EVERY_DAY = frozenset(range(1, 8))
NIGHT = Pattern(weekdays=EVERY_DAY, starts=time(22), ends=time(6))


def _hours(pattern: Pattern, day: date) -> float:
    (shift,) = crew.expand([pattern], HELSINKI, day, day)
    return (shift.end - shift.start) / timedelta(hours=1)


def test_a_night_shift_has_seven_hours_when_the_clocks_go_forward() -> None:
    assert _hours(NIGHT, date(2026, 3, 28)) == 7


def test_a_night_shift_has_nine_hours_when_the_clocks_go_back() -> None:
    assert _hours(NIGHT, date(2026, 10, 24)) == 9


def test_a_day_shift_begins_at_the_same_wall_time_before_and_after() -> None:
    day = Pattern(weekdays=EVERY_DAY, starts=time(8), ends=time(16))
    shifts = crew.expand([day], HELSINKI, date(2026, 10, 24), date(2026, 10, 26))
    assert [s.start.hour for s in shifts] == [5, 6, 6]  # UTC
    assert {s.start.astimezone(HELSINKI).hour for s in shifts} == {8}


def test_only_the_agreed_weekdays_are_worked() -> None:
    weekend = Pattern(weekdays=frozenset({6, 7}), starts=time(9), ends=time(12))
    shifts = crew.expand([weekend], HELSINKI, date(2026, 11, 16), date(2026, 11, 29))
    assert [s.start.date().day for s in shifts] == [21, 22, 28, 29]


def test_shifts_that_touch_become_one() -> None:
    early = Pattern(weekdays=EVERY_DAY, starts=time(6), ends=time(14))
    late = Pattern(weekdays=EVERY_DAY, starts=time(14), ends=time(22))
    (shift,) = crew.expand([late, early], HELSINKI, date(2026, 11, 22), date(2026, 11, 22))
    assert shift.end - shift.start == timedelta(hours=16)


def test_shifts_are_written_out_again_without_overlap(town: Town) -> None:
    assert town.worker.responder is not None
    crew.set_patterns(town.engine, town.worker.responder, [NIGHT])
    crew.set_patterns(town.engine, town.worker.responder, [Pattern(weekdays=EVERY_DAY, starts=time(0), ends=time(8))])
    assert crew.extend_shifts(town.engine, town.district, days=20) == 1
    with town.engine.connect() as tx:
        count = tx.execute(text("SELECT count(*) FROM shift")).scalar_one()
    assert count in (22, 23)
    assert town.responder(town.worker).shifts


def test_whoever_leaves_frees_their_work_and_signs_in_no_more(town: Town) -> None:
    assert town.worker.responder is not None
    accounts.set_password(town.engine, town.worker.id, PASSWORD)
    opened = accounts.sign_in(town.engine, login="lei", password=PASSWORD, origin="x")
    given = [town.assigned(town.report(town.dispatcher), town.worker) for _ in range(2)]
    town.on_scene(given[0], town.worker)
    crew.release(town.engine, town.worker.responder, reason="left the crew", by=town.supervisor)
    with town.engine.connect() as tx:
        for each in given:
            freed = store.assignment(tx, each.assignment.id)
            assert (freed.state, freed.reason) == (AssignmentState.WITHDRAWN, "left the crew")
            assert store.incident(tx, each.incident.id).stage is Stage.FILED
        assert town.worker.responder not in {r.id for r in store.responders(tx, town.district)}
        assert invariants.check(tx) == []
    with pytest.raises(Unauthenticated):
        accounts.user_of(town.engine, opened.token)


def test_a_dispatcher_dismisses_nobody(town: Town) -> None:
    assert town.worker.responder is not None
    with pytest.raises(Forbidden):
        crew.release(town.engine, town.worker.responder, reason="no", by=town.dispatcher)


def test_every_cell_gets_the_nearest_worker(town: Town) -> None:
    assert crew.assign_cells(town.engine, town.district) == 2
    with town.engine.connect() as tx:
        given = set(tx.scalars(text("SELECT responder FROM cell_duty")))
    assert given <= {town.worker.responder, town.other.responder}
    assert crew.assign_cells(town.engine, town.district) == 2  # again: the same


def test_a_verified_case_is_not_touched_by_the_leaving_of_its_handler(town: Town) -> None:
    assert town.worker.responder is not None
    done = town.fed_back(town.assigned(town.report(town.dispatcher), town.worker), town.worker)
    crew.release(town.engine, town.worker.responder, reason="left")
    closed = desk.close(
        town.desk, who=town.dispatcher, incident=done.incident.id, version=None, criterion="restored", key=new_key()
    )
    assert closed.handled_by == town.worker.responder
