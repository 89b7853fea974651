"""Every checker is silent over honest work and turns red over a seeded fault."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from dispatch import invariants
from dispatch.model import Outcome, Source
from tests.dispatch.make import Town


@pytest.fixture
def busy(town: Town) -> Town:
    """A town in which every kind of thing has happened."""
    done = town.fed_back(town.assigned(town.report(town.dispatcher), town.worker), town.worker)
    town.fed_back(town.assigned(done.incident, town.other), town.other, Outcome.NOT_OK, "not yet")
    for who in (town.worker, town.other):
        town.assigned(town.report(None, source=Source.WEB), who)
        town.assigned(town.report(town.dispatcher), who)
    return town


def _rules(town: Town, *faults: str) -> set[str]:
    with town.engine.connect() as tx:
        for fault in faults:
            tx.execute(text(fault))
        return {fault.rule for fault in invariants.check(tx)}


def test_honest_work_breaks_no_rule(busy: Town) -> None:
    assert _rules(busy) == set()


_TELL = (
    "INSERT INTO event (district, kind, incident, body) SELECT district, 'incident.noted', id, jsonb_build_object"
    "('incident', jsonb_build_object('id', id, 'version', {version}, 'stage', {stage})) FROM incident"
)
_SAME_KEY = (
    "ALTER TABLE incident DROP CONSTRAINT incident_source_request_key_key",
    "UPDATE incident SET request_key = 'k', source = 'web'",
)
_SAME_TIME = (
    "ALTER TABLE assignment DROP CONSTRAINT assignment_no_double_booking",
    "UPDATE assignment SET during = '[2026-01-01, 2026-01-02)'",
)


@pytest.mark.parametrize(
    ("rule", "faults"),
    [
        ("doubled", _SAME_KEY),
        ("overlapping", _SAME_TIME),
        ("unlike_its_events", ("UPDATE incident SET title = 'changed past everybody'",)),
        ("illegal", (_TELL.format(version="version + 1", stage="'evaluated'"),)),
        ("gaps", (_TELL.format(version="version + 2", stage="stage"),)),
        ("gaps", (_TELL.format(version="version", stage="'rejected'"),)),
    ],
)
def test_a_seeded_fault_is_found(busy: Town, rule: str, faults: tuple[str, ...]) -> None:
    assert rule in _rules(busy, *faults)


def test_an_acknowledged_report_that_is_gone_is_found(busy: Town) -> None:
    with busy.engine.connect() as tx:
        kept = {
            (r.source, r.request_key): r.id for r in tx.execute(text("SELECT source, request_key, id FROM incident"))
        }
        assert invariants.lost(tx, kept) == []
        tx.execute(text("DELETE FROM assignment"))
        tx.execute(text("DELETE FROM incident WHERE id = :id"), {"id": min(kept.values())})
        assert [fault.id for fault in invariants.lost(tx, kept)] == [min(kept.values())]


def test_an_open_case_that_waits_without_a_reason_is_found(busy: Town) -> None:
    with busy.engine.connect() as tx:
        waiting = {fault.id for fault in invariants.forgotten(tx)}
        assert len(waiting) == 1  # the returned one: the engine has not had its turn
        tx.execute(
            text("INSERT INTO unassigned (incident, reason) SELECT unnest(:ids), 'too_busy'"), {"ids": list(waiting)}
        )
        assert invariants.forgotten(tx) == []
