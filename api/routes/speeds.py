"""How much longer ways take by the hour."""

from typing import Any

from fastapi import APIRouter

from api.identity import Caller, Key, permits
from api.routes.places import MyPlace
from api.schemas import roads
from api.schemas.problem import refusals
from api.schemas.roads import SpeedsIn, SpeedsOut
from api.wiring import HouseDep
from dispatch.desk import speeding
from dispatch.desk.speeding import Setting
from dispatch.model import Deed

router = APIRouter(prefix="/api/districts/{district}/speeds", tags=["speeds"])


@router.get(
    "",
    response_model=SpeedsOut,
    dependencies=[permits(Deed.SEE_COVERAGE)],
    responses=refusals(401, 403, 404),
)
def speeds(place: MyPlace, who: Caller, house: HouseDep) -> dict[str, Any]:
    """Thousandths of the road engine's time by mode, kind of day and hour, and what the team's own ways say."""
    return roads.hours(speeding.speeds_seen(house.desk, who, place.id))


@router.put(
    "",
    response_model=SpeedsOut,
    dependencies=[permits(Deed.SET_SPEEDS)],
    responses=refusals(401, 403, 404, 409, 422),
)
def set_speeds(given: SpeedsIn, place: MyPlace, who: Caller, house: HouseDep, key: Key) -> dict[str, Any]:
    """Set hours: a value, what was learned, or back to what the engine says."""
    rows = [Setting(**row.model_dump()) for row in given.rows]
    done = speeding.set_speeds(house.desk, who=who, district=place.id, version=given.version, rows=rows, key=key)
    return roads.hours(done)
