"""Every door says who may, and keeps to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute

from api.app import create_app
from api.identity import Permission
from api.settings import Settings
from tests.api.town import Person, Town

NOWHERE = Settings(database_url="postgresql://nobody@127.0.0.1:1/nothing")

LETTERS = {
    "D": "dispatcher",
    "S": "supervisor",
    "P": "planner",
    "A": "administrator",
    "W": "worker",
    "V": "volunteer",
    "R": "resident",
    "-": None,
}
DESK, WATCH, FIELD, STAFF, KNOWN, ALL = "DS", "DSPA", "WV", "DSPAWV", "DSPAWVR", "DSPAWVR-"

#: Address -> who gets past the door. What lies behind it may still be forbidden, unknown or not now.
MATRIX = {
    ("GET", "/api/session"): KNOWN,
    ("POST", "/api/session"): ALL,
    ("PATCH", "/api/session"): KNOWN,
    ("GET", "/api/districts"): KNOWN,
    ("GET", "/api/public/districts"): ALL,
    ("GET", "/api/districts/{district}/summary"): STAFF,
    ("GET", "/api/districts/{district}/areas"): STAFF,
    ("GET", "/api/districts/{district}/classes"): STAFF,
    ("GET", "/api/public/districts/{district}/classes"): ALL,
    ("GET", "/api/districts/{district}/skills"): STAFF,
    ("GET", "/api/districts/{district}/facility-kinds"): STAFF,
    ("GET", "/api/districts/{district}/search"): STAFF,
    ("GET", "/api/public/districts/{district}/search"): ALL,
    ("GET", "/api/districts/{district}/locate"): STAFF,
    ("GET", "/api/districts/{district}/around"): STAFF,
    ("GET", "/api/public/districts/{district}/locate"): ALL,
    ("GET", "/api/public/districts/{district}/around"): ALL,
    ("GET", "/api/districts/{district}/cells/{cell}"): STAFF,
    ("GET", "/api/tiles/{district}/base/{z}/{x}/{y}.mvt"): ALL,
    ("GET", "/api/tiles/{district}/cells/{z}/{x}/{y}.mvt"): STAFF,
    ("GET", "/api/layers"): STAFF,
    ("PUT", "/api/layers/{layer}"): "A",
    ("GET", "/api/layers/{layer}/export"): STAFF,
    ("POST", "/api/imports"): "PA",
    ("GET", "/api/imports"): "PA",
    ("GET", "/api/imports/{batch}"): "PA",
    ("GET", "/api/imports/{batch}/sample"): "PA",
    ("PUT", "/api/imports/{batch}/plan"): "PA",
    ("POST", "/api/imports/{batch}/apply"): "PA",
    ("POST", "/api/imports/{batch}/cancel"): "PA",
    ("GET", "/api/imports/{batch}/rows"): "PA",
    ("GET", "/api/imports/{batch}/map"): "PA",
    ("GET", "/api/imports/{batch}/report"): "PA",
    ("GET", "/api/styles/{theme}/{language}.json"): ALL,
    ("GET", "/ogc"): ALL,
    ("GET", "/ogc/"): ALL,
    ("GET", "/ogc/api"): ALL,
    ("GET", "/ogc/conformance"): ALL,
    ("GET", "/ogc/collections"): ALL,
    ("GET", "/ogc/collections/{key}"): ALL,
    ("GET", "/ogc/collections/{key}/queryables"): ALL,
    ("GET", "/ogc/collections/{key}/items"): ALL,
    ("GET", "/ogc/collections/{key}/items/{feature}"): ALL,
    ("GET", "/ogc/collections/{key}/tiles"): ALL,
    ("GET", "/ogc/collections/{key}/tiles/WebMercatorQuad"): ALL,
    ("GET", "/ogc/collections/{key}/tiles/WebMercatorQuad/{z}/{row}/{col}"): ALL,
    ("GET", "/ogc/tileMatrixSets"): ALL,
    ("GET", "/ogc/tileMatrixSets/WebMercatorQuad"): ALL,
    ("GET", "/api/districts/{district}/desk"): WATCH,
    ("POST", "/api/districts/{district}/incidents"): STAFF,
    ("POST", "/api/districts/{district}/plan"): DESK,
    ("GET", "/api/districts/{district}/planning"): WATCH,
    ("PUT", "/api/districts/{district}/planning"): "SA",
    ("GET", "/api/districts/{district}/weights"): WATCH,
    ("PUT", "/api/districts/{district}/weights"): "A",
    ("GET", "/api/districts/{district}/move-ups"): WATCH,
    ("POST", "/api/districts/{district}/what-if"): WATCH,
    ("POST", "/api/proposals/{proposal}/apply"): DESK,
    ("POST", "/api/proposals/{proposal}/reject"): DESK,
    ("POST", "/api/plans/{plan}/undo"): DESK,
    ("GET", "/api/responders/{responder}/limits"): "SA",
    ("PUT", "/api/responders/{responder}/limits"): "SA",
    ("GET", "/api/responders/{responder}/shifts"): "SA",
    ("PUT", "/api/responders/{responder}/shifts"): "SA",
    ("GET", "/api/incidents/{incident}/limits"): DESK,
    ("PUT", "/api/incidents/{incident}/limits"): DESK,
    ("GET", "/api/incidents/{incident}/why"): DESK,
    ("GET", "/api/incidents/{incident}"): KNOWN,
    ("GET", "/api/incidents/{incident}/candidates"): DESK,
    ("POST", "/api/incidents/{incident}/assign"): DESK,
    ("POST", "/api/incidents/{incident}/confirm"): DESK,
    ("POST", "/api/incidents/{incident}/reject"): DESK,
    ("POST", "/api/incidents/{incident}/withdraw"): DESK,
    ("POST", "/api/incidents/{incident}/return"): DESK,
    ("POST", "/api/incidents/{incident}/close"): DESK,
    ("POST", "/api/incidents/{incident}/reopen"): DESK,
    ("POST", "/api/incidents/{incident}/evaluate"): "SR",
    ("POST", "/api/incidents/{incident}/reclassify"): DESK,
    ("POST", "/api/incidents/{incident}/relocate"): DESK,
    ("POST", "/api/incidents/{incident}/note"): "DSWV",
    ("POST", "/api/incidents/{incident}/files"): "DSWVR",
    ("POST", "/api/assignments/{assignment}/files"): "DSWVR",
    ("GET", "/api/files/{file}"): KNOWN,
    ("GET", "/api/responders/{responder}/day"): "DSWV",
    ("POST", "/api/responders/{responder}/duty"): "DSWV",
    ("GET", "/api/my/tasks"): FIELD,
    ("POST", "/api/my/duty"): "DSWV",
    ("POST", "/api/my/positions"): FIELD,
    ("POST", "/api/assignments/{assignment}/accept"): FIELD,
    ("POST", "/api/assignments/{assignment}/decline"): FIELD,
    ("POST", "/api/assignments/{assignment}/depart"): FIELD,
    ("POST", "/api/assignments/{assignment}/arrive"): FIELD,
    ("POST", "/api/assignments/{assignment}/feed_back"): FIELD,
    ("GET", "/api/districts/{district}/coverage"): WATCH,
    ("GET", "/api/districts/{district}/coverage/buildings"): WATCH,
    ("GET", "/api/districts/{district}/coverage/cells"): WATCH,
    ("GET", "/api/districts/{district}/coverage.html"): WATCH,
    ("GET", "/api/closures"): STAFF,
    ("POST", "/api/closures"): "DSP",
    ("PUT", "/api/closures/feed"): "DSP",
    ("PATCH", "/api/closures/{closure}"): "DSP",
    ("POST", "/api/closures/{closure}/lift"): "DSP",
    ("GET", "/api/districts/{district}/divisions"): STAFF,
    ("POST", "/api/districts/{district}/divisions"): "PA",
    ("GET", "/api/divisions/{division}"): STAFF,
    ("GET", "/api/divisions/{division}/cells"): STAFF,
    ("GET", "/api/divisions/{division}/edits"): STAFF,
    ("POST", "/api/divisions/{division}/edits"): "PA",
    ("POST", "/api/divisions/{division}/undo"): "PA",
    ("POST", "/api/divisions/{division}/redo"): "PA",
    ("GET", "/api/divisions/{division}/faults"): STAFF,
    ("POST", "/api/divisions/{division}/mend"): "PA",
    ("POST", "/api/divisions/{division}/propose"): "PA",
    ("POST", "/api/divisions/{division}/approve"): "SA",
    ("POST", "/api/divisions/{division}/reject"): "SA",
    ("POST", "/api/divisions/{division}/withdraw"): "PA",
    ("POST", "/api/divisions/{division}/drop"): "PA",
    ("GET", "/api/divisions/{division}/changes"): STAFF,
    ("GET", "/api/districts/{district}/duties"): WATCH,
    ("PUT", "/api/districts/{district}/duties"): "SA",
    ("GET", "/api/districts/{district}/speeds"): WATCH,
    ("PUT", "/api/districts/{district}/speeds"): "A",
    ("POST", "/api/public/districts/{district}/reports"): ALL,
    ("GET", "/api/public/reports/{token}"): ALL,
    ("POST", "/api/public/reports/{token}/files"): ALL,
    ("POST", "/api/public/reports/{token}/evaluate"): ALL,
    ("GET", "/api/health"): ALL,
    ("GET", "/api/ready"): ALL,
}
APART = {
    ("DELETE", "/api/session"),  # would end the session: test_identity
    ("GET", "/api/stream"),  # does not end: test_streaming
    ("GET", "/enter/{token}"),  # in demo mode only: test_identity
    ("GET", "/api/demo"),
    ("GET", "/{path:path}"),  # pages: test_app
}
VALUES: dict[str, Any] = {
    "{cell}": 3,
    "{key}": "cells",
    "{theme}": "day",
    "{language}": "en",
    "{layer}": "cells",
    "{batch}": 999,
    "{feature}": 1,
    "{row}": 5552,
    "{col}": 8646,
    "{z}": 14,
    "{x}": 8646,
    "{y}": 5552,
    "{token}": "a-token-that-nobody-has",
    "{incident}": 999,
    "{assignment}": 999,
    "{responder}": 999,
    "{file}": 999,
    "{proposal}": 999,
    "{plan}": 999,
    "{division}": 999,
}
QUESTIONS = {
    "search": {"q": "Mill Lane 3"},
    "locate": {"lon": 10.002, "lat": 50.002},
    "around": {"lon": 10.002, "lat": 50.002},
    "coverage": {"kind": "school", "minutes": 5},
    "buildings": {"kind": "school", "minutes": 5},
    "cells": {"kind": "school", "minutes": 5},
    "coverage.html": {"kind": "school", "minutes": 5},
}


def routes() -> Iterator[APIRoute]:
    """Everything that the application answers to."""
    for route in create_app(NOWHERE).routes:
        inner = getattr(route, "original_router", None)
        yield from (one for one in (inner.routes if inner else [route]) if isinstance(one, APIRoute))


@pytest.mark.pure
def test_every_route_names_exactly_one_permission() -> None:
    found = list(routes())
    assert len(found) > 50
    for route in found:
        named = [one for one in route.dependencies if isinstance(one.dependency, Permission)]
        assert len(named) == 1, f"{route.path} names {len(named)} permissions"


@pytest.mark.pure
def test_the_matrix_knows_every_route() -> None:
    there = {(method, route.path) for route in routes() for method in route.methods}
    assert there == MATRIX.keys() | APART


@pytest.mark.pure
def test_every_route_is_described_with_its_errors() -> None:
    described = create_app(NOWHERE).openapi()["paths"]
    for path, operations in described.items():
        for method, operation in operations.items():
            assert operation.get("tags"), f"{method} {path} has no tag"
            assert " " in operation.get("summary", ""), f"{method} {path} has no summary"
            if path not in ("/api/health", "/api/ready"):
                assert "503" in operation["responses"], f"{method} {path} does not say what happens without PostgreSQL"


@pytest.mark.parametrize(("method", "path"), sorted(MATRIX))
def test_a_door_opens_for_those_who_may_and_nobody_else(tiny: Town, method: str, path: str) -> None:
    for letter, login in LETTERS.items():
        caller = tiny[login] if login else tiny.anybody
        answer = knock(caller, tiny, method, path)
        opened = letter in MATRIX[method, path]
        refused = 401 if login is None else 403
        if opened:
            assert answer.status_code not in {401, 403} or wrong_password(answer), f"{login}: {answer.text[:300]}"
        else:
            assert answer.status_code == refused, f"{login}: {answer.status_code} {answer.text[:300]}"
            assert answer.json()["error"]["code"] in {"work.unauthenticated", "work.forbidden"}


def wrong_password(answer: Any) -> bool:
    """Refused behind the door, which was open."""
    return bool(answer.json()["error"]["code"] == "work.unauthenticated.password")


def knock(caller: Person, town: Town, method: str, path: str) -> Any:
    filled = path.replace("{district}", str(town.district))
    for name, value in VALUES.items():
        filled = filled.replace(name, str(value))
    query = QUESTIONS.get(path.rsplit("/", 1)[-1], {}) if method == "GET" else {}
    if method == "GET":
        return caller.get(filled, params=query)
    if method == "POST":
        return caller.post(filled, {"login": "x", "password": "y"} if path == "/api/session" else {})
    return caller.request(method, filled, json={"language": "en"})
