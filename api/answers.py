"""Errors become answers here and nowhere else: one table from error to status, one shape, the caller's language."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from sqlalchemy import exc
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api import messages
from api.machine.errors import MachineError
from api.messages import Language
from dispatch import errors as work
from gis import errors as ground

log = logging.getLogger(__name__)

AWAY_SECONDS = 3  #: PostgreSQL is back 2 to 6 s after a kill


class Refused(Exception):
    """The door itself refuses. `code` names the sentence, `params` fill it."""

    def __init__(self, status: int, code: str, /, **params: object) -> None:
        self.status = status
        self.code = code
        self.params = params
        super().__init__(f"{code} {params}" if params else code)


STATUS: Mapping[type[Exception], int] = {
    ground.NotFound: 404,
    ground.OutsidePlace: 422,
    ground.BadExtract: 422,
    ground.BadGeometry: 422,
    ground.BadRegister: 422,
    ground.BadSource: 422,
    ground.BadPlan: 422,
    ground.NotInThisState: 409,
    ground.Overtaken: 409,
    ground.Stopped: 409,
    ground.SequenceFull: 422,
    ground.BadQuestion: 422,
    ground.NoWay: 422,
    ground.TravelUnavailable: 503,
    ground.GridBroken: 500,
    work.Unauthenticated: 401,
    work.Forbidden: 403,
    work.Unknown: 404,
    work.NotNow: 409,
    work.Stale: 409,
    work.Taken: 409,
    work.Gone: 409,
    work.KeyReused: 409,
    work.Invalid: 422,
    work.TooLarge: 413,
    work.TooMany: 429,
    MachineError: 503,
    ground.GroundError: 500,
    work.WorkError: 500,
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A refusal, ready to be sent."""

    status: int
    error: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        return JSONResponse({"error": jsonable_encoder(self.error)}, self.status, self.headers)


def answer(error: Exception, language: Language) -> Answer:
    """What the caller is told about `error`. Whatever is not in the table is our fault: 500, and it is logged."""
    if isinstance(error, Refused):
        return _told(error.status, error.code, error.params, language)
    if is_away(error):
        return _told(503, "database.away", {"retry_after": AWAY_SECONDS}, language)
    if isinstance(error, work.WorkError | ground.GroundError | MachineError):
        status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
        params = dict(error.params)
        if status == 503:
            params.setdefault("retry_after", AWAY_SECONDS)
        return _told(status, error.code, params, language)
    return _told(500, "internal", {}, language)


def is_away(error: Exception) -> bool:
    """Whether this is PostgreSQL not answering: gone, starting, out of connections, or the pool drained meanwhile."""
    if isinstance(error, exc.OperationalError | exc.InterfaceError | exc.TimeoutError):
        return True
    return isinstance(error, exc.DBAPIError) and error.connection_invalidated


def misread(error: RequestValidationError, language: Language) -> Answer:
    """Every wrong field with its value, what is wrong with it, and the way out."""
    faults = [_fault(one, language) for one in error.errors()[:50]]
    first = faults[0]
    params = {"field": first["field"].rsplit(".", 1)[-1], "reason": first["message"], "value": first["value"]}
    told = _told(422, "request.invalid", params, language)
    return Answer(status=422, error={**told.error, "field": first["field"], "fields": faults, "params": {}})


def language_for(request: Request) -> Language:
    """What the request asks for; where that is nothing we speak, the language of the account once it is known."""
    asked = request.headers.get("accept-language", "")
    known: Language | None = getattr(request.state, "language", None)
    return messages.language_of(asked) if messages.speaks(asked) or known is None else known


def install(app: FastAPI) -> None:
    """Teach `app` to answer every error in one shape."""

    async def told(request: Request, error: Exception) -> Response:
        given = answer(error, language_for(request))
        if given.status >= 500:
            log.warning("%s %s: %s", request.method, request.url.path, error, exc_info=given.status == 500)
        return given.response()

    async def misread_(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  starlette picks the handler by this type
        return misread(error, language_for(request)).response()

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  as above
        return _plain(request, error).response()

    for kind in (Refused, work.WorkError, ground.GroundError, MachineError, exc.SQLAlchemyError, Exception):
        app.add_exception_handler(kind, told)
    app.add_exception_handler(RequestValidationError, misread_)
    app.add_exception_handler(HTTPException, http)


def _plain(request: Request, error: HTTPException) -> Answer:
    """What the framework itself refuses."""
    language = language_for(request)
    if error.status_code == 405:
        return _told(405, "request.method", {"method": request.method}, language)
    if error.status_code == 404:
        return _told(404, "request.not_found", {}, language)
    return _told(error.status_code, "request", {}, language)


def _told(status: int, code: str, params: Mapping[str, object], language: Language) -> Answer:
    said = messages.problem(code, params, language)
    if isinstance(changed := params.get("changed"), list):
        params = {**params, "changed": [_changed(one, language) for one in changed[:20]]}
    error = {
        "code": code,
        "message": said.message,
        "help": said.help,
        "field": params.get("field"),
        "value": params.get("value"),
        "params": {name: _sendable(value) for name, value in params.items()},
    }
    headers = {}
    if status in (429, 503):
        headers["Retry-After"] = str(math.ceil(float(str(params.get("retry_after") or AWAY_SECONDS))))
    return Answer(status=status, error={**error, "value": _sendable(error["value"])}, headers=headers)


STATES = {"incident": "stage", "assignment": "state", "responder": "duty"}


def _changed(one: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """One thing that is not as a proposal took it to be."""
    vocabulary = STATES[one["what"]]
    words = {
        name: messages.word(vocabulary, str(one[name]), language)
        if one.get(name)
        else messages.said("planning", "gone", {}, language)
        for name in ("before", "now")
    }
    code = "changed_fits" if one.get("before") == "fits" else f"changed_{one['what']}"
    said = messages.said("planning", code, {**one, **words}, language)
    return {"what": one["what"], "id": one["id"], "message": said}


def _fault(fault: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """One entry of pydantic's list; the place it names (body, query ...) is no word for a person."""
    context = {name: str(value) for name, value in fault.get("ctx", {}).items()}
    where = [str(part) for part in fault["loc"]]
    name = ".".join(where[1:]) if len(where) > 1 and fault["type"] != "json_invalid" else "body"
    value = None if fault["type"] == "missing" or "password" in name else _sendable(fault.get("input"))
    return {"field": name, "value": value, "message": messages.invalid(fault["type"], context, language)}


def _sendable(value: object) -> object:
    """What JSON can carry of a value that may be anything, and not more of it than a person can read."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): _sendable(one) for key, one in _few(value.items())}
    if isinstance(value, list | tuple | set | frozenset):
        return [_sendable(one) for one in _few(value)]
    return str(value)[:200].encode("utf-8", "replace").decode("utf-8")  # half a character may come, and not go


def _few(values: Any) -> Iterator[Any]:
    for n, value in enumerate(values):
        if n >= 20:
            return
        yield value
