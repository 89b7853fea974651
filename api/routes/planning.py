"""How plans are made in a place: mode, proposals, what was undone, weights, a day that might be."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.identity import Caller, Key, Language, permits
from api.messages import Language as Tongue
from api.routes import trying
from api.routes.places import MyPlace
from api.schemas import engine as forms
from api.schemas import telling
from api.schemas.problem import refusals
from api.wiring import House, HouseDep
from dispatch import shape
from dispatch.desk import setting
from dispatch.model import Deed, PlanMode, ResponderKind, User
from dispatch.planning import moving, overview, proposing, undoing, whatif
from dispatch.planning.overview import Standing
from dispatch.store import plans, proposals
from dispatch.weights import known
from gis.database import begin
from gis.model import DistrictId, Mode

router = APIRouter(prefix="/api", tags=["engine"])

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get(
    "/districts/{district}/planning",
    response_model=forms.PlanningOut,
    dependencies=[permits(Deed.SEE_DESK)],
    responses=refusals(401, 403, 404),
)
def planning(place: MyPlace, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """How plans are made here, the proposal that waits, the last plans, and who is on standby where."""
    return _planning(house, who, place.id, language)


@router.put(
    "/districts/{district}/planning",
    response_model=forms.PlanningOut,
    dependencies=[permits(Deed.SET_PLANNING)],
    responses=refusals(401, 403, 404, 409, 422),
)
def set_planning(
    given: forms.PlanningIn, place: MyPlace, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Whether re-plans that change promises ask first, how many one may change, how many people wait where."""
    setting.set_planning(
        house.engine,
        who=who,
        district=place.id,
        version=given.version,
        mode=PlanMode(given.plan_mode),
        most_changes=given.most_changes,
        standby={one.area: one.least for one in given.standby},
        key=key,
    )
    return _planning(house, who, place.id, language)


