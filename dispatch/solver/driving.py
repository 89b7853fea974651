"""How long a way takes when the speed changes by the hour."""

from __future__ import annotations

from dispatch.solver.problem import Speeds

FINE = 10**6  #: parts of a second of the matrix that are counted on the way


def drive(speeds: Speeds, base: int, leave: int) -> int:
    """Whole seconds for a way of `base` seconds in the matrix, left for at `leave`.

    Every slot is driven at its own speed, so who leaves earlier never arrives later (the FIFO rule of Ichoua, Gendreau
    and Potvin, 2003). What is left of the way is rounded up at the boundaries, the whole at the end.
    """
    left, now, last = base * FINE, leave, len(speeds.permille) - 1
    slot = min(max((leave - speeds.start) // speeds.slot, 0), last)
    while slot < last:
        pace = speeds.permille[slot]
        need = -(-left * pace // (1000 * FINE))
        spare = speeds.start + (slot + 1) * speeds.slot - now
        if need <= spare:
            return now + need - leave
        left -= spare * 1000 * FINE // pace
        now, slot = now + spare, slot + 1
    return now - (-left * speeds.permille[last] // (1000 * FINE)) - leave
