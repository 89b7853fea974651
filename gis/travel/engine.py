"""What the house asks about ways: a table of times between many points, and one way through some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gis.model import Leg, Mode, Point

type Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Ways from every source to every target, shape [sources, targets].

    `seconds` and `metres` are float64 and np.inf where there is no way; where a source equals a target they are 0.
    """

    seconds: Floats
    metres: Floats
    estimated: bool  #: True when no road engine answered (straight line x detour)
    moved: frozenset[Point] = frozenset()  #: stand on a closed road: their ways are from or to the nearest open one


class TravelEngine(Protocol):
    """Safe to call from many threads at once."""

    def matrix(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:
        """All ways from `sources` to `targets`. A pair without a way is np.inf, no error. Raises TravelUnavailable."""

    def route(self, mode: Mode, stops: Sequence[Point]) -> Leg:
        """The way through `stops`, two or more, in their order. Raises NoWay where there is none; TravelUnavailable."""
