"""Vector tiles of the base map and of the cells."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from api.identity import permits, public
from api.routes.places import MyPlace
from api.schemas.problem import refusals
from api.wiring import HouseDep
from dispatch.model import Deed
from gis.database import begin
from gis.tiles import DEEPEST, Tile, cells_tile_with_etag, tile_with_etag
from gis.tiles.styling import style as map_style

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


styles = APIRouter(prefix="/api/styles", tags=["tiles"])


@styles.get("/{theme}/{language}.json", dependencies=[public], responses=refusals(404, 422))
def style(
    theme: Annotated[str, Path(pattern="^(day|night)$")],
    language: Annotated[str, Path(pattern="^(en|zh-Hans|zh-Hant)$")],
    request: Request,
    house: HouseDep,
    district: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    cells: bool = False,
) -> JSONResponse:
    """A MapLibre style of the base map, of the first place unless another is named; `cells` needs an account."""
    places = house.districts()
    first = places[0].id if places else 0
    place = house.district(first if district is None else district)
    root = f"{str(request.base_url).rstrip('/')}/api/tiles/{place.id}"
    made = map_style(
        theme,
        language,
        tiles=f"{root}/base/{{z}}/{{x}}/{{y}}.mvt",
        cells=f"{root}/cells/{{z}}/{{x}}/{{y}}.mvt" if cells else None,
        attribution=place.attribution,
        bounds=place.bounds,
    )
    return JSONResponse(made, headers={"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"})


def sent(tile: Tile, request: Request, keep: str) -> Response:
    """A tile as it is kept, packed; 304 where the browser has it. It asks every time: a map must not be old."""
    etag = f'"{tile.etag}"'
    headers = {"ETag": etag, "Cache-Control": keep, "Vary": "Accept-Encoding"}
    if keep.startswith("public"):  # for pages of others
        headers["Access-Control-Allow-Origin"] = "*"
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if etag in known:
        return Response(status_code=304, headers=headers)
    if tile.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(tile.packed, media_type=MVT, headers={**headers, "Content-Encoding": "gzip"})
    return Response(tile.body, media_type=MVT, headers=headers)
