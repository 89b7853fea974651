"""What responders do with their tasks, also hours later from a phone that had no signal."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.identity import Caller, Key, permits
from api.schemas.deeds import FieldDeedIn
from api.schemas.problem import refusals
from api.schemas.work import DoneOut
from api.wiring import House, HouseDep
from dispatch import desk as deeds
from dispatch import shape
from dispatch.errors import Invalid
from dispatch.lifecycle import Work
from dispatch.model import Deed, Outcome, User

router = APIRouter(prefix="/api/assignments/{assignment}", tags=["field"])

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
type Do = Callable[[House, User, int, FieldDeedIn, str], Work]


def accept(house: House, who: User, assignment: int, given: FieldDeedIn, key: str) -> Work:
    """Take the task."""
    return deeds.accept(house.desk, who=who, assignment=assignment, version=given.version, at=given.at, key=key)


def decline(house: House, who: User, assignment: int, given: FieldDeedIn, key: str) -> Work:
    """Cannot go. Needs `reason`; the case waits again."""
    return deeds.decline(
        house.desk,
        who=who,
        assignment=assignment,
        version=given.version,
        reason=given.reason,
        at=given.at,
        key=key,
    )


def depart(house: House, who: User, assignment: int, given: FieldDeedIn, key: str) -> Work:
    """On the way."""
    return deeds.depart(house.desk, who=who, assignment=assignment, version=given.version, at=given.at, key=key)


def arrive(house: House, who: User, assignment: int, given: FieldDeedIn, key: str) -> Work:
    """On scene."""
    return deeds.arrive(house.desk, who=who, assignment=assignment, version=given.version, at=given.at, key=key)


def feed_back(house: House, who: User, assignment: int, given: FieldDeedIn, key: str) -> Work:
    """What was found and done. Needs `outcome`; ends the task, and settles a check or a verification."""
    if given.outcome is None:
        raise Invalid(field="outcome", value=None, allowed=[str(one) for one in Outcome])
    return deeds.feed_back(
        house.desk,
        who=who,
        assignment=assignment,
        version=given.version,
        outcome=Outcome(given.outcome),
        note=given.note or given.reason,
        at=given.at,
        key=key,
    )


STEPS: dict[str, tuple[Deed, Do]] = {
    "accept": (Deed.ACCEPT, accept),
    "decline": (Deed.DECLINE, decline),
    "depart": (Deed.DEPART, depart),
    "arrive": (Deed.ARRIVE, arrive),
    "feed_back": (Deed.FEED_BACK, feed_back),
}


def _door(do: Do) -> Callable[..., dict[str, Any]]:
    def step(assignment: Number, given: FieldDeedIn, who: Caller, house: HouseDep, key: Key) -> dict[str, Any]:
        done = do(house, who, assignment, given, key)
        return {"assignment": shape.assignment(done.assignment), "incident": shape.incident(done.incident)}

    return step


for _name, (_deed, _do) in STEPS.items():
    router.add_api_route(
        f"/{_name}",
        _door(_do),
        methods=["POST"],
        name=_name,
        summary=(_do.__doc__ or "").split(".", 1)[0],
        description=_do.__doc__,
        response_model=DoneOut,
        dependencies=[permits(_deed)],
        responses=refusals(401, 403, 404, 409, 422),
    )
