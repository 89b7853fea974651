"""What is wrong with a set of cells.

Everything is looked at on whole millimetres. Gaps and overlaps come from borders that do not cancel (see
`gis.grid.chains`): where all do, the cells cover their place exactly once, which needs no tolerance. Against the
outline of a community half a centimetre is rounding (the database lets pass a little more): cells have vertices on it
that it has not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gis.grid.checking.belonging import belonging_faults
from gis.grid.checking.covering import covering_faults
from gis.grid.checking.duties import connected, duty_faults
from gis.grid.checking.naming import naming_faults
from gis.grid.checking.outlines import outline_faults
from gis.grid.checking.sizes import size_faults
from gis.grid.checking.standing import standing_faults
from gis.grid.given import Fault, Given, Key, Kind
from gis.grid.laying import Laid, lay

__all__ = ["check", "check_laid", "connected"]

ORDER = {kind: place for place, kind in enumerate(Kind)}


def check(given: Given, *, near: Collection[Key] | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong with `given`, exact to the millimetre; the worst kinds first. Nothing is changed.

    `near` looks at these cells and what meets the box round them (a neighbourhood after an edit): `given` then needs no
    more than every cell, community and building that meets it, with a metre to spare.
    """
    laid = lay(given, near)
    named = laid.cells if near is None else tuple(cell for cell in laid.cells if cell.key in near)
    found = [
        *check_laid(laid),
        *_sizes(given, laid, near),
        *naming_faults(given, named),
        *(duty_faults(laid, given.duties) if near is None else ()),
    ]
    return tuple(sorted(found, key=_order))


def check_laid(laid: Laid) -> Iterator[Fault]:
    """What is wrong with the geometry."""
    yield from outline_faults(laid)
    yield from covering_faults(laid)
    yield from belonging_faults(laid)
    yield from standing_faults(laid)


def _sizes(given: Given, laid: Laid, near: Collection[Key] | None) -> Iterator[Fault]:
    found = size_faults(laid, given.targets, given.incidents)
    return (fault for fault in found if near is None or fault.cells[0] in near)


def _order(fault: Fault) -> tuple[int, tuple[str, ...], str]:
    return (ORDER[fault.kind], fault.cells, fault.key)
