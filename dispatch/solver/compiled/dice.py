"""Random numbers inside the search: xorshift64*, its state in one array, so that a run can be cut into chunks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dispatch.solver.compiled.jit import inner

type Dice = npt.NDArray[np.uint64]


def dice(seed: int) -> Dice:
    """A fresh state; seeds that are neighbours start far apart."""
    return np.random.SeedSequence(seed).generate_state(1, dtype=np.uint64) | np.uint64(1)


@inner
def chance(dice: Dice) -> float:
    """Uniform in [0, 1)."""
    s = dice[0]
    s ^= s >> np.uint64(12)
    s ^= s << np.uint64(25)
    s ^= s >> np.uint64(27)
    dice[0] = s
    return float((s * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inner
def below(dice: Dice, n: int) -> int:
    """Uniform in 0..n-1."""
    return int(chance(dice) * n)
