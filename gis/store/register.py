"""The address register: its keys, and what the geocoder asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import RowMapping, Table, column, delete, insert, select, text, update, values

from gis import spelling, tables
from gis.database import Transaction
from gis.model import AreaId, CellId, DistrictId, Point

MANY: Final = 400  #: rows that one question brings at most
LIKENESS: Final = 0.3  #: share of trigrams in common below which two keys are never compared letter by letter
LIKENESS_SHORT: Final = 0.2  #: the same for keys of up to SHORT letters, of which one mistake leaves little
SHORT: Final = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A name of the register that a text may mean: of a street (by its key) or of a facility."""

    key: str
    name: str
    street: str | None
    facility: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A thing with a position: an address, a street, a facility, a crossing or a cell."""

    id: int
    label: str
    key: str
    city: str | None
    postcode: str | None
    point: Point
    reach_m: float  #: how far it extends from its point
    cell: CellId | None
    cell_code: str | None
    area: AreaId | None


def index(tx: Transaction, district: DistrictId) -> None:
    """Write the keys of every street, address and facility of `district`, and every spelling of their names."""
    _key_addresses(tx, district)
    for table in (tables.street, tables.facility):
        _key_names(tx, table, district)
    tx.execute(delete(tables.register_name).where(tables.register_name.c.district == district))
    found = (*_street_names(tx, district), *_facility_names(tx, district))
    rows: list[dict[str, str | int | None]] = [
        {"district": district, "kind": kind, "key": key, "name": name, "street": street, "facility": facility}
        for kind, name, street, facility in found
        for key in sorted(spelling.aliases(name) | ({spelling.street_key(name)} if street else set()))
    ]
    for start in range(0, len(rows), 5000):
        tx.execute(insert(tables.register_name), rows[start : start + 5000])
    tx.execute(text("ANALYZE register_name, address, street"))  # searches come at once, and hang on the new keys


def names(tx: Transaction, district: DistrictId, keys: Sequence[str]) -> list[Name]:
    """The names that are written exactly like one of `keys`."""
    return _names(tx, "key = ANY(:keys) LIMIT :limit", district=district, keys=list(keys), limit=MANY)


def names_starting(tx: Transaction, district: DistrictId, key: str, limit: int) -> list[Name]:
    """Names that begin with `key`, the shortest first."""
    return _names(
        tx, "key LIKE :start ORDER BY length(key), key LIMIT :limit", district=district, start=key + "%", limit=limit
    )


def names_like(tx: Transaction, district: DistrictId, keys: Sequence[str], limit: int) -> list[Name]:
    """Names that share trigrams with one of `keys`, for each key the likest `limit`."""
    least = LIKENESS_SHORT if any(len(key) <= SHORT for key in keys) else LIKENESS
    asked = {"district": district, "keys": list(keys), "limit": limit, "short": SHORT, "likeness": LIKENESS}
    tx.execute(text(COMPARING), {"share": str(least), "scan": "off"})
    rows = tx.execute(text(NAMES_LIKE), asked).mappings().all()
    tx.execute(text(COMPARING), {"share": str(least), "scan": "on"})
    return [Name(**row) for row in rows]


def addresses(tx: Transaction, district: DistrictId, keys: Sequence[str]) -> list[Spot]:
    """The addresses whose whole key is one of `keys`: one number of one street, in every town that has it."""
    return _spots(tx, ADDRESSES + "a.key = ANY(:keys) LIMIT :limit", district=district, keys=list(keys), limit=MANY)


def addresses_starting(tx: Transaction, district: DistrictId, key: str, limit: int = MANY) -> list[Spot]:
    """The addresses whose key begins with `key`: "street " for all of a street, "street 2" for 2, 20, 21 ..."""
    ending = "a.key LIKE :start ORDER BY length(a.key), a.key, a.id LIMIT :limit"
    spots = _spots(tx, ADDRESSES + ending, district=district, start=key + "%", limit=limit)
    return sorted(spots, key=lambda spot: (len(spot.key), spot.key, spot.id))  # the join with the cells shuffles


def streets(tx: Transaction, district: DistrictId, keys: Sequence[str]) -> list[Spot]:
    """The streets with one of `keys`, one per town where addresses tell the towns apart."""
    spots = _spots(tx, STREETS, district=district, keys=list(keys))
    return [spot for key in keys for spot in _told_apart([spot for spot in spots if spot.key == key])]


def crossings(tx: Transaction, district: DistrictId, keys: Sequence[str]) -> list[Spot]:
    """Where two different streets with one of `keys` meet, or come within 30 metres of each other."""
    return _spots(tx, CROSSINGS, district=district, keys=list(keys))


def facilities(tx: Transaction, district: DistrictId, ids: Sequence[int]) -> list[Spot]:
    """The facilities with one of `ids`."""
    return _spots(tx, FACILITIES, district=district, ids=list(ids))


def cells(tx: Transaction, district: DistrictId, code: str) -> list[Spot]:
    """The cell in force with this code, if there is one."""
    return _spots(tx, CELLS, district=district, code=code)


def nearest_address(tx: Transaction, district: DistrictId, point: Point) -> tuple[Spot, float] | None:
    """The address nearest to `point` and its distance in metres; None where the register is empty."""
    rows = _placed(tx, NEAREST, district=district, lon=point.lon, lat=point.lat)
    return (_spot(rows[0]), float(rows[0]["metres"])) if rows else None


def bounds(tx: Transaction, district: DistrictId) -> tuple[float, float, float, float]:
    """West, south, east, north of the district in degrees. Raises NoResultFound for an unknown one."""
    west, south, east, north = tx.execute(text(BOUNDS), {"district": district}).one()
    return west, south, east, north


ADDRESSES: Final = """
    SELECT a.id, a.label, a.key, a.city, a.postcode, a.point, 10.0 AS reach_m, a.cell FROM address a
    WHERE a.district = :district AND
