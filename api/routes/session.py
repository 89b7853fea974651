"""Signing in and out, and the links of the demonstration."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from api import messages, wiring
from api.answers import Refused
from api.identity import (
    COOKIE,
    Language,
    Session,
    at_this_machine,
    forget,
    limited,
    origin_of,
    public,
    remember,
    signed_in,
)
from api.schemas.ground import DistrictOut
from api.schemas.identity import DemoOut, LanguageIn, SessionOut, SignInIn
from api.schemas.problem import refusals
from api.wiring import House, HouseDep
from dispatch import accounts
from dispatch.errors import Unauthenticated
from dispatch.model import Role, User

router = APIRouter(tags=["identity"])

#: Where a role starts; the first that the caller has counts.
HOMES = (
    (Role.DISPATCHER, "/desk"),
    (Role.SUPERVISOR, "/desk"),
    (Role.PLANNER, "/plan"),
    (Role.ADMINISTRATOR, "/desk"),
    (Role.WORKER, "/field"),
    (Role.VOLUNTEER, "/field"),
)


@router.get("/api/session", response_model=SessionOut, dependencies=[signed_in], responses=refusals(401))
def session(caller: Session, house: HouseDep) -> dict[str, Any]:
    """Who is signed in, what they may, and the CSRF token."""
    return _session(house, caller.user, caller.csrf)


@router.post(
    "/api/session",
    response_model=SessionOut,
    dependencies=[public, limited("sign-in", 60)],
    responses=refusals(401, 422, 429),
)
def sign_in(given: SignInIn, request: Request, response: Response, house: HouseDep) -> dict[str, Any]:
    """Sign in with name and password. After ten bad attempts the pair of name and address waits."""
    try:
        opened = accounts.sign_in(
            house.engine,
            login=given.login,
            password=given.password,
            origin=origin_of(request),
            agent=request.headers.get("user-agent", ""),
            lasts=timedelta(hours=house.settings.session_hours),
        )
    except Unauthenticated as error:
        raise Unauthenticated("work.unauthenticated.password") from error
    remember(response, house, request, opened)
    return _session(house, opened.user, opened.csrf)


@router.patch("/api/session", response_model=SessionOut, dependencies=[signed_in], responses=refusals(401, 403, 422))
def speak(given: LanguageIn, caller: Session, house: HouseDep) -> dict[str, Any]:
    """Choose the language in which the account is spoken to."""
    return _session(house, accounts.set_language(house.engine, caller.user.id, given.language), caller.csrf)


@router.delete("/api/session", status_code=204, dependencies=[signed_in], responses=refusals(401, 403))
def sign_out(request: Request, response: Response, house: HouseDep) -> None:
    """End this session."""
    accounts.sign_out(house.engine, request.cookies[COOKIE])
    forget(response, house, request)


@router.get(
    "/enter/{token}",
    status_code=303,
    response_class=RedirectResponse,
    dependencies=[public, Depends(at_this_machine)],
    responses=refusals(404),
)
def enter(token: str, request: Request, house: HouseDep) -> Response:
    """Sign in by a link of the demonstration and go to where its role starts."""
    try:
        opened = accounts.enter(house.engine, token[:200], agent=request.headers.get("user-agent", ""))
    except Unauthenticated as error:
        raise Refused(404, "request.link_gone") from error
    answer = RedirectResponse(home(opened.user), 303)
    remember(answer, house, request, opened)
    return answer


@router.get(
    "/api/demo",
    response_model=DemoOut,
    dependencies=[public, Depends(at_this_machine), limited("demo", 60)],
    responses=refusals(404, 429),
)
def demo(house: HouseDep, language: Language) -> dict[str, Any]:
    """One sign-in link per role, in demo mode on this machine."""
    from api.demo.links import tokens  # only a demonstration has it in memory

    known = [
        {"role": role, "url": f"/enter/{token}", "name": f"{name} · {messages.word('role', role, language)}"}
        for role, name, token in tokens(house.engine)
    ]
    return {"demo": True, "links": known}


def home(user: User) -> str:
    """The page where this person starts."""
    return next((page for role, page in HOMES if role in user.roles()), "/")


def _session(house: House, user: User, csrf: str) -> dict[str, Any]:
    places = {place.id: place for place in house.districts()}
    mine = {grant.district for grant in user.grants}
    names = {area.id: area.name for key in mine for area in house.areas(key)}
    return {
        "user": user,
        "roles": sorted(user.roles()),
        "grants": [
            {"role": g.role, "district": g.district, "area": g.area, "area_name": names.get(g.area, "")}
            for g in user.grants
        ],
        "csrf": csrf,
        "demo": house.settings.demo,
        "districts": [DistrictOut.of(place) for key, place in places.items() if key in mine],
        "home": home(user),
        "raster": list(wiring.rasters(house.settings)),
    }
