"""Sign-in: what is stored, what it costs to guess, when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from dispatch import accounts
from dispatch.errors import Invalid, TooMany, Unauthenticated
from dispatch.model import Role, User
from tests.dispatch.make import PASSWORD, Town


@pytest.fixture
def dora(town: Town) -> User:
    grants = [(Role.DISPATCHER, town.area)]
    return accounts.add_user(town.engine, login="Dora2", name="Dora", password=PASSWORD, grants=grants)


def _enter(
    engine: Engine, login: str = "dora2", password: str = PASSWORD, origin: str = "10.0.0.1"
) -> accounts.SignedIn:
    return accounts.sign_in(engine, login=login, password=password, origin=origin)


def test_the_right_password_opens_a_session(town: Town, dora: User) -> None:
    opened = _enter(town.engine, " DORA2 ")
    held = accounts.user_of(town.engine, opened.token)
    assert (held.user, held.csrf, held.demo) == (dora, opened.csrf, False)
    accounts.sign_out(town.engine, opened.token)
    with pytest.raises(Unauthenticated):
        accounts.user_of(town.engine, opened.token)


def test_neither_password_nor_token_is_stored(town: Town, dora: User) -> None:
    opened = _enter(town.engine)
    with town.engine.connect() as tx:
        kept = str(tx.execute(text("SELECT password, token_sha256 FROM app_user, session")).all())
    assert "$argon2id$" in kept
    assert PASSWORD not in kept
    assert opened.token not in kept


@pytest.mark.parametrize(("login", "password"), [("dora2", "a wrong password"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_login_hear_the_same(town: Town, dora: User, login: str, password: str) -> None:
    with pytest.raises(Unauthenticated) as heard:
        _enter(town.engine, login, password)
    assert heard.value.params == {}


def test_ten_bad_attempts_lock_the_pair_out_and_nobody_else(town: Town, dora: User) -> None:
    for _ in range(accounts.BAD_ATTEMPTS):
        with pytest.raises(Unauthenticated):
            _enter(town.engine, password="a wrong password")
    with pytest.raises(TooMany) as heard:
        _enter(town.engine)
    assert 0 < int(str(heard.value.params["retry_after"])) <= 900
    assert _enter(town.engine, origin="10.0.0.2").user == dora


def test_a_good_sign_in_forgives_the_bad_ones_before_it(town: Town, dora: User) -> None:
    for _ in range(accounts.BAD_ATTEMPTS - 1):
        with pytest.raises(Unauthenticated):
            _enter(town.engine, password="a wrong password")
    _enter(town.engine)
    with pytest.raises(Unauthenticated):
        _enter(town.engine, password="a wrong password")


def test_a_session_ends(town: Town, dora: User) -> None:
    opened = _enter(town.engine)
    with town.engine.begin() as tx:
        tx.execute(text("UPDATE session SET expires_at = now() - interval '1 second'"))
    with pytest.raises(Unauthenticated):
        accounts.user_of(town.engine, opened.token)


def test_another_password_ends_every_session(town: Town, dora: User) -> None:
    opened = _enter(town.engine)
    accounts.set_password(town.engine, dora.id, "another good password")
    with pytest.raises(Unauthenticated):
        accounts.user_of(town.engine, opened.token)
    assert _enter(town.engine, password="another good password").user == dora


def test_a_disabled_account_is_out_at_once(town: Town, dora: User) -> None:
    opened = _enter(town.engine)
    accounts.disable(town.engine, dora.id)
    with pytest.raises(Unauthenticated):
        accounts.user_of(town.engine, opened.token)
    with pytest.raises(Unauthenticated):
        _enter(town.engine)


def test_a_link_opens_once(town: Town, dora: User) -> None:
    token = accounts.make_link(town.engine, dora.id, lasts=timedelta(minutes=5))
    assert accounts.enter(town.engine, token).user == dora
    with pytest.raises(Unauthenticated):
        accounts.enter(town.engine, token)


def test_a_demo_link_opens_as_often_as_one_likes_until_it_is_over(town: Town, dora: User) -> None:
    token = accounts.make_link(town.engine, dora.id, lasts=timedelta(minutes=5), reusable=True)
    for _ in range(2):
        assert accounts.enter(town.engine, token).user == dora
    with town.engine.begin() as tx:
        tx.execute(text("UPDATE sign_in_link SET expires_at = now() - interval '1 second'"))
    with pytest.raises(Unauthenticated):
        accounts.enter(town.engine, token)


def test_a_grant_reaches_everything_below_its_area(town: Town, dora: User) -> None:
    (grant,) = dora.grants
    assert {town.area, town.north, town.south} <= grant.areas
    low = accounts.set_grants(town.engine, dora.id, [(Role.DISPATCHER, town.north)])
    assert low.grants[0].areas == frozenset({town.north})


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("password", {"password": "short"}), ("language", {"language": "xx"}), ("login", {"login": "dora"})],
)
def test_an_account_that_cannot_be_is_refused_with_its_field(town: Town, field: str, wrong: dict[str, str]) -> None:
    known = {"login": "new", "name": "New", "password": PASSWORD, "grants": []}
    with pytest.raises(Invalid) as heard:
        accounts.add_user(town.engine, **(known | wrong))
    assert heard.value.params["field"] == field