"""
NEAREST: Final = """
    SELECT near.id, near.label, near.key, near.city, near.postcode, near.point, 10.0 AS reach_m, near.cell,
        ST_Distance(near.point::geography, here::geography) AS metres
    FROM ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS here, LATERAL (
        SELECT * FROM address WHERE district = :district ORDER BY point <-> here LIMIT 8) AS near
    ORDER BY metres, id LIMIT 1
"""
STREETS: Final = """
    SELECT found.*, cell_of(current_grid(:district), found.point) AS cell FROM (
        SELECT id, name AS label, key, NULL AS city, NULL AS postcode, point,
            ST_Length(ST_BoundingDiagonal(geom)::geography) / 2 AS reach_m
        FROM street WHERE district = :district AND key = ANY(:keys)
        UNION ALL
        SELECT min(a.id), min(a.street), asked, coalesce(a.city, ''), min(a.postcode),
            ST_ClosestPoint(ST_Collect(a.point), ST_Centroid(ST_Collect(a.point))),
            ST_Length(ST_BoundingDiagonal(ST_Collect(a.point))::geography) / 2 + 10
        FROM unnest(CAST(:keys AS text[])) AS asked
        JOIN address a ON a.district = :district AND a.key ~>=~ (asked || ' ') AND a.key ~<~ (asked || '!')
        GROUP BY asked, coalesce(a.city, '')) AS found
"""
CROSSINGS: Final = """
    SELECT found.*, cell_of(current_grid(:district), found.point) AS cell FROM (
        SELECT a.id, a.name || ' / ' || b.name AS label, a.key, NULL AS city, NULL AS postcode,
            ST_ClosestPoint(a.geom, b.geom) AS point, 15.0 AS reach_m
        FROM street a JOIN street b ON b.district = a.district AND a.key < b.key AND b.key = ANY(:keys)
            AND ST_DWithin(a.geom::geography, b.geom::geography, 30)
        WHERE a.district = :district AND a.key = ANY(:keys)) AS found
"""
FACILITIES: Final = """
    SELECT id, name AS label, key, NULL AS city, NULL AS postcode, point, 30.0 AS reach_m, cell
    FROM facility WHERE district = :district AND id = ANY(:ids)
"""
CELLS: Final = """
    SELECT id, code AS label, code AS key, NULL AS city, NULL AS postcode, centre AS point,
        sqrt(area_m2) / 2 AS reach_m, id AS cell
    FROM cell WHERE district = :district AND version = current_grid(:district) AND lower(code) = lower(:code)
"""
#: A question for things with a position, told with the coordinates and the code of the cell.
PLACED: Final = (
    "SELECT asked.*, ST_X(asked.point) AS lon, ST_Y(asked.point) AS lat, c.code AS cell_code, c.area FROM (",
    ") AS asked LEFT JOIN cell c ON c.id = asked.cell",
)
BOUNDS: Final = """
    SELECT ST_XMin(clip), ST_YMin(clip), ST_XMax(clip), ST_YMax(clip) FROM district WHERE id = :district
