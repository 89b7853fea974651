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

from gis.errors import BadQuestion
from gis.grid.arrangement import Floats
from gis.grid.model import Measure, Targets

OPEN = 25.0  #: a cell of open ground is this many times larger than one of built-up ground
WATER = 100.0
TOO_BIG = 1.6  #: load from which a block is split
FINE = 0.6  #: the same where there are bounds: small pieces can be put together to keep them
FULL = 1.4  #: two pieces that are joined may reach this load
MARGIN = 20.0  #: metres of plot that go with a building, both sides together
PEOPLE = 1_000.0  #: about 450 households: the middle of 300 to 500 is exceeded rarely
SPARSE_M2 = (
    20_000.0  #: where households, people or incidents are counted, half a square kilometre of ground is a cell too
)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """What is aimed at: ground of `target_m2`, or a `weight` of people, households, incidents: what is reached first.

    `built`: built-up ground counts more than open ground. `least` and `most` are bounds of the measure, `area` says
    whether that is the ground itself; `cap` is the weight that two pieces may have together. A piece with a load over
    `grain` is split.
    """

    target_m2: float
    weight: float = PEOPLE
    cap: float = PEOPLE
    built: bool = True
    area: bool = True
    least: float = 0.0
    most: float = np.inf
    grain: float = TOO_BIG

    @classmethod
    def of(cls, targets: Targets) -> Scale:
        """The scale of what is asked for. Raises BadQuestion."""
        least, most = targets.least or 0.0, targets.most if targets.most is not None else np.inf
        if not (targets.aim > 0 and 0 <= least <= most and most > 0):
            raise BadQuestion(field="targets", value=targets.aim, allowed="least <= aim <= most")
        if targets.measure is Measure.AREA:
            return cls(target_m2=targets.aim, least=least, most=most)
        cap = min(most, FULL * targets.aim)
        return cls(
            target_m2=SPARSE_M2,
            weight=targets.aim,
            cap=cap,
            built=False,
            area=False,
            least=least,
            most=most,
            grain=FINE if targets.least else TOO_BIG,
        )

    def load(self, *, area: Floats, plots: Floats, weight: Floats, water: Sequence[bool] | NDArray[np.bool_]) -> Floats:
        """Load of pieces of `area` m² with buildings that claim `plots` m² and have `weight`."""
        built = np.minimum(area, plots) if self.built else 0 * area
        land = (built + (area - built) / OPEN) / self.target_m2
        wet = area / WATER / self.target_m2
        return np.maximum(np.where(water, wet, land), weight / self.weight)

    def amount(self, area: float, weight: float) -> float:
        """How much of the measure a piece has."""
        return area if self.area else weight


def plot(footprint: Floats) -> Floats:
    """Ground (m²) that goes with buildings of these footprints (m²)."""
    result: Floats = (np.sqrt(footprint) + MARGIN) ** 2
    return result
