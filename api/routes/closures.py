"""Roads that are closed: drawn on the map, or received as a feed."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query

from api.identity import Caller, Key, Language, permits
from api.schemas import roads
from api.schemas.problem import refusals
from api.schemas.roads import ClosureChangeIn, ClosureIn, ClosureOut, ClosuresOut, FeedOut, VersionIn
from api.wiring import HouseDep
from dispatch.desk import closing, zones
from dispatch.desk.closing import Change, Closing
from dispatch.model import Deed

router = APIRouter(prefix="/api/closures", tags=["closures"])

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Place = Annotated[int, Query(ge=1, le=2**31 - 1)]
Source = Annotated[str, Query(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_.\-]+$")]
closers = permits(Deed.CLOSE_ROAD)


@router.get(
    "",
    response_model=ClosuresOut,
    dependencies=[permits(Deed.SEE_GROUND)],
    responses=refusals(401, 403, 404, 422),
)
def closures(
    district: Place,
    who: Caller,
    house: HouseDep,
    language: Language,
    everything: Annotated[bool, Query(alias="all", description="Also what was closed in the last 7 days.")] = False,
) -> dict[str, Any]:
    """What is closed now and what will be, and whether the road engine goes by it."""
    seen = closing.seen(house.desk, who, house.district(district).id, everything=everything)
    return {
        "type": "FeatureCollection",
        "features": [roads.feature(one, seen.now, language) for one in seen.closures],
        "state": {
            "live": seen.live,
            "in_force": seen.in_force,
            "since": seen.state.at,
            "trouble": roads.trouble(seen.state.trouble, language),
            "busy": seen.busy,
        },
    }


@router.post(
    "",
    response_model=ClosureOut,
    status_code=201,
    dependencies=[closers],
    responses=refusals(401, 403, 404, 409, 422),
)
def close(given: ClosureIn, who: Caller, house: HouseDep, language: Language, key: Key) -> dict[str, Any]:
    """Close roads along a line or in an area. Travel times and plans follow within seconds."""
    wanted = Closing(
        district=given.district,
        geometry=given.geometry.model_dump(exclude_none=True),
        radius_m=given.radius_m,
        modes=given.modes,
        starts=given.starts,
        ends=given.ends,
        reason=given.reason,
    )
    return roads.told(closing.close(house.desk, who=who, wanted=wanted, key=key), language)


@router.put(
    "/feed",
    response_model=FeedOut,
    dependencies=[closers],
    responses=refusals(401, 403, 404, 409, 413, 422),
)
def feed(
    given: Annotated[dict[str, Any], Body(description="A GeoJSON FeatureCollection of road events.")],
    district: Place,
    who: Caller,
    house: HouseDep,
    language: Language,
    key: Key,
    source: Source = "wzdx",
) -> dict[str, Any]:
    """Take a work-zone feed (WZDx 4.x): what it shuts is closed, what is gone from it is opened again."""
    place = house.district(district).id
    done = zones.take_feed(house.desk, who=who, district=place, source=source, feed=given, key=key)
    return roads.taken(done, language)


@router.patch(
    "/{closure}",
    response_model=ClosureOut,
    dependencies=[closers],
    responses=refusals(401, 403, 404, 409, 422),
)
def change(
    closure: Number, given: ClosureChangeIn, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Other times, another reason, other ways of travelling. What is left out stays; `ends` null is an open end."""
    named = {name: getattr(given, name) for name in given.model_fields_set - {"version"}}
    wanted = Change(**{name: value for name, value in named.items() if value is not None or name == "ends"})
    done = closing.change(house.desk, who=who, closure=closure, version=given.version, wanted=wanted, key=key)
    return roads.told(done, language)


@router.post(
    "/{closure}/lift",
    response_model=ClosureOut,
    dependencies=[closers],
    responses=refusals(401, 403, 404, 409, 422),
)
def lift(
    closure: Number, given: VersionIn, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Open the roads again."""
    return roads.told(closing.lift(house.desk, who=who, closure=closure, version=given.version, key=key), language)
