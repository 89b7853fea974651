"""Photos of cases."""

from typing import Annotated

from fastapi import APIRouter, File, Path, UploadFile
from fastapi.responses import Response

from api.identity import Caller, Key, permits, signed_in
from api.schemas.problem import refusals
from api.schemas.work import FileOut
from api.wiring import HouseDep
from dispatch import store
from dispatch.desk import attach
from dispatch.desk import photo as photo_of
from dispatch.model import Attachment, Deed

router = APIRouter(prefix="/api", tags=["files"])

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Photo = Annotated[UploadFile, File(description="JPEG, PNG or WebP, at most 10 MB.")]
refused = refusals(401, 403, 404, 409, 413, 422)


@router.post(
    "/incidents/{incident}/files",
    response_model=FileOut,
    status_code=201,
    dependencies=[permits(Deed.ATTACH)],
    responses=refused,
)
def to_case(incident: Number, file: Photo, who: Caller, house: HouseDep, key: Key) -> dict[str, object]:
    """Add a photo to a case. It is kept upright, at most 2560 pixels long, without what the camera wrote beside it."""
    return _told(attach(house.desk, who=who, incident=incident, body=file.file.read(), key=key))


@router.post(
    "/assignments/{assignment}/files",
    response_model=FileOut,
    status_code=201,
    dependencies=[permits(Deed.ATTACH)],
    responses=refused,
)
def to_task(assignment: Number, file: Photo, who: Caller, house: HouseDep, key: Key) -> dict[str, object]:
    """Add a photo from the field."""
    with house.desk.begin() as tx:
        incident = store.assignment(tx, assignment).incident
    body = file.file.read()
    return _told(attach(house.desk, who=who, incident=incident, assignment=assignment, body=body, key=key))


@router.get(
    "/files/{file}",
    response_class=Response,
    dependencies=[signed_in],
    responses={200: {"content": {"image/jpeg": {}}}, **refusals(401, 403, 404)},
)
def photo(file: Number, who: Caller, house: HouseDep) -> Response:
    """A photo, for whoever may see its case. It never changes."""
    found, body = photo_of(house.desk, who, file)
    return Response(body, media_type=found.media_type, headers={"Cache-Control": "private, max-age=86400, immutable"})


def _told(found: Attachment) -> dict[str, object]:
    return {"id": found.id, "url": f"/api/files/{found.id}"}
