"""Who may do what, where. A grant holds for its area and everything below; some are for whoever owns the thing."""

from __future__ import annotations

from dispatch.errors import Forbidden
from dispatch.lifecycle import TRANSITIONS
from dispatch.lifecycle.table import DESK, FIELD
from dispatch.model import Assignment, Deed, Grant, Incident, Responder, Role, User
from gis.model import DistrictId, RoadClosure

WATCHERS = DESK | {Role.PLANNER, Role.ADMINISTRATOR}
EVERYBODY = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()

#: Deed -> roles that may do it anywhere in their areas.
ROLES: dict[Deed, frozenset[Role]] = {
    **{deed: row.roles for deed, row in TRANSITIONS.items()},
    Deed.REPORT: EVERYBODY,
    Deed.DEPART: NOBODY,
    Deed.ARRIVE: NOBODY,
    Deed.SEE_GROUND: EVERYBODY - {Role.RESIDENT},
    Deed.SEE_DESK: WATCHERS,
    Deed.SEE_CONTACT: DESK,
    Deed.SEE_TASKS: DESK,
    Deed.SEE_COVERAGE: WATCHERS,
    Deed.DUTY: DESK,
    Deed.POSITION: NOBODY,
    Deed.PLAN: DESK,
    Deed.CLOSE_ROAD: DESK | {Role.PLANNER},
    Deed.SET_SPEEDS: frozenset({Role.ADMINISTRATOR}),
    Deed.SET_PLANNING: frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    Deed.SET_WEIGHTS: frozenset({Role.ADMINISTRATOR}),
    Deed.LIMIT: DESK,
    Deed.IMPORT: frozenset({Role.PLANNER, Role.ADMINISTRATOR}),
    Deed.DRAW_GRID: frozenset({Role.PLANNER, Role.ADMINISTRATOR}),
    Deed.APPROVE_GRID: frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    Deed.MANAGE_CREW: frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    Deed.MANAGE_USERS: frozenset({Role.ADMINISTRATOR}),
}

#: Deed -> roles that may do it to what is their own: their assignment, their case, themself.
OWN: dict[Deed, frozenset[Role]] = {
    **{deed: row.own for deed, row in TRANSITIONS.items()},
    Deed.DEPART: FIELD,
    Deed.ARRIVE: FIELD,
    Deed.SEE_CONTACT: FIELD,
    Deed.SEE_TASKS: FIELD,
    Deed.DUTY: FIELD,
    Deed.POSITION: FIELD,
}

type Thing = Incident | Assignment | Responder | RoadClosure | DistrictId


def require(user: User, deed: Deed, thing: Thing, *, mine: bool | None = None) -> None:
    """Forbidden unless `user` may do `deed` to `thing` (a number is a district)."""
    if not allows(user, deed, thing, mine=mine):
        raise Forbidden(deed=deed, role=", ".join(sorted(user.roles())))


def allows(user: User, deed: Deed, thing: Thing, *, mine: bool | None = None) -> bool:
    """May `user` do `deed` to `thing`? `mine` says whose it is where the thing alone does not tell."""
    if any(g.role in ROLES.get(deed, NOBODY) and covers(g, thing) for g in user.grants):
        return True
    if not (_owns(user, thing) if mine is None else mine):
        return False
    return bool(user.roles() & OWN.get(deed, NOBODY))


def may(user: User, deed: Deed) -> bool:
    """Is there anything at all that `user` may do `deed` to?"""
    return bool(user.roles() & (ROLES.get(deed, NOBODY) | OWN.get(deed, NOBODY)))


def covers(grant: Grant, thing: Thing) -> bool:
    """Does the grant reach the thing? What has no area yet (a case not located) belongs to the whole district."""
    if isinstance(thing, int):
        return grant.district == thing
    if grant.district != thing.district:
        return False
    if isinstance(thing, Assignment) or thing.area is None:
        return True
    return thing.area == grant.area or thing.area in grant.areas


def scope(user: User, deed: Deed, district: DistrictId) -> frozenset[int]:
    """The areas of `district` in which `user` may do `deed`; Forbidden where there are none."""
    areas: set[int] = set()
    for grant in user.grants:
        if grant.role in ROLES.get(deed, NOBODY) and grant.district == district:
            areas |= grant.areas | {grant.area}
    if not areas:
        raise Forbidden(deed=deed, role=", ".join(sorted(user.roles())))
    return frozenset(areas)


def _owns(user: User, thing: Thing) -> bool:
    match thing:
        case Incident():
            return thing.reported_by == user.id
        case Assignment():
            return user.responder is not None and thing.responder == user.responder
        case Responder():
            return user.responder is not None and thing.id == user.responder
        case _:
            return False