@router.post(
    "/proposals/{proposal}/apply",
    response_model=forms.AppliedOut,
    dependencies=[permits(Deed.PLAN)],
    responses=refusals(401, 403, 404, 409, 422),
)
def apply(
    proposal: Number, given: forms.ApplyIn, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Make the promises of a proposal. 409 with what changed where it does not hold any more."""
    with begin(house.engine) as tx:
        district = proposals.proposal(tx, proposal).district
    travel = house.roads.of(district)
    done, plan = proposing.apply(
        house.engine, travel, who=who, proposal=proposal, epoch=given.epoch, reason=given.reason, key=key
    )
    names = overview.names(house.engine, done.decided_by)
    return {"proposal": telling.proposal(done, names, language), "plan": _line(house, plan.id, language)}


@router.post(
    "/proposals/{proposal}/reject",
    response_model=forms.ProposalOut,
    dependencies=[permits(Deed.PLAN)],
    responses=refusals(401, 403, 404, 409, 422),
)
def reject(
    proposal: Number, given: forms.ReasonIn, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any] | None:
    """Leave things as they are: the same is not proposed again."""
    done = proposing.reject(house.engine, who=who, proposal=proposal, reason=given.reason, key=key)
    return telling.proposal(done, overview.names(house.engine, done.decided_by), language)


@router.post(
    "/plans/{plan}/undo",
    response_model=forms.UndoneOut,
    dependencies=[permits(Deed.PLAN)],
    responses=refusals(401, 403, 404, 409, 422),
)
def undo(
    plan: Number, given: forms.ReasonIn, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Take back the newest plan that changed promises: what is still legal is restored, and stays so."""
    done = undoing.undo(house.engine, who=who, plan=plan, reason=given.reason, key=key)
    return {
        "restored": done.restored,
        "could_not": [
            {
                "incident": one.incident,
                "number": one.number,
                "code": one.code,
                "message": telling.sentence(f"undo_{one.code}", {"person": one.name}, language),
            }
            for one in done.could_not
        ],
        "plan": _line(house, plan, language),
    }


@router.get(
    "/districts/{district}/weights",
    response_model=forms.WeightsOut,
    dependencies=[permits(Deed.SEE_DESK)],
    responses=refusals(401, 403, 404),
)
def weights(place: MyPlace, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """What the engine weighs and where it stops, each explained with an example."""
    return _weights(house, who, place.id, language)


@router.put(
    "/districts/{district}/weights",
    response_model=forms.WeightsOut,
    dependencies=[permits(Deed.SET_WEIGHTS)],
    responses=refusals(401, 403, 404, 409, 422),
)
def set_weights(
    given: forms.WeightsIn, place: MyPlace, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Weigh otherwise from the next plan on."""
    setting.set_weights(house.engine, who=who, district=place.id, version=given.version, given=given.weights, key=key)
    return _weights(house, who, place.id, language)


@router.get(
    "/districts/{district}/move-ups",
    response_model=forms.MoveUpsOut,
    dependencies=[permits(Deed.SEE_DESK)],
    responses=refusals(401, 403, 404),
)
def move_ups(place: MyPlace, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """Who idle elsewhere had better wait where too few are."""
    found = moving.move_ups(house.engine, house.roads.of(place.id), who=who, district=place.id)
    named = {area.id: area.name for area in house.areas(place.id)}
    return {
        "areas": [_standing(one, named) for one in found.areas],
        "moves": [
            {
                "responder": one.responder.id,
                "name": one.responder.name,
                "area": one.area,
                "area_name": named.get(one.area, ""),
                "point": one.point,
                "seconds": one.seconds,
                "message": telling.sentence(
                    "move_up",
                    {"person": one.responder.name, "area": named.get(one.area, ""), "seconds": one.seconds},
                    language,
                ),
            }
            for one in found.moves
        ],
    }


@router.post(
    "/districts/{district}/what-if",
    response_model=forms.WhatIfOut,
    dependencies=[permits(Deed.SEE_DESK)],
    responses=refusals(401, 403, 404, 422),
)
def what_if(given: forms.WhatIfIn, place: MyPlace, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """The day as it is beside the day as it would be. Nothing is written."""
    with trying.closed(house, place, given.close, language) as then:
        found = whatif.what_if(
            house.engine,
            house.roads.of(place.id),
            who=who,
            district=place.id,
            out=given.out,
            join=[_joining(one) for one in given.join],
            then=then,
            seconds=given.seconds,
        )
    return telling.what_if(found, language)


def _joining(one: forms.JoinIn) -> whatif.Joining:
    return whatif.Joining(
        kind=ResponderKind(one.kind),
        skills=frozenset(one.skills),
        mode=Mode(one.mode),
        point=one.point.value(),
        until=one.until,
        name=one.name,
    )


def _planning(house: House, who: User, district: DistrictId, language: Tongue) -> dict[str, Any]:
    found = overview.overview(house.engine, who, district)
    named = {area.id: area.name for area in house.areas(district)}
    lines = [telling.line(one, found.names, language) for one in found.plans]
    return {
        "district": district,
        "plan_mode": str(found.setting.plan_mode),
        "most_changes": found.setting.most_changes,
        "version": found.setting.version,
        "changed_by": telling.actor(found.setting.changed_by, found.names),
        "changed_at": shape.moment(found.setting.changed_at),
        "standby": [_standing(one, named) for one in found.standby],
        "proposal": telling.proposal(found.proposal, found.names, language),
        "last": lines[0] if lines else None,
        "undoable": telling.line(found.undoable, found.names, language),
        "plans": lines,
    }


def _weights(house: House, who: User, district: DistrictId, language: Tongue) -> dict[str, Any]:
    given, names = overview.weights_of(house.engine, who, district)
    rows = []
    for code, one in known().items():
        own = given.get(code)
        rows.append(
            {
                **{name: getattr(one, name) for name in ("code", "unit", "group", "least", "most")},
                **{name: dict(getattr(one, name)) for name in ("names", "explained", "example")},
                "name": one.names[language],
                "default": one.value,
                "value": own.value if own else one.value,
                "changed_by": telling.actor(own.changed_by, names) if own else None,
                "changed_at": shape.moment(own.changed_at) if own else None,
            }
        )
    return {
        "district": district,
        "version": max((one.version for one in given.values()), default=0),
        "weights": rows,
    }


def _standing(one: Standing, named: dict[int, str]) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ("area", "least", "on_duty", "free", "short")}
    return {**plain, "name": named.get(one.area, "")}


def _line(house: House, plan: int, language: Tongue) -> dict[str, Any] | None:
    with begin(house.engine) as tx:
        found = plans.plan_line(tx, plan)
    names = overview.names(house.engine, found.asked_by, found.applied_by, found.undone_by)
    return telling.line(found, names, language)
