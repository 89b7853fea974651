"""How much of a cell a piece of ground makes up: 1.0 is a cell of the size that is aimed at.

A hectare of town, 25 hectares of field or a square kilometre of lake weigh the same: somebody has to be able to look
after it. Built-up ground is what buildings occupy with the ground that goes with them: `(side + 20 m)²` for a building
whose footprint is a square of that side, never more than there is ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.grid.arrangement import Floats

OPEN = 25.0  #: a cell of open ground is this many times larger than one of built-up ground
WATER = 100.0
MARGIN = 20.0  #: metres of plot that go with a building, both sides together
PEOPLE = 1_000.0  #: about 450 households: the middle of 300 to 500 is exceeded rarely


@dataclass(frozen=True, kw_only=True)
class Scale:
    """What is aimed at."""

    target_m2: float
    people: float = PEOPLE

    def load(self, *, area: Floats, plots: Floats, people: Floats, water: Sequence[bool] | NDArray[np.bool_]) -> Floats:
        """Load of pieces of `area` m² with buildings that claim `plots` m² and `people` in them."""
        built = np.minimum(area, plots)
        land = (built + (area - built) / OPEN) / self.target_m2
        wet = area / WATER / self.target_m2
        return np.maximum(np.where(water, wet, land), people / self.people)


def plot(footprint: Floats) -> Floats:
    """Ground (m²) that goes with buildings of these footprints (m²)."""
    result: Floats = (np.sqrt(footprint) + MARGIN) ** 2
    return result
