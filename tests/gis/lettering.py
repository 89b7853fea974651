"""A made-up town with streets in two languages, houses, facilities and two cells, poured into the tables by hand."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text

from gis.database import Transaction
from gis.model import DistrictId
from gis.store import register

STREETS: list[tuple[str, dict[str, str]]] = [
    ("Korkeavuorenkatu", {"fi": "Korkeavuorenkatu", "sv": "Högbergsgatan"}),
    ("Tehtaankatu", {"fi": "Tehtaankatu", "sv": "Fabriksgatan"}),
    ("Krämerstraße", {}),
    ("Königsberger Straße", {}),
    ("Straße des 17. Juni", {}),
    ("Obergass", {}),
    ("成府路", {"en": "Chengfu Road"}),
    ("小東路477巷", {}),
    ("Landstrasse", {}),
    ("Am Markt", {}),
]
NUMBERS = {"成府路": ["35号", "45号"], "小東路477巷": ["1號"], "Korkeavuorenkatu": ["2", "20", "21", "30", "30B", "41"]}
FACILITIES = [("fire_station", "Erottajan pelastusasema"), ("pharmacy", "Schloss-Apotheke"), ("rail_station", "Vaduz")]
WEST, SOUTH, STEP = 24.90, 60.10, 0.004


def pour(tx: Transaction) -> DistrictId:
    """The town; its register is indexed. Streets lie 0.004 degrees apart going north, houses 0.001 along them."""
    district = int(_one(tx, DISTRICT))
    area = _one(tx, AREA, district=district)
    version = _one(
        tx, "INSERT INTO grid_version (district, target_m2) VALUES (:district, 1e6) RETURNING id", district=district
    )
    cells = [
        _one(
            tx, CELL, district=district, version=version, area=area, seq=seq, code=f"X1-{seq:03}", west=24.8 + 0.1 * seq
        )
        for seq in (1, 2)
    ]
    assert len(cells) == 2
    for row, (name, names) in enumerate(STREETS):
        lat = SOUTH + STEP * row
        tx.execute(text(STREET), {"district": district, "name": name, "names": _json(names), "lat": lat, "west": WEST})
        towns = ["Vaduz", "Triesen"] if name == "Landstrasse" else ["Vaduz"]
        for shift, town in enumerate(towns):
            for at, number in enumerate(NUMBERS.get(name, ["1", "3", "5", "12 a"])):
                lon = WEST + 0.001 * (at + 1) + 0.05 * shift
                _house(tx, district, name, names, number, town, lon, lat)
    for at, (kind, facility) in enumerate(FACILITIES):
        given = {"district": district, "kind": kind, "name": facility, "lon": WEST + 0.02 * at, "id": at}
        tx.execute(text(FACILITY), given)
    register.changed(tx, district)
    return district


def _house(
    tx: Transaction, district: int, street: str, names: dict[str, str], number: str, town: str, lon: float, lat: float
) -> None:
    given = {"street": street, "names": _json(names), "number": number, "town": town, "lon": lon, "lat": lat}
    tx.execute(text(HOUSE), {**given, "district": district, "label": f"{street} {number}"})


def _one(tx: Transaction, statement: str, **given: Any) -> Any:
    return tx.execute(text(statement), given).scalar_one()


def _json(names: dict[str, str]) -> str:
    return json.dumps(names, ensure_ascii=False)


DISTRICT = """
    INSERT INTO district (code, name, clip, centre, time_zone, metric_srid, attribution, source_file, source_sha256)
    VALUES ('X1', 'Town', ST_Multi(ST_MakeEnvelope(24.9, 60.1, 25.1, 60.2, 4326)),
        ST_SetSRID(ST_MakePoint(25, 60.15), 4326),
        'Europe/Helsinki', 32635, 'nobody', 'town.osm', 'none') RETURNING id
"""
AREA = """
    INSERT INTO area (district, level, code, name, geom)
    VALUES (:district, 'community', 'X1-1', 'All', ST_Multi(ST_MakeEnvelope(24.9, 60.1, 25.1, 60.2, 4326))) RETURNING id
"""
CELL = """
    INSERT INTO cell (district, version, area, code, seq, area_m2, geom, centre)
    VALUES (:district, :version, :area, :code, :seq, 6e7, ST_MakeEnvelope(:west, 60.1, :west + 0.1, 60.2, 4326),
        ST_SetSRID(ST_MakePoint(:west + 0.05, 60.15), 4326))
    RETURNING id
"""
STREET = """
    INSERT INTO street (district, name, names, geom, point) VALUES (:district, :name, CAST(:names AS jsonb),
        ST_SetSRID(ST_Multi(ST_MakeLine(ST_MakePoint(:west, :lat), ST_MakePoint(:west + 0.01, :lat))), 4326),
        ST_SetSRID(ST_MakePoint(:west + 0.005, :lat), 4326))
"""
HOUSE = """
    INSERT INTO address (district, osm_type, osm_id, street, number, city, names, label, point)
    VALUES (:district, 'node', 1, :street, :number, :town, CAST(:names AS jsonb), :label,
        ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
"""
FACILITY = """
    INSERT INTO facility (district, osm_type, osm_id, kind, name, point)
    VALUES (:district, 'node', :id, :kind, :name, ST_SetSRID(ST_MakePoint(:lon, 60.18), 4326))
"""
