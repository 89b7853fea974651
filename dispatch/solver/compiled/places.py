"""What the cheapest insertion of a task into a route costs, and where."""

from __future__ import annotations

from dispatch.solver.compiled.columns import (
    AFTER,
    AREA,
    AREAS,
    BEGIN,
    BEGUN,
    BROKEN,
    CHANGES,
    COUNT,
    DONE_TARGET,
    DONE_WEIGHT,
    END,
    END_NODE,
    EXCUSED,
    FACTS,
    FIRST_START,
    GOODS,
    HIGH,
    HOLDER,
    HOME,
    IMPOSSIBLE,
    LAST_END,
    LEG,
    LIMIT,
    LINEAR,
    LOADS,
    LOW,
    MAX_TASKS,
    MAX_WORK,
    MODE,
    MOST_CHANGES,
    NEED,
    ODD,
    ODDS,
    OVERTIME,
    OVERTIME_COST,
    PAID,
    PAUSED,
    PERSON_COLUMNS,
    ROOM,
    SERVICE,
    SIMPLE,
    SLOPE,
    STAMP,
    START,
    TARGET,
    TASK,
    TASK_COLUMNS,
    TIE,
    WAIT,
    WEIGHT,
    WHO,
    WINDOW,
    WORK,
)
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import apart, inner
from dispatch.solver.compiled.rows import Rows
from dispatch.solver.compiled.timing import drive, fairness, lateness, step
from dispatch.solver.problem import NO_WAY

SHIFTED = 20  #: bits for the place of a price
PLACES = (1 << SHIFTED) - 1
ANY = IMPOSSIBLE // 2  #: from here on a price is no bound
LONGEST = 7200  #: seconds of way that an insertion may save, at most, where late work is concerned


@inner
def price(x: Given, y: Rows, p: int, i: int, most: int) -> int:
    """The price of task `i` on route `p` at its cheapest place; where that is `most` or more, something from `most` on.

    Kept as long as the route has the same stamp: the price, and in one number the stamp and, in its last bits, the
    place plus one, 0 where the price is only known to be no less.
    """
    known = y.price[i, p]
    stamp = y.route[p, STAMP] << SHIFTED
    at = known[1] - stamp
    if at < 0 or at > PLACES or (at == 0 and known[0] < most) or x.task[i, TIE] == 1:
        if not _carries(x, y, p, i):
            known[0], known[1] = IMPOSSIBLE, stamp + 1
            return known[0]
        work = y.route[p, WORK]
        always = x.fixed[i, p] + fairness(x, p, work + x.task[i, SERVICE]) - fairness(x, p, work)
        if x.person[p, SIMPLE] == 1 and y.route[p, ODDS] == 0 and x.task[i, ODD] == 0:
            cost, place = _simple(x, y, p, i, floor(x, y, p, i), most - always)
        else:
            cost, place = _general(x, y, p, i, floor(x, y, p, i))
        known[0], known[1] = min(IMPOSSIBLE, cost + always), stamp + place + 1
    return known[0]


@inner
def place(y: Rows, p: int, i: int) -> int:
    """The stop after which task `i` costs least on route `p`, as priced last."""
    return (y.price[i, p, 1] & PLACES) - 1


@inner
def offer(x: Given, y: Rows, p: int, i: int, most: int) -> int:
    """The price, with what it means for the others: who is left in the area, and promises that may be broken.

    Where that is `most` or more, something from `most` on.
    """
    cost = price(x, y, p, i, IMPOSSIBLE if x.task[i, HOLDER] == p else most)
    area = x.person[p, AREA]
    if area >= 0 and y.route[p, COUNT] == 0 and y.fact[FACTS + area] <= x.lists[x.whole[AREAS] + 2 * area]:
        cost += x.lists[x.whole[AREAS] + 2 * area + 1]
    if x.task[i, HOLDER] == p and y.fact[CHANGES] > x.whole[MOST_CHANGES] and cost < IMPOSSIBLE:
        cost -= BROKEN
    return cost


