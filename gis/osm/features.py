"""What is drawn: tags into layers, kinds, label ranks and the first zoom, after how a quiet base map needs it.

`kind` is one word a style asks for. `rank` decides which label wins: 1 is the most important, 9 the least. `min_zoom` is the first tile that holds it: a map in
Leaflet shows tiles of zoom - 1, so everything here is one lower than the zoom at which a person sees it.
"""

from __future__ import annotations

from collections.abc import Mapping

from gis.osm import facilities
from gis.osm.model import Tags

type Style = tuple[str, int]  #: kind, min_zoom

LAND: Mapping[tuple[str, str], Style] = {
    **{("landuse", v): (v, 10) for v in ("residential", "commercial", "industrial", "retail")},
    **{("landuse", v): ("forest", 8) for v in ("forest",)},
    **{
        ("landuse", v): ("farmland", 10)
        for v in ("farmland", "orchard", "vineyard", "plant_nursery", "farmyard", "greenhouse_horticulture")
    },
    **{
        ("landuse", v): ("grass", 11)
        for v in ("grass", "meadow", "village_green", "recreation_ground", "greenfield", "flowerbed")
    },
    **{
        ("landuse", v): (v, 11)
        for v in ("allotments", "cemetery", "military", "railway", "quarry", "landfill", "construction", "brownfield")
    },
    ("landuse", "religious"): ("cemetery", 13),
    ("landuse", "education"): ("school", 12),
    ("landuse", "garages"): ("parking", 14),
    ("natural", "wood"): ("forest", 8),
    **{("natural", v): ("scrub", 10) for v in ("scrub", "heath", "fell", "tundra", "shrubbery")},
    **{("natural", v): ("grass", 10) for v in ("grassland",)},
    **{("natural", v): (v, 10) for v in ("wetland", "glacier", "beach", "sand")},
    **{("natural", v): ("rock", 10) for v in ("bare_rock", "scree", "shingle", "rock", "cliff")},
    **{("leisure", v): ("park", 11) for v in ("park", "dog_park", "common")},
    ("leisure", "garden"): ("garden", 14),
    ("leisure", "nature_reserve"): ("nature_reserve", 10),
    ("leisure", "golf_course"): ("golf_course", 12),
    **{("leisure", v): ("pitch", 14) for v in ("pitch", "track")},
    ("leisure", "playground"): ("playground", 15),
    **{("leisure", v): ("sports_centre", 13) for v in ("sports_centre", "stadium")},
    **{("amenity", v): ("school", 12) for v in ("school", "university", "college", "kindergarten")},
    ("amenity", "hospital"): ("hospital", 12),
    ("amenity", "parking"): ("parking", 14),
    ("amenity", "grave_yard"): ("cemetery", 13),
    **{("man_made", v): ("pier", 13) for v in ("pier", "breakwater", "groyne", "quay")},
    ("man_made", "bridge"): ("bridge", 13),
    **{("aeroway", v): ("aeroway", 12) for v in ("aerodrome", "apron", "runway", "taxiway", "helipad")},
    **{("tourism", v): ("park", 13) for v in ("zoo", "theme_park", "camp_site")},
    ("place", "square"): ("pedestrian", 14),
    ("highway", "pedestrian"): ("pedestrian", 14),
    ("highway", "footway"): ("pedestrian", 15),
    ("highway", "service"): ("road_area", 15),
    ("railway", "platform"): ("platform", 15),
    ("public_transport", "platform"): ("platform", 15),
}

WATER_AREAS: Mapping[tuple[str, str], Style] = {
    ("natural", "water"): ("lake", 8),
    ("natural", "bay"): ("lake", 20),
    ("waterway", "riverbank"): ("river", 8),
    ("waterway", "dock"): ("dock", 12),
    **{("landuse", v): ("reservoir", 10) for v in ("reservoir", "basin")},
    ("leisure", "swimming_pool"): ("swimming_pool", 15),
    ("amenity", "fountain"): ("fountain", 15),
}

WATER_LINES: Mapping[str, Style] = {
    "river": ("river", 9), "canal": ("canal", 11), "stream": ("stream", 13), "tidal_channel": ("stream", 13),
    "drain": ("ditch", 14), "ditch": ("ditch", 14), "weir": ("weir", 14), "dam": ("dam", 13),
}  # fmt: skip

ROADS: Mapping[str, Style] = {
    "motorway": ("motorway", 5), "trunk": ("trunk", 6), "primary": ("primary", 7), "secondary": ("secondary", 9),
    "tertiary": ("tertiary", 10), "unclassified": ("minor", 12), "residential": ("minor", 12), "road": ("minor", 12),
    "living_street": ("living_street", 12), "pedestrian": ("pedestrian", 13), "service": ("service", 13),
    "track": ("track", 13), "cycleway": ("cycleway", 13), "bridleway": ("path", 14), "footway": ("path", 14),
    "path": ("path", 13), "steps": ("steps", 14), "corridor": ("path", 16),
}  # fmt: skip

RAILS: Mapping[str, Style] = {
    "rail": ("rail", 9), "light_rail": ("rail", 11), "narrow_gauge": ("rail", 11), "monorail": ("rail", 12),
    "subway": ("subway", 12), "tram": ("tram", 13), "funicular": ("funicular", 13),
}  # fmt: skip

AERIALS = frozenset(("cable_car", "gondola", "chair_lift", "mixed_lift", "funicular"))

