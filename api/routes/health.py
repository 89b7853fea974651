"""Whether the house stands: for machines that ask every few seconds."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.identity import public
from api.wiring import HouseDep

router = APIRouter(prefix="/api", tags=["health"])


@router.get("/health", dependencies=[public])
def health(house: HouseDep) -> dict[str, Any]:
    """What works and what does not.

    Always 200 while this process answers; `database` and `travel` are `ok`, or what is wrong with them.
    """
    database = "ok" if house.reachable() else "away"
    travel = house.roads.state()
    return {
        "status": "ok" if database == travel == "ok" else "degraded",
        "database": database,
        "travel": travel,
        "version": house.version,
    }


@router.get("/ready", dependencies=[public])
def ready(house: HouseDep) -> JSONResponse:
    """Whether requests may come: 200 once PostgreSQL answers, else 503."""
    if house.reachable():
        return JSONResponse({"ready": True})
    return JSONResponse({"ready": False}, 503, {"Retry-After": "3"})
