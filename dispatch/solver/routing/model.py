"""Nodes and ways of the model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from ortools.constraint_solver import pywrapcp

from dispatch.solver.ground import Ground
from dispatch.solver.layout import FORCED_WAY
from dispatch.solver.problem import NO_WAY

CELLS = 2 * 10**7  #: of matrices of costs, at most; beyond that what a person costs is left to the scorer

type Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Model:
    """The nodes are the people's starts, the tasks, the open end, then the `homes`."""

    ground: Ground
    homes: tuple[int, ...]  #: the nodes of the problem where routes have to end
    index: Any
    routing: Any

    def at(self, task: int) -> int:
        """Index of a task in the model."""
        return int(self.index.NodeToIndex(self.ground.people + task))

    @cached_property
    def size(self) -> int:
        """How many nodes there are."""
        return self.ground.people + self.ground.tasks + 1 + len(self.homes)

    @cached_property
    def ways(self) -> tuple[Whole, ...]:
        """(size, size) seconds on the road, for every mode."""
        return tuple(self._ways(mode) for mode in range(len(self.ground.travel)))

    def _ways(self, mode: int) -> Whole:
        ground, rows = self.ground, self.ground.people + self.ground.tasks
        wide: Whole = np.zeros((self.size, self.size), dtype=np.int64)
        wide[:rows, :rows] = np.minimum(ground.travel[mode], NO_WAY)
        back = ground.problem.travel[mode][np.ix_(ground.nodes, self.homes)]
        locked = np.array([False] * ground.people + [t.locked is not None for t in ground.problem.tasks])
        wide[:rows, rows + 1 :] = np.where((back >= NO_WAY) & locked[:, None], FORCED_WAY, np.minimum(back, NO_WAY))
        wide[: ground.people, rows:] = 0  # who has no task stays where they are
        return wide

    def by_node(self, tasks: list[int]) -> list[int]:
        """One value a task, spread over all nodes; 0 elsewhere."""
        return [0] * self.ground.people + tasks + [0] * (self.size - self.ground.people - self.ground.tasks)


def new(ground: Ground) -> Model:
    """The nodes, and time on the road as what an arc costs."""
    homes = tuple(sorted({p.end for p in ground.problem.people if p.end is not None}))
    open_end = ground.people + ground.tasks
    ends = [open_end if p.end is None else open_end + 1 + homes.index(p.end) for p in ground.problem.people]
    index = pywrapcp.RoutingIndexManager(open_end + 1 + len(homes), ground.people, list(range(ground.people)), ends)
    model = Model(ground, homes, index, pywrapcp.RoutingModel(index))
    if open_end not in ends:  # where everybody goes home, OR-Tools takes it for one more node to be visited
        model.routing.AddDisjunction([index.NodeToIndex(open_end)], 0)
        model.routing.ActiveVar(index.NodeToIndex(open_end)).SetValue(0)
    _add_costs(model)
    return model


def _add_costs(model: Model) -> None:
    """An arc costs its way and what the task at its end costs with this person; one matrix for all who are alike.

    (A dimension whose transits differ by person would do with less, but tasks could not be left out then: OR-Tools
    9.15 finds no value for the transit of a node without a vehicle.)
    """
    alike: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    for who, person in enumerate(model.ground.problem.people):
        alike.setdefault((person.mode, _dues(model, who)), []).append(who)
    if len(alike) * model.size**2 > CELLS:
        alike = {}
        for who, person in enumerate(model.ground.problem.people):
            alike.setdefault((person.mode, (0,) * model.size), []).append(who)
    for (mode, dues), people in alike.items():
        costs = model.ways[mode] + np.array(dues, dtype=np.int64)[None, :]
        evaluator = model.routing.RegisterTransitMatrix(costs.tolist())
        for who in people:
            model.routing.SetArcCostEvaluatorOfVehicle(evaluator, who)


def _dues(model: Model, who: int) -> tuple[int, ...]:
    """For every node what it costs that this person serves it: their kind, another cell, another's promise."""
    cost, tasks = model.ground.problem.people[who].cost_per_task, model.ground.problem.tasks
    own = [
        0 if t.locked is not None else cost + t.extra.get(who, 0) + (t.hop if t.holder not in (None, who) else 0)
        for t in tasks
    ]
    return tuple(model.by_node(own))
