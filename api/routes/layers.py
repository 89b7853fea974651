"""What is published: the list, the switch, and files of any layer or selection."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path as File
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from api.answers import language_for
from api.identity import Caller, limited, permits
from api.schemas.layers import LayerOut, LayersOut, SwitchIn
from api.schemas.problem import refusals
from api.wiring import HouseDep
from dispatch import policy
from dispatch.model import Deed
from gis.database import begin
from gis.errors import BadQuestion, NotFound
from gis.layers import asking, catalogue, exporting
from gis.layers.exporting.batches import batches
from gis.store import published
from gis.store.published import Question

router = APIRouter(prefix="/api/layers", tags=["layers"])

SECONDS = 30  #: that a batch of rows may take
OWN = frozenset({"format", "district"})

District = Annotated[int, Query(ge=1, le=2**31 - 1)]
Key = Annotated[str, Path(max_length=60)]


@router.get(
    "",
    response_model=LayersOut,
    dependencies=[permits(Deed.SEE_GROUND)],
    responses=refusals(401, 403, 404, 422),
)
def layers(district: District, request: Request, who: Caller, house: HouseDep) -> dict[str, Any]:
    """The layers of a place that are shown, in the caller's language."""
    policy.require(who, Deed.SEE_GROUND, house.district(district).id)
    language, root = language_for(request), str(request.base_url).rstrip("/")
    with begin(house.engine) as tx:
        shown = [one for one in catalogue.layers(tx) if one.published]
        published.reading(tx)
        rows = {one.id: published.matched(tx, one.view, Question(district=district)) for one in shown}
    return {"layers": [LayerOut.of(one, rows[one.id], language, root) for one in shown]}


@router.put(
    "/{layer}",
    response_model=SwitchIn,
    dependencies=[permits(Deed.MANAGE_USERS)],
    responses=refusals(401, 403, 404, 422),
)
def switch(layer: Key, given: SwitchIn, house: HouseDep) -> SwitchIn:
    """Show a layer to everybody, or hide it."""
    with begin(house.engine) as tx:
        if not published.switch(tx, layer, given.published):
            raise NotFound(what="layer", id=layer)
    return given


@router.get(
    "/{layer}/export",
    response_class=FileResponse,
    dependencies=[permits(Deed.SEE_GROUND), limited("export", 30)],
    responses={200: {"content": {"application/octet-stream": {}}}, **refusals(401, 403, 404, 422, 429)},
)
def export(
    layer: Key,
    district: District,
    request: Request,
    who: Caller,
    house: HouseDep,
    format: Annotated[str, Query(pattern="^(gpkg|geojson|csv|shp|fgb)$")] = "gpkg",  # noqa: A002 - as everybody says
    crs: Annotated[str, Query(max_length=80, description="EPSG:n, GCJ-02 or BD-09.")] = "EPSG:4326",
    bbox: Annotated[str | None, Query(max_length=200)] = None,
    area: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    filter: Annotated[str | None, Query(max_length=8000, description="CQL2.")] = None,  # noqa: A002 - the standard's
) -> FileResponse:
    """A file of a layer, or of what `bbox`, `area` and `filter` choose; other fields as in the OGC API."""
    place = house.district(district)
    policy.require(who, Deed.SEE_GROUND, place.id)
    wanted = exporting.target(crs)
    named = {"bbox": bbox, "area": None if area is None else str(area), "filter": filter}
    folder = File(tempfile.mkdtemp(prefix="gridward-export-"))
    try:
        with begin(house.engine) as tx:
            found = catalogue.layer(catalogue.layers(tx), layer)
            _known(request, found)
            given = {name: value for name, value in request.query_params.items() if name in asking.CHOOSING}
            chosen = {name: value for name, value in named.items() if value is not None}
            own = {name: value for name, value in request.query_params.items() if name in found.view.fields}
            asked = asking.question(found, {**own, **given, **chosen, "district": str(place.id)})
        origin = exporting.Origin(
            attribution=place.attribution,
            language=language_for(request),
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        rows = batches(house.engine, found.view, asked, wanted, SECONDS)
        made = exporting.write(found, rows, format=format, plane=wanted, origin=origin, folder=folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(
        made.file,
        filename=made.name,
        media_type=made.media_type,
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )


def _known(request: Request, layer: catalogue.Layer) -> None:
    """Raise BadQuestion for a parameter that means nothing here."""
    names = OWN | asking.CHOOSING | {"crs"} | set(layer.view.fields)
    for name, value in request.query_params.items():
        if name not in names:
            raise BadQuestion("ground.bad_question.parameter", field=name[:60], value=value[:60],
                              allowed=", ".join(sorted(names)))  # fmt: skip
