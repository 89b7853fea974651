"""The console: everything at a glance, intake, and a plan on demand."""

from typing import Any

from fastapi import APIRouter

from api.identity import Caller, Key, Language, permits
from api.routes.places import MyPlace
from api.schemas import saying, telling
from api.schemas.deeds import ReportIn
from api.schemas.ground import DistrictOut
from api.schemas.problem import refusals
from api.schemas.work import DeskOut, IncidentOut, PlanOut
from api.wiring import HouseDep
from dispatch import policy, shape
from dispatch.desk import Report, report, snapshot
from dispatch.model import Deed, Priority, Source
from dispatch.planning import Planner, plan_district

WHILE_OTHERS_WAIT = 0.3  #: seconds of search: OR-Tools holds every other thread of this process meanwhile

router = APIRouter(prefix="/api", tags=["desk"])


@router.get(
    "/districts/{district}/desk",
    response_model=DeskOut,
    dependencies=[permits(Deed.SEE_DESK)],
    responses=refusals(401, 403, 404),
)
def desk(place: MyPlace, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """Cases open or closed in the last twelve hours, people, tasks, the last plan; `cursor` is for the stream."""
    seen = snapshot(house.desk, who, place.id)
    return {
        "cursor": str(seen.cursor),
        "now": shape.moment(seen.now),
        "district": DistrictOut.of(place),
        "incidents": [shape.incident(case) for case in seen.incidents],
        "assignments": [shape.assignment(one) for one in seen.assignments],
        "responders": [shape.responder(person, now=seen.now) for person in seen.responders],
        "plan": saying.plan(seen.plan, language),
        "unassigned": {key: telling.waiting(why, language) for key, why in seen.waiting.items()},
        "degraded": saying.degraded(house.degraded(place.id), language),
    }


@router.post(
    "/districts/{district}/incidents",
    response_model=IncidentOut,
    status_code=201,
    dependencies=[permits(Deed.REPORT)],
    responses=refusals(401, 403, 404, 409, 422),
)
def take_in(given: ReportIn, place: MyPlace, who: Caller, house: HouseDep, key: Key) -> dict[str, Any]:
    """Take in a case. An address that nobody knows keeps it out no more than a geocoder that is down: `not_located`."""
    said = Report(
        district=place.id,
        class_code=given.class_code,
        source=Source(given.source),
        description=given.description,
        text=given.text,
        point=given.point.value() if given.point else None,
        title=given.title or None,
        place=given.place,
        contact=given.contact,
        filing_criterion=given.filing_criterion,
        priority=Priority(given.priority) if given.priority else None,
    )
    done = report(house.desk, who=who, report=said, locate=house.locate(place.id), key=key)
    return shape.incident(done.incident)


@router.post(
    "/districts/{district}/plan",
    response_model=PlanOut,
    dependencies=[permits(Deed.PLAN)],
    responses=refusals(401, 403, 404, 409, 422),
)
def plan(place: MyPlace, who: Caller, house: HouseDep, language: Language, key: Key) -> Any:  # noqa: ARG001  a plan made twice is the same plan
    """Plan now: offer every open case to whom it fits best. The planner also does this by itself after every change."""
    policy.require(who, Deed.PLAN, place.id)
    planner = Planner(engine=house.engine, travel=house.roads.of(place.id), seconds=WHILE_OTHERS_WAIT)
    return saying.plan(plan_district(planner, place.id, asked_by=who.id), language)
