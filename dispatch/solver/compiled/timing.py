"""When things happen on one route: forward the moments and the cost, backward what a delay would cost."""

from __future__ import annotations

from dispatch.solver.compiled.columns import (
    BEGIN,
    BEGUN,
    BREAKS,
    COST,
    COUNT,
    DONE_TARGET,
    DONE_WEIGHT,
    END,
    END_NODE,
    EXCUSED,
    FAIRNESS,
    FIRST_START,
    HIGH,
    HOME,
    LAST_END,
    LEG,
    LIMIT,
    LINEAR,
    LOCKED,
    LOW,
    MODE,
    NEED,
    ODDS,
    OPEN,
    OVERTIME,
    OVERTIME_COST,
    PACE,
    PAID,
    PAUSE,
    PAUSED,
    PINNED,
    REST,
    ROOM,
    SERVICE,
    SHIFT,
    SIMPLE,
    SLOPE,
    SLOT,
    SLOTS,
    START,
    TARGET,
    TASK,
    WAIT,
    WEIGHT,
    WINDOW,
    WINDOWS,
    WORK,
    WORKED,
)
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import apart, inner
from dispatch.solver.compiled.rows import Rows
from dispatch.solver.driving import FINE
from dispatch.solver.problem import NO_WAY


@inner
def lateness(x: Given, i: int, begin: int) -> int:
    """What it costs that task `i` begins at this moment."""
    late = x.task[i, WEIGHT] * max(0, begin - x.task[i, TARGET])
    if x.task[i, DONE_WEIGHT] > 0:
        late += x.task[i, DONE_WEIGHT] * max(0, begin + x.task[i, SERVICE] - x.task[i, DONE_TARGET])
    return late


@inner
def fairness(x: Given, p: int, work: int) -> int:
    """What so many seconds of work cost, given what the person has done before."""
    if x.whole[FAIRNESS] == 0:
        return 0
    before = x.person[p, WORKED]
    return x.whole[FAIRNESS] * ((before + work) ** 2 - before**2) // 3600000


