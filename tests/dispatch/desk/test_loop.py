"""The closed loop, through the use cases, on a real database."""

from __future__ import annotations

import pytest

from dispatch import desk, store
from dispatch.errors import Forbidden, NoCriterion, NoReason, NotNow, SamePerson, Stale
from dispatch.model import AssignmentState, Incident, Outcome, Purpose, Source, Stage, User
from tests.dispatch.make import Town, new_key


def _kinds(town: Town, case: Incident) -> list[str]:
    with town.engine.connect() as tx:
        return [e.event.kind for e in store.timeline(tx, case.id)]


def _now(town: Town, case: Incident) -> Incident:
    with town.engine.connect() as tx:
        return store.incident(tx, case.id)


def _public(town: Town) -> Incident:
    return town.report(None, source=Source.WEB)


def _close(town: Town, who: User, case: Incident, criterion: str | None = "restored") -> Incident:
    return desk.close(town.desk, who=who, incident=case.id, version=case.version, criterion=criterion, key=new_key())


def test_a_case_goes_from_a_phone_call_to_an_evaluation(town: Town) -> None:
    case = town.report(town.dispatcher)
    assert case.stage is Stage.FILED
    given = town.assigned(case, town.worker)
    assert given.incident.stage is Stage.DISPATCHED
    done = town.fed_back(given, town.worker)
    assert (done.incident.stage, done.incident.handled_by) == (Stage.FED_BACK, town.worker.responder)
    closed = _close(town, town.dispatcher, done.incident)
    assert (closed.stage, closed.verified_by) == (Stage.CLOSED, town.dispatcher.id)
    judged = desk.evaluate(town.desk, who=town.supervisor, incident=case.id, version=None, score=5, key=new_key())
    assert judged.stage is Stage.EVALUATED
    assert _kinds(town, case) == [
        "incident.reported",
        "assignment.offered",
        "assignment.accepted",
        "assignment.departed",
        "assignment.arrived",
        "assignment.fed_back",
        "incident.closed",
        "incident.evaluated",
    ]


def test_a_public_report_waits_until_somebody_looked(town: Town) -> None:
    case = _public(town)
    assert (case.stage, case.filed_at) == (Stage.COLLECTED, None)
    checked = town.fed_back(town.assigned(case, town.worker), town.worker, Outcome.OK)
    assert checked.assignment.purpose is Purpose.CHECK
    assert (checked.incident.stage, checked.incident.filing_criterion) == (Stage.FILED, "missing")


def test_a_check_that_finds_nothing_rejects_the_report(town: Town) -> None:
    checked = town.fed_back(town.assigned(_public(town), town.worker), town.worker, Outcome.NOT_FOUND, "nothing there")
    assert (checked.incident.stage, checked.incident.outcome) == (Stage.REJECTED, "nothing there")


def test_a_dispatchers_word_spares_the_check(town: Town) -> None:
    case = _public(town)
    sent = town.assigned(case, town.worker)
    filed = desk.confirm(
        town.desk, who=town.dispatcher, incident=case.id, version=case.version, criterion="broken", key=new_key()
    )
    assert (filed.stage, filed.handle_seconds) == (Stage.FILED, 4 * 3600)
    with town.engine.connect() as tx:
        assert store.assignment(tx, sent.assignment.id).state is AssignmentState.WITHDRAWN


def test_nothing_is_filed_without_a_criterion_of_its_class(town: Town) -> None:
    case = _public(town)
    with pytest.raises(NoCriterion):
        desk.confirm(town.desk, who=town.dispatcher, incident=case.id, version=None, criterion=None, key=new_key())


def test_nothing_is_closed_without_a_criterion_of_its_class(town: Town) -> None:
    done = town.fed_back(town.assigned(town.report(town.dispatcher), town.worker), town.worker)
    with pytest.raises(NoCriterion):
        _close(town, town.dispatcher, done.incident, "trapped")


def test_a_verification_on_site_closes_the_case(town: Town) -> None:
    done = town.fed_back(town.assigned(town.report(town.dispatcher), town.worker), town.worker)
    seen = town.fed_back(town.assigned(done.incident, town.other), town.other, Outcome.OK)
    assert seen.assignment.purpose is Purpose.VERIFY
    assert (seen.incident.stage, seen.incident.closing_criterion) == (Stage.CLOSED, "restored")
    assert seen.incident.verified_by == town.other.id


