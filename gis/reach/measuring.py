"""Times from sources to buildings, and what follows from them. Pure but for the engine that is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from gis.model import Mode
from gis.reach.model import (
    Band,
    CellReach,
    Circle,
    Coverage,
    Nearest,
    Question,
    Source,
    Totals,
)
from gis.store.reach import Buildings, Floats, Ground, Ints
from gis.travel.beeline import PACES, degrees, great_circle
from gis.travel.engine import TravelEngine

SOURCES = 50  #: rows of one matrix
TARGETS = 5_000  #: columns of one matrix

type Progress = Callable[[str, float], None]


def nearest(
    travel: TravelEngine, mode: Mode, sources: Sequence[Source], buildings: Buildings, progress: Progress
) -> Nearest:
    """The quickest of `sources` for each building, in matrices of at most SOURCES x TARGETS."""
    count = len(buildings.points)
    seconds, metres, straight = (np.full(count, np.inf) for _ in range(3))
    source = np.full(count, -1, dtype=np.int64)
    moving = np.zeros(len(sources), dtype=bool)
    estimated = False
    blocks = [(s, t) for t in range(0, count, TARGETS) for s in range(0, len(sources), SOURCES)]
    for done, (s, t) in enumerate(blocks):
        froms = [one.point for one in sources[s : s + SOURCES]]
        here = slice(t, t + TARGETS)
        tos = buildings.points[here]
        matrix = travel.matrix(mode, froms, tos)
        best = np.argmin(matrix.seconds, axis=0)
        column = np.arange(len(tos))
        better = matrix.seconds[best, column] < seconds[here]
        source[here] = np.where(better, best + s, source[here])
        metres[here] = np.where(better, matrix.metres[best, column], metres[here])
        seconds[here] = np.where(better, matrix.seconds[best, column], seconds[here])
        air = great_circle(degrees(froms)[:, None, :], degrees(tos)[None, :, :]).min(axis=0)
        straight[here] = np.minimum(straight[here], air)
        moving[s : s + SOURCES] |= np.isfinite(matrix.seconds).any(axis=1)
        estimated |= matrix.estimated
        progress("measure", (done + 1) / len(blocks))
    stranded = tuple(int(i) for i in np.flatnonzero(~moving)) if count else ()
    return Nearest(
        seconds=seconds, metres=metres, source=source, straight=straight, estimated=estimated, stranded=stranded
    )


def coverage(
    question: Question, buildings: Buildings, cells: Sequence[Ground], ways: Nearest, *, at: datetime
) -> Coverage:
    """What `ways` mean for the buildings, the cells and the place."""
    rows = [_cell(cell, question, buildings, ways, where) for cell, where in _standing(cells, buildings)]
    return Coverage(
        question=question,
        buildings=buildings,
        nearest=ways,
        bands=bands(ways.seconds, question.seconds),
        cells=tuple(sorted(rows, key=_worst_first)),
        totals=_totals(question, buildings, rows, ways),
        circle=_circle(question, buildings, ways),
        at=at,
        stranded=tuple(question.sources[i].label for i in ways.stranded),
    )


def bands(seconds: Floats, limit: float) -> Ints:
    """The Band of each time."""
    inside = np.searchsorted(np.array([limit / 3, limit * 2 / 3, limit]), seconds, side="left")
    return np.where(np.isinf(seconds), int(Band.NO_WAY), inside).astype(np.int64)


def percentile(seconds: Floats, share: float, weight: Floats | None = None) -> float | None:
    """The time within which `share` of the weight is reached; None where there is nothing or the rest has no way."""
    if not len(seconds):
        return None
    weight = np.ones(len(seconds)) if weight is None or weight.sum() <= 0 else weight
    order = np.argsort(seconds, kind="stable")
    reached = np.cumsum(weight[order])
    found = seconds[order][min(int(np.searchsorted(reached, share * reached[-1] - 1e-9)), len(seconds) - 1)]
    return float(found) if np.isfinite(found) else None


def _standing(cells: Sequence[Ground], buildings: Buildings) -> list[tuple[Ground, Ints]]:
    """Each cell with the rows of its buildings."""
    order = np.argsort(buildings.cell, kind="stable")
    ids = np.array([cell.id for cell in cells], dtype=np.int64)
    first = np.searchsorted(buildings.cell[order], ids, side="left")
    last = np.searchsorted(buildings.cell[order], ids, side="right")
    return [(cell, order[a:b]) for cell, a, b in zip(cells, first.tolist(), last.tolist(), strict=True)]


def _cell(cell: Ground, question: Question, buildings: Buildings, ways: Nearest, where: Ints) -> CellReach:
    seconds, people = ways.seconds[where], buildings.people[where]
    inside = seconds <= question.seconds
    usual = Counter(ways.source[where][np.isfinite(seconds)].tolist()).most_common(1)
    return CellReach(
        id=cell.id,
        code=cell.code,
        area=cell.area,
        outline=cell.outline,
        buildings=len(where),
        people=float(people.sum()),
        reached_buildings=int(inside.sum()),
        reached_people=float(people[inside].sum()),
        no_way=int(np.isinf(seconds).sum()),
        nearest=question.sources[usual[0][0]].label if usual else None,
        seconds=percentile(seconds, 0.0),
        p50=percentile(seconds, 0.5),
        p90=percentile(seconds, 0.9),
    )


def _worst_first(cell: CellReach) -> tuple[float, float, str]:
    """Most people missed, then most buildings missed, then by code."""
    return -cell.missed_people, cell.reached_buildings - cell.buildings, cell.code


def _totals(question: Question, buildings: Buildings, cells: Sequence[CellReach], ways: Nearest) -> Totals:
    inside = ways.seconds <= question.seconds
    lived_in = [cell for cell in cells if cell.buildings]
    return Totals(
        buildings=len(inside),
        reached=int(inside.sum()),
        no_way=int(np.isinf(ways.seconds).sum()),
        people=float(buildings.people.sum()),
        people_reached=float(buildings.people[inside].sum()),
        cells=len(lived_in),
        cells_reached=sum(cell.reached for cell in lived_in),
        p50=percentile(ways.seconds, 0.5, buildings.people),
        p90=percentile(ways.seconds, 0.9, buildings.people),
    )


def _circle(question: Question, buildings: Buildings, ways: Nearest) -> Circle:
    pace = PACES[question.mode]
    metres = question.seconds * pace.speed / pace.detour
    claimed: NDArray[np.bool_] = ways.straight <= metres
    reached = ways.seconds <= question.seconds
    return Circle(
        metres=metres,
        buildings=int(claimed.sum()),
        people=float(buildings.people[claimed].sum()),
        only_circle=int((claimed & ~reached).sum()),
        only_road=int((reached & ~claimed).sum()),
    )
