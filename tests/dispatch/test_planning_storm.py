"""The engine plans while many hands work: no rule breaks, nothing is lost, and in the end no case is forgotten."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from dispatch import invariants, store, tables
from dispatch.errors import Stale, Taken
from dispatch.model import Interval
from dispatch.planning import Planner, plan_district
from dispatch.store.rows import window
from gis.database import begin
from gis.travel.beeline import Beeline
from tests.dispatch.make import Town
from tests.dispatch.test_storm import _Hand

HANDS = 4
MOST = 10 * HANDS


class Hand(_Hand):
    """Leaves it to the engine to send people."""

    def send(self) -> None:
        self.work()


def put_on_shift(town: Town) -> None:
    now = datetime.now(UTC)
    shift = window(Interval(start=now - timedelta(hours=1), end=now + timedelta(hours=8)))
    with begin(town.engine) as tx:
        for person in store.responders(tx, town.district):
            tx.execute(insert(tables.shift).values(responder=person.id, during=shift))


@pytest.mark.slow
def test_planning_in_a_storm_breaks_no_rule_and_forgets_no_case(town: Town) -> None:
    put_on_shift(town)
    planner = Planner(engine=town.engine, travel=Beeline(), seconds=0.05)
    over = threading.Event()
    overtaken, plans = [], []

    def plan() -> None:
        while not over.is_set():
            try:
                plans.append(plan_district(planner, town.district))
            except (Stale, Taken) as error:
                overtaken.append(error.code)
            over.wait(0.05)

    with ThreadPoolExecutor(HANDS + 2) as pool:
        engines = [pool.submit(plan) for _ in range(2)]
        hands: list[_Hand] = []
        while len(hands) < MOST and not any(p.placed for p in plans):  # on a busy machine hands are faster than plans
            seeds = range(len(hands), len(hands) + HANDS)
            hands += pool.map(lambda seed: Hand(town, seed).run(), seeds)
        over.set()
        for engine in engines:
            engine.result(timeout=30)
    last = plan_district(planner, town.district)
    with begin(town.engine) as tx:
        assert invariants.check(tx) == []
        assert invariants.forgotten(tx) == []
        for hand in hands:
            assert invariants.lost(tx, hand.acknowledged) == []
        by_engine = (tables.event.c.kind == "assignment.offered", tables.event.c.actor.is_(None))
        offers = tx.scalar(select(func.count()).where(*by_engine))
    assert sum(hand.done for hand in hands) > HANDS
    assert 0 < sum(p.placed + p.moved for p in (*plans, last)) <= (offers or 0)
