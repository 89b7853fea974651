"""The ground: places, areas, cells, classes, and where something is."""

from collections.abc import Sequence
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Path, Query, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import TypeAdapter

from api.identity import Caller, limited, permits, public, signed_in
from api.routes.places import AnyPlace, MyPlace
from api.schemas import saying
from api.schemas.ground import (
    AreaOut,
    CellOut,
    ClassOut,
    CodedOut,
    DistrictOut,
    FacilityKindOut,
    PlaceOut,
    SummaryOut,
)
from api.schemas.problem import refusals
from api.wiring import House, HouseDep
from dispatch.classes import skills as skill_table
from dispatch.desk.finding import find, work_in
from dispatch.model import Deed, Incident, Responder
from gis import locate as locating
from gis.database import begin
from gis.errors import NotFound
from gis.model import District, Found, Place, Point
from gis.osm.facilities import kinds
from gis.store import cells, inventory

router = APIRouter(prefix="/api", tags=["ground"])

Text = Annotated[str, Query(min_length=1, max_length=300, description="An address, a name, a code or a position.")]
Limit = Annotated[int, Query(ge=1, le=50)]
Lon = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]

Outside = Annotated[
    bool,
    Query(description="Tell the text to the geocoders of others that this installation names, not while one types."),
]

CERTAIN = 0.99
PLACES = TypeAdapter(list[PlaceOut])

staff = permits(Deed.SEE_GROUND)
seen = refusals(401, 403, 404, 422)


@router.get("/districts", response_model=list[DistrictOut], dependencies=[signed_in], responses=refusals(401))
def districts(house: HouseDep, who: Caller) -> list[DistrictOut]:
    """The places in which the caller has something to do."""
    mine = {grant.district for grant in who.grants}
    return [DistrictOut.of(place) for place in house.districts() if place.id in mine]


@router.get("/public/districts", response_model=list[DistrictOut], dependencies=[public])
def public_districts(house: HouseDep) -> list[DistrictOut]:
    """All places that take reports."""
    return [DistrictOut.of(place) for place in house.districts()]


@router.get("/districts/{district}/summary", response_model=SummaryOut, dependencies=[staff], responses=seen)
def summary(place: MyPlace, house: HouseDep) -> dict[str, Any]:
    """What the import brought."""
    with begin(house.engine) as tx:
        found = inventory.totals(tx, place.id)
    return {**vars(found), "licence": place.attribution, "fictional": place.fictional}


@router.get("/districts/{district}/areas", response_model=list[AreaOut], dependencies=[staff], responses=seen)
def areas(place: MyPlace, house: HouseDep) -> list[Any]:
    """The hierarchy above the cells."""
    return list(house.areas(place.id))


@router.get("/districts/{district}/classes", response_model=list[ClassOut], dependencies=[staff], responses=seen)
def classes(place: MyPlace, house: HouseDep) -> list[Any]:  # noqa: ARG001  the place checks the scope
    """What may be reported, with its skill, its times and its criteria."""
    return [saying.kind(one) for one in house.desk.classes.classes]


@router.get(
    "/public/districts/{district}/classes", response_model=list[ClassOut], dependencies=[public], responses=seen
)
def public_classes(place: AnyPlace, house: HouseDep) -> list[Any]:  # noqa: ARG001  404 for an unknown place
    """What anybody may report."""
    return [saying.kind(one) for one in house.desk.classes.classes if one.public]


@router.get("/districts/{district}/skills", response_model=list[CodedOut], dependencies=[staff], responses=seen)
def skills(place: MyPlace) -> list[Any]:  # noqa: ARG001  the place checks the scope
    """What people are able to do, by name."""
    return list(skill_table())


@router.get(
    "/districts/{district}/facility-kinds", response_model=list[FacilityKindOut], dependencies=[staff], responses=seen
)
def facility_kinds(place: MyPlace, house: HouseDep) -> list[Any]:
    """Kinds of facilities that there are here, and how many."""
    with begin(house.engine) as tx:
        counts = inventory.facility_counts(tx, place.id)
    return [
        {"kind": one.kind, "names": dict(one.names), "icon": one.icon, "count": counts[one.kind]}
        for one in kinds()
        if one.kind in counts
    ]


