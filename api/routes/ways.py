"""Ways that a page draws or a deed needs, asked for while no transaction is open."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from api.wiring import House
from dispatch import store
from dispatch.candidates.asking import slower
from dispatch.candidates.rules import whereabouts
from dispatch.desk import Detail, Task, Travel
from dispatch.model import LIVE, Responder
from gis.errors import NoWay
from gis.model import Leg, Mode, Point
from gis.travel.beeline import Beeline
from gis.travel.engine import TravelEngine


def to_case(house: House, incident: int, responder: int) -> Travel:
    """The way that somebody would have to a case: from their last task, else from where they are. Raises Unknown.

    Sending by hand is a person's decision: where no road leads the straight line stands in, marked as an estimate.
    """
    with house.desk.begin() as tx:
        case = store.incident(tx, incident)
        person = store.responder(tx, responder)
        live = [one for one in store.live_assignments(tx, responder) if one.incident != incident]
        last = store.incident(tx, live[-1].incident).point if live else None
        longer = slower(tx, case.district, datetime.now(UTC)).get(person.mode, 1.0)
    if case.point is None:
        return Travel(seconds=0.0, metres=0.0, estimated=True)
    start = last or whereabouts(person, datetime.now(UTC))
    found = house.roads.of(case.district).matrix(person.mode, [start], [case.point])
    if not np.isfinite(found.seconds[0, 0]):
        found = Beeline().matrix(person.mode, [start], [case.point])
    estimated = found.estimated or bool(found.moved)
    return Travel(seconds=float(found.seconds[0, 0]) * longer, metres=float(found.metres[0, 0]), estimated=estimated)


def of_case(house: House, found: Detail) -> dict[int, Leg]:
    """The way that whoever is on the case has to it now, by assignment."""
    case = found.incident
    ways: dict[int, Leg] = {}
    for one in found.assignments:
        person = found.responders.get(one.responder)
        if one.state in LIVE and case.point and person and one.arrived_at is None:
            start = whereabouts(person, datetime.now(UTC))
            leg = _leg(house.roads.of(case.district), person.mode, start, case.point)
            if leg is not None:
                ways[one.id] = leg
    return ways


def of_day(house: House, person: Responder, tasks: Sequence[Task], now: datetime) -> list[Leg]:
    """The ways from one task to the next, in order; what has no position is passed over."""
    stops = [whereabouts(person, now), *(task.incident.point for task in tasks if task.incident.point)]
    engine = house.roads.of(person.district)
    legs = (_leg(engine, person.mode, a, b) for a, b in pairwise(stops))
    return [leg for leg in legs if leg is not None]


def _leg(engine: TravelEngine, mode: Mode, start: Point, end: Point) -> Leg | None:
    try:
        return engine.route(mode, [start, end])
    except NoWay:
        return None
