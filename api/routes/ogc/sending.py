"""How an answer goes out: with an etag, in the form that was asked for, and never held whole in memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Iterator
from hashlib import blake2b
from typing import IO, Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import Response, StreamingResponse

from api import answers
from api.routes.ogc.documents import HTML, JSON
from api.routes.ogc.pages import page
from gis.errors import BadQuestion

SPOOL = 2 * 2**20  #: bytes from which on an answer waits in a file
PIECE = 2**16
OPEN = {
    "Cache-Control": "public, no-cache",
    "Vary": "Accept, Accept-Language, Accept-Encoding",
    "Access-Control-Allow-Origin": "*",  # for pages of others; there is nothing here that needs an account
}


class Strict(APIRoute):
    """Answers 400 to a question that is wrong, as OGC asks for, where the rest of the house says 422."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        ask = super().get_route_handler()

        async def strict(request: Request) -> Response:
            language = answers.language_for(request)
            try:
                return await ask(request)
            except BadQuestion as error:
                told = answers.answer(error, language)
            except RequestValidationError as error:
                told = answers.misread(error, language)
            return answers.Answer(status=400, error=told.error, headers=told.headers).response()

        return strict


def form(request: Request, *known: str) -> str:
    """What the caller wants: `f`, else by Accept, the first of `known` where nothing is said."""
    asked = request.query_params.get("f")
    if asked is not None:
        if asked not in known:
            raise BadQuestion(field="f", value=asked[:40], allowed=", ".join(known))
        return asked
    accepted = request.headers.get("accept", "")
    return "html" if "html" in known and accepted.startswith(HTML) else known[0]


def sent(request: Request, body: bytes, type_: str, **headers: str) -> Response:
    """A small answer whole, or 304."""
    mark = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers |= {"ETag": mark, **OPEN}
    if _has(request, mark):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=type_, headers=headers)


def told(request: Request, said: dict[str, Any], title: str, type_: str = JSON, **headers: str) -> Response:
    """A document as JSON or as a page."""
    if form(request, "json", "html") == "html":
        return sent(request, page(title, said, answers.language_for(request)).encode(), HTML, **headers)
    return sent(request, json.dumps(said, ensure_ascii=False).encode(), type_, **headers)


def spooled(request: Request, pieces: Iterable[bytes], type_: str, **headers: str) -> Response:
    """A long answer: written aside first, so that a slow reader holds no connection to the database."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOL)  # noqa: SIM115 - closed when it has been read
    total = blake2b(digest_size=12)
    try:
        for piece in pieces:
            total.update(piece)
            file.write(piece)
    except BaseException:
        file.close()
        raise
    mark = f'"{total.hexdigest()}"'
    headers |= {"ETag": mark, **OPEN}
    if _has(request, mark):
        file.close()
        return Response(status_code=304, headers=headers)
    file.seek(0)
    return StreamingResponse(_read(file), media_type=type_, headers=headers)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _has(request: Request, mark: str) -> bool:
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return mark in known
