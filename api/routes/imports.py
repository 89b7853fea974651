"""Files that people bring: what is in them, what they would change, and then the change."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from itertools import batched
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse
from shapely.geometry import mapping as geojson
from starlette.concurrency import run_in_threadpool

from api import messages, uploading
from api.identity import Caller, Key, Language, permits
from api.schemas import imports
from api.schemas.imports import BatchesOut, BatchOut, MapOut, PlanIn, RowsOut, SampleOut
from api.schemas.problem import refusals
from api.schemas.roads import VersionIn
from api.wiring import House, HouseDep
from dispatch import delivering
from dispatch.model import Deed, User
from gis.importing.deliveries.working import FOLDER
from gis.sources.rows import Refused, Row
from gis.store.deliveries.batches import Delivery

router = APIRouter(prefix="/api/imports", tags=["imports"])

Number = Annotated[int, InPath(ge=1, le=2**63 - 1)]
District = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Left out: a place of its own.")]
Short = Annotated[str | None, Query(max_length=300)]
After = Annotated[int | None, Query(ge=-(2**63) + 1, le=2**63 - 1, description="`next` of the answer before.")]
Verdict = Literal["added", "changed", "same", "gone", "rejected"]
importers = permits(Deed.IMPORT)
refused = refusals(401, 403, 404, 409, 422)
ENDING = re.compile(r"(?:\.[A-Za-z0-9]{2,8}){1,2}$", re.ASCII)  #: of the name of a file, which readers of OSM go by
MOST_SHOWN = 5_000
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.post(
    "",
    response_model=BatchOut,
    status_code=201,
    dependencies=[importers],
    responses=refusals(401, 403, 404, 409, 413, 422),
    openapi_extra=FORM,
)
async def receive(
    request: Request, who: Caller, house: HouseDep, language: Language, key: Key, district: District = None
) -> dict[str, Any]:
    """Bring a file of any kind. What is in it comes back, with a proposal of what its rows are and how to read them."""
    stored = f"{FOLDER}/{uuid4().hex}/file"
    file = house.settings.folder / stored
    try:
        name = await uploading.take(request, file, most=house.settings.upload_mb * uploading.MB)
        ending = ENDING.search(name)
        stored += ending[0].lower() if ending else ""
        file = file.rename(house.settings.folder / stored)
        found = await run_in_threadpool(_received, house, who, district, file, name, stored, key)
    except BaseException:
        shutil.rmtree(file.parent, ignore_errors=True)
        raise
    if found.stored != stored:
        shutil.rmtree(file.parent, ignore_errors=True)
    return imports.told(found, language)


@router.get("", response_model=BatchesOut, dependencies=[importers], responses=refusals(401, 403, 404, 422))
def listed(who: Caller, house: HouseDep, language: Language, district: District = None) -> dict[str, Any]:
    """What was brought, the newest first."""
    if district is not None:
        house.district(district)
    found = delivering.of_district(house.engine, who=who, district=district)
    return {"batches": [imports.told(one, language) for one in found]}


@router.get("/{batch}", response_model=BatchOut, dependencies=[importers], responses=refusals(401, 403, 404, 422))
def seen(batch: Number, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """One delivery: where it stands and what it comes to."""
    return imports.told(delivering.seen(house.engine, who=who, batch=batch), language)


@router.get("/{batch}/sample", response_model=SampleOut, dependencies=[importers], responses=refused)
def sample(
    batch: Number,
    who: Caller,
    house: HouseDep,
    language: Language,
    target: Short = None,
    layer: Short = None,
    crs: Short = None,
    encoding: Short = None,
) -> dict[str, Any]:
    """How the first 500 rows would land if it were read so."""
    how = {"target": target, "layer": layer, "crs": crs, "encoding": encoding}
    found = delivering.tried(house.engine, who=who, batch=batch, folder=house.settings.folder, **how)
    features = [_feature(one, language) for one in found.rows]
    return {
        "features": {"type": "FeatureCollection", "features": features},
        "bounds": found.bounds,
        "outside": found.outside,
        "suggestion": found.suggestion,
        "crs": found.crs,
        "mapping": found.mapping,
    }


@router.put("/{batch}/plan", response_model=BatchOut, status_code=202, dependencies=[importers], responses=refused)
def plan(batch: Number, given: PlanIn, who: Caller, house: HouseDep, language: Language, key: Key) -> dict[str, Any]:
    """Say how to read it. It is read and compared then; nothing of the ground changes yet."""
    engine = house.engine
    done = delivering.plan(engine, who=who, batch=batch, version=given.version, given=given.value(), key=key)
    return imports.told(done, language)


@router.post("/{batch}/apply", response_model=BatchOut, status_code=202, dependencies=[importers], responses=refused)
def apply(
    batch: Number, given: VersionIn, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Write what it changes into the ground, all of it or nothing."""
    done = delivering.agree(house.engine, who=who, batch=batch, version=given.version, key=key)
    return imports.told(done, language)


