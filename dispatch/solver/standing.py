"""The rows that people look at now: the return to them where little is lost. `kept` says what still holds of them."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.solver.ground import Ground
from dispatch.solver.kept import kept, sound
from dispatch.solver.problem import Routes
from dispatch.solver.scoring import route_cost, timetable

__all__ = ["kept", "settle", "sound"]


def settle(ground: Ground, routes: Routes) -> Routes:
    """Every row back in its standing order where that costs no more than the patience. Who has what does not change."""
    if not ground.problem.standing or not ground.problem.patience:
        return routes
    return tuple(_settled(ground, who, route) for who, route in enumerate(routes))


def _settled(ground: Ground, who: int, route: Sequence[int]) -> tuple[int, ...]:
    here = set(route)
    old = [i for i in ground.problem.standing[who] if i in here]
    if [i for i in route if i in set(old)] == old:
        return tuple(route)
    now = _cost(ground, who, route)
    row: list[int] | None = old
    for i in (i for i in route if i not in set(old)):
        row = _with(ground, who, row, i) if row is not None else None
    again = None if row is None else _cost(ground, who, row)
    fits = row is not None and tuple(row[: ground.pinned[who]]) == ground.locked[who][: ground.pinned[who]]
    if row is None or now is None or again is None or not fits or again > now + ground.problem.patience:
        return tuple(route)
    return tuple(row)


def _with(ground: Ground, who: int, row: list[int], task: int) -> list[int] | None:
    """The row with one task more at its cheapest place."""
    rows = [[*row[:k], task, *row[k:]] for k in range(ground.pinned[who], len(row) + 1)]
    costs = [(cost, k) for k, r in enumerate(rows) if (cost := _cost(ground, who, r)) is not None]
    return rows[min(costs)[1]] if costs else None


def _cost(ground: Ground, who: int, route: Sequence[int]) -> int | None:
    stops = timetable(ground, who, route)
    return None if stops is None else route_cost(ground, who, stops)
