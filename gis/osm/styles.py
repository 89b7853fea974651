"""Tables of the base map: which tags are drawn as what, and from which tile on.

`min_zoom` is the first tile that holds a thing; a map in Leaflet shows tiles of zoom - 1, so every number here is one
lower than the zoom at which a person sees it. `rank` decides which label wins: 1 is the most important, 9 the least.
"""

from __future__ import annotations

from collections.abc import Mapping

type Style = tuple[str, int]  #: kind, min_zoom


def _as(kind: str, zoom: int, key: str, values: str) -> dict[tuple[str, str], Style]:
    return {(key, value): (kind, zoom) for value in values.split()}


def _same(zoom: int, key: str, values: str) -> dict[tuple[str, str], Style]:
    """Values that are drawn under their own name."""
    return {(key, value): (value, zoom) for value in values.split()}


LAND: Mapping[tuple[str, str], Style] = {
    **_same(10, "landuse", "residential commercial industrial retail"),
    **_same(11, "landuse", "allotments cemetery military railway quarry landfill construction brownfield"),
    **_as("forest", 8, "landuse", "forest"),
    **_as("farmland", 10, "landuse", "farmland orchard vineyard plant_nursery farmyard greenhouse_horticulture"),
    **_as("grass", 11, "landuse", "grass meadow village_green recreation_ground greenfield flowerbed"),
    **_as("cemetery", 13, "landuse", "religious"),
    **_as("school", 12, "landuse", "education"),
    **_as("parking", 14, "landuse", "garages"),
    **_as("forest", 8, "natural", "wood"),
    **_as("scrub", 10, "natural", "scrub heath fell tundra shrubbery"),
    **_as("grass", 10, "natural", "grassland"),
    **_same(10, "natural", "wetland glacier beach sand"),
    **_as("rock", 10, "natural", "bare_rock scree shingle rock"),
    **_as("park", 11, "leisure", "park dog_park common"),
    **_same(10, "leisure", "nature_reserve"),
    **_same(12, "leisure", "golf_course"),
    **_same(14, "leisure", "garden"),
    **_same(15, "leisure", "playground"),
    **_as("pitch", 14, "leisure", "pitch track"),
    **_as("sports_centre", 13, "leisure", "sports_centre stadium"),
    **_as("school", 12, "amenity", "school university college kindergarten"),
    **_same(12, "amenity", "hospital"),
    **_same(14, "amenity", "parking"),
    **_as("cemetery", 13, "amenity", "grave_yard"),
    **_as("pier", 13, "man_made", "pier breakwater groyne quay"),
    **_same(13, "man_made", "bridge"),
    **_as("aeroway", 12, "aeroway", "aerodrome apron runway taxiway helipad"),
    **_as("park", 13, "tourism", "zoo theme_park camp_site"),
    **_as("pedestrian", 14, "place", "square"),
    **_as("pedestrian", 14, "highway", "pedestrian footway"),
    **_as("road_area", 15, "highway", "service"),
    **_same(15, "railway", "platform"),
    **_same(15, "public_transport", "platform"),
}

WATER_AREAS: Mapping[tuple[str, str], Style] = {
    **_as("lake", 8, "natural", "water"),
    **_as("river", 8, "waterway", "riverbank"),
    **_same(12, "waterway", "dock"),
    **_as("reservoir", 10, "landuse", "reservoir basin"),
    **_same(15, "leisure", "swimming_pool"),
    **_same(15, "amenity", "fountain"),
}

WATER_LINES: Mapping[tuple[str, str], Style] = {
    **_same(9, "waterway", "river"),
    **_same(11, "waterway", "canal"),
    **_as("stream", 13, "waterway", "stream tidal_channel"),
    **_as("ditch", 14, "waterway", "drain ditch"),
    **_same(14, "waterway", "weir dam"),
}

