"""A question as it stands in an address (OGC API Features 1, 2, 3), read strictly: what is unknown is an error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gis.errors import BadQuestion
from gis.layers import cql
from gis.layers.catalogue import Layer
from gis.layers.planes import CRS84, plane
from gis.store.filtering import instant
from gis.store.published import Box, Question

LIMIT: Final = 100
MOST: Final = 10_000
CHOOSING: Final = frozenset({"bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs", "area"})
ASKED: Final = CHOOSING | {"f", "limit", "after", "crs"}


@dataclass(frozen=True, kw_only=True)
class Page:
    """A question, how many rows of it, and the plane of the answer."""

    asked: Question
    limit: int
    srid: int
    flipped: bool
    crs: str


def page(layer: Layer, given: Mapping[str, str]) -> Page:
    """What is asked of `layer`. Raises BadQuestion for whatever is unknown or out of range."""
    known(given, ASKED | set(layer.view.fields))
    srid, flipped = plane(given.get("crs", CRS84))
    return Page(
        asked=question(layer, given),
        limit=min(whole("limit", given.get("limit", str(LIMIT)), least=1), MOST),
        srid=srid,
        flipped=flipped,
        crs=given.get("crs", CRS84),
    )


def question(layer: Layer, given: Mapping[str, str]) -> Question:
    """What must hold of a row."""
    since, until = _during(given.get("datetime"))
    asked = given.get("filter")
    language = given.get("filter-lang", "cql2-text")
    if language not in ("cql2-text", "cql2-json"):
        raise BadQuestion(field="filter-lang", value=language[:40], allowed="cql2-text, cql2-json")
    read = cql.read_json if language == "cql2-json" else cql.read_text
    return Question(
        district=None,
        box=_box(given),
        area=whole("area", given["area"], least=1, most=2**31 - 1) if "area" in given else None,
        since=since,
        until=until,
        equal={name: value for name, value in given.items() if name in layer.view.fields},
        filter=None if asked is None else read(asked),
        filter_srid=plane(given.get("filter-crs", CRS84), "filter-crs")[0],
        after=whole("after", given.get("after", "0"), least=0, most=2**60),
    )


def known(given: Mapping[str, str], names: frozenset[str] | set[str]) -> None:
    """Raise BadQuestion for a parameter that nobody asked for."""
    for name, value in given.items():
        if name not in names:
            raise BadQuestion(
                "ground.bad_question.parameter", field=name[:60], value=value[:60], allowed=", ".join(sorted(names))
            )
        if "\x00" in value:
            raise BadQuestion(field=name, value="\\0", allowed="text")


def whole(name: str, value: str, *, least: int, most: int = 2**60) -> int:
    """A whole number. Raises BadQuestion."""
    if not (value.isascii() and value.isdigit() and len(value) < 20 and least <= int(value) <= most):
        raise BadQuestion(field=name, value=value[:60], allowed=f"{least}..{most}")
    return int(value)


def _box(given: Mapping[str, str]) -> tuple[Box, int] | None:
    srid, flipped = plane(given.get("bbox-crs", CRS84), "bbox-crs")
    if "bbox" not in given:
        return None
    said = given["bbox"]
    wrong = BadQuestion(field="bbox", value=said[:80], allowed="west,south,east,north")
    try:
        parts = [float(part) for part in said.split(",")]
    except ValueError as error:
        raise wrong from error
    if len(parts) == 6:  # with heights, which the ground has none of
        parts = [*parts[:2], *parts[3:5]]
    if len(parts) != 4 or not all(map(math.isfinite, parts)):
        raise wrong
    west, south, east, north = (parts[i] for i in ((1, 0, 3, 2) if flipped else (0, 1, 2, 3)))
    limits = srid == 4326 and (max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90)
    if west > east or south > north or limits:
        raise wrong
    return (west, south, east, north), srid


def _during(said: str | None) -> tuple[datetime | None, datetime | None]:
    if said is None:
        return None, None
    parts = said.split("/")
    if len(parts) > 2 or all(part in ("", "..") for part in parts):
        raise BadQuestion(field="datetime", value=said[:60], allowed="RFC 3339")
    try:
        moments = [None if part in ("", "..") else instant(part) for part in parts]
    except BadQuestion as error:
        raise BadQuestion(field="datetime", value=said[:60], allowed="RFC 3339") from error
    since, until = (moments[0], moments[-1])
    if since and until and since > until:
        raise BadQuestion(field="datetime", value=said[:60], allowed="from/until")
    return since, until
