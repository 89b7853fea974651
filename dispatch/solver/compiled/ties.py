"""Work that is tied to other work: crews that begin at one moment, and what waits for the end of something else.

A tie is held as bounds on when each task may begin, agreed on when the last of them is inserted: a crew begins at B,
neither sooner nor later; what waits begins after a moment M, what it waits for ends by M. So every route can be priced
and changed by itself. The scorer's own schedule is never later than that.
"""

from __future__ import annotations

from dispatch.solver.compiled.columns import (
    ABLE,
    AFTER,
    BEGIN,
    BETWEEN,
    COST,
    COVER,
    CREW,
    DUTY,
    END,
    HI,
    HIGH,
    IMPOSSIBLE,
    LO,
    LOCKED,
    LOW,
    MATES,
    OLD_HIGH,
    OLD_LOW,
    PINNED,
    POOL,
    POOLED,
    SERVICE,
    TAGGED,
    TIE,
    TOTAL,
    UNSERVED,
    WAITS,
    WHO,
)
from dispatch.solver.compiled.dice import below, chance
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import apart, inner
from dispatch.solver.compiled.moves import put, restamp, tag, take, touch
from dispatch.solver.compiled.places import begins, offer, place, position
from dispatch.solver.compiled.rows import Rows
from dispatch.solver.compiled.timing import retime

TRIES = 4  #: moments that are tried for a crew
BROKEN_OFF = -1  #: the clock contradicts a price
TRIED = 2  #: in Rows.tagged: this task has had its turn


@apart
def cheapest(x: Given, y: Rows, i: int, blink: float) -> tuple[int, int]:
    """The person to whom task `i` costs least, -1 for nobody, and the price. Now and then somebody is overlooked."""
    best, who = IMPOSSIBLE, -1
    tied = x.task[i, CREW] >= 0
    a = x.task[i, ABLE]
    while x.lists[a] >= 0:
        p = x.lists[a]
        a += 1
        if tied and not _fits(x, y, p, i):
            continue
        cost = offer(x, y, p, i, best)
        if cost < best and (blink == 0.0 or chance(y.fact) >= blink):
            best, who = cost, p
    return who, best


@inner
def single(x: Given, y: Rows, i: int, blink: float) -> bool:
    """Insert one task, or leave it out. False where the clock contradicts the price."""
    p, cost = cheapest(x, y, i, blink)
    return p < 0 or cost > x.task[i, UNSERVED] or put(x, y, p, i, place(y, p, i))


@apart
def ready(x: Given, y: Rows, i: int) -> bool:
    """Whether everything is served that the task, or its crew, waits for."""
    c = x.task[i, MATES]
    if c < 0:
        return _all_served(x, y, i)
    m = -1
    while x.lists[c + m + 1] >= 0:
        m += 1
        j = x.lists[c + m]
        if x.task[j, LOCKED] < 0 and not _all_served(x, y, j):
            return False
    return True


@inner
def _all_served(x: Given, y: Rows, i: int) -> bool:
    m = -1
    while x.lists[x.task[i, AFTER] + m + 1] >= 0:
        m += 1
        j = x.lists[x.task[i, AFTER] + m]
        if y.task[j, WHO] < 0:
            return False
    return True


@apart
def link(x: Given, y: Rows, i: int, blink: float) -> bool:
    """Insert a task that waits, or that is waited for."""
    y.task[i, LOW], y.task[i, HIGH] = max(x.task[i, LO], _earliest(x, y, i)), _latest(x, y, i)
    if not single(x, y, i, blink):
        return False
    p = y.task[i, WHO]
    if p < 0:
        return True
    begin = y.stop[p, position(y, p, i), BEGIN]
    if x.lists[x.task[i, AFTER]] >= 0:
        y.task[i, LOW] = (y.task[i, LOW] + begin) // 2
    return hasten(x, y, i)


@apart
def _earliest(x: Given, y: Rows, i: int) -> int:
    """When everything is over that the task waits for."""
    over = 0
    m = -1
    while x.lists[x.task[i, AFTER] + m + 1] >= 0:
        m += 1
        j = x.lists[x.task[i, AFTER] + m]
        p = y.task[j, WHO]
        if p >= 0:
            over = max(over, y.stop[p, position(y, p, j), END])
    return over