ROADS: Mapping[tuple[str, str], Style] = {
    **_same(5, "highway", "motorway"),
    **_same(6, "highway", "trunk"),
    **_same(7, "highway", "primary"),
    **_same(9, "highway", "secondary"),
    **_same(10, "highway", "tertiary"),
    **_as("minor", 12, "highway", "unclassified residential road"),
    **_same(12, "highway", "living_street"),
    **_same(13, "highway", "pedestrian service track cycleway"),
    **_as("path", 13, "highway", "path"),
    **_as("path", 14, "highway", "footway bridleway corridor"),
    **_same(14, "highway", "steps"),
    **_same(9, "railway", "rail"),
    **_as("rail", 11, "railway", "light_rail narrow_gauge monorail"),
    **_same(12, "railway", "subway"),
    **_same(13, "railway", "tram funicular"),
    **_as("aerialway", 12, "aerialway", "cable_car gondola chair_lift mixed_lift"),
    **_same(10, "route", "ferry"),
    **_same(14, "man_made", "pier"),
}
SIDING: Style = ("siding", 14)

#: A main street's name stays when a lane's must go.
ROAD_RANK: Mapping[str, int] = {
    **dict.fromkeys(("motorway", "trunk"), 1),
    "primary": 2,
    "secondary": 3,
    "tertiary": 4,
    "rail": 6,
    "service": 7,
    **dict.fromkeys(("minor", "living_street", "pedestrian"), 5),
}
OTHER_ROAD = 8

PLACES: Mapping[str, tuple[int, int]] = {  #: rank, min_zoom
    "country": (1, 4),
    "state": (1, 5),
    "city": (2, 6),
    "town": (3, 8),
    "municipality": (3, 9),
    "borough": (4, 10),
    "suburb": (4, 11),
    "village": (4, 10),
    "quarter": (5, 12),
    "neighbourhood": (6, 13),
    "hamlet": (6, 12),
    "island": (6, 12),
    "square": (7, 15),
    "isolated_dwelling": (8, 14),
    "farm": (8, 14),
    "locality": (8, 14),
    "islet": (9, 14),
}

BOUNDARIES: Mapping[int, Style] = {
    2: ("country", 4),
    3: ("region", 6),
    4: ("region", 6),
    5: ("county", 8),
    6: ("county", 8),
    7: ("county", 9),
    8: ("municipality", 10),
    9: ("suburb", 12),
    10: ("suburb", 12),
    11: ("quarter", 13),
}

POINT_KEYS = (
    "amenity", "shop", "tourism", "historic", "leisure", "office", "craft", "railway", "highway", "natural", "man_made",
)  # fmt: skip
#: Furniture of the street that would only clutter a map for people under pressure.
CLUTTER = frozenset((
    "bench", "waste_basket", "bicycle_parking", "parking_space", "parking_entrance", "vending_machine", "crossing",
    "traffic_signals", "tree", "street_lamp", "turning_circle", "give_way", "stop", "speed_camera",
    "level_crossing", "switch", "buffer_stop", "signal", "railway_crossing", "utility_pole", "surveillance",
    "mini_roundabout", "tree_row", "passing_place", "stop_position", "milestone", "motorway_junction", "mast",
    "crossing_marker", "hunting_stand", "turning_loop", "elevator", "flagpole", "tower", "survey_point", "cross",
    "wayside_cross", "derail", "yes", "wayside_shrine", "picnic_table", "information", "artwork", "memorial",
    "letter_box", "post_box", "telephone", "motorcycle_parking", "pitch", "garden", "manhole", "subway_entrance",
    "tram_crossing",
))  # fmt: skip
PROMINENT = frozenset(("stadium", "museum", "theatre", "castle", "mall", "supermarket", "attraction", "station"))
UNNAMED = frozenset(("bus_stop", "tram_stop", "peak"))  #: worth a sign without a name
EARLY = PROMINENT | {"peak"}  #: shown a zoom earlier than other points