"""
NAMES: Final = "SELECT key, name, street, facility FROM register_name WHERE district = :district AND "
#: The planner takes comparing trigrams for cheap and reads a small table whole, which takes seven times as long.
COMPARING: Final = """
    SELECT set_config('pg_trgm.similarity_threshold', :share, true), set_config('enable_seqscan', :scan, true)
"""
NAMES_LIKE: Final = """
    SELECT DISTINCT found.key, found.name, found.street, found.facility FROM unnest(:keys) AS asked, LATERAL (
        SELECT * FROM register_name n WHERE n.district = :district AND n.key % asked
            AND similarity(n.key, asked) >= CASE WHEN length(asked) > :short THEN :likeness ELSE 0 END
        ORDER BY similarity(n.key, asked) DESC, n.id LIMIT :limit) AS found
"""


def _names(tx: Transaction, condition: str, **asked: object) -> list[Name]:
    return [Name(**row) for row in tx.execute(text(NAMES + condition), asked).mappings()]


def _spots(tx: Transaction, question: str, **asked: object) -> list[Spot]:
    return [_spot(row) for row in _placed(tx, question, **asked)]


def _told_apart(spots: Sequence[Spot]) -> list[Spot]:
    """Of one street: its parts in several towns, else as it is drawn, else where its addresses lie."""
    drawn = [spot for spot in spots if spot.city is None]
    by_town = [spot for spot in spots if spot.city]
    return by_town if len(by_town) > 1 else drawn or by_town or list(spots)


def _placed(tx: Transaction, question: str, **asked: object) -> Sequence[RowMapping]:
    return tx.execute(text(PLACED[0] + question + PLACED[1]), asked).mappings().all()


def _spot(row: RowMapping) -> Spot:
    rest = {field: row[field] for field in ("id", "label", "key", "city", "postcode", "cell", "cell_code", "area")}
    return Spot(**rest, point=Point(row["lon"], row["lat"]), reach_m=float(row["reach_m"]))


def _key_addresses(tx: Transaction, district: DistrictId) -> None:
    """One key for one number of one street, in whatever town; for one of a town where the street is not told."""
    a = tables.address.c
    known = tx.execute(select(a.street, a.city, a.number).where(a.district == district).distinct()).all()
    for start in range(0, len(known), 5000):
        rows = [(*row, spelling.address_key(row[0] or row[1] or "", row[2])) for row in known[start : start + 5000]]
        new = values(
            column("street", a.street.type),
            column("city", a.city.type),
            column("number", a.number.type),
            column("key", a.key.type),
            name="new",
        ).data(rows)
        same = a.street.is_not_distinct_from(new.c.street) & a.city.is_not_distinct_from(new.c.city)
        tx.execute(
            update(tables.address).where(a.district == district, a.number == new.c.number, same).values(key=new.c.key)
        )


def _key_names(tx: Transaction, table: Table, district: DistrictId) -> None:
    rows = tx.execute(select(table.c.name).where(table.c.district == district, table.c.name.is_not(None)).distinct())
    keyed = [(name, spelling.street_key(name)) for (name,) in rows]
    for start in range(0, len(keyed), 5000):
        new = values(column("name", table.c.name.type), column("key", table.c.key.type), name="new").data(
            keyed[start : start + 5000]
        )
        tx.execute(update(table).where(table.c.district == district, table.c.name == new.c.name).values(key=new.c.key))


def _street_names(tx: Transaction, district: DistrictId) -> Iterable[tuple[str, str, str, None]]:
    """Every name of every street, of the map and of the addresses, with the key that its addresses carry."""
    s, a = tables.street.c, tables.address.c
    mapped = tx.execute(select(s.name, s.names).where(s.district == district).distinct())
    lettered = tx.execute(select(a.street, a.names).where(a.district == district, a.street.is_not(None)).distinct())
    found = {(name, spelling.street_key(own)) for own, other in (*mapped, *lettered) for name in (own, *other.values())}
    return (("street", name, street, None) for name, street in sorted(found) if street)


def _facility_names(tx: Transaction, district: DistrictId) -> Iterable[tuple[str, str, None, int]]:
    """Every name of every facility but those that are called like their town: a town is no landmark in itself."""
    f, a = tables.facility.c, tables.address.c
    rows = tx.execute(select(f.id, f.name, f.names).where(f.district == district).order_by(f.id))
    found = {(name, facility) for facility, own, other in rows for name in (own, *other.values()) if name}
    towns = {
        spelling.key(town) for (town,) in tx.execute(select(a.city).where(a.district == district).distinct()) if town
    }
    found = {each for each in found if spelling.key(each[0]) not in towns}
    return (("facility", name, None, facility) for name, facility in sorted(found))
