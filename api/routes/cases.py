"""One case: its record, who could go, and the dispatcher's words on it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from api.identity import Caller, Key, Language, permits, signed_in
from api.routes import ways
from api.schemas import saying, telling
from api.schemas.deeds import AssignIn, DeedIn
from api.schemas.engine import WhyOut
from api.schemas.problem import refusals
from api.schemas.work import CandidatesOut, DetailOut, DoneOut, IncidentOut
from api.wiring import House, HouseDep
from dispatch import desk as deeds
from dispatch import policy, shape
from dispatch.candidates import candidates
from dispatch.errors import Invalid
from dispatch.model import Deed, Incident, Purpose, User
from dispatch.planning import why as why_

router = APIRouter(prefix="/api/incidents/{incident}", tags=["cases"])

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
type Do = Callable[[House, User, int, DeedIn, str], Incident]


@router.get("", response_model=DetailOut, dependencies=[signed_in], responses=refusals(401, 403, 404))
def detail(incident: Number, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """One case with its history, its photos, and what the caller may do to it now."""
    found = deeds.detail(house.desk, who, incident)
    routes = {key: saying.leg(leg) for key, leg in ways.of_case(house, found).items()}
    return {**saying.detail(found, language), "routes": routes}


@router.get(
    "/candidates",
    response_model=CandidatesOut,
    dependencies=[permits(Deed.ASSIGN)],
    responses=refusals(401, 403, 404, 409),
)
def who_could_go(
    incident: Number,
    who: Caller,
    house: HouseDep,
    language: Language,
    purpose: Annotated[Purpose | None, Query()] = None,
) -> dict[str, Any]:
    """The five best people with road time and load; where fewer are fit, all others with what speaks against them."""
    case = deeds.detail(house.desk, who, incident).incident
    policy.require(who, Deed.ASSIGN, case)
    travel, now = house.roads.of(case.district), datetime.now(UTC)
    found = candidates(house.engine, travel, incident, purpose=purpose, now=now)
    return {
        "candidates": [saying.candidate(one, language) for one in found.candidates],
        "made_at": shape.moment(found.made_at),
    }


@router.get(
    "/why",
    response_model=WhyOut,
    dependencies=[permits(Deed.ASSIGN)],
    responses=refusals(401, 403, 404, 409),
)
def why(incident: Number, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """Everybody with rules, ways and price: why this one, why not the next, why nobody and what would help."""
    district = deeds.detail(house.desk, who, incident).incident.district
    found = why_.why(house.engine, house.roads.of(district), who=who, incident=incident)
    live = found.live
    return {
        **telling.why(found, language),
        "candidates": [
            {
                **saying.candidate(one, language),
                **telling.price(found.prices.get(one.responder.id), language),
                "holds": live is not None and live.responder == one.responder.id,
            }
            for one in found.candidates
        ],
    }


@router.post(
    "/assign",
    response_model=DoneOut,
    dependencies=[permits(Deed.ASSIGN)],
    responses=refusals(401, 403, 404, 409, 422),
)
def assign(incident: Number, given: AssignIn, who: Caller, house: HouseDep, key: Key) -> dict[str, Any]:
    """Send somebody by hand, after what they have already. The planner does not move what a person decided."""
    done = deeds.assign(
        house.desk,
        who=who,
        incident=incident,
        responder=given.responder,
        version=given.version,
        travel=ways.to_case(house, incident, given.responder),
        purpose=given.purpose,
        reason=given.reason,
        key=key,
    )
    return {"assignment": shape.assignment(done.assignment), "incident": shape.incident(done.incident)}


def confirm(house: House, who: User, incident: int, given: DeedIn, key: str) -> Incident:
    """A public report becomes a case. Needs `criterion`."""
    return deeds.confirm(
        house.desk, who=who, incident=incident, version=given.version, criterion=given.criterion, key=key
    )


def reject(house: House, who: User, incident: int, given: DeedIn, key: str) -> Incident:
    """No case: unfounded, a duplicate, elsewhere. Needs `reason`."""
    return deeds.reject(house.desk, who=who, incident=incident, version=given.version, reason=given.reason, key=key)


def withdraw(house: House, who: User, incident: int, given: DeedIn, key: str) -> Incident:
    """Take the case from whoever has it. Needs `reason`."""
    return deeds.withdraw(house.desk, who=who, incident=incident, version=given.version, reason=given.reason, key=key)


def send_back(house: House, who: User, incident: int, given: DeedIn, key: str) -> Incident:
    """The work does not hold: back to the queue. Needs `reason`."""
    return deeds.return_(house.desk, who=who, incident=incident, version=given.version, reason=given.reason, key=key)


def close(house: House, who: User, incident: int, given: DeedIn, key: str) -> Incident:
    """Verified by somebody else than whoever did it. Needs `criterion`."""
    return deeds.close(
        house.desk,
        who=who,
        incident=incident,
        version=given.version,
        criterion=given.criterion,
        outcome=given.outcome,
        reason=given.reason,
        key=key,
    )


def reopen(house: House, who: User, incident: int, given: DeedIn, key: str) -> Incident:
    """Once more from the start. Needs `reason`."""
    return deeds.reopen(house.desk, who=who, incident=incident, version=given.version, reason=given.reason, key=key)


def evaluate(house: House, who: User, incident: int, given: DeedIn, key: str) -> Incident:
    """Satisfaction, one to five. Needs `score`."""
    if given.score is None:
        raise Invalid(field="score", value=None, allowed="1..5")
    return deeds.evaluate(
        house.desk,
        who=who,
        incident=incident,
        version=given.version,
        score=given.score,
        comment=given.reason or given.note,
        key=key,
    )


def reclassify(house: House, who: User, incident: int, given: DeedIn, key: str) -> Incident:
    """Another class. Needs `class_code` and `reason`."""
    if given.class_code is None:
        known = [one.code for one in house.desk.classes.classes]
        raise Invalid(field="class_code", value=None, allowed=known)
    return deeds.reclassify(
        house.desk,
        who=who,
        incident=incident,
        version=given.version,
        class_code=given.class_code,
        reason=given.reason,
        criterion=given.criterion,
        key=key,
    )


def relocate(house: House, who: User, incident: int, given: DeedIn, key: str) -> Incident:
    """Where it really is. Needs `text` or `point`."""
    if given.text is None and given.point is None:
        raise Invalid(field="point", value=None, allowed=["text", "point"])
    district = deeds.detail(house.desk, who, incident).incident.district
    return deeds.relocate(
        house.desk,
        who=who,
        incident=incident,
        version=given.version,
        text=given.text,
        point=given.point.value() if given.point else None,
        locate=house.locate(district),
        reason=given.reason,
        key=key,
    )


def note(house: House, who: User, incident: int, given: DeedIn, key: str) -> Incident:
    """A remark in the record. Needs `note`."""
    said = given.note or given.reason
    return deeds.note(house.desk, who=who, incident=incident, version=given.version, note=said, key=key)


#: Address -> what is done and who may do it to anything at all.
WORDS: dict[str, tuple[Deed, Do]] = {
    "confirm": (Deed.CONFIRM, confirm),
    "reject": (Deed.REJECT, reject),
    "withdraw": (Deed.WITHDRAW, withdraw),
    "return": (Deed.RETURN, send_back),
    "close": (Deed.CLOSE, close),
    "reopen": (Deed.REOPEN, reopen),
    "evaluate": (Deed.EVALUATE, evaluate),
    "reclassify": (Deed.RECLASSIFY, reclassify),
    "relocate": (Deed.RELOCATE, relocate),
    "note": (Deed.NOTE, note),
}


def _door(do: Do) -> Callable[..., dict[str, Any]]:
    def word(incident: Number, given: DeedIn, who: Caller, house: HouseDep, key: Key) -> dict[str, Any]:
        return shape.incident(do(house, who, incident, given, key))

    return word


for _name, (_deed, _do) in WORDS.items():
    router.add_api_route(
        f"/{_name}",
        _door(_do),
        methods=["POST"],
        name=_name,
        summary=(_do.__doc__ or "").split(".", 1)[0],
        description=_do.__doc__,
        response_model=IncidentOut,
        dependencies=[permits(_deed)],
        responses=refusals(401, 403, 404, 409, 422),
    )
