"""The windows of one person's tasks, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dispatch.model import UNDER_WAY, Assignment, Interval


def rechain(live: Sequence[Assignment], *, now: datetime) -> list[Assignment]:
    """`live` in order, pushed back where a window would overlap the one before; the changed ones with the next version.

    What is under way comes first and never ends before `now`; nothing is drawn forward, which is the engine's affair.
    """
    ordered = sorted(live, key=lambda a: (a.state not in UNDER_WAY, a.seq, a.during.start, a.id))
    chained: list[Assignment] = []
    free: datetime | None = None
    for a in ordered:
        start = a.during.start if free is None else max(a.during.start, free)
        end = start + (a.during.end - a.during.start)
        if a.state in UNDER_WAY:
            end = max(end, now + timedelta(minutes=1))  # it overruns: at least another minute
        chained.append(_moved(a, Interval(start=start, end=end)))
        free = end
    return chained


def window_after(live: Sequence[Assignment], *, now: datetime, seconds: float) -> Interval:
    """The window of a task appended to these, or from now."""
    start = max([now, *(a.during.end for a in live)])
    return Interval(start=start, end=start + timedelta(seconds=max(1.0, seconds)))


def _moved(a: Assignment, during: Interval) -> Assignment:
    if during == a.during:
        return a
    return replace(a, during=during, eta=a.eta + (during.start - a.during.start), version=a.version + 1)
