"""The two deeds that change a route, and how a step of the search is kept or taken back."""

from __future__ import annotations

from dispatch.solver.compiled.columns import (
    ABSENT,
    AREA,
    AREAS,
    BEST,
    BETTER,
    BROKEN,
    CHANGES,
    COST,
    COUNT,
    FACTS,
    GOODS,
    HIGH,
    HOLDER,
    KEPT_HIGH,
    KEPT_LOW,
    LAST_STAMP,
    LOADS,
    LOCKED,
    LOW,
    MARK,
    MISSED,
    MOST_CHANGES,
    ODD,
    ODDS,
    OUT,
    PINNED,
    POOL,
    POOLED,
    SERVICE,
    STALE,
    STAMP,
    STOP_COLUMNS,
    TAGGED,
    TASK,
    TASK_COLUMNS,
    TIE,
    TIED,
    TOTAL,
    TOUCH,
    TOUCHED,
    UNSERVED,
    WHO,
    WORK,
)
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import apart, inner
from dispatch.solver.compiled.rows import Rows
from dispatch.solver.compiled.timing import retime


@inner
def touch(y: Rows, p: int) -> None:
    """Remember that a route is not what was accepted last."""
    if y.route[p, MARK] == 0:
        y.route[p, MARK] = 1
        y.route[y.fact[TOUCHED], TOUCH] = p
        y.fact[TOUCHED] += 1


@inner
def loose(x: Given, i: int) -> bool:
    """Whether the search may move it: neither begun, nor locked and tied to other work at once."""
    return x.task[i, PINNED] == 0 and (x.task[i, LOCKED] < 0 or x.task[i, TIE] == 0)


@inner
def tag(x: Given, y: Rows, i: int) -> None:
    """Mark a task to be taken out, if that can be. Locked work comes back to the same route, at another place maybe."""
    if y.task[i, WHO] >= 0 and y.task[i, TAGGED] == 0 and loose(x, i):
        y.task[i, TAGGED] = 1
        y.task[y.fact[POOL], POOLED] = i
        y.fact[POOL] += 1
        touch(y, y.task[i, WHO])


@inner
def restamp(y: Rows, p: int) -> None:
    """A route with new content: what was priced on the old one does not hold. Empty routes are all alike."""
    y.fact[LAST_STAMP] += 1
    y.route[p, STAMP] = y.fact[LAST_STAMP]


@apart
def put(x: Given, y: Rows, p: int, i: int, place: int) -> bool:
    """Insert task `i` after stop `place`. False where the clock says no after all."""
    touch(y, p)
    stop, n = y.stop[p], y.route[p, COUNT]
    y.fact[TOTAL] -= y.route[p, COST] + x.task[i, UNSERVED]
    for j in range(n, place, -1):
        stop[j + 1, TASK] = stop[j, TASK]
    stop[place + 1, TASK] = i
    y.route[p, COUNT] = n + 1
    load(x, y, p, i, 1)
    if n == 0:
        leave(x, y, p, 1)
    promise(x, y, i, p, -1)
    y.task[i, WHO] = p
    sound = retime(x, y, p, place + 1) == 0
    y.fact[TOTAL] += y.route[p, COST]
    restamp(y, p)
    return sound


@inner
def load(x: Given, y: Rows, p: int, i: int, sign: int) -> None:
    """What a task adds to the sums of a route, whenever it is done."""
    y.route[p, WORK] += sign * x.task[i, SERVICE]
    y.route[p, ODDS] += sign * x.task[i, ODD]
    for g in range(x.whole[GOODS]):
        y.route[p, LOADS + g] += sign * x.task[i, TASK_COLUMNS + g]


@inner
def short(x: Given, y: Rows, area: int) -> int:
    """What it costs that too few are left in the area."""
    a = x.whole[AREAS] + 2 * area
    return x.lists[a + 1] * max(0, x.lists[a] - y.fact[FACTS + area])


@inner
def leave(x: Given, y: Rows, p: int, sign: int) -> None:
    """A person gets their first task (1), or has none any more (-1): fewer or more are left in the area."""
    area = x.person[p, AREA]
    if area >= 0:
        y.fact[TOTAL] -= x.lists[x.whole[AREAS] + 2 * area + 1] * max(
            0, x.lists[x.whole[AREAS] + 2 * area] - y.fact[FACTS + area]
        )
        y.fact[FACTS + area] -= sign
        y.fact[TOTAL] += x.lists[x.whole[AREAS] + 2 * area + 1] * max(
            0, x.lists[x.whole[AREAS] + 2 * area] - y.fact[FACTS + area]
        )


@inner
def promise(x: Given, y: Rows, i: int, p: int, sign: int) -> None:
    """A task leaves whom it is promised to (1), or comes back to them (-1)."""
    if x.task[i, HOLDER] == p:
        most = x.whole[MOST_CHANGES]
        y.fact[TOTAL] -= BROKEN * max(0, y.fact[CHANGES] - most)
        y.fact[CHANGES] += sign
        y.fact[TOTAL] += BROKEN * max(0, y.fact[CHANGES] - most)


