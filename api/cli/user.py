"""`gridward user`: accounts, for the person at the machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.console import out, settings, told
from api.cli.words import say
from api.machine import cluster
from api.machine.errors import MachineError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dispatch.model import User
    from gis.model import Area, AreaId

app = typer.Typer(no_args_is_help=True, help="Accounts: add, list, password, grant.")


class RoleName(StrEnum):
    """The roles of `dispatch.model.Role`, without loading them for `--help`; a test compares the two."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    WORKER = "worker"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"


Login = Annotated[str, typer.Argument(help="The name to sign in with")]
RoleOption = Annotated[RoleName, typer.Option("--role", help="What the account may do")]
AreaOption = Annotated[
    str | None, typer.Option("--area", help="Code of a district or area; without it, every district")
]


@app.command()
@told
def add(
    login: Login,
    role: RoleOption,
    area: AreaOption = None,
    name: Annotated[str | None, typer.Option(help="What others see; without it the login")] = None,
    language: Annotated[str, typer.Option(help="en, zh-Hans or zh-Hant")] = "en",
) -> None:
    """Make an account. The password is asked for, or read from standard input."""
    from dispatch import accounts
    from dispatch.model import Role

    with _engine() as engine:
        grants = [(Role(role), one) for one in _areas(engine, area)]
        password = _password()
        accounts.add_user(engine, login=login, name=name or login, password=password, grants=grants, language=language)
    out.print(say("user.added", login=login), markup=False)


@app.command("list")
@told
def list_() -> None:
    """Every account with its roles."""
    from dispatch import accounts

    with _engine() as engine:
        codes = {one.id: one.code for one in _all_areas(engine)}
        for user in accounts.all_users(engine):
            roles = ", ".join(f"{grant.role} {codes.get(grant.area, grant.area)}" for grant in user.grants)
            out.print(f"{user.login:<28} {user.name:<28} {roles}", markup=False)


@app.command()
@told
def password(login: Login) -> None:
    """Another password; whoever is signed in with the account is signed out."""
    from dispatch import accounts

    with _engine() as engine:
        user = _user(engine, login)
        accounts.set_password(engine, user.id, _password())
    out.print(say("user.changed", login=login), markup=False)


@app.command()
@told
def grant(login: Login, role: RoleOption, area: AreaOption = None) -> None:
    """Give an account one more role."""
    from dispatch import accounts
    from dispatch.model import Role

    with _engine() as engine:
        user = _user(engine, login)
        had = {(one.role, one.area) for one in user.grants}
        more = {(Role(role), one) for one in _areas(engine, area)}
        accounts.set_grants(engine, user.id, sorted(had | more))
    out.print(say("user.granted", login=login, role=role.value), markup=False)


@contextmanager
def _engine() -> Iterator[Engine]:
    from gis.database import engine_for

    engine = engine_for(cluster.address(settings()), size=2)
    try:
        yield engine
    finally:
        engine.dispose()


def _password() -> str:
    """Typed twice on a terminal; the first line of a pipe otherwise. It never stands on the command line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    typed: str = typer.prompt(say("user.password"), hide_input=True, confirmation_prompt=say("user.again"))
    return typed


def _user(engine: Engine, login: str) -> User:
    from dispatch import accounts
    from dispatch.errors import Unknown

    user = accounts.user_named(engine, login)
    if user is None:
        raise Unknown(what="user", id=login)
    return user


def _areas(engine: Engine, code: str | None) -> list[AreaId]:
    """The area with this code, or the root of every district. NotFound; MachineError before there is a place."""
    from gis.errors import NotFound
    from gis.model import AreaLevel

    known = _all_areas(engine)
    if not known:
        raise MachineError("machine.no_place")
    if code is None:
        return [one.id for one in known if one.level is AreaLevel.DISTRICT]
    found = [one.id for one in known if one.code.casefold() == code.casefold()]
    if not found:
        raise NotFound(what="area", id=code)
    return found


def _all_areas(engine: Engine) -> list[Area]:
    from gis.database import begin
    from gis.store import districts

    with begin(engine) as tx:
        return [area for one in districts.districts(tx) for area in districts.areas(tx, one.id)]
