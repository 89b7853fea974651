"""Where a district wants to be asked: what goes out at once, what waits for a word, what can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from dispatch import lifecycle, store, tables
from dispatch.desk.setting import set_planning
from dispatch.errors import Forbidden, NotNow, Stale
from dispatch.model import (
    AssignmentState,
    Duty,
    Grant,
    Incident,
    PlanMode,
    Priority,
    Proposal,
    ProposalState,
    Responder,
    Role,
    Setting,
    User,
)
from dispatch.planning import Planner, plan_district, proposing, undoing
from dispatch.store import engine as settings
from dispatch.store import plans, proposals
from gis.database import begin
from gis.travel.beeline import Beeline
from tests.dispatch.square import Square, at


@pytest.fixture
def square(module_database: Engine) -> Square:
    return Square(module_database)


@pytest.fixture
def dora(square: Square) -> User:
    return user(square, "dora", Role.DISPATCHER)


def user(square: Square, login: str, role: Role) -> User:
    login = f"{login}-{square.district}"
    with begin(square.engine) as tx:
        row = insert(tables.app_user).values(login=login, name=login.title()).returning(tables.app_user.c.id)
        key = int(tx.execute(row).scalar_one())
    grant = Grant(role=role, district=square.district, area=0, areas=frozenset())
    return User(id=key, login=login, name=login.title(), language="en", grants=(grant,))


def ask_first(square: Square) -> None:
    with begin(square.engine) as tx:
        before = settings.setting(tx, square.district)
        settings.save_setting(tx, before, replace(before, plan_mode=PlanMode.ASK, version=before.version + 1))


def plan(square: Square) -> Any:
    return plan_district(Planner(engine=square.engine, travel=Beeline(), seconds=0.2), square.district)


def waiting(square: Square) -> Proposal | None:
    with begin(square.engine) as tx:
        return proposals.open_proposal(tx, square.district)


def better_person(square: Square) -> tuple[Responder, Responder, Incident]:
    """A case promised to somebody far away, and then somebody free beside it: worth a change of hands."""
    far, case = square.person(at(-4.5)), square.case(at(4), priority=Priority.URGENT, **due_soon())
    plan(square)
    near = square.person(at(3.9))
    return far, near, case


def due_soon() -> dict[str, Any]:
    return {"due_arrive_at": datetime.now(UTC) + timedelta(minutes=5)}


def test_a_better_plan_that_breaks_a_promise_waits_for_a_word(square: Square) -> None:
    ask_first(square)
    far, near, case = better_person(square)
    plan(square)
    assert square.live()[case.id].responder == far.id, "nothing changes hands by itself"
    found = waiting(square)
    assert found is not None
    assert found.rows[near.id] == ((case.id, 0),)
    cost = found.diff["cost"]
    assert cost["after"] < cost["before"]
    assert sum(p["before"] for p in cost["parts"]) == cost["before"]
    assert {p["responder"]: (len(p["gains"]), len(p["loses"])) for p in found.diff["people"]} == {
        near.id: (1, 0),
        far.id: (0, 1),
    }
    assert [e["body"]["proposal"]["id"] for e in square.events("plan.proposed")] == [found.id]


def test_by_itself_the_same_plan_changes_hands_and_counts_the_promise(square: Square) -> None:
    _, near, case = better_person(square)
    made = plan(square)
    assert square.live()[case.id].responder == near.id
    assert (made.moved, made.changes) == (1, 1)
    assert square.events("plan.made")[-1]["body"]["plan"]["changes"] == 1


def test_what_is_new_goes_out_at_once_though_a_proposal_waits(square: Square) -> None:
    ask_first(square)
    far, _, case = better_person(square)
    new = square.case(at(3.5))
    plan(square)
    live = square.live()
    assert live[case.id].responder == far.id
    assert new.id in live


def test_a_promise_that_cannot_hold_is_made_good_without_asking(square: Square) -> None:
    ask_first(square)
    far, near, case = better_person(square)
    with begin(square.engine) as tx:
        store.save_responder(tx, far, replace(far, duty=Duty.OFF, version=far.version + 1))
    plan(square)
    assert square.live()[case.id].responder == near.id
    assert waiting(square) is None


def test_applied_it_makes_the_promises_and_says_who_applied_it(square: Square, dora: User) -> None:
    ask_first(square)
    _, near, case = better_person(square)
    plan(square)
    found = waiting(square)
    assert found is not None
    done, made = apply(square, dora, found)
    assert (done.state, done.decided_by, made.changes) == (ProposalState.APPLIED, dora.id, 1)
    assert square.live()[case.id].responder == near.id
    assert [e["actor"] for e in square.events("plan.applied")] == [dora.id]
    again = apply(square, dora, found)
    assert again[0].id == done.id, "the same key is the same answer"
    with pytest.raises(NotNow):
        apply(square, dora, found, key="another-key")


def apply(square: Square, who: User, found: Proposal, *, key: str = "apply-it-once") -> Any:
    return proposing.apply(
        square.engine, Beeline(), who=who, proposal=found.id, epoch=found.epoch, reason=None, key=f"{key}-{found.id}"
    )


def test_what_changed_meanwhile_keeps_it_from_being_applied_and_is_named(square: Square, dora: User) -> None:
    ask_first(square)
    far, _, case = better_person(square)
    plan(square)
    found = waiting(square)
    assert found is not None
    square.does(case.id, lifecycle.accept)
    with pytest.raises(Stale) as refused:
        apply(square, dora, found)
    changed = refused.value.params["changed"]
    assert {("incident", case.id), ("assignment", square.live()[case.id].id)} == {(c["what"], c["id"]) for c in changed}
    assert square.live()[case.id].responder == far.id
    plan(square)
    assert waiting(square) is None, "what cannot be applied any more is superseded"


def test_an_epoch_that_was_not_the_proposal_s_is_refused(square: Square, dora: User) -> None:
    ask_first(square)
    better_person(square)
    plan(square)
    found = waiting(square)
    assert found is not None
    with pytest.raises(Stale):
        apply(square, dora, replace(found, epoch=found.epoch + 1))


def test_what_was_rejected_is_not_proposed_again(square: Square, dora: User) -> None:
    ask_first(square)
    better_person(square)
    plan(square)
    found = waiting(square)
    assert found is not None
    proposing.reject(square.engine, who=dora, proposal=found.id, reason="he knows the house", key=f"no-{found.id}-x")
    plan(square)
    assert waiting(square) is None
    assert [e["reason"] for e in square.events("plan.rejected")] == ["he knows the house"]


def test_the_same_proposal_stays_while_nothing_changes(square: Square) -> None:
    ask_first(square)
    better_person(square)
    plan(square)
    first = waiting(square)
    plan(square)
    again = waiting(square)
    assert first is not None
    assert again is not None
    assert first.id == again.id
    assert len(square.events("plan.proposed")) == 1


def test_a_district_that_does_not_ask_any_more_has_no_proposal(square: Square) -> None:
    ask_first(square)
    better_person(square)
    plan(square)
    assert waiting(square) is not None
    set_planning(
        square.engine,
        who=user(square, "sue", Role.SUPERVISOR),
        district=square.district,
        version=1,
        mode=PlanMode.AUTO,
        most_changes=None,
        standby={},
        key=None,
    )
    assert waiting(square) is None


def test_only_the_desk_applies(square: Square) -> None:
    ask_first(square)
    better_person(square)
    plan(square)
    found = waiting(square)
    assert found is not None
    with pytest.raises(Forbidden):
        apply(square, user(square, "pia", Role.PLANNER), found)


def test_an_undone_plan_gives_the_case_back_and_the_engine_leaves_it_there(square: Square, dora: User) -> None:
    far, near, case = better_person(square)
    made = plan(square)
    assert square.live()[case.id].responder == near.id
    done = undoing.undo(square.engine, who=dora, plan=made.id, reason="promised by phone", key=f"undo-{made.id}")
    assert [(r.incident, r.responder) for r in done.restored] == [(case.id, far.id)]
    assert done.could_not == ()
    plan(square)
    live = square.live()[case.id]
    assert (live.responder, live.placed_by) == (far.id, dora.id)
    event = square.events("plan.undone")[0]
    assert (event["actor"], event["reason"]) == (dora.id, "promised by phone")
    with pytest.raises(NotNow):
        undoing.undo(square.engine, who=dora, plan=made.id, reason=None, key=f"undo-again-{made.id}")


@pytest.mark.parametrize(("hurdle", "code"), [("begun", "begun"), ("off", "not_there")])
def test_what_cannot_be_restored_is_said(square: Square, dora: User, hurdle: str, code: str) -> None:
    far, near, case = better_person(square)
    made = plan(square)
    if hurdle == "begun":
        square.does(case.id, lifecycle.accept)
    else:
        with begin(square.engine) as tx:
            store.save_responder(tx, far, replace(far, duty=Duty.OFF, version=far.version + 1))
    done = undoing.undo(square.engine, who=dora, plan=made.id, reason=None, key=f"undo-{made.id}")
    assert [(n.incident, n.code) for n in done.could_not] == [(case.id, code)]
    live = square.live()[case.id]
    assert live.responder == near.id
    assert live.state in (AssignmentState.OFFERED, AssignmentState.ACCEPTED)


def test_only_the_newest_plan_that_broke_a_promise_can_be_taken_back(square: Square, dora: User) -> None:
    square.person(at(0))
    square.case(at(1))
    made = plan(square)
    with begin(square.engine) as tx:
        assert plans.undoable(tx, square.district) is None
    with pytest.raises(NotNow):
        undoing.undo(square.engine, who=dora, plan=made.id, reason=None, key=f"undo-{made.id}")


def test_a_setting_that_somebody_changed_meanwhile_is_stale(square: Square) -> None:
    seen = Setting(district=square.district)
    with begin(square.engine) as tx:
        settings.save_setting(tx, seen, replace(seen, plan_mode=PlanMode.ASK, version=1))
    with begin(square.engine) as tx, pytest.raises(Stale):
        settings.save_setting(tx, seen, replace(seen, plan_mode=PlanMode.AUTO, version=1))