#: A main street's name stays when a lane's must go.
ROAD_RANK = {"motorway": 1, "trunk": 1, "primary": 2, "secondary": 3, "tertiary": 4, "minor": 5, "living_street": 5,
             "pedestrian": 5, "rail": 6, "service": 7}  # fmt: skip
OTHER_ROAD = 8

PLACES: Mapping[str, tuple[int, int]] = {  # rank, min_zoom
    "country": (1, 4), "state": (1, 5), "city": (2, 6), "town": (3, 8), "municipality": (3, 9), "borough": (4, 10),
    "suburb": (4, 11), "quarter": (5, 12), "village": (4, 10), "neighbourhood": (6, 13), "hamlet": (6, 12),
    "isolated_dwelling": (8, 14), "farm": (8, 14), "locality": (8, 14), "square": (7, 15), "island": (6, 12), "islet": (9, 14),
}  # fmt: skip

BOUNDARIES: Mapping[int, Style] = {
    2: ("country", 4), 3: ("region", 6), 4: ("region", 6), 5: ("county", 8), 6: ("county", 8), 7: ("county", 9),
    8: ("municipality", 10), 9: ("suburb", 12), 10: ("suburb", 12), 11: ("quarter", 13),
}  # fmt: skip

POINT_KEYS = (
    "amenity",
    "shop",
    "tourism",
    "historic",
    "leisure",
    "office",
    "craft",
    "railway",
    "highway",
    "natural",
    "man_made",
)
#: Furniture of the street that would only clutter a map for people under pressure.
CLUTTER = frozenset(
    "bench waste_basket bicycle_parking parking_space parking_entrance vending_machine crossing traffic_signals street_lamp "
    "turning_circle give_way stop speed_camera level_crossing switch buffer_stop signal railway_crossing tree utility_pole "
    "surveillance mini_roundabout tree_row passing_place stop_position milestone motorway_junction crossing_marker hunting_stand "
    "turning_loop elevator flagpole mast tower survey_point cross wayside_cross wayside_shrine picnic_table information artwork yes "
    "memorial letter_box post_box telephone motorcycle_parking pitch garden derail manhole subway_entrance tram_crossing".split()
)
PROMINENT = frozenset(
    "hospital townhall station university stadium museum theatre castle mall supermarket attraction".split()
)


def land(tags: Tags) -> Style | None:
    """Ground cover of a surface."""
    return _first(LAND, tags)


def water(tags: Tags) -> Style | None:
    """Water surface; rivers drawn as water=river are told from lakes."""
    style = _first(WATER_AREAS, tags)
    if style and style[0] == "lake" and tags.get("water") in ("river", "canal", "stream", "oxbow"):
        return ("river", 8)
    return style


def line(tags: Tags) -> tuple[str, str, int] | None:
    """Layer, kind and min_zoom of a line: road (with rail, aerial ways and ferries) or water."""
    if (highway := tags.get("highway")) is not None:
        style = ROADS.get(highway.removesuffix("_link"))
        return ("road", *style) if style else None
    if (railway := tags.get("railway")) in RAILS and "service" not in tags:
        return ("road", *RAILS[railway])
    if railway in RAILS:
        return ("road", "siding", 14)
    if tags.get("waterway") in WATER_LINES:
        return ("water", *WATER_LINES[tags["waterway"]])
    if tags.get("aerialway") in AERIALS:
        return ("road", "aerialway", 12)
    if tags.get("route") == "ferry":
        return ("road", "ferry", 10)
    if tags.get("man_made") == "pier":
        return ("road", "pier", 14)
    return None


def road_marks(tags: Tags) -> dict[str, object]:
    """What a style needs besides the kind; absent means no."""
    marks: dict[str, object] = {}
    for key in ("bridge", "tunnel"):
        if tags.get(key, "no") != "no":
            marks[key] = True
    if tags.get("oneway") in ("yes", "true", "1", "-1"):
        marks["oneway"] = -1 if tags["oneway"] == "-1" else 1
    if tags.get("highway", "").endswith("_link"):
        marks["link"] = True
    if tags.get("layer", "0").lstrip("-").isdigit() and tags.get("layer", "0") != "0":
        marks["layer"] = int(tags["layer"])
    if "ref" in tags and "highway" in tags:
        marks["ref"] = tags["ref"]
    if tags.get("access") in ("private", "no"):
        marks["private"] = True
    return marks


def point(tags: Tags) -> tuple[str, float, int] | None:
    """Kind, rank and min_zoom of a point of interest that is no facility; None for what is not worth a sign."""
    if tags.get("entrance", "no") != "no":
        return ("entrance", 9.0, 16)
    for key in POINT_KEYS:
        value = tags.get(key)
        if value and value not in CLUTTER and ("name" in tags or value in ("bus_stop", "tram_stop", "peak")):
            kind = "shop" if key == "shop" else key if key in ("office", "craft") else value
            return (kind, 4.0 if value in PROMINENT else 6.0, 14 if value in (*PROMINENT, "peak") else 15)
    return None


def facility_rank(kind: str) -> float:
    """Facilities for rescue and health before everything else that is a point."""
    group = next((k.group for k in facilities.kinds() if k.kind == kind), "")
    return {"rescue": 2.0, "health": 2.0, "education": 3.0, "care": 3.0, "public": 4.0}.get(group, 5.0)


def _first(table: Mapping[tuple[str, str], Style], tags: Tags) -> Style | None:
    return next((table[item] for item in tags.items() if item in table), None)
