"""Buildings, addresses, streets, facilities, roads and the drawn map of a district, poured in by COPY."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import text

from gis import tables
from gis.database import Transaction
from gis.model import DistrictId
from gis.osm.metric import MERCATOR, project
from gis.osm.model import Address, Building, FacilityFound, Feature, Ground, Road, Street
from gis.store import landmarks
from gis.store.copying import copy, ewkb, take_ids

SRID = 4326
ALWAYS = (
    "zh",
    "zh-Hans",
    "zh-Hant",
    "zh-CN",
    "zh-TW",
    "zh-HK",
    "en",
)  #: languages that the drawn map carries wherever they are mapped
COMMON = 0.05  #: and every other that this share of the named roads has


def add_ground(tx: Transaction, district: DistrictId, ground: Ground) -> None:
    """Store all of a place. Cells and search keys come after, from those who know them."""
    ids = _buildings(tx, district, ground.buildings)
    _addresses(tx, district, ground.addresses, ids)
    _streets(tx, district, ground.streets)
    _facilities(tx, district, ground.facilities)
    _roads(tx, district, ground.roads)
    add_features(tx, district, ground.features, spoken(ground.roads))
    landmarks.replace(tx, district, ground.landmarks, ground.milestones)


def analyse(tx: Transaction) -> None:
    """Tell the planner about the new rows: a grid is cut over them in the same transaction."""
    for table in ("building", "address", "street", "facility", "road", *(t.name for t in tables.basemap.values())):
        tx.execute(text(f"ANALYZE {table}"))


def _buildings(tx: Transaction, district: DistrictId, buildings: Sequence[Building]) -> list[int]:
    ids = take_ids(tx, tables.building, len(buildings))
    shapes, points = ewkb([b.geom for b in buildings], SRID), ewkb([b.point for b in buildings], SRID)
    columns = (
        "id",
        "district",
        "osm_type",
        "osm_id",
        "kind",
        "name",
        "names",
        "levels",
        "people",
        "area_m2",
        "geom",
        "point",
    )
    rows = (
        (i, district, b.osm_type, b.osm_id, b.kind, b.name, b.names, b.levels, b.people, b.area_m2, shape, point)
        for i, b, shape, point in zip(ids, buildings, shapes, points, strict=True)
    )
    copy(tx, tables.building, columns, rows)
    return ids


def _addresses(tx: Transaction, district: DistrictId, addresses: Sequence[Address], buildings: Sequence[int]) -> None:
    columns = (
        *("district", "osm_type", "osm_id", "street", "number", "unit", "postcode", "city", "names", "label"),
        *("building", "point"),
    )
    rows = (
        (
            *(district, a.osm_type, a.osm_id, a.street, a.number, a.unit, a.postcode, a.city, a.names, a.label),
            *(None if a.building is None else buildings[a.building], point),
        )
        for a, point in zip(addresses, ewkb([a.point for a in addresses], SRID), strict=True)
    )
    copy(tx, tables.address, columns, rows)


def _streets(tx: Transaction, district: DistrictId, streets: Sequence[Street]) -> None:
    shapes, points = ewkb([s.geom for s in streets], SRID), ewkb([s.point for s in streets], SRID)
    rows = ((district, s.name, s.names, g, p) for s, g, p in zip(streets, shapes, points, strict=True))
    copy(tx, tables.street, ("district", "name", "names", "geom", "point"), rows)


def _facilities(tx: Transaction, district: DistrictId, facilities: Sequence[FacilityFound]) -> None:
    columns = ("district", "osm_type", "osm_id", "kind", "name", "names", "tags", "point")
    rows = (
        (district, f.osm_type, f.osm_id, f.kind, f.name, f.names, f.tags, point)
        for f, point in zip(facilities, ewkb([f.point for f in facilities], SRID), strict=True)
    )
    copy(tx, tables.facility, columns, rows)


def _roads(tx: Transaction, district: DistrictId, roads: Sequence[Road]) -> None:
    columns = ("district", "osm_id", "highway", "name", "names", "tags", "metres", "drive", "walk", "geom")
    rows = (
        (district, r.osm_id, r.highway, r.name, r.names, r.tags, r.metres, r.drive, r.walk, shape)
        for r, shape in zip(roads, ewkb([r.geom for r in roads], SRID), strict=True)
    )
    copy(tx, tables.road, columns, rows)


def add_features(tx: Transaction, district: DistrictId, features: Iterable[Feature], languages: frozenset[str]) -> None:
    """Drawn things, each into the table of its layer, in the plane of the tiles."""
    layers: dict[str, list[Feature]] = defaultdict(list)
    for feature in features:
        layers[feature.layer].append(feature)
    columns = ("district", "kind", "name", "names", "rank", "min_zoom", "tags", "geom")
    for layer, members in layers.items():
        shapes = ewkb(project([f.geom for f in members], MERCATOR), MERCATOR)
        rows = (
            (district, f.kind, f.name, f.names, f.rank, f.min_zoom, _properties(f, languages), shape)
            for f, shape in zip(members, shapes, strict=True)
        )
        copy(tx, tables.basemap[layer], columns, rows)


def spoken(roads: Sequence[Road]) -> frozenset[str]:
    """Languages whose names the drawn map carries, besides the local one."""
    named = [road for road in roads if road.name]
    counts: dict[str, int] = defaultdict(int)
    for road in named:
        for language in road.names:
            counts[language] += 1
    return frozenset(ALWAYS) | {language for language, n in counts.items() if language and n >= COMMON * len(named)}


def _properties(feature: Feature, languages: frozenset[str]) -> Mapping[str, object]:
    """What a tile says of a feature besides kind, name, rank and min_zoom."""
    translated = {f"name:{tag}": name for tag, name in feature.names.items() if tag in languages}
    return {**feature.tags, **translated}
