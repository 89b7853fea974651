"""The road engine follows what is closed: the worker's part, on every change and whenever a closure begins or ends."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from dispatch import shape, store
from dispatch.model import Event
from dispatch.once import begin
from dispatch.store.keys import clock
from gis.database import Transaction
from gis.errors import TravelUnavailable
from gis.model import DistrictId, RoadClosure
from gis.store import closures, districts
from gis.store.closures import RoadState
from gis.travel import closing
from gis.travel.closing import Effect, Enforced

ROUNDS: Final = 5  #: closures change while the engine is made ready; then once more
TROUBLES: Final = frozenset(("old_graphs", "no_graphs"))  #: what an import mends; the rest is `failed`
FAILED: Final = "failed"

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Heeded:
    """What the road engine goes by now."""

    segments: int
    trouble: str | None
    changed: bool  #: and announced
    next_change: datetime | None  #: when a closure begins or ends by its own time


def enforce(engine: Engine, district: DistrictId, data: Path) -> Heeded:
    """Make the closures of now the road engine's. `data` is the folder that the graphs lie below.

    The graphs are made ready while no transaction is open. Whatever was closed or opened meanwhile is seen before
    anything is announced, and then all of it is done again: a worker that slept in between undoes nobody's closure.
    """
    wanted, folder = _wanted(engine, district, data)
    for _ in range(ROUNDS):
        done, trouble = _done(folder, wanted)
        with begin(engine) as tx:
            again = closures.live(tx, district, clock(tx))
            if _same(wanted, again):
                return _keep(tx, district, again, done, trouble)
        wanted = again
    raise TravelUnavailable(reason="busy", district=district)


def _wanted(engine: Engine, district: DistrictId, data: Path) -> tuple[list[RoadClosure], Path]:
    with begin(engine) as tx:
        graphs = districts.graphs(tx, district) or f"graphs/none-{district}"
        return closures.live(tx, district, clock(tx)), data / graphs


def _done(folder: Path, wanted: Sequence[RoadClosure]) -> tuple[Enforced | None, str | None]:
    try:
        return closing.enforce(folder, closures.to_close(wanted)), None
    except TravelUnavailable as error:
        reason = str(error.params.get("reason"))
        if wanted:
            log.warning("roads in %s stay as they are: %s %s", folder.name, reason, error.params.get("said", ""))
        return None, reason if reason in TROUBLES else FAILED


def _same(one: Sequence[RoadClosure], other: Sequence[RoadClosure]) -> bool:
    return {(c.id, c.version) for c in one} == {(c.id, c.version) for c in other}


def _keep(
    tx: Transaction, district: DistrictId, wanted: Sequence[RoadClosure], done: Enforced | None, trouble: str | None
) -> Heeded:
    """Write down what is in force, and announce it where that is news."""
    now, before = clock(tx), closures.road_state(tx, district)
    if not wanted and trouble in TROUBLES:
        done, trouble = Enforced(key=None, changed=False, effects={}, segments=0, seconds=0.0), None
    effects = done.effects if done else _as_they_were(tx, district, wanted, trouble)
    changed = _noted(tx, district, effects, wanted, now)
    key, segments = (done.key, done.segments) if done else (before.key, before.segments)
    news = bool(changed) or (key, trouble) != (before.key, before.trouble)
    if news:
        closures.put_road_state(tx, district, RoadState(key=key, at=now, segments=segments, trouble=trouble))
        body = {
            "closures": [shape.closure(closures.closure(tx, one), now) for one in changed],
            "segments": segments,
            "trouble": trouble,
            "seconds": done.seconds if done else None,
        }
        store.record(tx, Event(kind="roads.changed", district=district, body=body))
    later = closures.next_change(tx, district, now)
    return Heeded(segments=segments, trouble=trouble, changed=news, next_change=later)


def _as_they_were(
    tx: Transaction, district: DistrictId, wanted: Sequence[RoadClosure], trouble: str | None
) -> dict[int, Effect]:
    """After a failure: what was in force still is, while there are graphs at all; what was not, is in trouble."""
    lost = {one.id: Effect(segments=0, trouble=trouble) for one in wanted}
    if trouble == "no_graphs":
        return lost
    known = closures.heeded(tx, district)
    return lost | {one.id: Effect(segments=one.segments) for one in known if one.in_force_since is not None}


def _noted(
    tx: Transaction,
    district: DistrictId,
    effects: Mapping[int, Effect],
    wanted: Sequence[RoadClosure],
    now: datetime,
) -> list[int]:
    """Keep the effect of every closure; those for which it is another than before."""
    known = {one.id: one for one in (*closures.heeded(tx, district), *wanted)}
    changed = []
    for key, one in known.items():
        effect = effects.get(key, Effect(segments=0))
        if (one.in_force_since is not None, one.segments, one.trouble) != (
            effect.segments > 0,
            effect.segments,
            effect.trouble,
        ):
            closures.note(tx, key, effect, now)
            changed.append(key)
    return changed
