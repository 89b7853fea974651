"""Move-up: who is idle where nobody is short had better wait where somebody is. Proposed, never ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import Engine

from dispatch import policy, store
from dispatch.candidates import rules
from dispatch.model import Deed, Responder, User
from dispatch.once import begin
from dispatch.planning.overview import Standing, on_duty, standing
from dispatch.store import engine as settings
from dispatch.store.keys import clock
from gis.model import AreaId, DistrictId, Mode, Point
from gis.travel.engine import TravelEngine

FAR = 3600  #: seconds: further away nobody is asked to wait


@dataclass(frozen=True, kw_only=True)
class MoveUp:
    """Somebody idle, the area that is short, where to wait and how long the way takes."""

    responder: Responder
    area: AreaId
    point: Point
    seconds: int


@dataclass(frozen=True, kw_only=True)
class MoveUps:
    """The areas with people wanted, and who should go where."""

    areas: tuple[Standing, ...]
    moves: tuple[MoveUp, ...]


def move_ups(engine: Engine, travel: TravelEngine, *, who: User, district: DistrictId) -> MoveUps:
    """Who idle elsewhere should wait where too few are. Raises Forbidden. Writes nothing."""
    policy.require(who, Deed.SEE_DESK, district)
    with begin(engine) as tx:
        areas, below, now = standing(tx, district), settings.areas_below(tx, district), clock(tx)
        places = settings.waiting_places(tx, [a.area for a in areas])
        busy = {a.responder for a in store.live_in_district(tx, district)}
        there = [p for p in store.responders(tx, district) if on_duty(p) and p.id not in busy]
    idle = [p for p in there if any(s.start <= now < s.end for s in p.shifts)]
    short = [a for a in areas if a.short and a.area in places]
    if not short or not idle:
        return MoveUps(areas=areas, moves=())
    home = {p.id: _home(p, areas, below) for p in idle}
    spare = {a.area: max(0, a.free - a.least) for a in areas}
    seconds = _seconds(travel, idle, [places[a.area] for a in short])
    chosen = assign(seconds, [home[p.id] for p in idle], [a.area for a in short], [a.short for a in short], spare)
    moves = [
        MoveUp(responder=idle[p], area=short[a].area, point=places[short[a].area], seconds=int(seconds[p, a]))
        for p, a in chosen
    ]
    return MoveUps(areas=areas, moves=tuple(moves))


def assign(
    seconds: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    home: Sequence[AreaId | None],
    areas: Sequence[AreaId],
    short: Sequence[int],
    spare: Mapping[AreaId, int],
) -> list[tuple[int, int]]:
    """(person, area) by the shortest ways first. `seconds` (people, areas); nobody leaves an area short by going.

    Greedy: with a handful of areas the difference to the best assignment is a minute or two, and people see why.
    """
    left, need = dict(spare), list(short)
    gone: set[int] = set()
    chosen = []
    for flat in np.argsort(seconds, axis=None, kind="stable"):
        person, area = divmod(int(flat), len(areas))
        own = home[person]
        if not seconds[person, area] <= FAR:
            break
        if person in gone or not need[area] or own == areas[area] or (own is not None and not left.get(own, 0)):
            continue
        gone.add(person)
        need[area] -= 1
        if own is not None:
            left[own] -= 1
        chosen.append((person, area))
    return chosen


def _home(person: Responder, areas: Sequence[Standing], below: Mapping[AreaId, frozenset[AreaId]]) -> AreaId | None:
    """Where somebody counts; None where nobody is wanted on standby."""
    around = [a.area for a in areas if person.area in below.get(a.area, ())]
    return min(around, key=lambda key: (len(below[key]), key), default=None)


def _seconds(
    travel: TravelEngine, idle: Sequence[Responder], places: Sequence[Point]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    found = np.full((len(idle), len(places)), np.inf)
    for mode in Mode:
        own = [k for k, p in enumerate(idle) if p.mode is mode]
        if own:
            starts = [rules.whereabouts(idle[k], datetime.now(UTC)) for k in own]
            found[own] = travel.matrix(mode, starts, places).seconds
    return found