@apart
def _latest(x: Given, y: Rows, i: int) -> int:
    """When the task has to begin, so that what waits for it is not delayed."""
    latest = x.task[i, HI]
    m = -1
    while x.lists[x.task[i, WAITS] + m + 1] >= 0:
        m += 1
        k = x.lists[x.task[i, WAITS] + m]
        p = y.task[k, WHO]
        if p >= 0 and x.task[k, PINNED] == 0:
            latest = min(latest, y.task[k, LOW] - x.task[i, SERVICE])
    return latest


@apart
def hasten(x: Given, y: Rows, i: int) -> bool:
    """Bind what task `i` waits for to end in time, or free it if `i` is out. False where a route does not hold then."""
    sound = True
    m = -1
    while x.lists[x.task[i, AFTER] + m + 1] >= 0:
        m += 1
        j = x.lists[x.task[i, AFTER] + m]
        if y.task[j, WHO] >= 0 and x.task[j, PINNED] == 0:
            sound = _rebound(x, y, j, y.task[j, LOW], max(y.task[j, LOW], _latest(x, y, j))) and sound
    return sound


@inner
def slacken(x: Given, y: Rows, i: int) -> bool:
    """Task `i` is out: what it waited for has more time."""
    return hasten(x, y, i) if x.task[i, TIE] == 1 else True


@apart
def _rebound(x: Given, y: Rows, j: int, lo: int, hi: int) -> bool:
    """New bounds for a task on a route. False where the route does not hold with them."""
    if y.task[j, LOW] == lo and y.task[j, HIGH] == hi:
        return True
    p = y.task[j, WHO]
    touch(y, p)
    y.task[j, LOW], y.task[j, HIGH] = lo, hi
    y.fact[TOTAL] -= y.route[p, COST]
    sound = retime(x, y, p, position(y, p, j)) == 0
    y.fact[TOTAL] += y.route[p, COST]
    restamp(y, p)
    return sound


@apart
def follow(x: Given, y: Rows) -> None:
    """Tag what cannot stay without what is tagged: the rest of a crew, and what waits."""
    m = 0
    while m < y.fact[POOL]:
        i = y.task[m, POOLED]
        c = x.task[i, MATES]
        if c >= 0:
            n = 0
            while x.lists[c + n] >= 0:
                tag(x, y, x.lists[c + n])
                n += 1
        n = 0
        while x.lists[x.task[i, WAITS] + n] >= 0:
            tag(x, y, x.lists[x.task[i, WAITS] + n])
            n += 1
        m += 1


@inner
def _fits(x: Given, y: Rows, p: int, i: int) -> bool:
    """Whether nobody else of the crew is this person, and they hold what the crew counts on them for."""
    c = x.task[i, MATES]
    m = -1
    while x.lists[c + m + 1] >= 0:
        m += 1
        j = x.lists[c + m]
        if j != i and y.task[j, WHO] == p:
            return False
    b, m = x.task[x.lists[c], BETWEEN], -1
    while x.lists[b + m + 1] >= 0:
        m += 1
        row = x.lists[b + m]
        if y.fact[x.whole[DUTY] + row] == i and _covers(x, row, p) < y.task[i, LOW] + x.task[i, SERVICE]:
            return False
    return True


@inner
def _covers(x: Given, row: int, p: int) -> int:
    """Until when the person holds what somebody of a crew has to hold; -1: not at all."""
    return x.lists[x.whole[COVER] + row * x.person.shape[0] + p]


@apart
def crew(x: Given, y: Rows, i: int, blink: float) -> bool:
    """Insert the free tasks of a crew at one moment, or none of them. False where the step has to be given up."""
    c, before = x.task[i, MATES], y.fact[TOTAL]
    moment = _gather(x, y, c)
    for _ in range(TRIES):
        _share_out(x, y, c, moment)
        moment = _meet(x, y, c, moment)
        if moment < 0:
            return True
        late = _insert(x, y, c, moment, blink)
        if late == 0 and y.fact[TOTAL] <= before:
            return _bind(x, y, c)
        if late == BROKEN_OFF or not _withdraw(x, y, c):
            return False
        if late <= moment:
            return True
        moment = late
    return True


