"""People: their day, their duty, where they are."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path

from api.identity import Caller, Key, permits
from api.routes import ways
from api.schemas import saying
from api.schemas.deeds import AcceptedOut, DutyIn, FixIn
from api.schemas.ground import DistrictOut
from api.schemas.problem import refusals
from api.schemas.work import DayOut, MyTasksOut, ResponderOut
from api.wiring import HouseDep
from dispatch import shape
from dispatch.classes import skills
from dispatch.desk import Fix, my_tasks, positions, set_duty
from dispatch.desk import day as day_of
from dispatch.errors import Forbidden
from dispatch.model import Deed
from gis.model import Point

router = APIRouter(prefix="/api", tags=["people"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Fixes = Annotated[list[FixIn], Body(max_length=1000)]


@router.get(
    "/responders/{responder}/day",
    response_model=DayOut,
    dependencies=[permits(Deed.SEE_TASKS)],
    responses=refusals(401, 403, 404),
)
def day(responder: Number, who: Caller, house: HouseDep) -> dict[str, Any]:
    """The tasks of one person in order, with the way through them."""
    found = day_of(house.desk, who, responder)
    return {
        "responder": shape.responder(found.responder, now=found.now),
        "shifts": saying.shifts(found),
        "tasks": [saying.task(one) for one in found.tasks],
        "route": saying.tour(ways.of_day(house, found.responder, found.tasks, found.now)),
        "done_today": found.done_today,
        "metres_today": found.metres_today,
    }


@router.post(
    "/responders/{responder}/duty",
    response_model=ResponderOut,
    dependencies=[permits(Deed.DUTY)],
    responses=refusals(401, 403, 404, 409, 422),
)
def duty(responder: Number, given: DutyIn, who: Caller, house: HouseDep, key: Key) -> dict[str, Any]:
    """Somebody is available, on a break or off: said by themself or by the desk."""
    return shape.responder(set_duty(house.desk, who=who, responder=responder, duty=given.duty, key=key))


@router.get(
    "/my/tasks",
    response_model=MyTasksOut,
    dependencies=[permits(Deed.SEE_TASKS)],
    responses=refusals(401, 403),
)
def mine(who: Caller, house: HouseDep) -> dict[str, Any]:
    """What the caller's phone shows: the tasks in order and the way through them."""
    found = my_tasks(house.desk, who)
    known = {skill.code: skill for skill in skills()}
    return {
        "responder": shape.responder(found.responder, now=found.now),
        "district": DistrictOut.of(house.district(found.responder.district)),
        "now": shape.moment(found.now),
        "cursor": str(found.cursor),
        "tasks": [saying.my_task(one) for one in found.tasks],
        "route": saying.tour(ways.of_day(house, found.responder, found.tasks, found.now)),
        "skills": [known[code] for code in sorted(found.responder.skills) if code in known],
    }


@router.post(
    "/my/duty",
    response_model=ResponderOut,
    dependencies=[permits(Deed.DUTY)],
    responses=refusals(401, 403, 409, 422),
)
def my_duty(given: DutyIn, who: Caller, house: HouseDep, key: Key) -> dict[str, Any]:
    """The caller is available, on a break or off."""
    if who.responder is None:
        raise Forbidden(deed=Deed.DUTY, role=", ".join(sorted(who.roles())))
    return shape.responder(set_duty(house.desk, who=who, responder=who.responder, duty=given.duty, key=key))


@router.post(
    "/my/positions",
    response_model=AcceptedOut,
    dependencies=[permits(Deed.POSITION)],
    responses=refusals(401, 403, 422),
)
def my_positions(given: Fixes, who: Caller, house: HouseDep) -> dict[str, int]:
    """Where the caller's phone was. Repeats are welcome, and a late fix never replaces a newer one."""
    fixes = [
        Fix(
            point=Point(one.lon, one.lat),
            at=one.at,
            accuracy_m=one.accuracy,
            heading=one.heading,
            speed=one.speed,
        )
        for one in given
    ]
    return {"accepted": positions(house.desk, who=who, fixes=fixes)}
