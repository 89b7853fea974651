"""Ways to run a room. Each sees `Known` and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dispatch.solver import Held, Person, Problem, Task, solve
from tests.bench.daily.known import Known, Policy, Rows

HOP, PATIENCE, LEFT_OUT = 300, 600, 172_800  #: as data/reference/weights.json has them


def nearest_free(known: Known) -> Rows:
    """The nearest suitable person who is free now; nobody free: wait, the heaviest first, then the oldest."""
    rows: list[tuple[int, ...]] = [() for _ in known.crew]
    for i in sorted(known.cases, key=lambda i: (-known.cases[i].weight, known.cases[i].at)):
        free = [who for who, s in enumerate(known.crew) if not rows[who] and s.free == known.now and _on(known, who)]
        ways = [(known.way(who, known.crew[who].node, i), who) for who in free if known.able(who, i)]
        fits = [(way, who) for way, who in ways if known.now + way + known.cases[i].estimate <= _end(known, who)]
        if fits:
            rows[min(fits)[1]] = (i,)
    return tuple(rows)


def nearest_queued(known: Known) -> Rows:
    """The shared benchmark's nearest person: on duty, last place nearest; behind what they have, and never moved."""
    rows = _kept(known)
    for i in _new(known, rows):
        ways = []
        for who in (who for who in range(len(rows)) if _on(known, who) and known.able(who, i)):
            node, free = _last(known, who, rows[who])
            way = known.way(who, node, i)
            if free + way + known.cases[i].estimate <= _end(known, who):
                ways.append((way, who))
        if ways:
            rows[min(ways)[1]].append(i)
    return tuple(map(tuple, rows))


def insertion(known: Known) -> Rows:
    """Where it costs least, by the engine's own objective; whoever has a promise keeps it while the shift holds it."""
    rows = _kept(known)
    for i in _new(known, rows):
        places = [
            (cost - before, who, at)
            for who, row in enumerate(rows)
            if known.able(who, i) and (before := route_cost(known, who, row)) is not None
            for at in range(len(row) + 1)
            if (cost := route_cost(known, who, [*row[:at], i, *row[at:]])) is not None
        ]
        if places:
            _, who, at = min(places)
            rows[who].insert(at, i)
    return tuple(map(tuple, rows))


def reoptimising(cpu: float, share: float = 1.0) -> Policy:
    """Everything that nobody has begun is planned anew at every event, within `cpu` seconds of processor time.

    `share` of the time until each target is planned with. Work takes longer than expected as often as not; a plan that
    uses up every target to save a way is late whenever it does.
    """

    def policy(known: Known) -> Rows:
        cases = sorted(known.cases)
        plan = solve(problem(known, cases, share), seed=0, seconds=cpu, cpu=cpu)
        if plan.trouble:
            raise RuntimeError(plan.trouble[0])
        return tuple(tuple(cases[k] for k in row) for row in plan.tasks())

    return policy


def problem(known: Known, cases: Sequence[int], share: float) -> Problem:
    """The moment in the engine's words: times from now, what was promised as holder, what stands as standing rows."""
    number = {i: k for k, i in enumerate(cases)}
    nodes = [s.node for s in known.crew] + [known.cases[i].node for i in cases]
    return Problem(
        people=tuple(_person(known, who) for who in range(len(known.crew))),
        tasks=tuple(_task(known, i, len(known.crew) + k, share) for k, i in enumerate(cases)),
        travel=tuple(np.ascontiguousarray(matrix[np.ix_(nodes, nodes)]) for matrix in known.travel),
        standing=tuple(tuple(number[i] for i in s.row) for s in known.crew),
        patience=PATIENCE,
    )


def _person(known: Known, who: int) -> Person:
    s = known.crew[who]
    free, end = s.free - known.now, s.worker.end - known.now
    windows = ((free, end),) if end > free else ()
    return Person(node=who, mode=s.worker.mode, windows=windows, skills={skill: Held() for skill in s.worker.skills})


def _task(known: Known, i: int, node: int, share: float) -> Task:
    case, holder = known.cases[i], known.promised.get(i)
    target = case.at + round(share * (case.target - case.at)) - known.now
    return Task(
        node=node,
        service=case.estimate,
        weight=case.weight,
        target=target,
        unserved=case.weight * (LEFT_OUT + max(0, -target)),
        needs={} if case.skill is None else {case.skill: 1},
        holder=holder,
        hop=HOP if holder is not None else 0,
    )


def route_cost(known: Known, who: int, row: Sequence[int]) -> int | None:
    """Weighted seconds late and seconds on the road; None where it is not expected to end within the shift."""
    cost, free, node = 0, known.crew[who].free, known.crew[who].node
    for i in row:
        way = known.way(who, node, i)
        begin, case = free + way, known.cases[i]
        cost += way + case.weight * max(0, begin - case.target)
        free, node = begin + case.estimate, case.node
    return cost if not row or free <= _end(known, who) else None


def _kept(known: Known) -> list[list[int]]:
    """The rows as they stand, without the ends that the shift no longer holds because something took longer."""
    rows = [list(s.row) for s in known.crew]
    for who, row in enumerate(rows):
        while route_cost(known, who, row) is None:
            row.pop()
    return rows


def _new(known: Known, rows: Sequence[Sequence[int]]) -> list[int]:
    """Cases on no row, in the order in which they came."""
    standing = {i for row in rows for i in row}
    return sorted((i for i in known.cases if i not in standing), key=lambda i: (known.cases[i].at, i))


def _last(known: Known, who: int, row: Sequence[int]) -> tuple[int, int]:
    """Where and when the worker is expected to be done with their row."""
    free, node = known.crew[who].free, known.crew[who].node
    for i in row:
        free += known.way(who, node, i) + known.cases[i].estimate
        node = known.cases[i].node
    return node, free


def _end(known: Known, who: int) -> int:
    return known.crew[who].worker.end


def _on(known: Known, who: int) -> bool:
    worker = known.crew[who].worker
    return worker.start <= known.now < worker.end
