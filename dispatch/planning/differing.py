"""Two plans of one problem side by side: who gains and loses what, what comes earlier or later, what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatch.model import ResponderId
from dispatch.planning.posing import Posed
from dispatch.planning.tasks import Item
from dispatch.solver import Problem, Score, Stop
from dispatch.solver.ground import Ground
from dispatch.solver.scoring import PARTS, judge, timetables

NOTICEABLE = 180  #: seconds: a shift of less is none that anybody would notice

type Rows = Sequence[Sequence[int]]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One plan: its cost, and when everything begins."""

    score: Score
    stops: Mapping[int, Stop]
    whose: Mapping[int, int]
    late_seconds: int  #: by what people are shown, not by what the engine plans with
    late: int  #: tasks
    served: int
    in_time: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """One task that goes from one person (None: nobody) to another (None: nobody)."""

    item: Item
    before: ResponderId | None
    after: ResponderId | None


@dataclass(frozen=True, kw_only=True)
class Shift:
    """One task that stays with whom it is and begins at another time: seconds later, negative: earlier."""

    item: Item
    seconds: int


@dataclass(frozen=True, kw_only=True)
class PersonDiff:
    """What changes for one person."""

    responder: ResponderId
    name: str
    gains: tuple[Change, ...]
    loses: tuple[Change, ...]
    moves: tuple[Shift, ...]


@dataclass(frozen=True, kw_only=True)
class Diff:
    """The difference that a plan would make."""

    before: Side
    after: Side
    people: tuple[PersonDiff, ...]


def side(problem: Problem, rows: Rows, due: Sequence[int]) -> Side:
    """One plan as numbers; `due`: when somebody ought to be there. Raises ValueError where it breaks a rule."""
    ground = Ground(problem)
    score, timed = judge(ground, rows), timetables(ground, rows) or ()
    stops = {s.task: s for row in timed for s in row}
    late = [max(0, s.begin - due[s.task]) for s in stops.values()]
    return Side(
        score=score,
        stops=stops,
        whose={s.task: who for who, row in enumerate(timed) for s in row},
        late_seconds=sum(late),
        late=sum(x > 0 for x in late),
        served=len(stops),
        in_time=sum(not x for x in late),
    )


def diff(posed: Posed, before: Side, after: Side) -> Diff:
    """Who notices what."""
    people = (_person(posed, who, before, after) for who in range(len(posed.people)))
    return Diff(before=before, after=after, people=tuple(p for p in people if p.gains or p.loses or p.moves))


def parts(before: Score, after: Score) -> list[dict[str, int | str]]:
    """The cost by part, those first that change most."""
    rows = [{"code": name, "before": getattr(before, name), "after": getattr(after, name)} for name in PARTS]
    kept = [row for row in rows if row["before"] or row["after"]]
    return sorted(kept, key=lambda row: -abs(row["after"] - row["before"]))


def cost_parts(score: Score) -> list[dict[str, int | str]]:
    """The parts of one cost, the largest first; those that are nothing are left out."""
    rows = [{"code": name, "value": getattr(score, name)} for name in PARTS if getattr(score, name)]
    return sorted(rows, key=lambda row: -abs(row["value"]))


def _person(posed: Posed, who: int, before: Side, after: Side) -> PersonDiff:
    old = {task for task, one in before.whose.items() if one == who}
    new = {task for task, one in after.whose.items() if one == who}
    return PersonDiff(
        responder=posed.people[who].id,
        name=posed.people[who].name,
        gains=tuple(_change(posed, task, before, after) for task in sorted(new - old)),
        loses=tuple(_change(posed, task, before, after) for task in sorted(old - new)),
        moves=tuple(
            Shift(item=posed.items[task], seconds=later)
            for task in sorted(old & new)
            if abs(later := after.stops[task].begin - before.stops[task].begin) >= NOTICEABLE
        ),
    )


def _change(posed: Posed, task: int, before: Side, after: Side) -> Change:
    def whose(one: Side) -> ResponderId | None:
        who = one.whose.get(task)
        return None if who is None else posed.people[who].id

    return Change(item=posed.items[task], before=whose(before), after=whose(after))
