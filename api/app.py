"""The web application: `create_app(settings)`. Workers call it once each, inside their own process."""

from __future__ import annotations

import signal
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import answers, wiring
from api.routes import ALL
from api.schemas.problem import refusals
from api.settings import Settings
from api.stream import Broadcaster
from api.wiring import House

LARGEST = 11 * 2**20  #: bytes of a request: a photo of 10 MB and what multipart puts around it

DESCRIPTION = """\
One community on one map. Times are ISO 8601 in UTC, positions `{"lon", "lat"}` in WGS 84, durations seconds, lengths
metres. Errors have one shape and come in English, Simplified or Traditional Chinese (`Accept-Language`).

Sign in with `POST /api/session`; then send its `csrf` as `X-CSRF-Token` with everything that changes something, and a
fresh `Idempotency-Key` with every deed: sent again with the same key, a deed is done once and answered twice.
"""


def create_app(settings: Settings | None = None, *, house: House | None = None) -> FastAPI:
    """The whole door. Opens no connection before it starts; `house` takes the place of one made from `settings`."""
    house = house or wiring.house(settings or Settings())
    app = FastAPI(
        title="Gridward",
        version=house.version,
        description=DESCRIPTION,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses=refusals(),
        generate_unique_id_function=_name,
    )
    app.state.house = house
    app.state.stream = Broadcaster(house.engine, house.degraded)
    answers.install(app)
    for router in ALL:
        _describe(router)
        app.include_router(router)
    app.add_middleware(Bounded, most=LARGEST, uploads={"/api/imports": (house.settings.upload_mb + 1) * 2**20})
    app.add_middleware(Guarded, policy=content_policy(settings or house.settings))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    return app


def content_policy(settings: Settings) -> str:
    """Nothing from outside, but the raster tiles that somebody asked for. Styles inline: the charts set them."""
    hosts = sorted({_origin(source.url) for source in wiring.rasters(settings)})
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("img-src 'self' data: blob:", *hosts)),
            "style-src 'self' 'unsafe-inline'",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class Bounded:
    """Refuses a request that is too long before anybody reads it."""

    def __init__(self, app: ASGIApp, *, most: int, uploads: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.most = most
        self.uploads = uploads or {}  # paths to which more may be sent, because they write it to the disk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, taken = Request(scope), 0
        said = request.headers.get("content-length", "0")
        most = self.uploads.get(request.url.path, self.most)
        if not said.isdigit() or int(said) > most:
            await self._refused(request, most)(scope, receive, send)
            return

        async def received() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:  # sent in pieces without saying how long it is
                raise answers.Refused(413, "request.too_large", limit_mb=most // 2**20)
            return message

        await self.app(scope, received, send)

    def _refused(self, request: Request, most: int) -> Response:
        error = answers.Refused(413, "request.too_large", limit_mb=most // 2**20)
        return answers.answer(error, answers.language_for(request)).response()


class Guarded:
    """Puts on every answer what keeps a browser from doing foreign bidding."""

    def __init__(self, app: ASGIApp, *, policy: str) -> None:
        self.app = app
        self.headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"x-frame-options", b"DENY"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"permissions-policy", b"geolocation=(self), camera=(self), microphone=(), payment=()"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in self.headers if h[0] not in given)]
            await send(message)

        await self.app(scope, receive, sent)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    stream: Broadcaster = app.state.stream
    stream.start()
    try:
        with _before_shutdown(stream):
            yield
    finally:
        stream.close()
        stream.join()
        app.state.house.close()


@contextmanager
def _before_shutdown(stream: Broadcaster) -> Iterator[None]:
    """End the streams when the process is told to stop: the server waits for open answers before it says so here."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[int, Any] = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def stop(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=stream.close, daemon=True).start()  # it takes locks, which a handler must not
        if callable(before[number]):
            before[number](number, frame)

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _describe(router: APIRouter) -> None:
    """A route is called by the first sentence that stands under it."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            route.summary = (route.description or route.name).split(". ", 1)[0].split("\n\n", 1)[0].rstrip(".")


def _name(route: APIRoute) -> str:
    """Operation ids for generated clients: subject and deed."""
    return f"{route.tags[0] if route.tags else 'page'}-{route.name}"


def _origin(url: str) -> str:
    parts = urlsplit(url.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}"
