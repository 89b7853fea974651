"""What lies around a position: door, street, kilometre post, cell, community."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.identity import limited, permits, public
from api.routes.places import AnyPlace, MyPlace
from api.schemas.around import AroundOut
from api.schemas.problem import refusals
from api.wiring import HouseDep
from dispatch.model import Deed
from gis.model import Point

router = APIRouter(prefix="/api", tags=["ground"])

Lon = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]


@router.get(
    "/districts/{district}/around",
    response_model=AroundOut,
    dependencies=[permits(Deed.SEE_GROUND)],
    responses=refusals(401, 403, 404, 422),
)
def around(lon: Lon, lat: Lat, place: MyPlace, house: HouseDep) -> AroundOut:
    """The nearest of each, with its distance."""
    return AroundOut.of(house.geocoder.around(Point(lon, lat), district=place.id))


@router.get(
    "/public/districts/{district}/around",
    response_model=AroundOut,
    dependencies=[public, limited("locate", 120)],
    responses=refusals(404, 422, 429),
)
def public_around(lon: Lon, lat: Lat, place: AnyPlace, house: HouseDep) -> AroundOut:
    """The nearest of each, with its distance."""
    return AroundOut.of(house.geocoder.around(Point(lon, lat), district=place.id))
