"""What is wrong with a draft, and mending it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import shapely

from gis.database import Transaction
from gis.dividing.drafting import targets_of
from gis.dividing.editing import MEND, Change, difference, named
from gis.dividing.neighbourhood import Neighbourhood, everything
from gis.grid import CodePattern
from gis.grid.checking import check
from gis.grid.given import Fault, GivenCell, How, Kind, Mended
from gis.grid.mending import mend
from gis.model import Division
from gis.store import surroundings

HARMLESS = frozenset(
    {Kind.TOO_SMALL, Kind.TOO_BIG, Kind.BUILDING_CUT, Kind.BAD_CODE, Kind.CODE_TWICE, Kind.CODE_REUSED}
)
"""What a division may stand with: a code that cannot be kept is replaced by a new one."""


CORNER = 0.0015  #: metres within which ground is the same


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A whole draft with what is wrong with it, the worst first."""

    hood: Neighbourhood
    faults: tuple[Fault, ...]

    @property
    def blocking(self) -> tuple[Fault, ...]:
        """What keeps it from being proposed."""
        return tuple(fault for fault in self.faults if fault.kind not in HARMLESS)


def read(tx: Transaction, division: Division) -> Neighbourhood:
    """The whole draft with what it is judged by."""
    hood = everything(tx, division)
    pattern = CodePattern(name="", text=division.pattern)
    targets = targets_of(division.cut) if division.cut else None
    taken = surroundings.codes_used(tx, division.district)
    return replace(hood, given=replace(hood.given, pattern=pattern, targets=targets, taken=taken))


def checked(hood: Neighbourhood) -> Checked:
    """Everything that is wrong. That new cells have no code yet is no fault: they get one when they come into force."""
    return Checked(hood=hood, faults=tuple(fault for fault in check(hood.given) if fault.kind is not Kind.NO_CODE))


def mended(found: Checked, keys: Collection[str] | None, how: How | None) -> Mended:
    """Some faults (None: all) mended, in their first way or by `how`. Nothing is written."""
    wanted = [fault for fault in found.faults if fault.mends and (keys is None or fault.key in keys)]
    return mend(found.hood.given, wanted, how)


def change(tx: Transaction, division: Division, hood: Neighbourhood, done: Mended) -> tuple[Change, dict[str, str]]:
    """The rows that mending replaces, and other names of new cells. Whose ground stays the same stays what it is."""
    before = {cell.key: cell for cell in hood.given.cells}
    other = [cell for cell in done.given.cells if cell.key not in before or not _equal(before[cell.key], cell)]
    bent = [cell for cell in other if cell.key in before and _same(before[cell.key], cell)]
    kept = {cell.key for cell in bent}
    gone = sorted(before.keys() - {cell.key for cell in done.given.cells})
    new = [cell for cell in other if cell.key not in kept]
    names = named(tx, division, hood, [cell.key for cell in new])
    touched = [replace(cell, key=names.get(cell.key, cell.key)) for cell in new]
    codes = {cell.key: cell.code for cell in touched}
    found = difference(tx, division, hood, touched, bent, gone)
    made = tuple(replace(row, code=codes.get(row.key)) if row.cell is None else row for row in found.made)
    return replace(found, made=made, kind=MEND, edit={"mends": len(done.mends)}), names


def _equal(one: GivenCell, other: GivenCell) -> bool:
    return one.community == other.community and bool(shapely.equals_exact(one.polygon, other.polygon, tolerance=0.0))


def _same(one: GivenCell, other: GivenCell) -> bool:
    apart: float = one.polygon.hausdorff_distance(other.polygon)
    return one.community == other.community and one.polygon.geom_type == "Polygon" and apart < CORNER
