"""Cells that are sound, made of cells that are not.

Outlines are drawn again where they have to be (`closing`), vertices brought together (`snapping`), and then all ground
is one patchwork of faces of which each gets one holder (`settling`), so that nothing gaps or overlaps by construction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gis.grid.checking import check
from gis.grid.given import Fault, Given, How, Kind, Mend, Mended
from gis.grid.mending.working import once

__all__ = ["mend"]

ROUNDS = 8  #: one mend may lay open the next: a border snapped to another may run through a building then
TRIES = 2  #: for one fault: what vertices could not be brought to in the first round is filled in the second
NAMES = (Kind.NO_CODE, Kind.BAD_CODE, Kind.CODE_TWICE, Kind.CODE_REUSED)


def mend(given: Given, faults: Sequence[Fault], how: How | None = None) -> Mended:
    """`given` with `faults` mended, each in its first way or by `how` where it can be.

    Ground is never moved from one community into another, and no cell loses its code. Faults that a mend lays open are
    mended too. `left` are the faults that were asked for and cannot be mended, and what was laid open and cannot be.
    Mending what is mended changes nothing. Raises BadGeometry.
    """
    old, asked = {fault.key for fault in check(given)}, {fault.key for fault in faults}
    tried = Counter(fault.key for fault in faults)
    wanted = [fault for fault in faults if fault.mends]
    mends: list[Mend] = []
    found: Sequence[Fault] = faults
    for _ in range(ROUNDS):  # vertices are brought together once: doing it again would bend what the first look settled
        if not wanted:
            break
        given, done = once(given, wanted, how, snap=not mends and how in (None, How.SNAP))
        mends += done
        found = check(given)
        wanted = [f for f in found if f.mends and (f.key in asked or f.key not in old) and tried[f.key] < TRIES]
        tried.update(fault.key for fault in wanted)
        how = None
    left = [fault for fault in found if fault.key in asked or (fault.key not in old and fault.kind not in NAMES)]
    stuck = {fault.key for fault in left}
    listed = {done.fault: done for done in mends if done.fault not in stuck}
    return Mended(given=given, mends=tuple(listed.values()), left=tuple(left))
