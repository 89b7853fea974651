"""What is published: views of the schema `published`, asked as a role that may read nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import shapely
from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Select,
    Text,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.types import TypeEngine

from gis import tables
from gis.database import Transaction
from gis.store.filtering import Columns, Filter, planted

SCHEMA = "published"
READER = "gridward_reader"
COUNTED = 200_000  #: rows up to which a question counts what it matches
WGS84, MERCATOR = 4326, 3857
WORLD = 40_075_016.685578488  #: metres of EPSG:3857 from edge to edge
HIDDEN = frozenset({"id", "geom"})
TYPES: Mapping[str, type[TypeEngine[Any]]] = {
    "integer": Float,
    "bigint": Float,
    "double precision": Float,
    "numeric": Float,
    "text": Text,
    "boolean": Boolean,
    "date": Date,
    "timestamp with time zone": DateTime,
}

type Box = tuple[float, float, float, float]
type Fields = Mapping[str, str]  #: name -> type in PostgreSQL, in the order of the view


@dataclass(frozen=True, kw_only=True)
class View:
    """One view: its fields besides `id` and `geom`, the EPSG code it lies in, and the field that is its time."""

    name: str
    fields: Fields
    srid: int
    time: str = "valid_from"
    until: str | None = None


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of a view. Everything given must hold."""

    district: int | None = None
    box: tuple[Box, int] | None = None  #: west, south, east, north in the plane of this EPSG code
    area: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    equal: Mapping[str, str] = field(default_factory=dict)
    filter: Mapping[str, Any] | None = None
    filter_srid: int = 4326
    after: int = 0  #: rows with a greater id


def reading(tx: Transaction, seconds: int = 10) -> None:
    """From here on this transaction reads what is published, nothing else, and no question takes longer."""
    tx.execute(text("SET TRANSACTION READ ONLY"))
    tx.execute(text(f"SET LOCAL statement_timeout = {int(seconds) * 1000}"))
    if tx.scalar(text("SELECT pg_has_role(rolname, 'member') FROM pg_roles WHERE rolname = :role"), {"role": READER}):
        tx.execute(text(f"SET LOCAL ROLE {READER}"))


def switches(tx: Transaction) -> dict[str, bool]:
    """Which layers are shown."""
    return {row.id: row.published for row in tx.execute(select(tables.layer))}


def switch(tx: Transaction, layer: str, published: bool) -> bool:
    """Show or hide a layer; False where there is none of that name."""
    t = tables.layer
    done = tx.execute(update(t).where(t.c.id == layer).values(published=published, changed_at=tables.NOW))
    return bool(done.rowcount)


def fields(tx: Transaction) -> dict[str, dict[str, str]]:
    """The columns of every view with their types, in order."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    rows = tx.execute(
        text("SELECT table_name, column_name, data_type FROM information_schema.columns "
             "WHERE table_schema = :schema ORDER BY table_name, ordinal_position"),
        {"schema": SCHEMA},
    )  # fmt: skip
    for name, field_, kind in rows:
        if field_ not in HIDDEN:
            found[name][field_] = kind
    return dict(found)


def features(
    tx: Transaction, view: View, asked: Question, *, srid: int, flipped: bool, limit: int
) -> Generator[tuple[int, str]]:
    """Ids and GeoJSON features by id, as PostgreSQL writes them, in the plane `srid`; `flipped`: north before east."""
    shape = column("geom") if srid == view.srid else func.ST_Transform(column("geom"), srid)
    shape = func.ST_FlipCoordinates(shape) if flipped else shape
    digits = 8 if srid in (4326, 4490) else 3
    properties: list[ColumnElement[Any]] = []
    for name in view.fields:
        properties += (literal_column(_quoted(name)), column(name))
    whole = func.json_build_object(
        *(literal_column("'type'"), literal_column("'Feature'"), literal_column("'id'"), column("id")),
        *(literal_column("'geometry'"), cast(func.ST_AsGeoJSON(shape, digits, 0), JSON)),
        *(literal_column("'properties'"), func.json_build_object(*properties)),
    )
    rows = _rows(view, asked, [column("id"), cast(whole, Text)]).order_by(column("id")).limit(limit)
    for key, body in tx.execute(rows, execution_options={"stream_results": True, "yield_per": 500}):
        yield int(key), body


def matched(tx: Transaction, view: View, asked: Question) -> int | None:
    """How many rows there are; None where they are too many to count for an answer."""
    some = _rows(view, asked, [column("id")]).limit(COUNTED + 1).subquery()
    found = tx.scalar(select(func.count()).select_from(some)) or 0
    return None if found > COUNTED else int(found)


def extent(tx: Transaction, view: View, district: int | None = None) -> Box | None:
    """West, south, east, north in WGS 84 of all that is there; None where there is nothing."""
    whole = _rows(view, Question(district=district), [func.ST_SetSRID(func.ST_Extent(column("geom")), view.srid)])
    found = tx.scalar(select(func.ST_AsText(func.ST_Transform(whole.scalar_subquery(), 4326))))
    if found is None:
        return None
    west, south, east, north = shapely.from_wkt(found).bounds
    return west, south, east, north


def tile(tx: Transaction, view: View, z: int, x: int, y: int, asked: Question, *, most: int) -> bytes:
    """A vector tile with one layer of the view's name: at most `most` rows, those with the lowest ids."""
    square = func.ST_TileEnvelope(z, x, y)
    around = func.ST_Expand(square, WORLD / 2**z / 16)
    near = column("geom").op("&&")(around if view.srid == MERCATOR else func.ST_Transform(around, view.srid))
    plane = column("geom") if view.srid == MERCATOR else func.ST_Transform(column("geom"), MERCATOR)
    shape = func.ST_AsMVTGeom(plane, square, 4096, 128, True).label("geom")
    own = [_told(name, kind).label(name) for name, kind in view.fields.items()]
    rows = _rows(view, asked, [column("id"), *own, shape]).where(near).order_by(column("id")).limit(most).subquery("t")
    whole = select(func.ST_AsMVT(literal_column("t"), view.name, 4096, "geom", "id"))
    body = tx.scalar(whole.select_from(rows).where(rows.c.geom.is_not(None)))
    return bytes(body) if body else b""


