"""What screens ask about planning: mode, the proposal that waits, the last plans, who is on standby where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from dispatch import policy, store
from dispatch.model import Deed, Duty, Proposal, Responder, Setting, SetWeight, User, UserId
from dispatch.once import begin
from dispatch.store import engine as settings
from dispatch.store import plans, proposals
from dispatch.store.keys import clock
from dispatch.store.plans import PlanLine
from dispatch.store.users import names_of
from gis.database import Transaction
from gis.model import AreaId, DistrictId

SHOWN = 20  #: plans


@dataclass(frozen=True, kw_only=True)
class Standing:
    """People without a task in one area, beside those wanted there."""

    area: AreaId
    least: int
    on_duty: int
    free: int

    @property
    def short(self) -> int:
        return max(0, self.least - self.free)


@dataclass(frozen=True, kw_only=True)
class Overview:
    """How plans are made in a district, and what became of the last ones."""

    setting: Setting
    standby: tuple[Standing, ...]
    proposal: Proposal | None
    undoable: PlanLine | None
    plans: tuple[PlanLine, ...]
    names: Mapping[UserId, str]


def overview(engine: Engine, who: User, district: DistrictId) -> Overview:
    """Planning at a glance. Raises Forbidden."""
    policy.require(who, Deed.SEE_DESK, district)
    with begin(engine) as tx:
        setting, lines = settings.setting(tx, district), plans.plan_lines(tx, district, limit=SHOWN)
        proposal = proposals.open_proposal(tx, district)
        actors = {setting.changed_by, *(a for p in lines for a in (p.asked_by, p.applied_by, p.undone_by))}
        return Overview(
            setting=setting,
            standby=standing(tx, district),
            proposal=proposal,
            undoable=plans.undoable(tx, district),
            plans=tuple(lines),
            names=names_of(tx, sorted(a for a in actors if a is not None)),
        )


def standing(tx: Transaction, district: DistrictId) -> tuple[Standing, ...]:
    """Who is left where people are wanted on standby."""
    wanted = settings.wanted_on_standby(tx, district)
    if not wanted:
        return ()
    below, now = settings.areas_below(tx, district), clock(tx)
    busy = {a.responder for a in store.live_in_district(tx, district)}
    there = [p for p in store.responders(tx, district) if on_duty(p) and any(s.start <= now < s.end for s in p.shifts)]
    return tuple(
        _standing(key, least, [p for p in there if p.area in below[key]], busy) for key, least in wanted.items()
    )


def on_duty(person: Responder) -> bool:
    """What they say of themself, the shift apart."""
    return person.duty is Duty.AVAILABLE


def weights_of(engine: Engine, who: User, district: DistrictId) -> tuple[dict[str, SetWeight], Mapping[UserId, str]]:
    """The weights that somebody set, and the names of who did. Raises Forbidden."""
    policy.require(who, Deed.SEE_DESK, district)
    with begin(engine) as tx:
        found = settings.set_weights(tx, district)
        return found, names_of(tx, sorted({w.changed_by for w in found.values() if w.changed_by is not None}))


def names(engine: Engine, *actors: UserId | None) -> Mapping[UserId, str]:
    """What these accounts are called."""
    with begin(engine) as tx:
        return names_of(tx, sorted({a for a in actors if a is not None}))


def _standing(key: AreaId, least: int, there: list[Responder], busy: set[int]) -> Standing:
    return Standing(area=key, least=least, on_duty=len(there), free=sum(p.id not in busy for p in there))
