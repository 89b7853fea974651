"""The doors, one file per subject. A route says who may, reads the request, calls one use case, shapes the answer."""

from api.routes import (
    assignments,
    cases,
    coverage,
    desk,
    files,
    following,
    ground,
    health,
    pages,
    people,
    session,
    streaming,
    tiles,
)

#: In this order: the pages answer to everything that is left.
ALL = (
    session.router,
    ground.router,
    tiles.router,
    desk.router,
    cases.router,
    people.router,
    coverage.router,
    assignments.router,
    files.router,
    following.router,
    streaming.router,
    health.router,
    pages.router,
)

__all__ = ["ALL"]