@inner
def drive(x: Given, p: int, way: int, leave: int) -> int:
    """Seconds for a way that takes `way` in the matrix: `driving.drive`."""
    pace = x.person[p, PACE]
    if pace < 0 or way >= NO_WAY:
        return way
    start, seconds, last = x.lists[pace], x.lists[pace + 1], x.lists[pace + 2]
    left, now = way * FINE, leave
    slot = min(max((leave - start) // seconds, 0), last)
    while slot < last:
        need = -(-left * x.lists[pace + 3 + slot] // (1000 * FINE))
        spare = start + (slot + 1) * seconds - now
        if need <= spare:
            return now + need - leave
        left -= spare * 1000 * FINE // x.lists[pace + 3 + slot]
        now += spare
        slot += 1
    return now - (-left * x.lists[pace + 3 + last] // (1000 * FINE)) - leave


@apart
def step(
    x: Given, lo: int, hi: int, p: int, i: int, way: int, now: int, paused: int, window: int, excused: int
) -> tuple[int, int, int, int, int, int]:
    """`timing.work`: way, begin, end, breaks taken, window, excused. End is NO_WAY where that breaks a rule.

    `lo`, `hi`: when the work may begin; locked work only heeds what it is tied to.
    """
    if x.task[i, PINNED] == 0:
        at, taken, breaks = now, paused, x.person[p, BREAKS]
        while True:
            late = False
            while taken < breaks and x.lists[x.person[p, PAUSE] + 3 * taken] <= at:
                late = late or (at > x.lists[x.person[p, PAUSE] + 3 * taken + 1] and excused == 0)
                at += x.lists[x.person[p, PAUSE] + 3 * taken + 2]
                taken += 1
            if late:
                break
            w, leg, begin = _slot(x, lo, p, i, way, now, at, window)
            if w < 0:
                break
            end = begin + x.task[i, SERVICE]
            if taken == breaks or end <= x.lists[x.person[p, PAUSE] + 3 * taken + 1]:
                if begin > hi:
                    return leg, begin, NO_WAY, taken, w, 0
                return leg, begin, end, taken, w, 0
            at = max(at, x.lists[x.person[p, PAUSE] + 3 * taken]) + x.lists[x.person[p, PAUSE] + 3 * taken + 2]
            taken += 1
        if x.task[i, LOCKED] < 0:
            return way, now, NO_WAY, paused, window, excused
    leg = drive(x, p, way, now)
    begin = max(now + leg, lo)
    last = 0
    for w in range(x.person[p, WINDOWS]):
        if x.lists[x.person[p, SHIFT] + 2 * w] <= begin:
            last = w
    end = begin + x.task[i, SERVICE] if begin <= hi and way < NO_WAY else NO_WAY
    return leg, begin, end, paused, last, 1


@inner
def _slot(x: Given, lo: int, p: int, i: int, way: int, done: int, at: int, window: int) -> tuple[int, int, int]:
    """The first window in which way and work fit, the way and the begin; -1 for none."""
    until, last = x.person[p, x.task[i, NEED]], x.person[p, WINDOWS] - 1
    for w in range(last + 1):
        leave = max(at, x.lists[x.person[p, SHIFT] + 2 * w])
        if w > window:
            leave = max(leave, done + x.person[p, REST])
        leg = drive(x, p, way, leave)
        begin = max(leave + leg, lo)
        if x.task[i, SLOTS] > 0:
            begin = _admitted(x, i, begin)
        end = begin + x.task[i, SERVICE]
        if leg >= NO_WAY or begin >= NO_WAY or end > until:
            return -1, leg, begin
        if end <= x.lists[x.person[p, SHIFT] + 2 * w + 1] + (x.person[p, OVERTIME] if w == last else 0):
            return w, leg, begin
    return -1, way, at


@inner
def _admitted(x: Given, i: int, begin: int) -> int:
    """The first moment from `begin` on that lies in an appointment; NO_WAY after the last."""
    for s in range(x.task[i, SLOTS]):
        if begin <= x.lists[x.task[i, SLOT] + 2 * s + 1]:
            return max(begin, x.lists[x.task[i, SLOT] + 2 * s])
    return NO_WAY


@apart
def retime(x: Given, y: Rows, p: int, k: int) -> int:
    """Time route `p` anew from stop `k` on (1: all of it). 0, or the first stop that breaks a rule."""
    stop, n = y.stop[p], y.route[p, COUNT]
    mode, simple = x.person[p, MODE], x.person[p, SIMPLE] == 1 and y.route[p, ODDS] == 0
    if k == 1:
        stop[0, TASK], stop[0, PAID], stop[0, PAUSED], stop[0, WINDOW], stop[0, EXCUSED] = -1, 0, 0, 0, 1
        stop[0, END] = 0
    here = stop[k - 1, TASK] if k > 1 else x.person[p, START]
    if simple and k > x.person[p, BEGUN]:
        fault = _glide(x, y, p, k)
        if fault > 0:
            return fault
        here, k = stop[n, TASK] if n > 0 else here, n + 1
    for j in range(k, n + 1):
        i, before = stop[j, TASK], stop[j - 1]
        way = x.ways[mode, i, here, 1]
        leg, begin, end, paused, window, excused = step(
            x, y.task[i, LOW], y.task[i, HIGH], p, i, way, before[END], before[PAUSED], before[WINDOW], before[EXCUSED]
        )
        if end > x.person[p, LIMIT] or way >= NO_WAY:
            return j
        stop[j, BEGIN], stop[j, END], stop[j, LEG] = begin, end, leg
        stop[j, PAUSED], stop[j, WINDOW], stop[j, EXCUSED] = paused, window, excused
        stop[j, WAIT] = begin - max(before[END], x.person[p, FIRST_START]) - leg
        stop[j, PAID] = before[PAID] + leg + lateness(x, i, begin) + x.fixed[i, p]
        here = i
    if not _close(x, y, p, here):
        return max(1, n)
    if simple:
        _slack(x, y, p)
    return 0


@inner
def _glide(x: Given, y: Rows, p: int, k: int) -> int:
    """`retime` in a single window, without breaks, where nothing is odd."""
    stop, opens = y.stop[p], x.person[p, FIRST_START]
    back, closes = x.ways[x.person[p, MODE]], x.person[p, LAST_END] + x.person[p, OVERTIME]
    here = stop[k - 1, TASK] if k > 1 else x.person[p, START]
    for j in range(k, y.route[p, COUNT] + 1):
        i, now = stop[j, TASK], max(stop[j - 1, END], opens)
        leg = back[i, here, 1]
        begin = max(now + leg, y.task[i, LOW])
        end = begin + x.task[i, SERVICE]
        if begin > y.task[i, HIGH] or end > min(closes, x.person[p, x.task[i, NEED]]) or leg >= NO_WAY:
            return j
        stop[j, BEGIN], stop[j, END], stop[j, LEG], stop[j, WAIT] = begin, end, leg, begin - now - leg
        stop[j, PAUSED], stop[j, WINDOW], stop[j, EXCUSED] = 0, 0, 0
        stop[j, PAID] = stop[j - 1, PAID] + leg + lateness(x, i, begin) + x.fixed[i, p]
        here = i
    return 0


@inner
def _close(x: Given, y: Rows, p: int, here: int) -> bool:
    """The way back, overtime and fairness; False where that breaks a rule."""
    stop, n = y.stop[p], y.route[p, COUNT]
    end, leg = stop[n, END], 0
    if x.person[p, END_NODE] >= 0 and n > 0:
        way = x.ways[x.person[p, MODE], here, x.person[p, END_NODE], 0]
        leg = drive(x, p, way, end)
        end += leg
        if way >= NO_WAY or end > x.person[p, HOME]:
            return False
    over = max(0, end - x.person[p, LAST_END]) if n > 0 else 0
    stop[n + 1, TASK], stop[n + 1, BEGIN], stop[n + 1, END], stop[n + 1, LEG] = -1, end, end, leg
    stop[n + 1, WAIT] = 0
    stop[n + 1, PAID] = stop[n, PAID] + leg + x.person[p, OVERTIME_COST] * over
    y.route[p, COST] = stop[n + 1, PAID] + fairness(x, p, y.route[p, WORK])
    return True


@inner
def _slack(x: Given, y: Rows, p: int) -> None:
    """SLOPE, LINEAR and ROOM of every stop, from the last one back."""
    stop, n = y.stop[p], y.route[p, COUNT]
    closes = x.person[p, LAST_END] + x.person[p, OVERTIME]
    e = n + 1
    over = stop[e, BEGIN] - x.person[p, LAST_END]
    stop[e, ROOM] = x.person[p, HOME] - stop[e, BEGIN]
    stop[e, SLOPE] = x.person[p, OVERTIME_COST] if over >= 0 else 0
    stop[e, LINEAR] = OPEN if over >= 0 or x.person[p, OVERTIME_COST] == 0 else -over
    for j in range(n, 0, -1):
        i, begin, end = stop[j, TASK], stop[j, BEGIN], stop[j, END]
        slope, linear, wait = 0, OPEN, stop[j + 1, WAIT]
        if begin >= x.task[i, TARGET]:
            slope += x.task[i, WEIGHT]
        elif x.task[i, WEIGHT] > 0:
            linear = x.task[i, TARGET] - begin
        if x.task[i, DONE_WEIGHT] > 0:
            if end >= x.task[i, DONE_TARGET]:
                slope += x.task[i, DONE_WEIGHT]
            else:
                linear = min(linear, x.task[i, DONE_TARGET] - end)
        if wait == 0:
            slope += stop[j + 1, SLOPE]
            linear = min(linear, stop[j + 1, LINEAR])
        elif stop[j + 1, SLOPE] == 0:
            linear = min(linear, wait + stop[j + 1, LINEAR])
        else:
            linear = min(linear, wait)
        room = min(y.task[i, HIGH] - begin, min(closes, x.person[p, x.task[i, NEED]]) - end)
        stop[j, ROOM] = min(room, wait + stop[j + 1, ROOM])
        stop[j, SLOPE], stop[j, LINEAR] = slope, linear
