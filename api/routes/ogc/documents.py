"""What the OGC API says of itself and of its layers, as values for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gis.layers.catalogue import Layer
from gis.layers.planes import CRS84, LISTED, uri
from gis.store.published import Box

GEOJSON: Final = "application/geo+json"
HTML: Final = "text/html"
JSON: Final = "application/json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA: Final = "application/schema+json"
MVT: Final = "application/vnd.mapbox-vector-tile"
SQUARES: Final = "WebMercatorQuad"
SQUARES_URI: Final = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
DEEPEST: Final = 18
WIDE: Final = 559_082_264.028717  #: scale of zoom 0
EDGE: Final = 20_037_508.3427892

CONFORMS: Final = tuple(
    f"http://www.opengis.net/spec/{one}"
    for one in (
        *(f"ogcapi-common-1/1.0/conf/{part}" for part in ("core", "landing-page", "json", "html", "oas30")),
        "ogcapi-common-2/1.0/conf/collections",
        *(f"ogcapi-features-1/1.0/conf/{part}" for part in ("core", "oas30", "geojson", "html")),
        "ogcapi-features-2/1.0/conf/crs",
        *(f"ogcapi-features-3/1.0/conf/{part}" for part in ("queryables", "queryables-query-parameters")),
        *(f"ogcapi-features-3/1.0/conf/{part}" for part in ("filter", "features-filter")),
        *(f"cql2/1.0/conf/{part}" for part in ("cql2-text", "cql2-json", "basic-cql2")),
        *(f"cql2/1.0/conf/{part}" for part in ("advanced-comparison-operators", "basic-spatial-functions")),
        *(
            f"ogcapi-tiles-1/1.0/conf/{part}"
            for part in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")
        ),
    )
)
KINDS: Final[Mapping[str, dict[str, str]]] = {
    "integer": {"type": "integer"},
    "bigint": {"type": "integer"},
    "double precision": {"type": "number"},
    "numeric": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "timestamp with time zone": {"type": "string", "format": "date-time"},
}


def link(href: str, rel: str, type_: str, title: str = "", **more: object) -> dict[str, Any]:
    return {"href": href, "rel": rel, "type": type_, **({"title": title} if title else {}), **more}


def both(href: str, title: str = "", type_: str = JSON, *, html: bool = False) -> list[dict[str, Any]]:
    """This page and its other form."""
    own, other = ("alternate", "self") if html else ("self", "alternate")
    glue = "&" if "?" in href else "?"
    return [link(f"{href}{glue}f=json", own, type_, title), link(f"{href}{glue}f=html", other, HTML, title)]


def landing(root: str, title: str, description: str, *, html: bool) -> dict[str, Any]:
    return {
        "title": title,
        "description": description,
        "links": [
            *both(root, title, html=html),
            link(f"{root}/api", "service-desc", OPENAPI),
            link(f"{root}/api?f=html", "service-doc", HTML),
            link(f"{root}/conformance", "conformance", JSON),
            link(f"{root}/collections", "data", JSON),
            link(f"{root}/tileMatrixSets", "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", JSON),
        ],
    }


def collection(root: str, layer: Layer, box: Box | None, terms: str, language: str, *, html: bool) -> dict[str, Any]:
    """One layer. `box` is where it lies, `terms` under which licence it is given away."""
    here = f"{root}/collections/{layer.id}"
    extent = {"extent": {"spatial": {"bbox": [list(box)], "crs": CRS84}}} if box else {}
    return {
        "id": layer.id,
        "title": layer.names[language],
        "description": layer.descriptions[language],
        "attribution": terms,
        "itemType": "feature",
        **extent,
        "crs": [CRS84, *map(uri, LISTED)],
        "storageCrs": CRS84 if layer.view.srid == 4326 else uri(layer.view.srid),
        "links": [
            *both(here, html=html),
            link(f"{here}/items", "items", GEOJSON, layer.names[language]),
            link(f"{here}/items?f=html", "items", HTML, layer.names[language]),
            link(f"{here}/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA),
            link(f"{here}/tiles", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", JSON),
        ],
    }


def queryables(root: str, layer: Layer, language: str) -> dict[str, Any]:
    """By what a layer can be asked, as JSON schema."""
    fields = {name: KINDS.get(kind, {"type": "string"}) for name, kind in layer.view.fields.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{root}/collections/{layer.id}/queryables",
        "type": "object",
        "title": layer.names[language],
        "properties": {
            **fields,
            "geom": {
                "format": "geometry-any" if layer.geometry == "Geometry" else f"geometry-{layer.geometry.lower()}"
            },
        },
        "additionalProperties": False,
    }


def tilesets(root: str, layer: Layer) -> dict[str, Any]:
    return {"tilesets": [tileset(root, layer, None)], "links": both(f"{root}/collections/{layer.id}/tiles")}


def tileset(root: str, layer: Layer, box: Box | None) -> dict[str, Any]:
    here = f"{root}/collections/{layer.id}/tiles/{SQUARES}"
    template = here + "/{tileMatrix}/{tileRow}/{tileCol}"
    return {
        "title": layer.id,
        "dataType": "vector",
        "crs": uri(3857),
        "tileMatrixSetId": SQUARES,
        "tileMatrixSetURI": SQUARES_URI,
        **({"boundingBox": {"lowerLeft": list(box[:2]), "upperRight": list(box[2:]), "crs": CRS84}} if box else {}),
        "links": [
            link(here, "self", JSON),
            link(f"{here}?f=tilejson", "alternate", JSON, "TileJSON"),
            link(template, "item", MVT, templated=True),
            link(f"{root}/tileMatrixSets/{SQUARES}", "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", JSON),
        ],
    }


def tilejson(root: str, layer: Layer, box: Box | None, terms: str, language: str) -> dict[str, Any]:
    """TileJSON 3.0, for those who write z/x/y."""
    fields = {name: KINDS.get(kind, {"type": "string"})["type"] for name, kind in layer.view.fields.items()}
    return {
        "tilejson": "3.0.0",
        "name": layer.names[language],
        "attribution": terms,
        "scheme": "xyz",
        "tiles": [f"{root}/collections/{layer.id}/tiles/{SQUARES}/{{z}}/{{y}}/{{x}}"],
        "minzoom": 0,
        "maxzoom": DEEPEST,
        **({"bounds": list(box)} if box else {}),
        "vector_layers": [{"id": layer.id, "fields": fields}],
    }


def matrix_sets(root: str) -> dict[str, Any]:
    own = link(f"{root}/tileMatrixSets/{SQUARES}", "self", JSON)
    return {"tileMatrixSets": [{"id": SQUARES, "uri": SQUARES_URI, "crs": uri(3857), "links": [own]}]}


def matrix_set() -> dict[str, Any]:
    """WebMercatorQuad (OGC 17-083r4, annex D)."""
    return {
        "id": SQUARES,
        "title": "Google Maps Compatible for the World",
        "uri": SQUARES_URI,
        "crs": uri(3857),
        "orderedAxes": ["E", "N"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [
            {
                "id": str(z),
                "scaleDenominator": WIDE / 2**z,
                "cellSize": 2 * EDGE / 256 / 2**z,
                "pointOfOrigin": [-EDGE, EDGE],
                "tileWidth": 256,
                "tileHeight": 256,
                "matrixWidth": 2**z,
                "matrixHeight": 2**z,
            }
            for z in range(DEEPEST + 1)
        ],
    }
