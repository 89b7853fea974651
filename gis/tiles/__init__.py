"""Vector tiles (Mapbox Vector Tile 2, extent 4096) of the base map and of the cells, whole without the internet.

Leaflet shows tiles of zoom - 1, so everything is in the tile one zoom before a person sees it. DEEPEST is the last zoom
that is cut; deeper views magnify it. An empty tile is empty bytes.

Every feature of the base map has `kind`, `name` (local, may be missing), `name:<language>` (zh, zh-Hans, zh-Hant, en,
and what a twentieth of the named roads carries), `rank` (1 most important .. 9) and `min_zoom` (its first tile).

land: polygons, the larger first. earth (the land under everything), residential, commercial, industrial, retail,
    forest, grass, farmland, scrub, park, garden, pitch, playground, sports_centre, golf_course, nature_reserve,
    allotments, cemetery, school, hospital, parking, pedestrian, railway, construction, quarry, landfill, brownfield,
    military, wetland, glacier, beach, sand, rock, pier, bridge, aeroway, platform, road_area
water: polygons: sea, lake, river, dock, reservoir, swimming_pool, fountain; lines: river, canal, stream, ditch, weir,
    dam
roads: lines. motorway, trunk, primary, secondary, tertiary, minor, living_street, pedestrian, service, track, cycleway,
    path, steps; rail, siding, subway, tram, funicular; aerialway, ferry, pier. Marks: bridge, tunnel, link, private
    (true), oneway (1, or -1 against the line), layer (whole number), ref
buildings: polygons. The value of `building`, or what it is used for
boundaries: lines. country, region, county, municipality, suburb, quarter; admin_level
places: points. country, city, town, village, suburb, quarter, neighbourhood, hamlet, locality, square ...
points: facilities (facility: true; icon: maki/... or temaki/...; kinds as in data/reference/facilities.json), labels of
    surfaces (park, garden, wood, cemetery, water), shop, office, craft, and values of amenity, tourism, historic,
    leisure, railway; entrance
doors: points. house_number; number. In tiles of zoom 16

Tiles of cells: `cells` (polygons: id, code, area, area_name) and, from 14, `cell_labels` (points: id, code, seq, label,
area_name).
"""

from gis.tiles.cutting import Tile, cells_tile, cells_tile_with_etag, tile, tile_with_etag
from gis.tiles.memory import Memory
from gis.tiles.spoiling import spoil, warm
from gis.tiles.squares import DEEPEST

__all__ = [
    "DEEPEST",
    "Memory",
    "Tile",
    "cells_tile",
    "cells_tile_with_etag",
    "spoil",
    "tile",
    "tile_with_etag",
    "warm",
]
