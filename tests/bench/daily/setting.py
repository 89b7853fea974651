"""The two places of the day bench: how much happens, who is there, how they travel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from gis.model import Mode
from tests.bench.daily import stream
from tests.bench.daily.known import Case, Day, Worker
from tests.bench.town import Town

HOUR: Final = 3600
WEIGHTS: Final = {1: 8, 2: 4, 3: 2, 4: 1}  #: as data/reference/weights.json has them, and so the targets
TARGETS: Final = {1: 600, 2: 1800, 3: 7200, 4: 14_400}
UNTIL: Final = 30 * HOUR  #: the night shift ends; what nobody has begun by then is unserved
SHIFTS: Final = ((-2, 6), (6, 14), (14, 22), (22, 30))  #: hours
HELD: Final = ((0, 1), (0, 2), (1, 2), (0, 1, 2), (0,))  #: skills of the workers of a shift, in turn


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One place: reports a day, workers by shift, and the modes that they take in turn."""

    town: str
    reports: int
    crew: tuple[int, int, int, int]
    modes: tuple[Mode, ...]


SETTINGS: Final = (
    Setting(town="Lauf", reports=230, crew=(4, 9, 9, 4), modes=(Mode.CYCLE, Mode.CYCLE, Mode.DRIVE)),
    Setting(town="Liechtenstein", reports=310, crew=(6, 14, 14, 6), modes=(Mode.DRIVE,)),
)


def day(setting: Setting, here: Town, seed: int) -> Day:
    """One day of the place: the same seed, the same day, whatever policy it meets."""
    chance = np.random.default_rng(seed)
    calls = stream.drawn(chance, setting.reports)
    modes = tuple(dict.fromkeys(setting.modes))
    points = here.drawn(chance, modes, sum(setting.crew) + len(calls))
    estimates, base = stream.estimates(), sum(setting.crew)
    return Day(
        cases=tuple(_case(call, base + i, estimates[call.priority]) for i, call in enumerate(calls)),
        services=tuple(call.service for call in calls),
        workers=tuple(_workers(setting, modes)),
        travel=tuple(here.matrix(mode, points) for mode in modes),
        until=UNTIL,
    )


def _case(call: stream.Call, node: int, estimate: int) -> Case:
    return Case(
        at=call.at,
        node=node,
        weight=WEIGHTS[call.priority],
        target=call.at + TARGETS[call.priority],
        estimate=estimate,
        skill=call.skill,
    )


def _workers(setting: Setting, modes: tuple[Mode, ...]) -> list[Worker]:
    shifts = [shift for shift, count in zip(SHIFTS, setting.crew, strict=True) for _ in range(count)]
    turns = [turn for count in setting.crew for turn in range(count)]
    return [
        Worker(
            home=who,
            mode=modes.index(setting.modes[turn % len(setting.modes)]),
            start=HOUR * start,
            end=HOUR * end,
            skills=frozenset(HELD[turn % len(HELD)]),
        )
        for who, ((start, end), turn) in enumerate(zip(shifts, turns, strict=True))
    ]