@apart
def begins(x: Given, y: Rows, p: int, k: int, i: int) -> int:
    """When task `i` would begin after stop `k`."""
    stop = y.stop[p, k]
    here = stop[TASK] if k > 0 else x.person[p, START]
    way, lo, hi = x.ways[x.person[p, MODE], i, here, 1], y.task[i, LOW], y.task[i, HIGH]
    _, begin, _, _, _, _ = step(x, lo, hi, p, i, way, stop[END], stop[PAUSED], stop[WINDOW], stop[EXCUSED])
    return begin


@inner
def floor(x: Given, y: Rows, p: int, i: int) -> int:
    """The first stop after which task `i` may stand: after begun work, and after what it waits for."""
    lowest = x.person[p, BEGUN]
    if x.task[i, TIE] == 1:
        m = x.task[i, AFTER]
        while x.lists[m] >= 0:
            if y.task[x.lists[m], WHO] == p:
                lowest = max(lowest, position(y, p, x.lists[m]))
            m += 1
    return lowest


@inner
def position(y: Rows, p: int, i: int) -> int:
    """Which stop of the route the task is."""
    k = 1
    while y.stop[p, k, TASK] != i:
        k += 1
    return k


@inner
def _carries(x: Given, y: Rows, p: int, i: int) -> bool:
    """Whether the load allows it, whatever the time."""
    n = y.route[p, COUNT]
    if x.fixed[i, p] < 0 or n >= x.person[p, MAX_TASKS] or n + 3 > y.stop.shape[1] - 1:
        return False
    if y.route[p, WORK] + x.task[i, SERVICE] > x.person[p, MAX_WORK]:
        return False
    for g in range(x.whole[GOODS]):  # numba has no generator expressions
        if y.route[p, LOADS + g] + x.task[i, TASK_COLUMNS + g] > x.person[p, PERSON_COLUMNS + g]:
            return False
    return True


@inner
def _simple(x: Given, y: Rows, p: int, i: int, lowest: int, most: int) -> tuple[int, int]:
    """One window, nothing odd: time is linear, so most places are settled by three numbers of the next stop.

    `most` and -1 where no place costs less.
    """
    stop, n, mode = y.stop[p], y.route[p, COUNT], x.person[p, MODE]
    ways = x.ways[mode, i]
    service, weight, target = x.task[i, SERVICE], x.task[i, WEIGHT], x.task[i, TARGET]
    done_weight, done_target = x.task[i, DONE_WEIGHT], x.task[i, DONE_TARGET]
    lo, hi = y.task[i, LOW], y.task[i, HIGH]
    closes = min(x.person[p, LAST_END] + x.person[p, OVERTIME], x.person[p, x.task[i, NEED]])
    hi = min(hi, closes - service)
    best, place = (IMPOSSIBLE, 0) if most >= ANY else (most, -1)
    for k in range(lowest, n + 1):
        here = stop[k, TASK] if k > 0 else x.person[p, START]
        now = max(stop[k, END], x.person[p, FIRST_START])
        if now > hi or weight * (now - target) >= best + LONGEST:
            break
        leg = ways[here, 1]
        begin = max(now + leg, lo)
        if begin > hi:
            continue
        cost = leg + weight * max(0, begin - target) - stop[k + 1, LEG]
        end = begin + service
        if done_weight > 0:
            cost += done_weight * max(0, end - done_target)
        if cost >= best:
            continue
        if k < n:
            follower = stop[k + 1, TASK]
            onward = ways[follower, 0]
            arrive = end + onward
            if arrive < stop[k + 1, BEGIN]:
                arrive = max(arrive, y.task[follower, LOW])
        else:
            onward = ways[x.person[p, END_NODE], 0] if x.person[p, END_NODE] >= 0 else 0
            arrive = end + onward
        cost += onward
        delay = arrive - stop[k + 1, BEGIN]
        if n == 0:
            cost += x.person[p, OVERTIME_COST] * max(0, arrive - x.person[p, LAST_END])
            if arrive > x.person[p, HOME]:
                continue
        elif delay > stop[k + 1, ROOM]:
            continue
        elif delay >= 0 and delay <= stop[k + 1, LINEAR]:
            cost += delay * stop[k + 1, SLOPE]
        elif cost + delay * stop[k + 1, SLOPE] < best:
            cost += _tail(x, y, p, k + 1, delay)
        else:
            continue
        if cost < best:
            best, place = cost, k
    return best, place


