"""Who goes where, in which order: one problem in, one plan out, integers throughout.

`problem` holds the values, `layout` and `ground` lay them out, `driving` and `timing` say when people do what, `rules`
what a plan may not do, `scoring` what it costs: the one scorer that judges every plan, with the mathematics in its
docstring. `nearest` and `compiled` are our own ways to find one, `routing` the OR-Tools model, `kept` and `standing`
the rows that people look at, `solving` puts them together, `live` keeps one plan through the events of a day. `reasons`
and `explaining` say why something is as it is, `problemfile` reads and answers problems of others.
Imports the standard library, numpy, numba and ortools; knows nothing of maps, databases or clocks on walls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
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


def __getattr__(name: str) -> Any:
    """The engine itself only when it is asked for: it is heavy, and who reads or judges a plan can do without."""
    if name == "solve":
        from dispatch.solver.solving import solve

        return solve
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
