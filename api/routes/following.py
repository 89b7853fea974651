"""The public: report without an account, follow the report, say in the end whether it was good."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.identity import Key, Language, limited, public
from api.routes.files import Photo
from api.routes.places import AnyPlace
from api.schemas import saying
from api.schemas.deeds import PublicReportIn, ReceiptOut, ScoreIn, TrackOut
from api.schemas.problem import refusals
from api.wiring import HouseDep
from dispatch.desk import Report, attach_public, evaluate_public, follow, report
from dispatch.errors import Invalid
from dispatch.model import Source

router = APIRouter(prefix="/api/public", tags=["public"])

Token = Annotated[str, Path(min_length=16, max_length=100, pattern=r"^[A-Za-z0-9_\-]+$")]


@router.post(
    "/districts/{district}/reports",
    response_model=ReceiptOut,
    status_code=201,
    dependencies=[public, limited("report", 30)],
    responses=refusals(404, 409, 422, 429),
)
def take_in(given: PublicReportIn, place: AnyPlace, house: HouseDep, language: Language, key: Key) -> dict[str, Any]:
    """Report something. It is checked on site, or confirmed by a dispatcher, before it becomes a case."""
    if not given.text and given.point is None:
        raise Invalid(field="point", value=None, allowed=["text", "point"])
    said = Report(
        district=place.id,
        class_code=given.class_code,
        source=Source.WEB,
        description=given.description,
        text=given.text,
        point=given.point.value() if given.point else None,
        contact=given.contact,
    )
    done = report(house.desk, who=None, report=said, locate=house.locate(place.id), key=key, language=language)
    return {"number": done.incident.number, "token": done.token, "url": f"/report/{done.token}"}


@router.get(
    "/reports/{token}",
    response_model=TrackOut,
    dependencies=[public, limited("follow", 240)],
    responses=refusals(404, 422, 429),
)
def track(token: Token, house: HouseDep) -> dict[str, Any]:
    """Where a report stands."""
    return saying.track(follow(house.desk, token=token))


@router.post(
    "/reports/{token}/files",
    response_model=None,
    status_code=204,
    dependencies=[public, limited("photo", 30)],
    responses=refusals(404, 409, 413, 422, 429),
)
def add_photo(token: Token, file: Photo, house: HouseDep, key: Key) -> None:
    """Add a photo to a report."""
    attach_public(house.desk, token=token, body=file.file.read(), key=key)


@router.post(
    "/reports/{token}/evaluate",
    response_model=TrackOut,
    dependencies=[public, limited("report", 30)],
    responses=refusals(404, 409, 422, 429),
)
def evaluate(token: Token, given: ScoreIn, house: HouseDep, key: Key) -> dict[str, Any]:
    """Say how good it was, once the case is closed."""
    done = evaluate_public(house.desk, token=token, score=given.score, comment=given.comment or None, key=key)
    return saying.track(done)
