"""Who goes where, in which order: one problem in, one plan out, integers throughout.

`problem` holds the values, `scoring` the one scorer that judges every plan, `nearest` and `insertion` our own ways to
build one, `routing` the OR-Tools model, `standing` keeps
rows that people look at, `reasons` says why something is left over, `solving` puts them together.
Imports the standard library, numpy and ortools; knows nothing of maps, databases or clocks.
"""

from dispatch.solver.problem import (
    FOREVER,
    NO_WAY,
    Break,
    Crew,
    Held,
    Person,
    Plan,
    Problem,
    Speeds,
    Standby,
    Stop,
    Task,
    Unassigned,
)
from dispatch.solver.scoring import Score, score
from dispatch.solver.solving import solve

__all__ = [
    "FOREVER",
    "NO_WAY",
    "Break",
    "Crew",
    "Held",
    "Person",
    "Plan",
    "Problem",
    "Score",
    "Speeds",
    "Standby",
    "Stop",
    "Task",
    "Unassigned",
    "score",
    "solve",
]
