"""The use case: ask the ground, ask the roads, put both together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine

from gis.database import begin
from gis.errors import BadQuestion
from gis.model import DistrictId, Mode
from gis.reach.measuring import coverage, nearest
from gis.reach.model import Coverage, Question, Source
from gis.store import reach as store
from gis.travel.engine import TravelEngine

LONGEST = 7_200.0  #: seconds that may be asked for
MOST = 1_000  #: sources


def cover(
    engine: Engine,
    travel: TravelEngine,
    *,
    district: DistrictId,
    sources: Sequence[Source],
    mode: Mode,
    seconds: float,
    progress: Callable[[str, float], None] = lambda _step, _share: None,
) -> Coverage:
    """Which buildings and cells of `district` are reached from `sources` by road within `seconds`.

    Ways lead from the source to the building. A building that no road leads to is not reached and says so. Without
    sources nothing is reached. No transaction is open while the roads are asked.
    Raises BadQuestion, NotFound, TravelUnavailable.
    """
    if not 0 < seconds <= LONGEST:
        raise BadQuestion(field="seconds", value=seconds, allowed=f"0..{LONGEST:g}")
    if len(sources) > MOST:
        raise BadQuestion(field="sources", value=len(sources), allowed=f"0..{MOST}")
    question = Question(district=district, sources=tuple(sources), mode=mode, seconds=seconds)
    with begin(engine) as tx:
        buildings, cells = store.buildings(tx, district), store.cells(tx, district)
    progress("read", 1.0)
    ways = nearest(travel, mode, question.sources, buildings, progress)
    return coverage(question, buildings, cells, ways, at=datetime.now(UTC))


def facilities(engine: Engine, *, district: DistrictId, kind: str, language: str = "") -> list[Source]:
    """The facilities of one kind in `district` as sources, called as in `language` where a name is known in it.

    One without a name goes by its kind and number.
    """
    with begin(engine) as tx:
        found = store.facilities(tx, district, kind)
    return [
        Source(label=one.names.get(language) or one.name or f"{kind} {one.id}", point=one.point, kind=kind)
        for one in found
    ]