@inner
def _tail(x: Given, y: Rows, p: int, k: int, delay: int) -> int:
    """What it costs, or saves, that stop `k` begins so much later; nothing on the route is odd."""
    stop, n = y.stop[p], y.route[p, COUNT]
    cost = 0
    for j in range(k, n + 1):
        if delay == 0:
            return cost
        i, begin = stop[j, TASK], stop[j, BEGIN]
        cost += lateness(x, i, begin + delay) - lateness(x, i, begin)
        wait = stop[j + 1, WAIT]
        if delay > 0:
            delay = max(0, delay - wait)
        elif wait > 0:
            delay = 0
        elif j < n:
            follower = stop[j + 1, TASK]
            delay = max(stop[j + 1, BEGIN] + delay, y.task[follower, LOW]) - stop[j + 1, BEGIN]
    over = stop[n + 1, BEGIN] - x.person[p, LAST_END]
    return cost + x.person[p, OVERTIME_COST] * (max(0, over + delay) - max(0, over))


@apart
def _general(x: Given, y: Rows, p: int, i: int, lowest: int) -> tuple[int, int]:
    """Every place by driving the rest of the route, until things are as they were."""
    best, place = IMPOSSIBLE, 0
    for k in range(lowest, y.route[p, COUNT] + 1):
        cost = _driven(x, y, p, k, i, best)
        if cost < best:
            best, place = cost, k
    return best, place


@apart
def _driven(x: Given, y: Rows, p: int, k: int, i: int, most: int) -> int:
    """The price of task `i` after stop `k`, IMPOSSIBLE where it breaks a rule or costs more than `most`."""
    stop, n, mode, limit = y.stop[p], y.route[p, COUNT], x.person[p, MODE], x.person[p, LIMIT]
    here = stop[k, TASK] if k > 0 else x.person[p, START]
    way, lo, hi = x.ways[mode, i, here, 1], y.task[i, LOW], y.task[i, HIGH]
    leg, begin, end, paused, window, excused = step(
        x, lo, hi, p, i, way, stop[k, END], stop[k, PAUSED], stop[k, WINDOW], stop[k, EXCUSED]
    )
    if way >= NO_WAY or end > limit:
        return IMPOSSIBLE
    cost, here = leg + lateness(x, i, begin), i
    for j in range(k + 1, n + 1):
        f = stop[j, TASK]
        way, lo, hi = x.ways[mode, here, f, 0], y.task[f, LOW], y.task[f, HIGH]
        leg, begin, end, paused, window, excused = step(x, lo, hi, p, f, way, end, paused, window, excused)
        if way >= NO_WAY or end > limit:
            return IMPOSSIBLE
        cost += leg - stop[j, LEG] + lateness(x, f, begin) - lateness(x, f, stop[j, BEGIN])
        same = end == stop[j, END] and paused == stop[j, PAUSED] and window == stop[j, WINDOW]
        if same and excused == stop[j, EXCUSED]:
            return cost
        if cost >= most and end > stop[j, END]:
            return IMPOSSIBLE
        here = f
    if x.person[p, END_NODE] >= 0:
        way = x.ways[mode, here, x.person[p, END_NODE], 0]
        leg = drive(x, p, way, end)
        end, cost = end + leg, cost + leg
        if way >= NO_WAY or end > x.person[p, HOME]:
            return IMPOSSIBLE
    cost += x.person[p, OVERTIME_COST] * max(0, end - x.person[p, LAST_END])
    return cost - (stop[n + 1, PAID] - stop[n, PAID])
