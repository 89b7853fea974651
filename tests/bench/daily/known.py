"""The values of a day: what happens, and the part of it that is known at one moment. Seconds after midnight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

type Seconds = npt.NDArray[np.int64]
type Rows = tuple[tuple[int, ...], ...]  #: for every worker the cases in order


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is known of a case from the moment `at` on. How long the work really takes is not."""

    at: int
    node: int
    weight: int
    target: int  #: somebody ought to be there by then
    estimate: int  #: seconds of work that cases of this priority take on average
    skill: int | None  #: None: anybody can


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Somebody who starts at `home` and takes work that is expected to end within [start, end)."""

    home: int
    mode: int
    start: int
    end: int
    skills: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day as it will happen. `services` are the true seconds of work, case by case; none is begun after `until`."""

    cases: tuple[Case, ...]
    services: tuple[int, ...]
    workers: tuple[Worker, ...]
    travel: tuple[Seconds, ...]  #: (nodes, nodes), one a mode
    until: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A worker at one moment: where and when they are expected to be free, and what they were promised after that."""

    worker: Worker
    node: int
    free: int
    row: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that is known at `now`: cases that were reported and to which nobody has set out."""

    now: int
    cases: Mapping[int, Case]
    crew: tuple[Standing, ...]
    promised: Mapping[int, int]  #: case -> the worker who was told last
    travel: tuple[Seconds, ...]

    def able(self, who: int, case: int) -> bool:
        skill = self.cases[case].skill
        return skill is None or skill in self.crew[who].worker.skills

    def way(self, who: int, node: int, case: int) -> int:
        """Seconds from `node` to the case in the worker's mode."""
        return int(self.travel[self.crew[who].worker.mode][node, self.cases[case].node])


type Policy = Callable[[Known], Rows]