@router.get("/districts/{district}/search", response_model=list[PlaceOut], dependencies=[staff], responses=seen)
def search(
    q: Text,
    place: MyPlace,
    who: Caller,
    house: HouseDep,
    limit: Limit = 8,
    lon: Lon | None = None,
    lat: Lat | None = None,
    outside: Outside = False,
) -> Response:
    """Addresses, streets, facilities, cells and positions; for the desk also cases and people.

    `lon` and `lat`, the middle of the map, decide between what is equally good.
    """
    near = Point(lon, lat) if lon is not None and lat is not None else None
    cases, people = find(house.desk, who, place.id, q, limit=3)
    work = [*map(_case, cases), *map(_person, people)]
    ground = _ground(house, place, q, near, limit, outside=outside)
    certain = [one for one in ground if one.score >= CERTAIN]  # an address typed in full comes before a namesake
    return _written([*certain, *work, *(one for one in ground if one.score < CERTAIN)][:limit])


@router.get(
    "/public/districts/{district}/search",
    response_model=list[PlaceOut],
    dependencies=[public, limited("search", 120)],
    responses=refusals(404, 422, 429),
)
async def public_search(
    q: Text, place: AnyPlace, house: HouseDep, limit: Limit = 8, lon: Lon | None = None, lat: Lat | None = None
) -> Response:
    """Addresses, streets, facilities, cells and positions."""
    near = Point(lon, lat) if lon is not None and lat is not None else None
    if house.geocoder.ready(place.id):  # a millisecond of our own: a thread would cost more than the search
        return _written(_ground(house, place, q, near, min(limit, 10)))
    return _written(await run_in_threadpool(_ground, house, place, q, near, min(limit, 10)))


@router.get("/districts/{district}/locate", response_model=PlaceOut, dependencies=[staff], responses=seen)
def locate(lon: Lon, lat: Lat, place: MyPlace, house: HouseDep) -> PlaceOut:
    """How people call a position, and its cell."""
    return _locate(house, place, lon, lat)


@router.get(
    "/public/districts/{district}/locate",
    response_model=PlaceOut,
    dependencies=[public, limited("locate", 120)],
    responses=refusals(404, 422, 429),
)
def public_locate(lon: Lon, lat: Lat, place: AnyPlace, house: HouseDep) -> PlaceOut:
    """How people call a position, and its cell."""
    return _locate(house, place, lon, lat)


@router.get("/districts/{district}/cells/{cell}", response_model=CellOut, dependencies=[staff], responses=seen)
def cell(
    cell: Annotated[int, Path(ge=1, le=2**31 - 1)], place: MyPlace, who: Caller, house: HouseDep
) -> dict[str, Any]:
    """A unit grid cell with what stands in it and who looks after it."""
    with begin(house.engine) as tx:
        found = cells.cell(tx, cell)
        if found.district != place.id:
            raise NotFound(what="cell", id=cell)
        shape = inventory.outline(tx, cell)
        facilities = inventory.facilities_in(tx, cell, place.id)
    work = work_in(house.desk, who, found)
    names = {area.id: area.name for area in house.areas(place.id)}
    return {
        **vars(found),
        "area_name": names.get(found.area, ""),
        "geometry": shapely.geometry.mapping(shape),
        "responsible": work.responsible,
        "facilities": facilities,
        "open_incidents": work.open_incidents,
    }


def _written(found: list[PlaceOut]) -> Response:
    """As JSON at once: they were checked when they were made, and this door is asked at every keystroke."""
    return Response(PLACES.dump_json(found), media_type="application/json")


def _ground(
    house: House, place: District, q: str, near: Point | None, limit: int, *, outside: bool = False
) -> list[PlaceOut]:
    found: Sequence[Place] = house.geocoder.search(q, district=place.id, near=near, limit=limit, outside=outside)
    return [PlaceOut.of(one) for one in found]


def _locate(house: House, place: District, lon: float, lat: float) -> PlaceOut:
    with begin(house.engine) as tx:
        return PlaceOut.of(locating.locate_pin(tx, place.id, Point(lon, lat)))


def _case(found: Incident) -> PlaceOut:
    return PlaceOut.model_validate(
        {
            "label": f"{found.number} {found.title}",
            "kind": "incident",
            "found": Found.EXACT,
            "score": 1.0,
            "accuracy_m": found.accuracy_m,
            "point": found.point,
            "cell": found.cell,
            "cell_code": found.cell_code,
            "area": found.area,
            "id": found.id,
        }
    )


def _person(found: Responder) -> PlaceOut:
    return PlaceOut.model_validate(
        {
            "label": found.name,
            "kind": "responder",
            "found": Found.EXACT,
            "score": 1.0,
            "accuracy_m": 0.0,
            "point": found.point or found.home,
            "cell": found.home_cell,
            "cell_code": None,
            "area": found.area,
            "id": found.id,
        }
    )
