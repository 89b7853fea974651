"""What screens ask, and what they are not told."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from api.schemas import saying
from dispatch import accounts, desk
from dispatch.errors import Forbidden
from dispatch.model import Deed, Outcome, Role, Source
from tests.dispatch.make import Town


def _deeds(town: Town, who: object, case: int) -> list[Deed]:
    return [a.deed for a in desk.detail(town.desk, who, case).deeds]  # type: ignore[arg-type]  # a user of the town


def test_the_desk_shows_open_cases_their_people_and_no_contact(town: Town) -> None:
    given = town.assigned(town.report(town.dispatcher), town.worker)
    town.report(None, source=Source.WEB)
    shot = desk.snapshot(town.desk, town.dispatcher, town.district)
    assert len(shot.incidents) == 2
    assert [a.id for a in shot.assignments] == [given.assignment.id]
    assert {r.id for r in shot.responders} >= {town.worker.responder, town.volunteer.responder}
    assert {i.contact for i in shot.incidents} == {None}


def test_a_desk_for_one_community_shows_that_community(town: Town) -> None:
    town.report(town.dispatcher)
    south = accounts.add_user(
        town.engine, login="south", name="South", password=None, grants=[(Role.DISPATCHER, town.south)]
    )
    shot = desk.snapshot(town.desk, south, town.district)
    assert (shot.incidents, shot.responders) == ((), ())
    lost = town.report(town.dispatcher, text="Nowhere Street 1")
    assert [i.id for i in desk.snapshot(town.desk, south, town.district).incidents] == [lost.id]


def test_a_case_closed_yesterday_has_left_the_desk(town: Town) -> None:
    case = town.report(town.dispatcher)
    desk.reject(town.desk, who=town.dispatcher, incident=case.id, version=None, reason="double", key=None)
    assert len(desk.snapshot(town.desk, town.dispatcher, town.district).incidents) == 1
    with town.engine.begin() as tx:
        tx.execute(text("UPDATE incident SET closed_at = now() - interval '13 hours'"))
    assert desk.snapshot(town.desk, town.dispatcher, town.district).incidents == ()


def test_a_colleague_is_a_name_and_no_home_to_whoever_goes(town: Town) -> None:
    first = town.assigned(town.report(town.dispatcher), town.worker)
    desk.decline(town.desk, who=town.worker, assignment=first.assignment.id, version=None, reason="no ladder", key=None)
    waiting = desk.detail(town.desk, town.dispatcher, first.incident.id).incident
    town.assigned(waiting, town.other)
    seen = desk.detail(town.desk, town.other, waiting.id)
    assert seen.shown == {town.other.responder}
    assert set(saying.detail(seen, "en")["responders"]) == {town.other.responder}
    assert desk.detail(town.desk, town.dispatcher, first.incident.id).shown == {
        town.worker.responder,
        town.other.responder,
    }


@pytest.mark.parametrize("who", ["worker", "volunteer", "resident"])
def test_the_desk_is_not_for_everybody(town: Town, who: str) -> None:
    with pytest.raises(Forbidden):
        desk.snapshot(town.desk, getattr(town, who), town.district)


def test_a_case_is_seen_by_the_desk_and_by_whoever_is_on_it(town: Town) -> None:
    case = town.report(town.dispatcher)
    with pytest.raises(Forbidden):
        desk.detail(town.desk, town.worker, case.id)
    town.assigned(case, town.worker)
    assert desk.detail(town.desk, town.worker, case.id).incident.contact == "040 1234567"
    with pytest.raises(Forbidden):
        desk.detail(town.desk, town.other, case.id)
    seen = desk.detail(town.desk, town.administrator, case.id)
    assert (seen.incident.contact, seen.deeds) == (None, ())


def test_the_deeds_offered_are_those_that_the_stage_and_the_role_allow(town: Town) -> None:
    public = town.report(None, source=Source.WEB)
    assert _deeds(town, town.dispatcher, public.id)[:3] == [Deed.CONFIRM, Deed.REJECT, Deed.ASSIGN]
    assert Deed.CLOSE not in _deeds(town, town.dispatcher, public.id)
    given = town.assigned(public, town.worker)
    assert Deed.WITHDRAW in _deeds(town, town.dispatcher, public.id)
    assert {Deed.ACCEPT, Deed.DECLINE} <= set(_deeds(town, town.worker, public.id))
    filed = town.fed_back(given, town.worker, Outcome.OK).incident
    town.fed_back(town.assigned(filed, town.worker), town.worker)
    assert {Deed.CLOSE, Deed.RETURN} <= set(_deeds(town, town.dispatcher, public.id))


def test_every_deed_that_is_offered_can_be_done(town: Town) -> None:
    """What the panel shows as a button is not refused when it is pressed."""
    case = town.report(None, source=Source.WEB)
    offered = {a.deed: a for a in desk.detail(town.desk, town.dispatcher, case.id).deeds}
    criteria = offered[Deed.CONFIRM].criteria
    assert criteria
    filed = desk.confirm(
        town.desk, who=town.dispatcher, incident=case.id, version=case.version, criterion=criteria[-1].code, key=None
    )
    assert offered[Deed.REJECT].reason
    desk.reject(town.desk, who=town.dispatcher, incident=case.id, version=filed.version, reason="double", key=None)
    assert _deeds(town, town.dispatcher, case.id) == [Deed.REOPEN, Deed.NOTE]


def test_my_tasks_come_in_order_with_what_is_done_today(town: Town) -> None:
    first = town.assigned(town.report(town.dispatcher), town.worker)
    second = town.assigned(town.report(town.dispatcher), town.worker)
    mine = desk.my_tasks(town.desk, town.worker)
    assert [t.assignment.id for t in mine.tasks] == [first.assignment.id, second.assignment.id]
    assert mine.tasks[0].incident.contact == "040 1234567"
    town.fed_back(first, town.worker)
    later = desk.my_tasks(town.desk, town.worker)
    assert ([t.assignment.id for t in later.tasks], later.done_today) == ([second.assignment.id], 1)
    assert later.metres_today == 300.0
    with pytest.raises(Forbidden):
        desk.my_tasks(town.desk, town.dispatcher)


def test_a_day_is_seen_by_the_desk_and_oneself(town: Town) -> None:
    assert town.worker.responder is not None
    assert desk.day(town.desk, town.dispatcher, town.worker.responder).tasks == ()
    with pytest.raises(Forbidden):
        desk.day(town.desk, town.other, town.worker.responder)
