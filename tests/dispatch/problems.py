"""Problems for the solver: drawn by hypothesis, or made by hand with few words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from dispatch.solver import FOREVER, NO_WAY, Break, Crew, Held, Person, Problem, Speeds, Standby, Task

CODES = ("out_of_radius", "class_not_for_volunteers", "needs_somebody_else")


def line(places: int, *, leg: int = 600) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Places on a line, `leg` seconds apart."""
    at = np.arange(places, dtype=np.int64)
    return np.abs(at[:, None] - at[None, :]) * leg


def person(node: int = 0, **changes: Any) -> Person:
    return Person(**({"node": node, "mode": 0, "windows": ((0, 8 * 3600),)} | changes))


def task(node: int = 0, **changes: Any) -> Task:
    return Task(**({"node": node, "service": 900, "weight": 2, "target": 3600, "unserved": 10**6} | changes))


def problem(people: list[Person], tasks: list[Task], places: int = 10, **more: Any) -> Problem:
    return Problem(people=tuple(people), tasks=tuple(tasks), travel=(line(places),), **more)


@st.composite
def problems(draw: st.DrawFn, *, whole: bool = False, ties: bool = False, most: int = 7) -> Problem:
    """Anything that may come: several modes, gaps between shifts, ways that do not exist, locked and begun work.

    `whole`: with everything that a plan may have to heed. `ties`: with crews and precedence too. `most`: tasks.
    """
    nodes, modes = draw(st.integers(1, 6)), draw(st.integers(1, 2))
    areas, goods = (draw(st.integers(0, 2)), draw(st.integers(0, 2))) if whole else (0, 0)
    one = _whole_people(nodes, modes, areas, goods) if whole else _people(nodes, modes)
    people = draw(st.lists(one, min_size=0 if draw(st.booleans()) else 1, max_size=3 if whole else 4))
    kind = _whole_tasks(nodes, len(people), goods) if whole else _tasks(nodes, len(people))
    tasks = draw(st.lists(kind, max_size=most))
    crews, tasks = draw(_tied(tasks)) if ties else ((), tasks)
    return Problem(
        people=tuple(people),
        tasks=tuple(tasks),
        travel=tuple(_matrix(draw, nodes) for _ in range(modes)),
        crews=crews,
        standby=tuple(Standby(least=draw(st.integers(0, 2)), cost=draw(st.integers(0, 4000))) for _ in range(areas)),
        speeds=tuple(draw(st.one_of(st.none(), _speeds())) for _ in range(modes)) if whole else (),
        fairness=draw(st.sampled_from((0, 100))) if whole else 0,
        standing=_standing(draw, len(people), len(tasks)),
        patience=draw(st.sampled_from((0, 500))),
        most_changes=draw(st.sampled_from((None, None, 0, 1))) if whole else None,
    )


@st.composite
def _whole_people(draw: st.DrawFn, nodes: int, modes: int, areas: int, goods: int) -> Person:
    often = draw(st.lists(st.integers(0, 15_000), max_size=2, unique=True))
    return replace(
        draw(_people(nodes, modes)),
        skills=draw(st.dictionaries(st.integers(0, 2), _held(), max_size=3)),
        end=draw(st.one_of(st.none(), st.integers(0, nodes - 1))),
        overtime=draw(st.sampled_from((0, 0, 2000))),
        overtime_cost=draw(st.integers(0, 3)),
        rest=draw(st.sampled_from((0, 0, 3000))),
        breaks=tuple(
            Break(earliest=at, latest=at + draw(st.integers(0, 4000)), seconds=draw(st.integers(0, 1800)))
            for at in sorted(often)
        ),
        capacity=draw(st.tuples(*[st.integers(0, 5)] * goods)) if draw(st.booleans()) else (),
        max_work=draw(st.sampled_from((FOREVER, FOREVER, 6000))),
        worked=draw(st.sampled_from((0, 0, 20_000))),
        area=draw(st.integers(0, areas - 1)) if areas and draw(st.booleans()) else None,
    )