@apart
def take(x: Given, y: Rows, p: int) -> bool:
    """Take every tagged task out of route `p`. False where what stays does not hold (ways that are no metric)."""
    stop, n, kept, first = y.stop[p], y.route[p, COUNT], 0, 0
    for j in range(1, n + 1):
        i = stop[j, TASK]
        if y.task[i, TAGGED] == 1:
            load(x, y, p, i, -1)
            promise(x, y, i, p, 1)
            y.fact[TOTAL] += x.task[i, UNSERVED]
            y.task[i, WHO] = -1
            if first == 0:
                first = j
        else:
            kept += 1
            stop[kept, TASK] = i
    if first == 0:
        return True
    y.fact[TOTAL] -= y.route[p, COST]
    y.route[p, COUNT] = kept
    if kept == 0:
        leave(x, y, p, -1)
    sound = retime(x, y, p, first) == 0
    y.fact[TOTAL] += y.route[p, COST]
    restamp(y, p)
    return sound


@apart
def keep(x: Given, y: Rows) -> None:
    """Accept every touched route, and write down who is left out."""
    _settle(x, y)
    y.fact[ABSENT] = 0
    for i in range(x.task.shape[0]):
        y.task[i, MISSED] = 0
        if y.task[i, WHO] < 0:
            y.task[y.fact[ABSENT], OUT] = i
            y.fact[ABSENT] += 1


@apart
def accept(x: Given, y: Rows) -> None:
    """`keep` after a step: nobody is left out but who was before, or who was taken out."""
    _settle(x, y)
    before, y.fact[ABSENT] = y.fact[ABSENT], 0
    for m in range(before):
        if y.task[y.task[m, OUT], WHO] < 0:
            _miss(y, y.task[m, OUT])
    for m in range(y.fact[POOL]):
        i = y.task[m, POOLED]
        if y.task[i, WHO] < 0 and y.task[i, MISSED] == 0:
            _miss(y, i)
    for m in range(y.fact[ABSENT]):
        y.task[y.task[m, OUT], MISSED] = 0


@inner
def _miss(y: Rows, i: int) -> None:
    y.task[i, MISSED] = 1
    y.task[y.fact[ABSENT], OUT] = i
    y.fact[ABSENT] += 1


@inner
def _settle(x: Given, y: Rows) -> None:
    for m in range(y.fact[TOUCHED]):
        p = y.route[m, TOUCH]
        y.route[p, MARK] = 0
        y.route[p, STALE] = 1
        _copy(y, p, p + x.person.shape[0])
        if x.whole[TIED] == 1:
            for j in range(1, y.route[p, COUNT] + 1):
                i = y.stop[p, j, TASK]
                y.task[i, KEPT_LOW], y.task[i, KEPT_HIGH] = y.task[i, LOW], y.task[i, HIGH]
    y.fact[TOUCHED] = 0


@apart
def undo(x: Given, y: Rows) -> None:
    """Take every touched route back to what was accepted last. The sums in `fact` are the caller's."""
    for m in range(y.fact[TOUCHED]):
        p = y.route[m, TOUCH]
        y.route[p, MARK] = 0
        if x.person[p, AREA] >= 0:
            was, now = y.route[p + x.person.shape[0], COUNT] == 0, y.route[p, COUNT] == 0
            y.fact[FACTS + x.person[p, AREA]] += int(was) - int(now)
        _copy(y, p + x.person.shape[0], p)
        if x.whole[TIED] == 1:
            for j in range(1, y.route[p, COUNT] + 1):
                i = y.stop[p, j, TASK]
                y.task[i, LOW], y.task[i, HIGH] = y.task[i, KEPT_LOW], y.task[i, KEPT_HIGH]
        for j in range(1, y.route[p, COUNT] + 1):
            y.task[y.stop[p, j, TASK], WHO] = p
    y.fact[TOUCHED] = 0


@inner
def _copy(y: Rows, p: int, to: int) -> None:
    for f in range((y.route[p, COUNT] + 2) * STOP_COLUMNS):
        y.flat[to, f] = y.flat[p, f]
    for f in range(COUNT, y.route.shape[1]):
        y.route[to, f] = y.route[p, f]


@apart
def remember(x: Given, y: Rows) -> None:
    """The accepted routes are the best so far."""
    y.fact[BEST] = y.fact[TOTAL]
    y.fact[BETTER] += 1
    for p in range(x.person.shape[0]):
        if y.route[p, STALE] == 1:
            y.route[p, STALE] = 0
            y.route[p + x.person.shape[0], STALE] = 0
            n = y.route[p, COUNT]
            for j in range(n):
                y.best[p, j] = y.stop[p, j + 1, TASK]
            for j in range(n, y.best.shape[1]):
                if y.best[p, j] < 0:
                    break
                y.best[p, j] = -1
