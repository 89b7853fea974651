"""Layers for programs of others: OGC API Features (parts 1, 2, 3) and Tiles, on what is published and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.answers import language_for
from api.identity import limited, public
from api.routes.ogc import documents as docs
from api.routes.ogc.description import description
from api.routes.ogc.sending import Strict, form, sent, spooled, told
from api.wiring import House, HouseDep
from gis.database import Transaction, begin
from gis.errors import BadQuestion, NotFound
from gis.layers import asking, catalogue
from gis.layers.asking import known
from gis.layers.catalogue import Layer
from gis.layers.planes import CRS84, plane
from gis.store import published
from gis.store.published import Question

router = APIRouter(
    prefix="/ogc", tags=["ogc"], route_class=Strict, include_in_schema=False, dependencies=[limited("ogc", 1200)]
)

Key = Annotated[str, Path(max_length=60)]
Feature = Annotated[int, Path(ge=0, le=2**60)]
Zoom = Annotated[int, Path(ge=0, le=docs.DEEPEST)]
Number = Annotated[int, Path(ge=0, le=2**docs.DEEPEST - 1)]

SECONDS = 10  #: that a question may take
MOST_IN_TILE = 20_000
TITLE = "Gridward"
SAID = {
    "en": "Published layers of this community.",
    "zh-Hans": "本社区公开的图层。",
    "zh-Hant": "本社區公開的圖層。",
}


@router.get("", dependencies=[public])
@router.get("/", dependencies=[public])
def landing(request: Request) -> Response:
    """Where everything else is."""
    known(request.query_params, {"f"})
    html = form(request, "json", "html") == "html"
    return told(request, docs.landing(_root(request), TITLE, SAID[language_for(request)], html=html), TITLE)


@router.get("/api", dependencies=[public])
def api(request: Request, house: HouseDep) -> Response:
    """The description of all this."""
    known(request.query_params, {"f"})
    with begin(house.engine) as tx:
        shown = [one for one in catalogue.layers(tx) if one.published]
    return told(request, description(_root(request), house.version, shown), "OpenAPI", docs.OPENAPI)


@router.get("/conformance", dependencies=[public])
def conformance(request: Request) -> Response:
    """Which parts of the standards are kept to."""
    known(request.query_params, {"f"})
    return told(request, {"conformsTo": list(docs.CONFORMS)}, "Conformance")


@router.get("/collections", dependencies=[public])
def collections(request: Request, house: HouseDep) -> Response:
    """The layers that are shown."""
    known(request.query_params, {"f"})
    with begin(house.engine) as tx:
        shown = [one for one in catalogue.layers(tx) if one.published]
        published.reading(tx, SECONDS)
        said = [_collection(tx, request, one, house) for one in shown]
    html = form(request, "json", "html") == "html"
    links = docs.both(f"{_root(request)}/collections", html=html)
    return told(request, {"collections": said, "links": links}, TITLE)


@router.get("/collections/{key}", dependencies=[public])
def collection(key: Key, request: Request, house: HouseDep) -> Response:
    """One layer."""
    known(request.query_params, {"f"})
    with begin(house.engine) as tx:
        layer = _layer(tx, key)
        said = _collection(tx, request, layer, house)
    return told(request, said, said["title"])


@router.get("/collections/{key}/queryables", dependencies=[public])
def queryables(key: Key, request: Request, house: HouseDep) -> Response:
    """By what a layer can be asked."""
    known(request.query_params, {"f"})
    with begin(house.engine) as tx:
        layer = _layer(tx, key)
    language = language_for(request)
    return told(request, docs.queryables(_root(request), layer, language), layer.names[language], docs.SCHEMA)


@router.get("/collections/{key}/items", dependencies=[public])
def items(key: Key, request: Request, house: HouseDep) -> Response:
    """Features of a layer, by id, a page at a time."""
    given = _once(request)
    with begin(house.engine) as tx:
        layer = _layer(tx, key)
        page = asking.page(layer, given)
        crs = {"Content-Crs": f"<{page.crs}>"}
        if form(request, "json", "html") == "html":
            said = json.loads(b"".join(_features(tx, request, layer, page)))
            return told(request, said, layer.names[language_for(request)], **crs)
        return spooled(request, _features(tx, request, layer, page), docs.GEOJSON, **crs)


@router.get("/collections/{key}/items/{feature}", dependencies=[public])
def item(key: Key, feature: Feature, request: Request, house: HouseDep) -> Response:
    """One feature."""
    given = _once(request)
    known(given, {"f", "crs"})
    srid, flipped = plane(given.get("crs", CRS84))
    with begin(house.engine) as tx:
        layer = _layer(tx, key)
        asked = Question(after=feature - 1) if feature else Question()
        found = next(published.features(tx, layer.view, asked, srid=srid, flipped=flipped, limit=1), None)
    if found is None or found[0] != feature:
        raise NotFound(what="feature", id=feature)
    here = f"{_root(request)}/collections/{key}"
    said = json.loads(found[1])
    said["links"] = [*docs.both(f"{here}/items/{feature}", "", docs.GEOJSON), docs.link(here, "collection", docs.JSON)]
    if form(request, "json", "html") == "html":
        said = {"properties": said["properties"], "links": said["links"]}
    return told(request, said, f"{key} {feature}", docs.GEOJSON, **{"Content-Crs": f"<{given.get('crs', CRS84)}>"})


@router.get("/collections/{key}/tiles", dependencies=[public])
def tilesets(key: Key, request: Request, house: HouseDep) -> Response:
    """The tile sets of a layer."""
    known(request.query_params, {"f"})
    with begin(house.engine) as tx:
        layer = _layer(tx, key)
    return told(request, docs.tilesets(_root(request), layer), key)


@router.get("/collections/{key}/tiles/" + docs.SQUARES, dependencies=[public])
def tileset(key: Key, request: Request, house: HouseDep) -> Response:
    """One tile set, also as TileJSON."""
    known(request.query_params, {"f"})
    wanted = form(request, "json", "tilejson", "html")
    with begin(house.engine) as tx:
        layer = _layer(tx, key)
        box = published.extent(tx, layer.view)
    root = _root(request)
    if wanted == "tilejson":
        said = docs.tilejson(root, layer, box, _terms(house), language_for(request))
        return sent(request, json.dumps(said, ensure_ascii=False).encode(), docs.JSON)
    return told(request, docs.tileset(root, layer, box), key)


@router.get("/collections/{key}/tiles/" + docs.SQUARES + "/{z}/{row}/{col}", dependencies=[public])
def tile(key: Key, z: Zoom, row: Number, col: Number, request: Request, house: HouseDep) -> Response:
    """One vector tile; the row comes before the column."""
    known(request.query_params, {"f"})
    form(request, "mvt")
    if max(row, col) >= 2**z:
        raise NotFound(what="tile", id=f"{z}/{row}/{col}")
    with begin(house.engine) as tx:
        layer = _layer(tx, key)
        body = published.tile(tx, layer.view, z, col, row, Question(), most=MOST_IN_TILE)
    return sent(request, body, docs.MVT)


@router.get("/tileMatrixSets", dependencies=[public])
def matrix_sets(request: Request) -> Response:
    """The tiling schemes: one."""
    known(request.query_params, {"f"})
    return told(request, docs.matrix_sets(_root(request)), TITLE)


@router.get("/tileMatrixSets/" + docs.SQUARES, dependencies=[public])
def matrix_set(request: Request) -> Response:
    """The tiling scheme of web maps."""
    known(request.query_params, {"f"})
    return told(request, docs.matrix_set(), docs.SQUARES)


def _layer(tx: Transaction, key: str) -> Layer:
    """A layer that is shown; from here on the transaction reads what is published and nothing else."""
    found = catalogue.layer(catalogue.layers(tx), key)
    published.reading(tx, SECONDS)
    return found


def _collection(tx: Transaction, request: Request, layer: Layer, house: House) -> dict[str, Any]:
    html = form(request, "json", "html") == "html"
    box = published.extent(tx, layer.view)
    return docs.collection(_root(request), layer, box, _terms(house), language_for(request), html=html)


def _features(tx: Transaction, request: Request, layer: Layer, page: asking.Page) -> Iterator[bytes]:
    """A FeatureCollection in pieces. One row more than the page says whether there is a next one."""
    rows = published.features(tx, layer.view, page.asked, srid=page.srid, flipped=page.flipped, limit=page.limit + 1)
    first = next(rows, None)
    yield b'{"type":"FeatureCollection","features":['
    count, last, more = 0, 0, False
    for key, body in chain([first] if first else [], rows):
        if count == page.limit:
            more = True
            break
        yield (b"," if count else b"") + body.encode()
        count, last = count + 1, key
    rows.close()
    matched = published.matched(tx, layer.view, replace(page.asked, after=0))
    rest: dict[str, Any] = {"numberReturned": count, "links": _pages(request, layer, last if more else None)}
    if matched is not None:
        rest["numberMatched"] = matched
    yield b"]," + json.dumps(rest, ensure_ascii=False).encode()[1:]


def _pages(request: Request, layer: Layer, after: int | None) -> list[dict[str, Any]]:
    here = f"{_root(request)}/collections/{layer.id}"
    given = {name: value for name, value in request.query_params.items() if name != "f"}

    def at(**more: str) -> str:
        return f"{here}/items?{urlencode({**given, **more})}"

    links = [
        docs.link(at(f="json"), "self", docs.GEOJSON),
        docs.link(at(f="html"), "alternate", docs.HTML),
        docs.link(here, "collection", docs.JSON),
    ]
    return links if after is None else [*links, docs.link(at(after=str(after), f="json"), "next", docs.GEOJSON)]


def _once(request: Request) -> dict[str, str]:
    """The parameters; one that is given twice says nothing clear."""
    pairs = request.query_params.multi_items()
    given = dict(pairs)
    if len(given) != len(pairs):
        raise BadQuestion(field="query", value="&".join(name for name, _ in pairs)[:60], allowed="1")
    return given


def _root(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/ogc"


def _terms(house: House) -> str:
    return "; ".join(dict.fromkeys(place.attribution for place in house.districts()))
