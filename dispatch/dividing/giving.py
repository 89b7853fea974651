"""Who answers for which cells. The cells of one person hang together: whoever walks them need not cross others'."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Engine

from dispatch import policy, store
from dispatch.errors import Apart, Invalid
from dispatch.model import Deed, Event, ResponderId, User
from dispatch.once import begin, once
from dispatch.store import shifts
from gis.database import Transaction
from gis.grid.checking import connected
from gis.model import CellId, DistrictId
from gis.store import cells


def duties(engine: Engine, *, who: User, district: DistrictId) -> dict[CellId, ResponderId | None]:
    """Every cell in force, and who answers for it: None where nobody does. Raises Forbidden."""
    policy.require(who, Deed.SEE_DESK, district)
    with begin(engine) as tx:
        held = shifts.duties(tx, district)
        return {cell.id: held.get(cell.id) for cell in cells.cells(tx, district)}


def give(
    engine: Engine,
    *,
    who: User,
    district: DistrictId,
    responder: ResponderId,
    given: Collection[CellId],
    key: str | None,
) -> int:
    """Make somebody answer for cells, besides those that they have; how many they have then.

    Raises Apart, with the cells, where what they or whoever had the cells before would have does not hang together;
    Invalid for cells that are not in force, Unknown, Forbidden.
    """

    def deed(tx: Transaction) -> int:
        person = store.responder(tx, responder, lock=True)
        policy.require(who, Deed.MANAGE_CREW, person)
        names = {cell.id: cell.code for cell in cells.cells(tx, district)}
        for cell in given:
            if cell not in names:
                raise Invalid(field="cells", value=cell, allowed="in_force")
        if person.district != district or person.gone:
            raise Invalid(field="responder", value=responder, allowed="in_district")
        held = shifts.duties(tx, district)
        before, after = _sets(held, names), _sets(held | dict.fromkeys(given, responder), names)
        touched = {responder} | {held[cell] for cell in given if cell in held}
        broken = connected({key: after[key] for key in touched if after[key]}, cells.neighbours(tx, district))
        was_broken = connected({key: before[key] for key in touched if before[key]}, cells.neighbours(tx, district))
        for whose, parts in broken.items():
            if len(parts) > len(was_broken.get(whose, ((),))):
                apart = sorted(names[cell] for part in parts[1:] for cell in part)
                raise Apart(field="cells", value=apart[:20], allowed="connected", responder=whose, cells=apart)
        for cell in given:
            shifts.give_cell(tx, cell, responder)
        body = {"responder": responder, "cells": sorted(names[cell] for cell in given)}
        store.record(tx, Event(kind="duty.given", district=district, responder=responder, actor=who.id, body=body))
        return len(after[responder])

    asked = {"district": district, "responder": responder, "cells": sorted(given)}
    return once(engine, int, deed, name="duty.give", key=key, who=who, asked=asked)


def _sets(held: dict[CellId, ResponderId], names: Collection[CellId]) -> dict[ResponderId, list[CellId]]:
    found: dict[ResponderId, list[CellId]] = defaultdict(list)
    for cell, who in sorted(held.items()):
        if cell in names:
            found[who].append(cell)
    return found
