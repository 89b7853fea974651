"""What is shown of divisions: the list, the cells with what becomes of them, the history, the comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from dispatch import policy, store
from dispatch.dividing.room import mine
from dispatch.dividing.standing import heirs
from dispatch.errors import Invalid
from dispatch.model import Deed, ResponderId, User, UserId
from dispatch.once import begin
from dispatch.store import shifts, users
from gis.database import Transaction
from gis.dividing import converting
from gis.dividing.converting import Part, Turned
from gis.model import CellId, DistrictId, Division
from gis.store import divided, divisions, drafts, standing
from gis.store.divided import Shown
from gis.store.drafts import DraftEdit


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Divisions with how many cells they have, and what people are called."""

    divisions: tuple[Division, ...]
    cells: Mapping[int, int]
    names: Mapping[UserId, str]


@dataclass(frozen=True, kw_only=True)
class Cells:
    """Cells of one division: what ground of cells in force those have that are new, and who answers for the others."""

    division: Division
    cells: tuple[Shown, ...]
    of: Mapping[str, tuple[str, ...]]  #: by key of a cell that is not in force, codes of those whose ground it has
    responsible: Mapping[CellId, ResponderId]
    heirs: Mapping[str, ResponderId]  #: by key of such a cell, who would answer for it
    names: Mapping[ResponderId, str]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What of one division became what of another; `names` are codes by key, of either."""

    groups: tuple[Turned, ...]
    parts: tuple[Part, ...]
    names: Mapping[str, str]


def listed(engine: Engine, *, who: User, district: DistrictId) -> Listed:
    """All divisions of a district. Raises Forbidden."""
    policy.require(who, Deed.SEE_GROUND, district)
    with begin(engine) as tx:
        return _listed(tx, district, divisions.divisions(tx, district))


def one(engine: Engine, *, who: User, division: int) -> Listed:
    """One division as `listed` shows it. Raises NotFound, Forbidden."""
    with begin(engine) as tx:
        found = mine(tx, who, Deed.SEE_GROUND, division)
        return _listed(tx, found.district, [found])


def cells(engine: Engine, *, who: User, division: int, keys: Sequence[str] | None = None) -> Cells:
    """The cells of a division, or some of them. Raises NotFound, Forbidden."""
    with begin(engine) as tx:
        found = mine(tx, who, Deed.SEE_GROUND, division)
        rows = tuple(divided.shown(tx, division, keys))
        stands = divisions.standing(tx, found.district)
        fresh = found.turn is None and stands is not None and any(row.cell is None for row in rows)
        shares = standing.shares(tx, stands.id, division) if fresh and stands is not None else []
        of: dict[str, list[str]] = defaultdict(list)
        for share in shares:
            of[share.to_key].append(str(share.from_code))
        held = shifts.duties(tx, found.district)
        return Cells(
            division=found,
            cells=rows,
            of={key: tuple(sorted(codes)) for key, codes in of.items()},
            responsible=held,
            heirs=heirs(shares, held),
            names={person.id: person.name for person in store.responders(tx, found.district)},
        )


def history(engine: Engine, *, who: User, division: int) -> tuple[list[DraftEdit], Mapping[UserId, str]]:
    """What was done to a draft, the oldest first, and what people are called. Raises NotFound, Forbidden."""
    with begin(engine) as tx:
        mine(tx, who, Deed.SEE_GROUND, division)
        found = drafts.edits(tx, division)
        return found, users.names_of(tx, sorted({edit.made_by for edit in found if edit.made_by is not None}))


def compared(engine: Engine, *, who: User, division: int, other: int) -> Compared:
    """How `division` came out of `other`, or would. Raises NotFound, Forbidden, Invalid for another district's."""
    with begin(engine) as tx:
        found, basis = (mine(tx, who, Deed.SEE_GROUND, key) for key in (division, other))
        if found.district != basis.district:
            raise Invalid(field="with", value=other, allowed="in_district")
        shares = standing.shares(tx, other, division)
        return Compared(
            groups=converting.turned(shares),
            parts=converting.parts(shares),
            names=standing.codes(tx, other) | standing.codes(tx, division),
        )


def _listed(tx: Transaction, district: DistrictId, found: Sequence[Division]) -> Listed:
    people = {key for one in found for key in (one.made_by, one.proposed_by, one.approved_by) if key is not None}
    return Listed(
        divisions=tuple(found), cells=divisions.counts(tx, district), names=users.names_of(tx, sorted(people))
    )
