"""Windows that stand in for lateness where an engine has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

type Ends = npt.NDArray[np.int64]

FIRST = 0.8  #: of the budget for the pass with windows on all cases; the rest for the pass that takes some off


@dataclass(frozen=True, kw_only=True)
class Model:
    """Every case may begin `minutes` after its due time, or, `by_weight`, up to twice that divided by its weight."""

    minutes: int
    by_weight: bool = False

    @property
    def name(self) -> str:
        return f"{self.minutes} min" + (" by weight" if self.by_weight else "")

    def ends(self, x: Any) -> Ends:
        """Seconds, (incidents,): the last moment at which each case may begin."""
        slack = np.full(x.incidents, 60 * self.minutes)
        if self.by_weight:
            slack = 2 * slack // x.weight
        return np.asarray(np.minimum(np.maximum(x.due, 0) + slack, horizon(x)), dtype=np.int64)


#: twelve (0 to 90 minutes, flat and by weight) were tried on seeds 0 and 1; these won there or came near
VROOM = (Model(minutes=30), Model(minutes=45))
PYVRP = (Model(minutes=60), Model(minutes=90, by_weight=True))


def horizon(x: Any) -> int:
    """Seconds: nobody works later."""
    return int(x.shift_end.max())


def opened(x: Any, ends: Ends, routes: list[list[int]]) -> Ends:
    """The windows again, with none on what these routes leave out."""
    served = {i for route in routes for i in route}
    left = [i for i in range(x.incidents) if i not in served]
    wide = ends.copy()
    wide[left] = horizon(x)
    return wide
