"""How firmly a mapped thing divides the ground, by its tags as OpenStreetMap has them."""

from __future__ import annotations

from collections.abc import Mapping

from gis.grid.model import Rank

HIGHWAY = {
    **dict.fromkeys(("motorway", "trunk", "primary", "secondary", "tertiary"), Rank.MAJOR),
    **dict.fromkeys(("motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link"), Rank.MAJOR),
    **dict.fromkeys(("unclassified", "residential", "living_street", "pedestrian", "road", "busway"), Rank.MINOR),
    **dict.fromkeys(("service", "track"), Rank.SERVICE),
    **dict.fromkeys(("footway", "path", "cycleway", "bridleway", "steps"), Rank.PATH),
}
WATERWAY = {
    **dict.fromkeys(("river", "canal"), Rank.SHORE),
    **dict.fromkeys(("stream", "drain", "ditch", "tidal_channel"), Rank.STREAM),
}
RAILWAY = ("rail", "light_rail", "narrow_gauge", "funicular", "monorail")
WALLS = ("city_wall", "wall", "retaining_wall", "fence", "hedge")
PRIVATE_WAYS = ("driveway", "parking_aisle", "drive-through", "emergency_access")
BESIDE_A_ROAD = ("sidewalk", "crossing", "traffic_island", "link", "access_aisle")
SIDINGS = ("siding", "yard", "spur", "crossover")


def rank_of(tags: Mapping[str, str]) -> Rank | None:
    """The rank of a line with `tags`; None where it divides nothing: tunnels, sidewalks, driveways, sidings."""
    if _hidden(tags):
        return None
    if highway := tags.get("highway"):
        beside = tags.get("footway") in BESIDE_A_ROAD or tags.get("service") in PRIVATE_WAYS
        return None if beside else HIGHWAY.get(highway)
    if tags.get("railway") in RAILWAY:
        return None if tags.get("service") in SIDINGS else Rank.RAIL
    if tags.get("natural") == "coastline":
        return Rank.SHORE
    if tags.get("barrier") in WALLS:
        return Rank.WALL
    return WATERWAY.get(tags.get("waterway", ""))


def _hidden(tags: Mapping[str, str]) -> bool:
    """Whether the line runs under the ground, inside a building or as an area."""
    if tags.get("tunnel", "no") not in ("no", "building_passage") or tags.get("indoor", "no") != "no":
        return True
    return tags.get("area") == "yes" or tags.get("location") == "underground" or tags.get("layer", "0").startswith("-")
