"""Towns that are made up: streets, houses and a district in the database, for tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity
from geoalchemy2.shape import from_shape
from shapely import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert

from gis import tables
from gis.database import Transaction
from gis.grid import Barrier, Blocks, Building, Community, Plane, Rank

PLANE = Plane(lon=24.94, lat=60.16)


def town(seed: int, *, streets: int = 6, houses: int = 40, size: float = 800.0, code: str = "TST") -> Blocks:
    """Two communities side by side, streets at random across them, and houses at random on top of everything."""
    rng = np.random.default_rng(seed)
    half = size / 2
    west, east = shapely.box(-half, -half, 0, half), shapely.box(0, -half, half, half)
    lines = [LineString(rng.uniform(-size * 0.7, size * 0.7, (int(rng.integers(2, 5)), 2))) for _ in range(streets)]
    ranks = [Rank(int(rank)) for rank in rng.choice([Rank.PATH, Rank.MINOR, Rank.MAJOR], streets)]
    pond = shapely.Point(*rng.uniform(-half, half, 2)).buffer(rng.uniform(20, 80))
    return Blocks(
        communities=(Community(code=f"{code}01", polygon=west), Community(code=f"{code}02", polygon=east)),
        barriers=tuple(Barrier(line=line, rank=rank) for line, rank in zip(lines, ranks, strict=True)),
        water=(pond,),
        buildings=tuple(_house(rng, half) for _ in range(houses)),
        plane=PLANE,
    )


def _house(rng: np.random.Generator, half: float) -> Building:
    x, y = rng.uniform(-half + 30, half - 30, 2)
    w, h = rng.uniform(4, 40, 2)
    turned = shapely.affinity.rotate(shapely.box(x, y, x + w, y + h), rng.uniform(0, 90))
    return Building(polygon=turned, people=float(rng.integers(0, 20)))


@dataclass(frozen=True)
class Stored:
    """Ids of what was put into the database."""

    district: int
    communities: tuple[int, ...]
    buildings: tuple[int, ...]


def store(tx: Transaction, blocks: Blocks) -> Stored:
    """Put a town into the tables as an import would."""
    code = blocks.communities[0].code[:-2]
    clip = multi(shapely.union_all([c.polygon for c in blocks.communities]))
    row = insert(tables.district).values(
        code=code,
        name="Test",
        clip=degrees(clip),
        centre=degrees(shapely.Point(0, 0)),
        time_zone="Europe/Helsinki",
        metric_srid=32635,
        attribution="made up",
        source_file="none",
        source_sha256=code,
    )
    district = tx.execute(row.returning(tables.district.c.id)).scalar_one()
    areas = tuple(_area(tx, district, community) for community in blocks.communities)
    buildings = tuple(_building(tx, district, i, building) for i, building in enumerate(blocks.buildings))
    _roads(tx, district, blocks)
    return Stored(district, areas, buildings)


def _area(tx: Transaction, district: int, community: Community) -> int:
    row = insert(tables.area).values(
        district=district,
        level="community",
        code=community.code,
        name=community.code,
        geom=degrees(multi(community.polygon)),
    )
    return int(tx.execute(row.returning(tables.area.c.id)).scalar_one())


def _building(tx: Transaction, district: int, number: int, building: Building) -> int:
    row = insert(tables.building).values(
        district=district,
        osm_type="way",
        osm_id=number,
        kind="house",
        people=building.people,
        area_m2=building.polygon.area,
        geom=degrees(multi(building.polygon)),
        point=degrees(shapely.point_on_surface(building.polygon)),
    )
    return int(tx.execute(row.returning(tables.building.c.id)).scalar_one())


def _roads(tx: Transaction, district: int, blocks: Blocks) -> None:
    kinds = {Rank.PATH: "footway", Rank.MINOR: "residential", Rank.MAJOR: "primary"}
    for number, barrier in enumerate(blocks.barriers):
        tx.execute(
            insert(tables.road).values(
                district=district,
                osm_id=number,
                highway=kinds[barrier.rank],
                metres=barrier.line.length,
                drive=barrier.rank != Rank.PATH,
                walk=True,
                geom=degrees(barrier.line),
            )
        )


def multi(shape: BaseGeometry) -> MultiPolygon | MultiLineString:
    """As the tables want it."""
    return MultiPolygon([shape]) if isinstance(shape, Polygon) else shape


def degrees(shape: BaseGeometry) -> object:
    """A shape in the metres of PLANE, as a value for a column."""
    return from_shape(PLANE.to_degrees(shape), srid=4326)
