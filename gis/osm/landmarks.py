"""What people know by name although it is no facility and no sign on the map, and posts that say how far a road is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from shapely.geometry import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from gis.osm import features as style
from gis.osm import tags as read_tags
from gis.osm.clipping import placed
from gis.osm.facilities import kind_of
from gis.osm.model import Landmark, Milestone, Tags, Thing

#: Keys that make a named thing one that somebody may name, the most telling first.
KEYS: Final = (
    *("amenity", "shop", "office", "craft", "healthcare", "emergency", "tourism", "historic", "leisure", "man_made"),
    *(
        "public_transport",
        "railway",
        "aerialway",
        "aeroway",
        "club",
        "landuse",
        "natural",
        "place",
        "highway",
        "entrance",
    ),
    *("power", "military", "barrier", "waterway", "information", "industrial", "social_facility"),
)
#: Named for those who drive a train or read a map, not for those who call.
SILENT: Final = frozenset(("crossing", "traffic_signals", "signal", "switch", "stop_position", "milestone", "stop"))
KILOMETRE: Final = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?")
POSITION: Final = ("distance", "railway:position:exact", "railway:position", "pk", "km")
LINE: Final = ("ref", "road:ref", "railway:ref", "route:ref", "operator", "name")


def landmarks[G: BaseGeometry](things: Iterable[Thing[G]], clip: MultiPolygon) -> tuple[Landmark, ...]:
    """Named things of the place that are stored nowhere else, each with its point."""
    return tuple(
        Landmark(
            osm_type=thing.osm_type,
            osm_id=thing.osm_id,
            kind=str(_kind(thing.tags)),
            name=thing.tags["name"],
            names=read_tags.names(thing.tags),
            point=point,
        )
        for thing, point in placed((thing for thing in things if _known_by_name(thing.tags)), clip)
    )


def milestones(nodes: Iterable[Thing[Point]], clip: MultiPolygon) -> tuple[Milestone, ...]:
    """Kilometre posts of roads and railways that say at which kilometre they stand."""
    posts = (node for node in nodes if kilometre(node.tags) is not None)
    return tuple(
        Milestone(
            osm_type=thing.osm_type,
            osm_id=thing.osm_id,
            way="road" if thing.tags.get("highway") == "milestone" else "railway",
            line=next((thing.tags[key] for key in LINE if thing.tags.get(key)), ""),
            km=kilometre(thing.tags) or 0.0,
            point=point,
        )
        for thing, point in placed(posts, clip)
    )


def kilometre(tags: Tags) -> float | None:
    """The kilometre that a post shows; None for what is no post, or one that shows none."""
    if "milestone" not in (tags.get("highway"), tags.get("railway")):
        return None
    said = next((tags[key] for key in POSITION if tags.get(key)), "")
    found = KILOMETRE.search(said)
    return float(found[0].replace(",", ".")) if found else None


def _known_by_name(tags: Tags) -> bool:
    if not tags.get("name") or "boundary" in tags or read_tags.is_building(tags):
        return False
    return kind_of(tags) is None and style.point(tags) is None and _kind(tags) is not None


def _kind(tags: Tags) -> str | None:
    return next(_kinds(tags), None)


def _kinds(tags: Tags) -> Iterator[str]:
    for key in KEYS:
        value = tags.get(key, "no")
        if value != "no" and value not in SILENT:
            yield key if value == "yes" else value
