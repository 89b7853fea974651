"""Offers that nobody answers go to somebody else; nobody's promise and no dispatcher's choice is taken back."""

from __future__ import annotations

from sqlalchemy import text

from dispatch import desk, invariants, store
from dispatch.candidates.rules import too_soon
from dispatch.lifecycle import Work
from dispatch.model import AssignmentState, Stage
from dispatch.store.keys import clock
from tests.dispatch.make import Town, new_key


def _offered(town: Town, minutes: int, *, by_engine: bool = True) -> Work:
    """Offered to the worker so many minutes ago."""
    given = town.assigned(town.report(town.dispatcher), town.worker)
    with town.engine.begin() as tx:
        tx.execute(
            text(
                "UPDATE assignment SET offered_at = now() - make_interval(mins => :minutes),"
                " placed_by = CASE WHEN :engine THEN NULL ELSE placed_by END WHERE id = :id"
            ),
            {"minutes": minutes, "engine": by_engine, "id": given.assignment.id},
        )
    return given


def test_an_offer_that_nobody_answers_is_taken_back(town: Town) -> None:
    given = _offered(town, 600)
    assert desk.recall(town.desk, town.district) == 1
    with town.engine.connect() as tx:
        after = store.assignment(tx, given.assignment.id)
        assert (after.state, after.reason) == (AssignmentState.WITHDRAWN, "unanswered")
        assert store.incident(tx, given.incident.id).stage is Stage.FILED
        assert too_soon(after, clock(tx)), "whoever did not answer is not asked again at once"
        assert invariants.check(tx) == []


def test_an_offer_just_made_is_given_time(town: Town) -> None:
    _offered(town, 1)
    assert desk.recall(town.desk, town.district) == 0


def test_what_a_dispatcher_placed_stays(town: Town) -> None:
    given = _offered(town, 600, by_engine=False)
    assert desk.recall(town.desk, town.district) == 0
    with town.engine.connect() as tx:
        assert store.assignment(tx, given.assignment.id).state is AssignmentState.OFFERED


def test_an_offer_that_was_accepted_stays(town: Town) -> None:
    given = _offered(town, 600)
    desk.accept(town.desk, who=town.worker, assignment=given.assignment.id, version=None, key=new_key())
    assert desk.recall(town.desk, town.district) == 0


def test_whoever_is_busy_elsewhere_is_not_asked_to_answer_now(town: Town) -> None:
    town.on_scene(town.assigned(town.report(town.dispatcher), town.worker), town.worker)
    _offered(town, 600)
    assert desk.recall(town.desk, town.district) == 0
