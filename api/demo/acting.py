"""What one of the fictional crew does next: looks at an offer, goes, arrives, works, says what was found."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from api.demo.walking import Walk
from dispatch import desk
from dispatch.desk import Desk, Fix
from dispatch.model import UNDER_WAY, Assignment, AssignmentId, AssignmentState, Outcome, Purpose, Responder, User
from gis.model import Mode, Point
from gis.travel.engine import TravelEngine

LOOKS_AFTER = (2.0, 12.0)  #: seconds until somebody looks at an offer
DECLINES = 0.04
HASTE = 4.0  #: how many times faster again than they move people work, so that a visitor sees a case closed
SHORTEST_WORK = 12.0  #: seconds on scene, however fast the clock of the demonstration runs
STILL_HERE = 45.0  #: seconds after which somebody who stands says so again
REASONS = ("The battery of my cargo bike is flat", "I am held up at the last address", "My tool is in repair")
FOUND = {  #: what is usually found, what seldom
    Purpose.CHECK: (Outcome.OK, Outcome.NOT_FOUND),
    Purpose.HANDLE: (Outcome.DONE, Outcome.NOT_FOUND),
    Purpose.VERIFY: (Outcome.OK, Outcome.NOT_OK),
}
SELDOM = 0.06
WORDS = {
    Outcome.OK: "Seen with my own eyes, it is as reported",
    Outcome.DONE: "Done and tidied up",
    Outcome.NOT_FOUND: "Looked everywhere, nothing to be found",
    Outcome.NOT_OK: "It is not as it should be yet",
}


@dataclass(eq=False)
class Actor:
    """One of the crew. What is done lives in the database; here is only when the next thing is due."""

    desk: Desk
    roads: TravelEngine
    user: User
    chance: random.Random
    pace: float
    due: dict[tuple[AssignmentId, AssignmentState], float] = field(default_factory=dict)
    walk: tuple[AssignmentId, Walk, float] | None = None
    said_at: float = 0.0

    def tick(self, me: Responder, mine: Sequence[tuple[Assignment, Point | None]], now: float) -> None:
        """Do what is due. `mine` is in order, each with the place of the case; `now` in seconds of a steady clock.

        Raises WorkError where somebody else was faster; the next tick sees the world as it is then.
        """
        current = next((one for one in mine if one[0].state in UNDER_WAY), None)
        offered = [a for a, _ in mine if a.state is AssignmentState.OFFERED]
        if offered and self._is_due(offered[0], self._soon, now):
            self._answer(offered[0])
        if current is None:
            current = next((one for one in mine if one[0].state is AssignmentState.ACCEPTED), None)
        if current is None:
            self.walk = None
            self._stand(me, now)
        else:
            self._go_on(me, *current, now)

    def _answer(self, a: Assignment) -> None:
        if self.chance.random() < DECLINES:
            reason = self.chance.choice(REASONS)
            desk.decline(self.desk, who=self.user, assignment=a.id, version=a.version, reason=reason, key=None)
        else:
            desk.accept(self.desk, who=self.user, assignment=a.id, version=a.version, key=None)

    def _go_on(self, me: Responder, a: Assignment, where: Point | None, now: float) -> None:
        match a.state:
            case AssignmentState.ACCEPTED:
                self._stand(me, now)
                if self._is_due(a, self._soon, now):
                    desk.depart(self.desk, who=self.user, assignment=a.id, version=a.version, key=None)
            case AssignmentState.EN_ROUTE:
                self._move(me, a, where, now)
            case AssignmentState.ON_SCENE:
                self._stand(me, now)
                if self._is_due(a, lambda: self._work(a), now):
                    self._feed_back(a)
            case _:
                pass

    def _move(self, me: Responder, a: Assignment, where: Point | None, now: float) -> None:
        here = me.point or me.home
        if self.walk is None or self.walk[0] != a.id:
            leg = self.roads.route(Mode(me.mode), [here, where or here])
            self.walk = (a.id, Walk.of(leg, pace=self.pace), now)
        _, walk, begun = self.walk
        step = walk.at(now - begun)
        self._say(step.point, step.heading, step.speed, now)
        if now - begun >= walk.seconds:
            self.walk = None
            desk.arrive(self.desk, who=self.user, assignment=a.id, version=a.version, key=None)

    def _feed_back(self, a: Assignment) -> None:
        usual, seldom = FOUND[a.purpose]
        outcome = seldom if self.chance.random() < SELDOM else usual
        desk.feed_back(
            self.desk,
            who=self.user,
            assignment=a.id,
            version=a.version,
            outcome=outcome,
            note=WORDS[outcome],
            key=None,
        )

    def _stand(self, me: Responder, now: float) -> None:
        if now - self.said_at >= STILL_HERE:
            self._say(me.point or me.home, None, 0.0, now)

    def _say(self, point: Point, heading: float | None, speed: float, now: float) -> None:
        fix = Fix(point=point, at=datetime.now(UTC), accuracy_m=6.0, heading=heading, speed=speed)
        desk.positions(self.desk, who=self.user, fixes=[fix])
        self.said_at = now

    def _is_due(self, a: Assignment, after: Callable[[], float], now: float) -> bool:
        """True once the pause that was drawn when this state was first seen is over."""
        key = (a.id, a.state)
        if key not in self.due:
            self.due = {known: at for known, at in self.due.items() if at > now - 3600}
            self.due[key] = now + after()
        return now >= self.due[key]

    def _soon(self) -> float:
        return self.chance.uniform(*LOOKS_AFTER)

    def _work(self, a: Assignment) -> float:
        planned = (a.during.end - a.eta).total_seconds()
        return max(SHORTEST_WORK, planned * self.chance.uniform(0.6, 1.2) / self.pace / HASTE)
