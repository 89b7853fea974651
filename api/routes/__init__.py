"""The doors, one file per subject. A route says who may, reads the request, calls one use case, shapes the answer."""

from api.routes import (
    around,
    assignments,
    cases,
    closures,
    coverage,
    desk,
    divisions,
    files,
    following,
    ground,
    health,
    layers,
    imports,
    limits,
    ogc,
    pages,
    people,
    planning,
    session,
    speeds,
    streaming,
    tiles,
)

#: In this order: the pages answer to everything that is left.
ALL = (
    session.router,
    ground.router,
    around.router,
    tiles.router,
    ogc.router,
    layers.router,
    desk.router,
    cases.router,
    people.router,
    planning.router,
    limits.router,
    coverage.router,
    closures.router,
    divisions.router,
    speeds.router,
    imports.router,
    assignments.router,
    files.router,
    following.router,
    streaming.router,
    health.router,
    pages.router,
)

__all__ = ["ALL"]
