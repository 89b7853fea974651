"""The checkers of the storm are silent over honest work and find a seeded fault."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from dispatch import feed
from tests.dispatch.make import Town
from tests.faults import verdict
from tests.faults.callers import Said
from tests.faults.screen import unlike


@pytest.fixture
def tx(town: Town) -> Iterator[Connection]:
    for _ in range(3):
        town.assigned(town.report(town.dispatcher), town.worker)
    with town.engine.connect() as found:
        yield found


def _acknowledged(tx: Connection) -> dict[Said, set[str]]:
    rows = tx.execute(text("SELECT source, request_key, number FROM incident"))
    return {(row.source, row.request_key): {row.number} for row in rows}


def _told(tx: Connection, town: Town) -> list[str]:
    return [f"{e.txid}-{e.seq}" for e in feed.after(tx, None, district=town.district)[0]]


def test_honest_work_is_neither_lost_nor_doubled(tx: Connection) -> None:
    said = _acknowledged(tx)
    assert len(said) == 3
    assert verdict.lost(tx, said) == verdict.doubled(tx, said) == []


def test_a_report_that_is_gone_or_has_another_number_is_lost(tx: Connection) -> None:
    said = _acknowledged(tx)
    changed = next(iter(said))
    assert len(verdict.lost(tx, {**said, ("web", "never stored"): {"1"}})) == 1
    tx.execute(text("UPDATE incident SET number = 'another' WHERE request_key = :key"), {"key": changed[1]})
    assert len(verdict.lost(tx, said)) == 1


def test_one_key_with_two_numbers_or_two_cases_is_doubled(tx: Connection) -> None:
    said = _acknowledged(tx)
    one, other, *_ = said
    assert len(verdict.doubled(tx, {**said, one: {"1", "2"}})) == 1
    tx.execute(text("ALTER TABLE incident DROP CONSTRAINT incident_source_request_key_key"))
    tx.execute(
        text("UPDATE incident SET request_key = :one WHERE request_key = :other"), {"one": one[1], "other": other[1]}
    )
    assert len(verdict.doubled(tx, said)) == 1


def test_an_acknowledged_deed_without_an_event_is_undone(tx: Connection) -> None:
    deeds = [(row.id, row.version) for row in tx.execute(text("SELECT id, version FROM assignment"))]
    assert verdict.undone(tx, deeds) == []
    assert len(verdict.undone(tx, [*deeds, (deeds[0][0], 99)])) == 1


def test_an_event_missed_repeated_or_out_of_order_is_misheard(tx: Connection, town: Town) -> None:
    told = _told(tx, town)
    assert len(told) >= 6

    def faults(heard: list[str]) -> list[str]:
        return verdict.misheard(tx, town.district, str(feed.START), heard)

    assert faults(told) == []
    assert faults(told[:2] + told[3:]) == [f"missed {told[2]}"]
    assert faults([*told, told[0]]) == [f"heard once too often {told[0]}"]
    assert faults(told[::-1]) == ["heard in another order"]


def test_a_screen_that_did_not_hear_of_a_change_differs() -> None:
    fresh = {"incident": {1: {"stage": "filed"}, 2: {"stage": "filed"}}}
    assert unlike(fresh, fresh) == []
    assert len(unlike({"incident": {1: {"stage": "collected"}}}, fresh)) == 2
