"""One table from error to answer, in the caller's language."""

from __future__ import annotations

import math
from collections.abc import Iterator

import httpx
import psycopg2
import pytest
from fastapi import FastAPI
from sqlalchemy import exc

from api import answers
from api.schemas.base import In, PointIn
from dispatch import errors as work
from gis import errors as ground
from tests.api.serving import serving

pytestmark = pytest.mark.pure


def every(root: type[Exception]) -> list[type[Exception]]:
    return [root, *(below for kind in root.__subclasses__() for below in every(kind))]


@pytest.mark.parametrize("kind", every(work.WorkError)[1:] + every(ground.GroundError)[1:])
def test_every_error_of_the_rooms_below_has_its_own_status(kind: type[Exception]) -> None:
    told = answers.answer(kind(), "en")
    assert told.status in {401, 403, 404, 409, 413, 422, 429, 503} or kind is ground.GridBroken
    assert told.error["message"]
    assert told.error["help"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (work.Stale(what="incident", id=1, version=1, current=2), 409),
        (work.SamePerson(deed="close", responder=1), 403),
        (work.NoReason(field="reason", deed="reject"), 422),
        (work.Unknown(what="incident", id=1), 404),
        (ground.OutsidePlace(lon=1, lat=2, district=3), 422),
    ],
)
def test_an_error_keeps_its_code_and_parameters(error: work.WorkError | ground.GroundError, status: int) -> None:
    told = answers.answer(error, "en")
    assert (told.status, told.error["code"]) == (status, error.code)
    assert told.error["params"] == error.params


@pytest.mark.parametrize(
    "error",
    [
        exc.OperationalError("SELECT 1", {}, psycopg2.OperationalError("server closed the connection")),
        exc.InterfaceError("SELECT 1", {}, psycopg2.InterfaceError("connection already closed")),
        exc.TimeoutError("QueuePool limit"),
        exc.DBAPIError("SELECT 1", {}, Exception("gone"), connection_invalidated=True),
    ],
)
def test_a_database_that_is_away_is_503_with_the_time_to_come_back(error: Exception) -> None:
    told = answers.answer(error, "zh-Hant")
    assert told.status == 503
    assert int(told.headers["Retry-After"]) >= 1
    assert "資料庫" in told.error["message"]


def test_our_own_fault_tells_nothing_of_the_inside() -> None:
    told = answers.answer(ValueError("secret table names"), "en")
    assert told.status == 500
    assert "secret" not in str(told.error)


def test_too_many_attempts_say_when_there_may_be_another() -> None:
    told = answers.answer(work.TooMany(retry_after=59.2), "en")
    assert (told.status, told.headers["Retry-After"]) == (429, "60")


class Body(In):
    name: str
    point: PointIn
    password: str = ""


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    app = FastAPI()
    answers.install(app)

    @app.post("/thing/{n}")
    def thing(n: int, body: Body) -> int:
        return n

    with serving(app) as client:
        yield client


def test_every_wrong_field_is_named_with_its_value_and_what_is_wrong(client: httpx.Client) -> None:
    sent = {"point": {"lon": 181, "lat": 1}, "nmae": "x"}
    answer = client.post("/thing/1", json=sent, headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "request.invalid"
    assert {fault["field"]: fault["value"] for fault in error["fields"]} == {
        "name": None,
        "point.lon": 181,
        "nmae": "x",
    }
    assert all("一" <= fault["message"][0] <= "鿿" for fault in error["fields"])


def test_a_password_is_not_sent_back(client: httpx.Client) -> None:
    answer = client.post("/thing/1", json={"name": "a", "point": {"lon": 1, "lat": 1}, "password": ["hunter2"]})
    assert answer.status_code == 422
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"name": NaN}', b"[]", b'"' + b"x" * 100_000 + b'"'])
def test_contents_that_are_no_json_are_refused_in_words(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/thing/1", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert len(answer.content) < 5000
    assert answer.json()["error"]["message"]


def test_an_unknown_address_and_a_wrong_method_look_like_any_other_error(client: httpx.Client) -> None:
    assert client.get("/nowhere").json()["error"]["code"] == "request.not_found"
    assert client.get("/thing/1").json()["error"]["code"] == "request.method"


def test_values_that_json_cannot_carry_are_said_as_words() -> None:
    told = answers.answer(work.Invalid(field="speed", value=math.inf, allowed={"a"}), "en").response()
    assert b"inf" in told.body
