"""The fictional crew of a place, and one account per role for whoever tries the product."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine

from api.demo import script
from api.demo.script import Character
from dispatch import accounts, crew, store
from dispatch.model import Duty, Responder, ResponderKind, Role, User
from gis.database import begin
from gis.model import Area, AreaId, AreaLevel, Cell, District, DistrictId
from gis.store import cells, districts

OFFICE = (Role.DISPATCHER, Role.SUPERVISOR, Role.PLANNER, Role.ADMINISTRATOR, Role.RESIDENT)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Where people can live in a place."""

    district: District
    root: AreaId
    cells: tuple[Cell, ...]


def settle(engine: Engine, district: DistrictId) -> int:
    """Give the place its crew, its visitors' accounts and its duties; how many responders it has. Twice is once.

    Raises ValueError for a place that was not imported for a demonstration.
    """
    ground = _ground(engine, district)
    known = {user.login: user for user in accounts.all_users(engine)}
    here = _grown(engine, ground, known)
    _open_offices(engine, known)
    for one in here:
        if one.duty is Duty.OFF and not _is_visitor(one):
            _go_on_duty(engine, one)
    crew.extend_shifts(engine, district)
    crew.assign_cells(engine, district)
    return len(here)


def login(role: str, district: District) -> str:
    """The visitor's account of a role in a place; office accounts reach every demonstration place."""
    return f"{role}@{district.code.casefold()}.demo"


def _grown(engine: Engine, ground: Ground, known: dict[str, User]) -> list[Responder]:
    """Everybody of the crew and the visitors' responders, each added where missing."""
    chance = random.Random(f"crew of {ground.district.code}")  # noqa: S311 - a demonstration, the same every time
    weights = [cell.buildings + 0.01 for cell in ground.cells]
    parts = [(f"crew-{n:02}", one) for n, one in enumerate(script.crew(), start=1)]
    parts += [(kind.value, script.visiting(kind)) for kind in ResponderKind]
    for name, character in parts:
        home = chance.choices(ground.cells, weights)[0]
        account = login(name, ground.district)
        if account not in known:
            _hire(engine, ground, character, account, home)
    with begin(engine) as tx:
        return store.responders(tx, ground.district.id)


def _hire(engine: Engine, ground: Ground, character: Character, account: str, home: Cell) -> None:
    role = Role(character.kind.value)
    user = accounts.add_user(
        engine, login=account, name=character.name, password=None, grants=[(role, ground.root)], demo=True
    )
    recruit = crew.Recruit(
        district=ground.district.id,
        area=home.area,
        name=character.name,
        kind=character.kind,
        mode=character.mode,
        skills=character.skills,
        home=home.centre,
        home_cell=home.id,
        user=user.id,
        radius_m=character.radius_m,
        patterns=character.patterns,
    )
    crew.add(engine, recruit)


def _open_offices(engine: Engine, known: dict[str, User]) -> None:
    """Office accounts, with their role in every place of the demonstration, the newest ones included."""
    with begin(engine) as tx:
        places = [one for one in districts.districts(tx) if one.fictional]
        roots = [_root(districts.areas(tx, one.id)).id for one in places]
    for place in places:
        for role, name in script.visitors().items():
            office = Role(role.partition("-")[0])
            if office not in OFFICE:
                continue
            grants = [(office, root) for root in roots]
            user = known.get(login(role, place))
            if user is None:
                account = login(role, place)
                accounts.add_user(engine, login=account, name=name, password=None, grants=grants, demo=True)
            elif {grant.area for grant in user.grants} != set(roots):
                accounts.set_grants(engine, user.id, grants)


def _go_on_duty(engine: Engine, one: Responder) -> None:
    """The crew is always willing; their shifts say when."""
    from dispatch import desk  # the use cases load the class table, which only a running demonstration needs

    with begin(engine) as tx:
        user = store.user(tx, one.user) if one.user else None
    if user:
        desk.set_duty(desk.Desk(engine), who=user, responder=one.id, duty=Duty.AVAILABLE, key=None)


def _is_visitor(one: Responder) -> bool:
    return one.name in {script.visiting(kind).name for kind in ResponderKind}


def _ground(engine: Engine, district: DistrictId) -> Ground:
    with begin(engine) as tx:
        place = districts.district(tx, district)
        if not place.fictional:
            raise ValueError(f"{place.code} is a real place, not a demonstration")
        root = _root(districts.areas(tx, district))
        return Ground(district=place, root=root.id, cells=tuple(cells.cells(tx, district)))


def _root(areas: Iterable[Area]) -> Area:
    return next(one for one in areas if one.level is AreaLevel.DISTRICT)
