"""Let a day happen under a policy.

At every report, every end of work and every start of a shift the policy sees what is known and says who is to do what
in which order. Who is free and on duty then sets out to the first of their row, if it is expected to end within the
shift. Who has set out is not called back. Everything else may move, and every promise that goes to another is counted.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field

from tests.bench.daily.known import Day, Known, Policy, Rows, Standing

OVERDUE = 300  #: seconds more that are expected of work that takes longer than it should


class BadPlan(Exception):
    """A policy gave work to somebody who cannot do it, gave it twice, or gave work that is not waiting."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One worker at one case: seconds after midnight."""

    worker: int
    left: int
    begin: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of the day: visits by case, and how often each case's promise went to another worker."""

    day: Day
    visits: dict[int, Visit]
    moves: dict[int, int]
    asked: int  #: times that the policy was asked


@dataclass(kw_only=True)
class _Hand:
    """A worker in the course of the day."""

    node: int
    job: int | None = None
    expected: int = 0  #: end of the job by what is known
    row: tuple[int, ...] = ()


@dataclass(kw_only=True)
class _State:
    day: Day
    hands: list[_Hand]
    waiting: dict[int, None] = field(default_factory=dict)
    promised: dict[int, int] = field(default_factory=dict)
    visits: dict[int, Visit] = field(default_factory=dict)
    moves: Counter[int] = field(default_factory=Counter)
    ends: list[tuple[int, int]] = field(default_factory=list)  #: heap of (moment, worker)


def simulate(day: Day, policy: Policy) -> Outcome:
    """The day under the policy. Raises BadPlan."""
    state = _State(day=day, hands=[_Hand(node=w.home) for w in day.workers])
    reports = [(case.at, i) for i, case in enumerate(day.cases)]
    shifts = sorted({w.start for w in day.workers})
    asked = 0
    while (now := _next(reports, shifts, state.ends)) is not None and now < day.until:
        while reports and reports[0][0] <= now:
            state.waiting[reports.pop(0)[1]] = None
        while shifts and shifts[0] <= now:
            shifts.pop(0)
        while state.ends and state.ends[0][0] <= now:
            state.hands[heapq.heappop(state.ends)[1]].job = None
        if state.waiting:
            _promise(state, policy(_known(state, now)))
            _set_out(state, now)
            asked += 1
    return Outcome(day=day, visits=state.visits, moves=dict(state.moves), asked=asked)


def _next(reports: list[tuple[int, int]], shifts: list[int], ends: list[tuple[int, int]]) -> int | None:
    heads = [reports[0][0]] if reports else []
    heads += shifts[:1] + [end for end, _ in ends[:1]]
    return min(heads, default=None)


def _known(state: _State, now: int) -> Known:
    cases = state.day.cases
    return Known(
        now=now,
        cases={i: cases[i] for i in state.waiting},
        crew=tuple(_standing(state, who, now) for who in range(len(state.hands))),
        promised={i: who for i, who in state.promised.items() if i in state.waiting},
        travel=state.day.travel,
    )


def _standing(state: _State, who: int, now: int) -> Standing:
    hand, worker = state.hands[who], state.day.workers[who]
    free = max(now, worker.start)
    if hand.job is not None:
        free = hand.expected if hand.expected > now else now + OVERDUE
    return Standing(worker=worker, node=hand.node, free=free, row=hand.row)


def _promise(state: _State, rows: Rows) -> None:
    """Take over the policy's rows and count whose promise they break."""
    given = Counter(i for row in rows for i in row)
    if len(rows) != len(state.hands) or any(n > 1 for n in given.values()) or not given.keys() <= state.waiting.keys():
        raise BadPlan(rows)
    for who, row in enumerate(rows):
        for i in row:
            skill = state.day.cases[i].skill
            if skill is not None and skill not in state.day.workers[who].skills:
                raise BadPlan(who, i)
            if state.promised.get(i, who) != who:
                state.moves[i] += 1
            state.promised[i] = who
        state.hands[who].row = tuple(row)


def _set_out(state: _State, now: int) -> None:
    for who, (hand, worker) in enumerate(zip(state.hands, state.day.workers, strict=True)):
        if hand.job is not None or not hand.row or not worker.start <= now < worker.end:
            continue
        i, case = hand.row[0], state.day.cases[hand.row[0]]
        begin = now + int(state.day.travel[worker.mode][hand.node, case.node])
        if begin + case.estimate > worker.end:
            continue
        end = begin + state.day.services[i]
        state.visits[i] = Visit(worker=who, left=now, begin=begin, end=end)
        hand.node, hand.job, hand.expected, hand.row = case.node, i, begin + case.estimate, hand.row[1:]
        del state.waiting[i]
        heapq.heappush(state.ends, (end, who))
