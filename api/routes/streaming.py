"""The stream of what happens."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api import messages
from api.answers import language_for
from api.identity import COOKIE, Session, signed_in
from api.schemas.problem import refusals
from api.stream import RESET, Broadcaster, Scope, cursor_of
from api.wiring import House, HouseDep
from dispatch import accounts, feed, policy, shape
from dispatch.errors import Forbidden, Unauthenticated
from dispatch.model import Cursor, Deed, User
from dispatch.store.keys import clock
from gis.database import begin
from gis.errors import NotFound
from gis.model import DistrictId

router = APIRouter(prefix="/api", tags=["stream"])

HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


@router.get(
    "/stream",
    response_class=StreamingResponse,
    dependencies=[signed_in],
    responses={200: {"content": {"text/event-stream": {}}}, **refusals(401, 403, 404)},
)
async def stream(
    request: Request,
    caller: Session,
    house: HouseDep,
    district: Annotated[int, Query(ge=1, le=2**31 - 1)],
    cursor: Annotated[str | None, Query(max_length=60, description="From the desk or from /my/tasks.")] = None,
    language: Annotated[messages.Language | None, Query(description="An EventSource sends no header.")] = None,
    last_event_id: Annotated[str | None, Header(max_length=60)] = None,
) -> StreamingResponse:
    """What happens in one place, as server-sent events, until the page is closed.

    `hello`, `change` (with an id to resume by), `position`, `degraded`, and `reset`: load the desk again. Staff receive
    what happens in their areas, a responder what concerns themself.
    """
    spoken = language or language_for(request)
    scope = await run_in_threadpool(scope_of, house, caller.user, district, spoken)
    broadcaster: Broadcaster = request.app.state.stream
    asked = last_event_id or cursor
    since = cursor_of(asked)
    if asked and since is None:
        return StreamingResponse(iter([RESET.encode()]), media_type="text/event-stream", headers=HEADERS)
    now, here = await run_in_threadpool(_now, house)
    token = request.cookies[COOKIE]
    said = broadcaster.messages(
        scope,
        since or here,
        hello={"now": now, "cursor": str(since or here)},
        still=lambda: _still_in(house, token, scope),
    )
    return StreamingResponse(said, media_type="text/event-stream", headers=HEADERS)


def scope_of(house: House, who: User, district: DistrictId, language: messages.Language) -> Scope:
    """What this caller may see of a place: their areas, or what concerns themself. Raises NotFound, Forbidden."""
    house.district(district)
    try:
        return Scope(district=district, areas=policy.scope(who, Deed.SEE_DESK, district), language=language)
    except Forbidden:
        if who.responder is None or not policy.may(who, Deed.SEE_TASKS):
            raise
        return Scope(district=district, responder=who.responder, language=language)


def _now(house: House) -> tuple[str | None, Cursor]:
    with begin(house.engine) as tx:
        return shape.moment(clock(tx)), feed.now(tx)


def _still_in(house: House, token: str, scope: Scope) -> bool:
    """Whether session and scope still hold; who signed out elsewhere or lost an area hears no more of it."""
    try:
        now = scope_of(house, accounts.user_of(house.engine, token).user, scope.district, scope.language)
    except (Unauthenticated, Forbidden, NotFound):
        return False
    except Exception:  # the database is away: the stream says so by itself
        return True
    return now == scope
