"""Many hands at once, some of them clumsy: afterwards every rule holds and no acknowledged report is missing."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dispatch import desk, feed, invariants, store
from dispatch.errors import WorkError
from dispatch.lifecycle import OUTCOMES
from dispatch.model import Duty, Source, User
from tests.dispatch.make import NEAR, Town, new_key

HANDS, DEEDS = 6, 40


def _pick(dice: random.Random, things: list[Any]) -> Any:
    return dice.choice(things) if things else None


class _Hand:
    """One person or machine that does something likely, with what it saw a moment ago."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town, self.dice = town, random.Random(seed)
        self.acknowledged: dict[tuple[str, str], int] = {}
        self.done = 0
        self.refused: list[str] = []

    def run(self) -> _Hand:
        for _ in range(DEEDS):
            deed = self.dice.choices([self.report, self.send, self.work, self.judge, self.duty], [3, 4, 8, 3, 1])[0]
            try:
                deed()
                self.done += 1
            except WorkError as error:
                self.refused.append(error.code)
        return self

    def report(self) -> None:
        key, source = new_key(), self.dice.choice([Source.WEB, Source.PHONE])
        who = self.town.dispatcher if source is Source.PHONE else None
        for _ in range(self.dice.choice([1, 1, 2])):  # a phone that repeats itself
            self.acknowledged[source.value, key] = self.town.report(who, key=key, source=source).id

    def send(self) -> None:
        with self.town.engine.connect() as tx:
            case = _pick(self.dice, store.incidents_in_scope(tx, self.town.district, None))
        if case:
            who = self.dice.choice([self.town.worker, self.town.other, self.town.volunteer])
            desk.assign(
                self.town.desk,
                who=self.town.dispatcher,
                incident=case.id,
                responder=who.responder,
                version=case.version,
                travel=NEAR,
                key=new_key(),
            )

    def work(self) -> None:
        who: User = self.dice.choice([self.town.worker, self.town.other, self.town.volunteer])
        with self.town.engine.connect() as tx:
            mine = _pick(self.dice, store.live_assignments(tx, who.responder or 0))
        if mine is None:
            return
        say = {"who": who, "assignment": mine.id, "version": mine.version, "key": new_key()}
        match self.dice.choice([mine.state.value] * 6 + ["decline"]):
            case "offered":
                desk.accept(self.town.desk, **say)
            case "accepted":
                desk.depart(self.town.desk, **say)
            case "en_route":
                desk.arrive(self.town.desk, **say)
            case "on_scene":
                outcome = self.dice.choice(OUTCOMES[mine.purpose])
                desk.feed_back(self.town.desk, **say, outcome=outcome, note="as found")
            case "decline":
                desk.decline(self.town.desk, **say, reason="cannot")

    def judge(self) -> None:
        with self.town.engine.connect() as tx:
            case = _pick(self.dice, store.incidents_in_scope(tx, self.town.district, None))
        if case is None:
            return
        say = {"who": self.town.dispatcher, "incident": case.id, "version": case.version, "key": new_key()}
        match self.dice.choice(["confirm", "reject", "return", "close", "withdraw"]):
            case "confirm":
                desk.confirm(self.town.desk, **say, criterion="noisy")
            case "reject":
                desk.reject(self.town.desk, **say, reason="double")
            case "return":
                desk.return_(self.town.desk, **say, reason="not good")
            case "close":
                desk.close(self.town.desk, **say, criterion="restored")
            case "withdraw":
                desk.withdraw(self.town.desk, **say, reason="another way")

    def duty(self) -> None:
        who = self.dice.choice([self.town.worker, self.town.other])
        desk.set_duty(
            self.town.desk, who=who, responder=who.responder, duty=self.dice.choice(list(Duty)), key=new_key()
        )


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_after_a_storm_of_deeds_every_rule_holds(town: Town, seed: int) -> None:
    with ThreadPoolExecutor(HANDS) as pool:
        hands = list(pool.map(lambda n: _Hand(town, seed * 100 + n).run(), range(HANDS)))
    acknowledged = {said: key for hand in hands for said, key in hand.acknowledged.items()}
    with town.engine.connect() as tx:
        assert invariants.check(tx) == []
        assert invariants.lost(tx, acknowledged) == []
        told, cursor = [], None
        for _ in range(100):
            events, cursor = feed.after(tx, cursor)
            told += events
            if not events:
                break
    assert sum(hand.done for hand in hands) > HANDS * DEEDS / 3
    assert len({e.seq for e in told}) == len(told)
    assert {code for hand in hands for code in hand.refused} <= {
        "work.stale",
        "work.not_now",
        "work.taken",
        "work.same_person",
        "work.no_reason",
        "work.invalid",
    }
