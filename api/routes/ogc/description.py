"""The OpenAPI of the OGC API (`/ogc/api`): by hand, because the standard names parameters, types and statuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.routes.ogc.documents import GEOJSON, HTML, JSON, MVT, OPENAPI, SCHEMA, SQUARES
from gis.layers.asking import LIMIT, MOST
from gis.layers.catalogue import Layer

type Doc = dict[str, Any]

TEXT: Doc = {"type": "string"}


def description(root: str, version: str, layers: Iterable[Layer]) -> Doc:
    """OpenAPI 3.0 of what is published now."""
    shown = list(layers)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Gridward: OGC API",
            "version": version,
            "description": "Published layers. No account needed.",
        },
        "servers": [{"url": root}],
        "tags": [{"name": "Capabilities"}, {"name": "Data"}, {"name": "Tiles"}],
        "paths": {**_capabilities(), **_data(shown), **_tiles()},
        "components": {"parameters": _parameters(shown), "responses": _responses(), "schemas": _schemas()},
    }


def _capabilities() -> Doc:
    return {
        "/": _get("landing", "Landing page", "Capabilities", {JSON: _ref("landing"), HTML: TEXT}, ["f"]),
        "/api": _get(
            "description", "This description", "Capabilities", {OPENAPI: {"type": "object"}, HTML: TEXT}, ["f"]
        ),
        "/conformance": _get(
            "conformance", "Standards that are kept to", "Capabilities", {JSON: _ref("conformance"), HTML: TEXT}, ["f"]
        ),
        "/collections": _get(
            "collections", "The layers", "Capabilities", {JSON: _ref("collections"), HTML: TEXT}, ["f"]
        ),
        "/collections/{collectionId}": _get(
            "collection", "One layer", "Capabilities", {JSON: _ref("collection"), HTML: TEXT}, ["collectionId", "f"]
        ),
        "/collections/{collectionId}/queryables": _get(
            *("queryables", "By what a layer can be asked", "Capabilities"),
            {SCHEMA: {"type": "object"}, HTML: TEXT},
            ["collectionId", "f"],
        ),
    }


def _data(layers: list[Layer]) -> Doc:
    asked = [
        "limit",
        "after",
        "bbox",
        "bbox-crs",
        "crs",
        "datetime",
        "filter",
        "filter-lang",
        "filter-crs",
        "area",
        "f",
    ]
    items = {
        f"/collections/{one.id}/items": _get(
            f"items.{one.id}",
            f"Features of {one.id}",
            "Data",
            {GEOJSON: _ref("features"), HTML: TEXT},
            asked,
            own=[{"name": name, "in": "query", "schema": TEXT} for name in one.view.fields],
        )
        for one in layers
    }
    single = _get(
        "item", "One feature", "Data", {GEOJSON: _ref("feature"), HTML: TEXT}, ["collectionId", "featureId", "crs", "f"]
    )
    return {**items, "/collections/{collectionId}/items/{featureId}": single}


def _tiles() -> Doc:
    here = "/collections/{collectionId}/tiles"
    plain = {JSON: {"type": "object"}}
    return {
        here: _get("tilesets", "Tile sets of a layer", "Tiles", plain, ["collectionId"]),
        f"{here}/{SQUARES}": _get("tileset", "A tile set", "Tiles", plain, ["collectionId", "tiles-f"]),
        f"{here}/{SQUARES}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": _get(
            *("tile", "One vector tile", "Tiles", {MVT: {"type": "string", "format": "binary"}}),
            ["collectionId", "tileMatrix", "tileRow", "tileCol"],
        ),
        "/tileMatrixSets": _get("tilingSchemes", "Tiling schemes", "Tiles", plain, []),
        f"/tileMatrixSets/{SQUARES}": _get("tilingScheme", "A tiling scheme", "Tiles", plain, []),
    }


def _get(name: str, summary: str, tag: str, sent: Doc, parameters: list[str], *, own: list[Doc] | None = None) -> Doc:
    content = {kind: {"schema": schema} for kind, schema in sent.items()}
    refused = {str(status): {"$ref": f"#/components/responses/{status}"} for status in (400, 404, 406, 429, 503)}
    refs = [{"$ref": f"#/components/parameters/{one}"} for one in parameters]
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": [tag],
            "parameters": [*refs, *(own or [])],
            "responses": {"200": {"description": summary, "content": content}, **refused},
        }
    }


def _parameters(layers: list[Layer]) -> Doc:
    def query(name: str, schema: Doc, text: str, **more: Any) -> Doc:
        return {"name": name, "in": "query", "required": False, "schema": schema, "description": text, **more}

    def path(name: str, schema: Doc) -> Doc:
        return {"name": name, "in": "path", "required": True, "schema": schema}

    box = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}
    listed = {"style": "form", "explode": False}
    return {
        "collectionId": path("collectionId", {"type": "string", "enum": [one.id for one in layers]}),
        "featureId": path("featureId", {"type": "integer", "minimum": 0, "maximum": 2**60}),
        "tileMatrix": path("tileMatrix", {"type": "integer", "minimum": 0, "maximum": 18}),
        "tileRow": path("tileRow", {"type": "integer", "minimum": 0, "maximum": 2**18 - 1}),
        "tileCol": path("tileCol", {"type": "integer", "minimum": 0, "maximum": 2**18 - 1}),
        "f": query("f", {"type": "string", "enum": ["json", "html"]}, "The form of the answer."),
        "tiles-f": query("f", {"type": "string", "enum": ["json", "tilejson"]}, "The form of the answer."),
        "limit": query(
            "limit", {"type": "integer", "minimum": 1, "default": LIMIT}, f"Features of one page, {MOST} at most."
        ),
        "after": query(
            "after", {"type": "integer", "minimum": 0, "maximum": 2**60}, "Features after this id: see `next`."
        ),
        "bbox": query("bbox", box, "West, south, east, north.", **listed),
        "bbox-crs": query("bbox-crs", TEXT, "The plane of `bbox`."),
        "crs": query("crs", TEXT, "The plane of the answer."),
        "datetime": query("datetime", TEXT, "RFC 3339: a moment, or from/until with .. for open."),
        "filter": query("filter", TEXT, "CQL2."),
        "filter-lang": query(
            "filter-lang", {"type": "string", "enum": ["cql2-text", "cql2-json"]}, "How it is written."
        ),
        "filter-crs": query("filter-crs", TEXT, "The plane of shapes in `filter`."),
        "area": query(
            "area", {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}, "Id of an area: only what touches it."
        ),
    }


def _responses() -> Doc:
    meanings = {
        400: "A parameter is unknown or wrong.",
        404: "There is no such thing, or it is not published.",
        406: "Not in this form.",
        429: "Too many requests; `Retry-After` says when.",
        503: "The database does not answer; `Retry-After` says when.",
    }
    content = {JSON: {"schema": _ref("problem")}}
    return {str(status): {"description": text, "content": content} for status, text in meanings.items()}


def _ref(name: str) -> Doc:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> Doc:
    def thing(required: str, **properties: Doc) -> Doc:
        return {"type": "object", "required": required.split(), "properties": properties}

    links = {"type": "array", "items": _ref("link")}
    shape = {"type": "object", "nullable": True}
    whole = {"type": "integer"}
    return {
        "link": thing("href rel", href=TEXT, rel=TEXT, type=TEXT, title=TEXT),
        "landing": thing("title links", title=TEXT, description=TEXT, links=links),
        "conformance": thing("conformsTo", conformsTo={"type": "array", "items": TEXT}),
        "collection": thing("id links", id=TEXT, title=TEXT, description=TEXT, extent={"type": "object"}, links=links),
        "collections": thing(
            "collections links", collections={"type": "array", "items": _ref("collection")}, links=links
        ),
        "feature": thing("type id geometry properties", type={"type": "string", "enum": ["Feature"]}, id=whole,
                         geometry=shape, properties={"type": "object"}),
        "features": thing("type features", type={"type": "string", "enum": ["FeatureCollection"]},
                          features={"type": "array", "items": _ref("feature")}, numberMatched=whole,
                          numberReturned=whole, links=links),
        "problem": thing("error", error=thing("code message", code=TEXT, message=TEXT)),
    }  # fmt: skip
