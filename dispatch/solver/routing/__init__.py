"""The model of record in OR-Tools routing. The mathematics stands in `scoring`; what differs in the model stands here.

- Nodes: the people's starts, the tasks, one end that costs nothing to reach, and the places where routes have to end.
- Begin of a task: its cumulative time on the clock; waiting is slack. Lateness: a soft upper bound; that of the end:
  another one on a clock that runs beside it. Overtime: a soft upper bound at the end of the route.
- Leaving a task out: a disjunction; locked work has none. Who may: `VehicleVar(i).SetValues([-1, ...])`.
- What a person, a cell or a change of person costs: part of the arc to the task, a matrix for all who are alike.
- Capacity, work and number of tasks: dimensions. Appointments: holes in the domain of the clock. Certificates: the
  clock bounded by an element of who it is. Breaks: intervals with a flexible start; gaps between windows: fixed ones.
- Crews: equal clocks, equal activity, different people. After: the clock not before the other's end. Promises: a sum.

Not said, and left to the scorer: speeds by the hour (ways count as in the matrix), rest between windows, fairness,
standby, what a crew holds between its people, locked work that fits no window. OR-Tools also lets gaps and breaks fall
into a way; the scorer does not. Routes that come back are therefore timed again by the caller, and what does not hold
is taken out. The libraries are loaded with the first search.
"""

from __future__ import annotations

from dispatch.solver.ground import Ground
from dispatch.solver.problem import Routes

FEWEST_MS = 20  #: below this a search is not worth its model


def search(
    ground: Ground, start: Routes | None, *, seed: int, seconds: float, repeatable: bool = False
) -> Routes | None:
    """Guided local search from `start`, or from parallel cheapest insertion where it is None or does not fit the model.

    Uses all of `seconds`; `repeatable` goes downhill only and ends by itself, as a rule sooner. None: nothing found.
    """
    if not ground.people or not ground.tasks or seconds * 1000 < FEWEST_MS:
        return None
    from dispatch.solver.routing.searching import found  # OR-Tools takes a while to load

    return found(ground, start, seed=seed, seconds=seconds, repeatable=repeatable)