@st.composite
def _whole_tasks(draw: st.DrawFn, nodes: int, people: int, goods: int) -> Task:
    marks = sorted(draw(st.lists(st.integers(0, 20_000), max_size=4, unique=True)))
    return replace(
        draw(_tasks(nodes, people)),
        done_target=draw(st.integers(-2000, 20_000)),
        done_weight=draw(st.sampled_from((0, 0, 3))),
        windows=tuple(zip(marks[::2], marks[1::2], strict=False)) if draw(st.booleans()) else (),
        demand=draw(st.tuples(*[st.integers(0, 3)] * goods)) if draw(st.booleans()) else (),
        extra=draw(st.dictionaries(st.integers(0, people - 1), st.integers(0, 900), max_size=2)) if people else {},
    )


def _held() -> st.SearchStrategy[Held]:
    return st.builds(Held, level=st.integers(1, 2), until=st.sampled_from((FOREVER, FOREVER, 8000)))


def _speeds() -> st.SearchStrategy[Speeds]:
    slots = st.lists(st.integers(500, 3000), min_size=1, max_size=4).map(tuple)
    return st.builds(Speeds, start=st.integers(-5000, 5000), slot=st.integers(600, 3600), permille=slots)


@st.composite
def _tied(draw: st.DrawFn, tasks: list[Task]) -> tuple[tuple[Crew, ...], list[Task]]:
    """Some tasks joined to crews of different people, some after others of a lower number."""
    crews: list[Crew] = []
    tied, at = list(tasks), 0
    while at + 2 <= len(tied):
        size = draw(st.integers(1, min(3, len(tied) - at)))
        locked = [t.locked for t in tied[at : at + size] if t.locked is not None]
        if size > 1 and len(set(locked)) == len(locked):
            between = draw(st.dictionaries(st.integers(0, 2), st.integers(1, 2), max_size=1))
            crews.append(Crew(tasks=tuple(range(at, at + size)), between=between))
        if at and draw(st.booleans()):
            i = draw(st.integers(at, at + size - 1))
            tied[i] = replace(tied[i], after=(draw(st.integers(0, at - 1)),))
        at += size
    return tuple(crews), tied


def _standing(draw: st.DrawFn, people: int, tasks: int) -> tuple[tuple[int, ...], ...]:
    """Rows as they may stand from before, whatever the rules say by now."""
    if not people or draw(st.booleans()):
        return ()
    rows: list[list[int]] = [[] for _ in range(people)]
    for i in draw(st.permutations(range(tasks))):
        if (who := draw(st.integers(-1, people - 1))) >= 0:
            rows[who].append(i)
    return tuple(map(tuple, rows))


