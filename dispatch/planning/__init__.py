"""From the state of a district to offers and back: the one place that speaks to the database and to the solver.

`snapshot` reads, `posing` makes a problem of it, `timing` turns a plan into windows, `saving` writes what changed,
`planner` runs the round, `triggers` says what is worth one.
"""

from dispatch.planning.planner import Planner, plan_district
from dispatch.planning.triggers import worth_planning

__all__ = ["Planner", "plan_district", "worth_planning"]
