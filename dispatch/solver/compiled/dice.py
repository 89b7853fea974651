"""Random numbers inside the search: xorshift64*, its state in one array, so that a run can be cut into chunks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dispatch.solver.compiled.columns import DICE
from dispatch.solver.compiled.jit import inner

type Facts = npt.NDArray[np.int64]


def dice(seed: int) -> int:
    """A fresh state; seeds that are neighbours start far apart."""
    return int(np.random.SeedSequence(seed).generate_state(1, dtype=np.uint64).view(np.int64)[0]) | 1


@inner
def chance(fact: Facts) -> float:
    """Uniform in [0, 1). The state stands among the facts of the search."""
    s = np.uint64(fact[DICE])
    s ^= s >> np.uint64(12)
    s ^= s << np.uint64(25)
    s ^= s >> np.uint64(27)
    fact[DICE] = np.int64(s)
    return float((s * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inner
def below(fact: Facts, n: int) -> int:
    """Uniform in 0..n-1."""
    return int(chance(fact) * n)
