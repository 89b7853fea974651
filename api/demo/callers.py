"""Fictional callers: how often they call, what they say, and from which real address."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from api.demo import script
from api.demo.script import Line
from api.wiring import House
from dispatch import desk
from dispatch.desk import Report
from dispatch.errors import WorkError
from dispatch.model import Incident, Source, Stage, User
from gis.errors import GroundError
from gis.model import DistrictId, Place

log = logging.getLogger(__name__)

MEAN_PAUSE = 22.0  #: seconds between two calls while few cases are open
ENOUGH_OPEN = 18  #: open cases at which nobody calls any more, so that the desk stays readable
AT_ONCE = 7  #: calls when a place begins
SCORES = (5, 5, 5, 4, 4, 3, 2)


@dataclass(eq=False)
class Callers:
    """Everybody who calls in one place."""

    house: House
    district: DistrictId
    phone: User  #: the dispatcher who takes the calls
    eyes: Sequence[User]  #: workers who report what they see
    places: Sequence[Place]
    chance: random.Random
    next_call: float = 0.0
    waiting: dict[str, float] = field(default_factory=dict)  #: tracking token -> when its owner looks again

    def tick(self, now: float, open_cases: int, pace: float) -> None:
        """Call if it is time. `now` in seconds of a steady clock."""
        if now >= self.next_call and open_cases < ENOUGH_OPEN:
            for _ in range(AT_ONCE - open_cases if open_cases < AT_ONCE and not self.next_call else 1):
                self._call(now)
            self.next_call = now + self.chance.expovariate(pace / 4 / MEAN_PAUSE)
        for token in [token for token, due in self.waiting.items() if due <= now]:
            self._look_again(token, now)

    def _call(self, now: float) -> None:
        line = self.chance.choices(script.lines(), [one.weight for one in script.lines()])[0]
        who = {Source.WEB: None, Source.FIELD: self.chance.choice(self.eyes)}.get(line.source, self.phone)
        report = self._report(line, self.chance.choice(self.places))
        try:
            done = desk.report(
                self.house.desk, who=who, report=report, locate=self.house.locate(self.district), key=self._key()
            )
        except (WorkError, GroundError) as error:
            log.warning("a fictional call did not come in: %s", error)
            return
        if done.token:
            self.waiting[done.token] = now + 60

    def _report(self, line: Line, where: Place) -> Report:
        said = line.source is Source.PHONE or self.chance.random() < 0.5
        return Report(
            district=self.district,
            class_code=line.class_code,
            source=line.source,
            description=self.chance.choice(line.texts),
            text=where.label if said else None,
            point=None if said else where.point,
            contact=f"+000 555 {self.chance.randrange(10_000):04}" if line.source is Source.PHONE else None,
        )

    def _look_again(self, token: str, now: float) -> None:
        """Whoever reported on the web says in the end how it was."""
        case: Incident = desk.follow(self.house.desk, token=token)
        del self.waiting[token]
        if case.stage is Stage.CLOSED:
            score = self.chance.choice(SCORES)
            desk.evaluate_public(self.house.desk, token=token, score=score, key=self._key())
        elif case.stage not in (Stage.REJECTED, Stage.EVALUATED):
            self.waiting[token] = now + 30

    def _key(self) -> str:
        return f"demo-{self.chance.getrandbits(64):016x}"
