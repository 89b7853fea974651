"""Vector tiles of the base map and of the cells."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api.identity import permits, public
from api.routes.places import MyPlace
from api.schemas.problem import refusals
from api.wiring import HouseDep
from dispatch.model import Deed
from gis.database import begin
from gis.tiles import DEEPEST, Tile, cells_tile_with_etag, tile_with_etag

router = APIRouter(prefix="/api/tiles", tags=["tiles"])

MVT = "application/vnd.mapbox-vector-tile"
Zoom = Annotated[int, Path(ge=0, le=DEEPEST)]
Number = Annotated[int, Path(ge=0, le=2**DEEPEST - 1)]
District = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get(
    "/{district}/base/{z}/{x}/{y}.mvt",
    response_class=Response,
    dependencies=[public],
    responses={200: {"content": {MVT: {}}}, **refusals(404, 422)},
)
def base(district: District, z: Zoom, x: Number, y: Number, request: Request, house: HouseDep) -> Response:
    """The base map; an empty tile is an empty body, which the map expects. See `gis.tiles` for layers and kinds."""
    place = house.district(district)
    with begin(house.engine) as tx:
        found = tile_with_etag(tx, place.id, z, x, y, house.tiles)
    return sent(found, request, "public, no-cache")


@router.get(
    "/{district}/cells/{z}/{x}/{y}.mvt",
    response_class=Response,
    dependencies=[permits(Deed.SEE_GROUND)],
    responses={200: {"content": {MVT: {}}}, **refusals(401, 403, 404, 422)},
)
def cells(z: Zoom, x: Number, y: Number, request: Request, place: MyPlace, house: HouseDep) -> Response:
    """The cells in force, and from zoom 14 their labels."""
    with begin(house.engine) as tx:
        found = cells_tile_with_etag(tx, place.id, z, x, y, house.tiles)
    return sent(found, request, "private, no-cache")


def sent(tile: Tile, request: Request, keep: str) -> Response:
    """A tile as it is kept, packed; 304 where the browser has it. It asks every time: a map must not be old."""
    etag = f'"{tile.etag}"'
    headers = {"ETag": etag, "Cache-Control": keep, "Vary": "Accept-Encoding"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if etag in known:
        return Response(status_code=304, headers=headers)
    if tile.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(tile.packed, media_type=MVT, headers={**headers, "Content-Encoding": "gzip"})
    return Response(tile.body, media_type=MVT, headers=headers)
