"""Who is reached in time: from facilities, or from the people on duty."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.identity import Caller, Language, permits
from api.routes.places import MyPlace
from api.schemas.coverage import CoverageOut, GeoJsonOut
from api.schemas.problem import refusals
from api.wiring import House, HouseDep
from dispatch import policy, store
from dispatch.candidates.rules import available, whereabouts
from dispatch.model import Deed
from gis.database import begin
from gis.model import District, Mode
from gis.osm.facilities import kinds
from gis.reach import Coverage, Source, cover, drawing, facilities
from gis.store.reach import backdrop

router = APIRouter(prefix="/api/districts/{district}", tags=["coverage"])

ON_DUTY = "on_duty"
SANDBOX = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; sandbox allow-scripts"
)
ON_DUTY_WORDS = {"en": "People on duty", "zh-Hans": "当班人员", "zh-Hant": "值勤人員"}

Kind = Annotated[str, Query(min_length=1, max_length=60, description="A kind of facility, or `on_duty`.")]
Minutes = Annotated[float, Query(gt=0, le=120, allow_inf_nan=False)]
planners = permits(Deed.SEE_COVERAGE)
seen = refusals(401, 403, 404, 422)


def _asked(
    place: MyPlace,
    who: Caller,
    house: HouseDep,
    language: Language,
    kind: Kind,
    mode: Annotated[Mode, Query()] = Mode.WALK,
    minutes: Minutes = 10,
) -> Coverage:
    """The answer; the same question within a short while is not worked out again."""
    policy.require(who, Deed.SEE_COVERAGE, place.id)

    def ask() -> Coverage:
        return cover(
            house.engine,
            house.roads.of(place.id),
            district=place.id,
            sources=_sources(house, place, kind, language),
            mode=mode,
            seconds=minutes * 60,
        )

    key = (place.id, house.roads.version(place.id), kind, mode, minutes, language)
    return house.recent.get(key, ask, seconds=10 if kind == ON_DUTY else 60)


Asked = Annotated[Coverage, Depends(_asked)]


@router.get("/coverage", response_model=CoverageOut, dependencies=[planners], responses=seen)
def coverage(answer: Asked, kind: Kind) -> dict[str, Any]:
    """Which buildings and cells are reached by road in time, which are not, and how many people live there."""
    question, stranded = answer.question, answer.nearest.stranded
    minutes = question.seconds / 60
    again = urlencode({"kind": kind, "mode": str(question.mode), "minutes": f"{minutes:g}"})
    return {
        "question": {"kind": kind, "mode": question.mode, "minutes": minutes},
        "totals": answer.totals,
        "sources": [
            {"label": one.label, "point": one.point, "stranded": n in stranded}
            for n, one in enumerate(question.sources)
        ],
        "cells": [drawing.row(cell) for cell in answer.cells],
        "circle": answer.circle,
        "estimated": answer.nearest.estimated,
        "at": answer.at,
        "points_url": f"/api/districts/{question.district}/coverage/buildings?{again}",
    }


@router.get("/coverage/buildings", response_model=GeoJsonOut, dependencies=[planners], responses=seen)
def buildings(answer: Asked) -> Any:
    """A point per building: band, seconds (null: no way), people."""
    return drawing.buildings(answer)


@router.get("/coverage/cells", response_model=GeoJsonOut, dependencies=[planners], responses=seen)
def cells(answer: Asked) -> Any:
    """A polygon per cell with its row of the table."""
    return drawing.cells(answer)


@router.get("/coverage.html", response_class=Response, dependencies=[planners], responses=seen)
def page(answer: Asked, place: MyPlace, house: HouseDep, language: Language, kind: Kind) -> Response:
    """The answer as one page to send around; it needs no internet."""
    from gis.reach.page import Leaflet, folium_page  # folium and pandas: a second and a half of every start

    leaflet = Leaflet.at(house.settings.web / "leaflet")
    with begin(house.engine) as tx:
        beneath = backdrop(tx, place.id)
    body = folium_page(answer, beneath, leaflet, kind=_called(kind, language), language=language)
    name = f"gridward-{place.code.lower()}-{''.join(c for c in kind if c.isalnum() or c in '_-')}.html"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": SANDBOX}
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


def _sources(house: House, place: District, kind: str, language: str) -> list[Source]:
    if kind != ON_DUTY:
        return facilities(house.engine, district=place.id, kind=kind, language=language)
    now = datetime.now(UTC)
    with house.desk.begin() as tx:
        people = store.responders(tx, place.id)
    on_duty = (p for p in people if available(p).passed and any(s.start <= now < s.end for s in p.shifts))
    return [Source(label=p.name, point=whereabouts(p, now), kind=ON_DUTY) for p in on_duty]


def _called(kind: str, language: str) -> str:
    if kind == ON_DUTY:
        return ON_DUTY_WORDS[language]
    return next((one.names.get(language, kind) for one in kinds() if one.kind == kind), kind)