@inner
def _gather(x: Given, y: Rows, c: int) -> int:
    """The first moment at which the crew may begin, as far as is known before people are chosen."""
    moment, m = 0, 0
    while x.lists[c + m] >= 0:
        j = x.lists[c + m]
        p = y.task[j, WHO]
        y.task[j, OLD_LOW], y.task[j, OLD_HIGH] = y.task[j, LOW], y.task[j, HIGH]
        moment = max(moment, _earliest(x, y, j), x.task[j, LO])
        if p >= 0:
            moment = max(moment, y.stop[p, position(y, p, j), BEGIN])
        m += 1
    return moment


@inner
def _share_out(x: Given, y: Rows, c: int, moment: int) -> None:
    """Who of the crew is to hold each of the skills that somebody has to: drawn anew each time."""
    size = 0
    while x.lists[c + size] >= 0:
        size += 1
    b, m = x.task[x.lists[c], BETWEEN], -1
    while x.lists[b + m + 1] >= 0:
        m += 1
        row = x.lists[b + m]
        n = below(y.fact, size)
        while x.task[x.lists[c + n], LOCKED] >= 0:
            n = (n + 1) % size
        y.fact[x.whole[DUTY] + row] = x.lists[c + n]
        for n in range(size):
            j = x.lists[c + n]
            if x.task[j, LOCKED] >= 0 and _covers(x, row, y.task[j, WHO]) >= moment + x.task[j, SERVICE]:
                y.fact[x.whole[DUTY] + row] = -1


@apart
def _meet(x: Given, y: Rows, c: int, moment: int) -> int:
    """When everybody who is cheapest by themselves can be there; -1 where somebody is not to be had."""
    meet, m = moment, 0
    while x.lists[c + m] >= 0:
        j = x.lists[c + m]
        m += 1
        if y.task[j, WHO] < 0:
            y.task[j, LOW], y.task[j, HIGH] = moment, _latest(x, y, j)
            p, cost = cheapest(x, y, j, 0.0)
            if p < 0 or cost >= IMPOSSIBLE:
                return -1
            meet = max(meet, begins(x, y, p, place(y, p, j), j))
    return meet


@apart
def _insert(x: Given, y: Rows, c: int, moment: int, blink: float) -> int:
    """Everybody at this moment. 0, or a later moment that may do, or this one where none will, or BROKEN_OFF."""
    m = 0
    while x.lists[c + m] >= 0:
        j = x.lists[c + m]
        m += 1
        latest = _latest(x, y, j)
        if y.task[j, WHO] >= 0:
            if x.task[j, PINNED] == 0 and not _rebound(x, y, j, moment, moment):
                return BROKEN_OFF
            continue
        if moment > latest:
            return moment
        y.task[j, LOW], y.task[j, HIGH] = moment, moment
        p, _ = cheapest(x, y, j, blink)
        if p < 0:
            y.task[j, HIGH] = latest
            p, _ = cheapest(x, y, j, 0.0)
            return moment if p < 0 else begins(x, y, p, place(y, p, j), j)
        if not put(x, y, p, j, place(y, p, j)):
            return BROKEN_OFF
    return 0


@apart
def _withdraw(x: Given, y: Rows, c: int) -> bool:
    """Take the free tasks of a crew out again, and give the others their time back."""
    sound, m = True, 0
    while x.lists[c + m] >= 0:
        j = x.lists[c + m]
        m += 1
        p = y.task[j, WHO]
        if p >= 0 and x.task[j, LOCKED] < 0:
            tried, y.task[j, TAGGED] = y.task[j, TAGGED], 1
            sound = take(x, y, p) and sound
            y.task[j, TAGGED] = tried
        elif p >= 0 and x.task[j, PINNED] == 0:
            sound = _rebound(x, y, j, y.task[j, OLD_LOW], y.task[j, OLD_HIGH]) and sound
    return sound


@inner
def _bind(x: Given, y: Rows, c: int) -> bool:
    sound, m = True, 0
    while x.lists[c + m] >= 0:
        sound = hasten(x, y, x.lists[c + m]) and sound
        m += 1
    return sound