def wkb(tx: Transaction, view: View, asked: Question, *, srid: int, limit: int) -> Sequence[Sequence[Any]]:
    """Rows for a file: id, fields in their order, the shape as WKB in the plane `srid`; by id."""
    shape = column("geom") if srid == view.srid else func.ST_Transform(column("geom"), srid)
    columns = [column("id"), *(column(name) for name in view.fields), func.ST_AsBinary(shape)]
    return tx.execute(_rows(view, asked, columns).order_by(column("id")).limit(limit)).all()


def _rows(view: View, asked: Question, columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """The rows that answer; every name comes from the view, every value travels as a parameter."""
    known: Columns = {name: column(name, TYPES[kind]()) for name, kind in view.fields.items() if kind in TYPES}
    geometry: ColumnElement[Any] = column("geom")
    rows = select(*columns).select_from(table(view.name, schema=SCHEMA))
    reader = Filter(known, geometry, stored_in=view.srid, shapes_in=asked.filter_srid)
    wanted = [reader.equal(name, value) for name, value in asked.equal.items()]
    if asked.filter is not None:
        wanted.append(reader.condition(asked.filter))
    return rows.where(*wanted, *_near(view, asked), *_during(view, asked))


def _near(view: View, asked: Question) -> Iterator[ColumnElement[bool]]:
    if asked.district is not None:
        yield column("district") == asked.district
    if asked.after:
        yield column("id") > asked.after
    if asked.box is not None:
        box, srid = asked.box
        yield func.ST_Intersects(column("geom"), planted(shapely.box(*box), srid, view.srid))
    if asked.area is not None:
        outline = table("areas", schema=SCHEMA)
        shape: Select[Any] = (
            select(literal_column("geom")).select_from(outline).where(literal_column("id") == asked.area)
        )
        inside = shape.scalar_subquery()
        yield func.ST_Intersects(column("geom"), inside if view.srid == WGS84 else func.ST_Transform(inside, view.srid))


def _during(view: View, asked: Question) -> Iterator[ColumnElement[bool]]:
    """A row that begins before the end of what is asked and has not ended before its beginning."""
    begins = column(view.time, DateTime(timezone=True))
    ends = column(view.until, DateTime(timezone=True)) if view.until else None
    if asked.until is not None:
        yield begins <= asked.until
    if asked.since is not None:
        yield or_(ends.is_(None), ends >= asked.since) if ends is not None else begins >= asked.since


def _told(name: str, kind: str) -> ColumnElement[Any]:
    """What a tile can carry: times and days become text."""
    return cast(column(name), Text) if kind in ("date", "timestamp with time zone") else column(name)


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