def test_a_verification_that_fails_returns_the_case_with_the_reason(town: Town) -> None:
    done = town.fed_back(town.assigned(town.report(town.dispatcher), town.worker), town.worker)
    sent = town.on_scene(town.assigned(done.incident, town.other), town.other)
    say = {"who": town.other, "assignment": sent.assignment.id, "version": None, "outcome": Outcome.NOT_OK}
    with pytest.raises(NoReason):
        desk.feed_back(town.desk, **say, note=" ", key=new_key())
    back = desk.feed_back(town.desk, **say, note="still open", key=new_key())
    assert (back.incident.stage, back.incident.returned, back.incident.handled_by) == (Stage.FILED, 1, None)


def test_whoever_handled_a_case_is_not_sent_to_verify_it(town: Town) -> None:
    done = town.fed_back(town.assigned(town.report(town.dispatcher), town.worker), town.worker)
    with pytest.raises(SamePerson):
        town.assigned(done.incident, town.worker)


def test_a_returned_case_cannot_jump_ahead_to_closing(town: Town) -> None:
    done = town.fed_back(town.assigned(town.report(town.dispatcher), town.worker), town.worker)
    say = {"who": town.dispatcher, "incident": done.incident.id, "version": None}
    with pytest.raises(NoReason):
        desk.return_(town.desk, **say, reason="", key=new_key())
    back = desk.return_(town.desk, **say, reason="rattles again", key=new_key())
    assert back.stage is Stage.FILED
    with pytest.raises(NotNow):
        _close(town, town.dispatcher, back)


def test_reopening_starts_the_clocks_anew(town: Town) -> None:
    done = town.fed_back(town.assigned(town.report(town.dispatcher), town.worker), town.worker)
    closed = _close(town, town.dispatcher, done.incident)
    again = desk.reopen(
        town.desk, who=town.dispatcher, incident=closed.id, version=closed.version, reason="gone again", key=new_key()
    )
    assert (again.stage, again.reopened, again.handled_by, again.closed_at) == (Stage.FILED, 1, None, None)
    assert again.due_handle_at is None
    assert closed.due_accept_at is not None
    assert again.due_accept_at is not None
    assert again.due_accept_at > closed.due_accept_at


def test_the_second_of_two_dispatchers_hears_that_the_case_has_changed(town: Town) -> None:
    case = town.report(town.dispatcher)
    desk.reject(town.desk, who=town.supervisor, incident=case.id, version=case.version, reason="double", key=new_key())
    with pytest.raises(Stale) as heard:
        town.assigned(case, town.worker)
    assert heard.value.params["current"] == case.version + 1


def test_a_worker_rejects_nothing(town: Town) -> None:
    case = town.report(town.dispatcher)
    with pytest.raises(Forbidden):
        desk.reject(town.desk, who=town.worker, incident=case.id, version=None, reason="no", key=new_key())
    assert _now(town, case) == case


def test_another_class_brings_other_limits(town: Town) -> None:
    case = town.report(town.dispatcher)
    say = {"who": town.dispatcher, "incident": case.id, "version": case.version, "reason": "it is the drain"}
    after = desk.reclassify(town.desk, **say, class_code="C0102", key=new_key())
    assert (after.skill, after.handle_seconds, after.filing_criterion) == ("drainage", 8 * 3600, "ordinary")


def test_a_note_leaves_the_case_as_it_is(town: Town) -> None:
    case = town.report(town.dispatcher)
    desk.note(town.desk, who=town.dispatcher, incident=case.id, version=None, note="caller called back", key=new_key())
    assert _now(town, case) == case
    assert _kinds(town, case)[-1] == "incident.noted"


def test_no_event_carries_a_contact(town: Town) -> None:
    case = town.report(town.dispatcher, contact="040 7654321")
    town.fed_back(town.assigned(case, town.worker), town.worker)
    with town.engine.connect() as tx:
        told = [str(e.event.body) for e in store.timeline(tx, case.id)]
    assert told
    assert not [body for body in told if "7654321" in body or "contact" in body]
