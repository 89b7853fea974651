"""What is drawn: tags into layers, kinds, label ranks and the first zoom, by the tables of `styles`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gis.osm import facilities, styles
from gis.osm.model import Tags
from gis.osm.styles import Style

RESCUE_FIRST = {"rescue": 2.0, "health": 2.0, "education": 3.0, "care": 3.0, "public": 4.0}


def land(tags: Tags) -> Style | None:
    """Ground cover of a surface."""
    return _first(styles.LAND, tags)


def water(tags: Tags) -> Style | None:
    """Water surface; rivers drawn as water=river are told from lakes."""
    style = _first(styles.WATER_AREAS, tags)
    flowing = tags.get("water") in ("river", "canal", "stream", "oxbow")
    return ("river", style[1]) if style and style[0] == "lake" and flowing else style


def line(tags: Tags) -> tuple[str, Style] | None:
    """Layer and style of a line: road (with rail, aerial ways and ferries) or water; the first known tag decides."""
    if link := tags.get("highway", ""):
        tags = {**tags, "highway": link.removesuffix("_link")}
    if found := _first(styles.ROADS, tags):
        siding = "railway" in tags and "highway" not in tags and "service" in tags
        return ("road", styles.SIDING if siding else found)
    if found := _first(styles.WATER_LINES, tags):
        return ("water", found)
    return None


def marks(tags: Tags) -> dict[str, object]:
    """What a style needs of a line besides its kind; absent means no."""
    found: dict[str, object] = {key: True for key in ("bridge", "tunnel") if tags.get(key, "no") != "no"}
    if tags.get("oneway") in ("yes", "true", "1", "-1"):
        found["oneway"] = -1 if tags["oneway"] == "-1" else 1
    if tags.get("highway", "").endswith("_link"):
        found["link"] = True
    if (layer := tags.get("layer", "0")) != "0" and layer.lstrip("-").isdigit():
        found["layer"] = int(layer)
    if "ref" in tags and "highway" in tags:
        found["ref"] = tags["ref"]
    if tags.get("access") in ("private", "no"):
        found["private"] = True
    return found


def point(tags: Tags) -> tuple[str, float, int] | None:
    """Kind, rank and min_zoom of a point of interest that is no facility; None for what is not worth a sign."""
    if tags.get("entrance", "no") != "no":
        return ("entrance", 9.0, 16)
    if _POINTS.isdisjoint(tags):
        return None
    for key in styles.POINT_KEYS:
        value = tags.get(key)
        if value and value not in styles.CLUTTER and ("name" in tags or value in styles.UNNAMED):
            kind = key if key in ("shop", "office", "craft") else value
            return (kind, 4.0 if value in styles.PROMINENT else 6.0, 14 if value in styles.EARLY else 15)
    return None


_POINTS = frozenset(styles.POINT_KEYS)


@cache
def facility_rank(kind: str) -> float:
    """Facilities for rescue and health before everything else that is a point."""
    group = next((known.group for known in facilities.kinds() if known.kind == kind), "")
    return RESCUE_FIRST.get(group, 5.0)


def _first(table: Mapping[tuple[str, str], Style], tags: Tags) -> Style | None:
    return next((table[item] for item in tags.items() if item in table), None)