def _matrix(draw: st.DrawFn, nodes: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    seconds = st.one_of(st.integers(0, 3000), st.just(NO_WAY))
    values = draw(st.lists(seconds, min_size=nodes * nodes, max_size=nodes * nodes))
    matrix = np.array(values, dtype=np.int64).reshape(nodes, nodes)
    np.fill_diagonal(matrix, 0)
    return matrix


@st.composite
def _people(draw: st.DrawFn, nodes: int, modes: int) -> Person:
    marks = sorted(draw(st.lists(st.integers(0, 20_000), max_size=4, unique=True)))
    return Person(
        node=draw(st.integers(0, nodes - 1)),
        mode=draw(st.integers(0, modes - 1)),
        windows=tuple(zip(marks[::2], marks[1::2], strict=False)),
        skills=draw(st.dictionaries(st.integers(0, 2), st.integers(1, 2).map(lambda n: Held(level=n)))),
        cost_per_task=draw(st.sampled_from((0, 0, 300))),
        max_tasks=draw(st.sampled_from((10**6, 3, 1))),
    )


@st.composite
def _tasks(draw: st.DrawFn, nodes: int, people: int) -> Task:
    someone = st.integers(0, people - 1) if people else st.none()
    locked = draw(someone) if draw(st.integers(0, 3)) == 0 else None
    return Task(
        node=draw(st.integers(0, nodes - 1)),
        service=draw(st.integers(0, 4000)),
        weight=draw(st.integers(0, 8)),
        target=draw(st.integers(-2000, 20_000)),
        unserved=draw(st.integers(0, 10**6)),
        needs=draw(st.dictionaries(st.integers(0, 2), st.integers(1, 2), max_size=1)),
        earliest=draw(st.sampled_from((0, 0, 5000))),
        barred=draw(st.dictionaries(st.integers(0, people - 1), st.sampled_from(CODES), max_size=2)) if people else {},
        locked=locked,
        pinned=locked is not None and draw(st.booleans()),
        holder=draw(st.one_of(st.none(), someone)),
        hop=draw(st.sampled_from((0, 600))),
    )


def small(seed: int, *, people: int = 3, tasks: int = 7, whole: bool = False, ties: bool = False) -> Problem:
    """A short afternoon in a square of 10 km in which most things are possible and few are easy. Reproducible.

    `whole`: with everything that a plan may have to heed. `ties`: with a crew and work that comes after other work.
    """
    r = np.random.default_rng(seed)
    at = r.uniform(0, 10_000, (people + tasks, 2))
    way = (np.abs(at[:, None] - at[None]).sum(-1) / 8.3 * r.uniform(0.9, 1.1, (people + tasks,) * 2)).astype(np.int64)
    np.fill_diagonal(way, 0)
    crew = [_somebody(r, node, people, whole) for node in range(people)]
    jobs = [_something(r, people + i, people, whole) for i in range(tasks)]
    crews: tuple[Crew, ...] = ()
    if ties and people > 1 and tasks > 3:
        crews = (Crew(tasks=(0, 1), between={0: 1} if r.random() < 0.5 else {}),)
        jobs[0], jobs[1] = (replace(jobs[i], locked=None, pinned=False) for i in (0, 1))
        jobs[3] = replace(jobs[3], after=(int(r.integers(3)),))
    return Problem(
        people=tuple(crew),
        tasks=tuple(jobs),
        travel=(way,),
        crews=crews,
        standby=(Standby(least=1, cost=1500),) if whole and r.random() < 0.5 else (),
        speeds=(Speeds(start=0, slot=3600, permille=(1000, 1400, 800)),) if whole and r.random() < 0.5 else (),
        fairness=int(r.choice([0, 100])) if whole else 0,
    )


def _somebody(r: np.random.Generator, node: int, people: int, whole: bool) -> Person:
    begin, skills = int(r.integers(0, 1800)), r.choice(3, int(r.integers(1, 4)), replace=False).tolist()
    plain = person(node, windows=((begin, int(r.choice([9000, 12_000, 16_000]))),), skills={k: Held() for k in skills})
    if not whole:
        return plain
    lunch = int(r.integers(2000, 6000))
    end = plain.windows[0][1]
    return replace(
        plain,
        windows=((begin, end),) if r.random() < 0.6 else ((begin, end // 2), (end // 2 + 1200, end + 2000)),
        skills={k: Held(level=int(r.integers(1, 3)), until=int(r.choice([FOREVER, 9000]))) for k in skills},
        end=int(r.integers(people)) if r.random() < 0.3 else None,
        overtime=int(r.choice([0, 1800])),
        overtime_cost=2,
        rest=int(r.choice([0, 2400])),
        breaks=(Break(earliest=lunch, latest=lunch + 1800, seconds=1200),) if r.random() < 0.5 else (),
        capacity=(int(r.integers(2, 7)),) if r.random() < 0.6 else (),
        max_work=int(r.choice([FOREVER, 7200])),
        max_tasks=int(r.choice([3, 10])),
        worked=int(r.integers(0, 20_000)),
        cost_per_task=int(r.choice([0, 600])),
        area=None,
    )


def _something(r: np.random.Generator, node: int, people: int, whole: bool) -> Task:
    weight = int(r.choice([1, 2, 4, 8]))
    plain = task(
        node,
        service=int(r.integers(900, 3600)),
        weight=weight,
        target=int(r.integers(-1200, 9000)),
        needs={int(r.integers(3)): 1},
        unserved=60_000 * weight,
    )
    if not whole:
        return plain
    first = int(r.integers(1000, 8000))
    locked = int(r.integers(people)) if r.random() < 0.15 else None
    return replace(
        plain,
        needs={int(r.integers(3)): int(r.integers(1, 3))},
        earliest=int(r.choice([0, 3000])),
        windows=((first, first + 1800), (first + 4000, first + 9000)) if r.random() < 0.4 else (),
        demand=(int(r.integers(0, 4)),),
        extra={int(r.integers(people)): 300},
        barred={int(r.integers(people)): "declined"} if r.random() < 0.2 else {},
        done_weight=int(r.choice([0, 1])),
        done_target=5000,
        locked=locked,
        pinned=locked is not None and bool(r.random() < 0.5),
        holder=int(r.integers(people)) if r.random() < 0.3 else None,
        hop=600,
    )
