"""Two plans of one problem side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatch.solver.ground import Ground
from dispatch.solver.problem import Problem, Stop
from dispatch.solver.scoring import PARTS, Score, route_parts, tally, timetables
from dispatch.solver.timing import State, work


@dataclass(frozen=True, kw_only=True)
class Change:
    """One person: what they gain and lose, what is done in another order, and by how much what they keep moves."""

    gained: tuple[int, ...]
    lost: tuple[int, ...]
    reordered: tuple[int, ...]
    shifted: Mapping[int, int]  #: task -> seconds that it begins later; negative: earlier
    before: Mapping[str, int]  #: cost by part
    after: Mapping[str, int]

    @property
    def same(self) -> bool:
        """Nothing about their day changes."""
        return not (self.gained or self.lost or self.reordered or self.shifted)


@dataclass(frozen=True, kw_only=True)
class Diff:
    """`people` in their order; the whole plans' cost by part, and the tasks that are served in one of them only."""

    people: tuple[Change, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]
    served: tuple[int, ...]  #: now, and not before
    dropped: tuple[int, ...]  #: before, and not now
    changes: int  #: promises broken now, less those that were broken before


def compare(problem: Problem, before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> Diff:
    """What changes from one plan to the other. Rows that do not hold any more are timed as far as they do."""
    ground = Ground(problem)
    was, now = _timed(ground, before), _timed(ground, after)
    old, new = tally(ground, was), tally(ground, now)
    served, had = ({i for row in rows for i in row} for rows in (after, before))
    return Diff(
        people=tuple(_change(ground, who, was[who], now[who], before[who], after[who]) for who in range(ground.people)),
        before=_parts(old),
        after=_parts(new),
        served=tuple(sorted(served - had)),
        dropped=tuple(sorted(had - served)),
        changes=new.changes - old.changes,
    )


def _timed(ground: Ground, routes: Sequence[Sequence[int]]) -> Sequence[Sequence[Stop]]:
    return timetables(ground, routes) or [_held(ground, who, route) for who, route in enumerate(routes)]


def _held(ground: Ground, who: int, route: Sequence[int]) -> list[Stop]:
    """The stops of a row that can still be made, without the others."""
    state, stops = State(who), list[Stop]()
    for i in route:
        found = work(ground, who, i, state)
        if found is not None:
            stops.append(found[0])
            state = found[1]
    return stops


def _change(
    ground: Ground, who: int, was: Sequence[Stop], now: Sequence[Stop], before: Sequence[int], after: Sequence[int]
) -> Change:
    begun = {s.task: s.begin for s in was}
    moved = {s.task: s.begin - begun[s.task] for s in now if s.task in begun}
    kept_before, kept_after = [i for i in before if i in after], [i for i in after if i in before]
    return Change(
        gained=tuple(i for i in after if i not in before),
        lost=tuple(i for i in before if i not in after),
        reordered=tuple(b for a, b in zip(kept_before, kept_after, strict=True) if a != b),
        shifted={i: seconds for i, seconds in moved.items() if seconds},
        before=_some(route_parts(ground, who, was)),
        after=_some(route_parts(ground, who, now)),
    )


def _parts(score: Score) -> dict[str, int]:
    return _some({name: getattr(score, name) for name in PARTS})


def _some(parts: Mapping[str, int]) -> dict[str, int]:
    return {name: cost for name, cost in parts.items() if cost}
