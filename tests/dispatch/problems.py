"""Problems for the solver: drawn by hypothesis, or made by hand with few words."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from dispatch.solver import NO_WAY, Held, Person, Problem, Task

CODES = ("out_of_radius", "class_not_for_volunteers", "needs_somebody_else")


def line(places: int, *, leg: int = 600) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Places on a line, `leg` seconds apart."""
    at = np.arange(places, dtype=np.int64)
    return np.abs(at[:, None] - at[None, :]) * leg


def person(node: int = 0, **changes: Any) -> Person:
    return Person(**({"node": node, "mode": 0, "windows": ((0, 8 * 3600),)} | changes))


def task(node: int = 0, **changes: Any) -> Task:
    return Task(**({"node": node, "service": 900, "weight": 2, "target": 3600, "unserved": 10**6} | changes))


def problem(people: list[Person], tasks: list[Task], places: int = 10) -> Problem:
    return Problem(people=tuple(people), tasks=tuple(tasks), travel=(line(places),))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Anything that may come: several modes, gaps between shifts, ways that do not exist, locked and begun work."""
    nodes, modes = draw(st.integers(1, 6)), draw(st.integers(1, 2))
    people = draw(st.lists(_people(nodes, modes), min_size=0 if draw(st.booleans()) else 1, max_size=4))
    tasks = draw(st.lists(_tasks(nodes, len(people)), max_size=7))
    travel = tuple(_matrix(draw, nodes) for _ in range(modes))
    return Problem(
        people=tuple(people),
        tasks=tuple(tasks),
        travel=travel,
        standing=_standing(draw, len(people), len(tasks)),
        patience=draw(st.sampled_from((0, 500))),
    )


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