@router.post("/{batch}/cancel", response_model=BatchOut, dependencies=[importers], responses=refused)
def cancel(
    batch: Number, given: VersionIn, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Give it up, also while it is being read."""
    done = delivering.cancel(house.engine, who=who, batch=batch, version=given.version, key=key)
    return imports.told(done, language)


@router.get("/{batch}/rows", response_model=RowsOut, dependencies=[importers], responses=refusals(401, 403, 404, 422))
def rows(
    batch: Number,
    who: Caller,
    house: HouseDep,
    language: Language,
    verdict: Verdict | None = None,
    reason: Annotated[str | None, Query(max_length=40)] = None,
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """Its lines in order, some at a time."""
    found = delivering.lines(
        house.engine, who=who, batch=batch, verdict=verdict, reason=reason, after=after, limit=limit
    )
    return {
        "rows": [imports.row(one, language) for one in found],
        "next": found[-1]["line"] if len(found) == limit else None,
    }


@router.get("/{batch}/map", response_model=MapOut, dependencies=[importers], responses=refusals(401, 403, 404, 422))
def mapped(batch: Number, who: Caller, house: HouseDep) -> dict[str, Any]:
    """Its lines on a map, at most 5,000, evenly from each verdict."""
    found, sampled = delivering.mapped(house.engine, who=who, batch=batch, most=MOST_SHOWN)
    features = [
        {
            "type": "Feature",
            "geometry": one["geometry"],
            "properties": {
                "at": one["line"],
                "line": one["line"] if one["line"] >= 0 else None,
                "verdict": one["verdict"],
                "reason": one["reason"],
            },
        }
        for one in found
    ]
    return {"features": features, "sampled": sampled}


@router.get(
    "/{batch}/report",
    response_class=StreamingResponse,
    dependencies=[importers],
    responses={200: {"content": {"application/json": {}}}, **refusals(401, 403, 404, 422)},
)
def report(
    batch: Number,
    who: Caller,
    house: HouseDep,
    language: Language,
    format: Literal["json", "csv", "geojson"] = "json",  # noqa: A002 - the name of the parameter in the address
) -> StreamingResponse:
    """What became of every line, to keep."""
    known = delivering.seen(house.engine, who=who, batch=batch)
    found = (imports.row(one, language) for one in delivering.every(house.engine, batch))
    kind, write = REPORTS[format]
    name = quote(f"{Path(known.file).stem}-{batch}.{format}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return StreamingResponse(write(known, found, language), media_type=kind, headers=headers)


def _received(house: House, who: User, district: int | None, file: Path, name: str, stored: str, key: str) -> Delivery:
    given = {"who": who, "district": district, "file": file, "name": name, "stored": stored, "key": key}
    return delivering.receive(house.engine, **given)  # type: ignore[arg-type]  # the names are those of its parameters


def _feature(one: Row | Refused, language: messages.Language) -> dict[str, Any]:
    properties: dict[str, Any] = {**one.fields, "line": one.line, "verdict": "new", "reason": None}
    if isinstance(one, Refused):
        said = {"field": one.fault.field, "value": one.fault.value}
        message = messages.said("rows", one.fault.reason, said, language)
        properties |= {"verdict": "rejected", "reason": one.fault.reason, **said, "message": message}
    elif one.note:
        properties |= {"reason": "mended"}
    geometry = geojson(one.geom) if one.geom is not None else None
    return {"type": "Feature", "geometry": geometry, "properties": properties}


type Rows = Iterator[Mapping[str, Any]]


def _as_json(known: Delivery, rows: Rows, language: messages.Language) -> Iterator[str]:
    head = imports.told(known, language)
    named = {name: head[name] for name in ("id", "file", "target", "crs", "encoding", "counts", "source", "error")}
    yield json.dumps(named, ensure_ascii=False, default=str)[:-1] + ', "rows": [\n'
    yield from _joined(json.dumps(_bare(row), ensure_ascii=False, default=str) for row in rows)
    yield "\n]}\n"


def _as_geojson(known: Delivery, rows: Rows, language: messages.Language) -> Iterator[str]:
    del known, language
    yield '{"type": "FeatureCollection", "features": [\n'
    yield from _joined(
        json.dumps({"type": "Feature", "geometry": row["geometry"], "properties": _bare(row)}, ensure_ascii=False)
        for row in rows
    )
    yield "\n]}\n"


def _as_csv(known: Delivery, rows: Rows, language: messages.Language) -> Iterator[str]:
    del known, language
    names = ("line", "verdict", "reason", "field", "value", "message", "source_key")
    yield "\ufeff" + ",".join(names) + "\r\n"
    for some in batched(rows, 500):
        text = io.StringIO()
        csv.writer(text).writerows([_harmless(row[name]) for name in names] for row in some)
        yield text.getvalue()


def _bare(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("geometry", "at", "digest")}


def _joined(texts: Iterator[str]) -> Iterator[str]:
    for at, text in enumerate(texts):
        yield text if not at else f",\n{text}"


def _harmless(value: object) -> object:
    """A text that a spreadsheet would take for a formula is said to be one."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


REPORTS = {
    "json": ("application/json", _as_json),
    "csv": ("text/csv; charset=utf-8", _as_csv),
    "geojson": ("application/geo+json", _as_geojson),
}
