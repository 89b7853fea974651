"""What tags say: names by language, kinds of roads and buildings, storeys, addresses."""

from __future__ import annotations

import re

from gis.model import Names
from gis.osm.model import Tags

MOTOR = frozenset(
    f"{name}{link}" for name in ("motorway", "trunk", "primary", "secondary", "tertiary") for link in ("", "_link")
) | {"unclassified", "residential", "living_street", "service", "road"}
FOOT = frozenset({"footway", "path", "steps", "cycleway", "track", "pedestrian", "bridleway", "corridor"})
#: Highways that are no way to go: planned, gone, or furniture of the road.
NOT_YET = frozenset((
    "proposed", "construction", "planned", "abandoned", "disused", "razed", "demolished", "platform", "elevator",
    "raceway", "rest_area", "services", "bus_stop", "bus_guideway", "busway", "emergency_bay", "escape",
    "street_lamp", "crossing", "no", "via_ferrata", "speed_camera", "toll_gantry",
))  # fmt: skip

_LANGUAGE = re.compile(r"^name:([a-z]{2,3}(?:-[A-Za-z]{2,8})*)$")
#: Further names, kept under private tags of their own so that no language takes them for its name.
_OTHERS = {
    "alt_name": "x-alt",
    "old_name": "x-old",
    "official_name": "x-official",
    "short_name": "x-short",
    "loc_name": "x-local",
    "reg_name": "x-regional",
}
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")

DWELLINGS = frozenset((
    "house", "detached", "semidetached_house", "terrace", "apartments", "residential", "dormitory", "bungalow",
    "farm", "cabin", "houseboat", "static_caravan", "ger",
))  # fmt: skip


def names(tags: Tags, key: str = "name") -> Names:
    """Names by language tag; "" is the local name. `key` may be another family, such as addr:street.

    Old, short and other names follow as x-old, x-short ...; several of one sort as x-alt, x-alt-2 ...
    """
    found = {"": tags[key]} if tags.get(key) else {}
    for tag, value in tags.items():
        if value and tag.startswith("name:") and key == "name" and (match := _LANGUAGE.match(tag)):
            found[match[1]] = value
        elif value and key == "name" and tag in _OTHERS:
            parts = [part.strip() for part in value.split(";") if part.strip()]
            found |= {_OTHERS[tag] + (f"-{at}" if at > 1 else ""): part for at, part in enumerate(parts, 1)}
    return found


def number(text: str | None) -> float | None:
    """The first number in `text`; None where there is none. Units are left to the caller."""
    match = _NUMBER.search(text or "")
    return float(match[0].replace(",", ".")) if match else None


def levels(tags: Tags) -> float | None:
    """Storeys above ground, or None where neither storeys nor height are tagged. Half of the roof storeys count."""
    if (storeys := number(tags.get("building:levels"))) is not None:
        return max(1.0, min(storeys, 200.0) + 0.5 * min(number(tags.get("roof:levels")) or 0.0, 5.0))
    if (height := number(tags.get("height") or tags.get("building:height"))) is not None and 2 <= height <= 900:
        return max(1.0, round(height / 3.0))
    return None


def is_building(tags: Tags) -> bool:
    return tags.get("building", "no") != "no"


def is_drive(highway: str) -> bool:
    """Counts as a road for cars: motorway to service, with links."""
    return highway in MOTOR


def is_walk(highway: str) -> bool:
    """Counts as a way for feet: footway, path, steps, cycleway, track and the like."""
    return highway in FOOT


def is_way(tags: Tags) -> bool:
    """Counts as a way at all."""
    highway = tags.get("highway", "")
    return is_drive(highway) or is_walk(highway)


def is_area(tags: Tags) -> bool:
    """Whether a closed way with these tags is a surface: a roundabout or a fence is a line although it closes."""
    if tags.get("area") == "yes":
        return True
    if tags.get("area") == "no":
        return False
    return not ("highway" in tags or "barrier" in tags) or any(
        k in tags for k in ("building", "landuse", "amenity", "leisure")
    )


def building_kind(tags: Tags) -> str:
    """The value of `building`; for a plain `yes`, what else the tags tell."""
    kind = tags["building"]
    if kind not in ("yes", "building", "public"):
        return kind
    for key in ("amenity", "shop", "office", "tourism", "leisure", "man_made", "power", "railway", "historic", "craft"):
        if tags.get(key, "no") != "no":
            return tags[key] if key in ("amenity", "tourism") else key
    return kind


def label(street: str | None, number: str, place: str | None) -> str:
    """An address in the order of its language: 成府路28号, 12 Rue Grimaldi, Rosenstraße 12."""
    if not street:
        return f"{place} {number}" if place else number
    if any("㐀" <= sign <= "鿿" for sign in street):
        return f"{street}{number}号" if number[-1].isdigit() else f"{street}{number}"
    if _NUMBER_FIRST.match(street):
        return f"{number} {street}"
    return f"{street} {number}"


_NUMBER_FIRST = re.compile(
    r"^(rue|avenue|boulevard|place|chemin|quai|impasse|allée|route|ruelle|escalier|passage|square|descente|esplanade|montée|cours)\b"
    r"|.* (street|road|avenue|lane|drive|boulevard)$",
    re.IGNORECASE,
)
