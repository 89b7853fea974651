"""What ought to be stored (`ready_*`, see `staging`) against what is: counted, shown, and made so.

A row keeps its number as long as its object has a row; what goes, and what a row was before, is kept by the triggers of
`ground_past`. Rows of other sources are not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from geoalchemy2.shape import from_shape
from sqlalchemy import insert, select, text, update

from gis import tables
from gis.database import Transaction
from gis.errors import NotFound
from gis.model import DistrictId
from gis.store.kinds import DRAWN, GROUND, KINDS, Kind

#: Buildings before addresses, which refer to them.
ORDER: Final = ("building", *(name for name in GROUND if name != "building"), *DRAWN)
MOST_BOXES: Final = 20_000  #: beyond which a whole district counts as touched

type Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Rows of one kind by what becomes of them."""

    added: int
    changed: int
    same: int
    gone: int

    @property
    def touched(self) -> int:
        return self.added + self.changed + self.gone


def source_of(tx: Transaction, district: DistrictId, attribution: str) -> int:
    """The source that stands for OpenStreetMap in a district."""
    given = {"district": district, "attribution": attribution}
    return int(tx.execute(text(SOURCE), given).scalar_one())


def counted(tx: Transaction, district: DistrictId, source: int | None) -> dict[str, Counted]:
    """Every kind compared; without a source everything is new."""
    given = {"district": district, "source": source}
    return {name: Counted(**tx.execute(text(_counts(KINDS[name])), given).mappings().one()) for name in ORDER}


def write_rows(tx: Transaction, batch: int, district: DistrictId, source: int, *, after: int = 0) -> int:
    """Every row of the ground that would change, as a line of the delivery; returns the last line's number."""
    for name in GROUND:
        given = {"district": district, "source": source, "batch": batch, "after": after}
        after += tx.execute(text(_shown(KINDS[name])), given).rowcount
    return after


def touched_boxes(tx: Transaction, district: DistrictId, source: int) -> list[Box] | None:
    """Where the drawn map will differ, before and after (west, south, east, north); None: all over the place."""
    boxes: list[Box] = []
    for name in DRAWN:
        rows = tx.execute(text(_boxes(KINDS[name])), {"district": district, "source": source}).all()
        boxes += [(west, south, east, north) for west, south, east, north in rows]
        if len(boxes) > MOST_BOXES:
            return None
    return boxes


def merge(tx: Transaction, district: DistrictId, source: int, names: Iterable[str] = ORDER) -> None:
    """Make what is stored equal to what ought to be; whatever is new or has moved has no cell afterwards."""
    given = {"district": district, "source": source}
    for name in names:
        for question in (_delete(KINDS[name]), _update(KINDS[name]), _insert(KINDS[name])):
            tx.execute(text(question), given)
        if name == "address":
            tx.execute(text(IN_BUILDINGS), given)
    tx.execute(text(FOLLOW), given)


def settle(tx: Transaction, district: DistrictId) -> None:
    """Give a cell to whatever has none, and the cells their totals."""
    tx.execute(text(SETTLE), {"district": district})


def moment(tx: Transaction) -> datetime:
    """When this transaction began: what it stores is valid from then on."""
    found: datetime = tx.execute(text("SELECT now()")).scalar_one()
    return found


def write_areas(tx: Transaction, batch: int, areas: Sequence[Any], *, after: int) -> None:
    """Areas that differ, as proposals: lines that are shown and never applied."""
    for line, one in enumerate(areas, start=after + 1):
        fields = {"of": "area", "code": one.code, "name": one.name, "share": one.share}
        row = {
            "batch": batch,
            "line": line,
            "verdict": one.verdict,
            "source_key": one.code,
            "reason": PROPOSAL,
            "fields": fields,
            "was": None if one.was is None else {"name": one.was},
            "geom": from_shape(one.geom, 4326),
        }
        tx.execute(insert(tables.import_row).values(row))


def write_counts(tx: Transaction, batch: int, counts: Mapping[str, object]) -> None:
    """What a comparison came to."""
    b = tables.import_batch
    tx.execute(update(b).where(b.c.id == batch).values(counts=dict(counts)))


def shown(tx: Transaction, batch: int) -> tuple[DistrictId, object]:
    """The district of a delivery, and the counts by kind that were shown for it. Raises NotFound."""
    b = tables.import_batch.c
    row = tx.execute(select(b.district, b.counts).where(b.id == batch)).first()
    if row is None or row[0] is None:
        raise NotFound(what="import", id=batch)
    return int(row[0]), row[1].get("kinds")


def across(tx: Transaction, district: DistrictId, since: datetime) -> list[tuple[int, str]]:
    """Buildings that came or changed since a moment and reach into a second cell: id, code of their cell."""
    rows = tx.execute(text(ACROSS), {"district": district, "since": since}).all()
    return [(int(row[0]), str(row[1])) for row in rows]


def _mine(kind: Kind) -> str:
    return "t.source = :source" if kind.sourced else "t.district = :district AND t.source_key IS NOT NULL"


def _pairs(kind: Kind) -> str:
    return f"""ready_{kind.table} AS r FULL JOIN (SELECT * FROM {kind.table} AS t WHERE {_mine(kind)}) AS t
        ON t.source_key = {KEY}"""  # noqa: S608 - constants of `kinds`


def _counts(kind: Kind) -> str:
    both = "t.id IS NOT NULL AND r.source_key IS NOT NULL"
    return f"""
        SELECT count(*) FILTER (WHERE t.id IS NULL) AS added,
            count(*) FILTER (WHERE {both} AND t.digest IS DISTINCT FROM r.digest) AS changed,
            count(*) FILTER (WHERE {both} AND t.digest IS NOT DISTINCT FROM r.digest) AS same,
            count(*) FILTER (WHERE r.source_key IS NULL) AS gone
        FROM {_pairs(kind)}"""  # noqa: S608 - constants of `kinds`


def _shown(kind: Kind) -> str:
    def told(of: str) -> str:
        columns = ", ".join(f"'{name}', {of}.{name}" for name in kind.said if name != kind.shape)
        return f"jsonb_strip_nulls(jsonb_build_object('of', '{kind.table}', {columns}))"

    return f"""
        INSERT INTO import_row (batch, line, verdict, source_key, digest, row_id, fields, was, geom)
        SELECT :batch, :after + row_number() OVER (ORDER BY r.n NULLS LAST, t.id),
            CASE WHEN t.id IS NULL THEN 'added' WHEN r.source_key IS NULL THEN 'gone' ELSE 'changed' END,
            coalesce(r.source_key, t.source_key), r.digest, t.id,
            CASE WHEN r.source_key IS NULL THEN {told("t")} ELSE {told("r")} END,
            CASE WHEN t.id IS NOT NULL AND r.source_key IS NOT NULL THEN {told("t")} END,
            coalesce(r.{kind.shape}, t.{kind.shape})
        FROM {_pairs(kind)} WHERE t.digest IS DISTINCT FROM r.digest OR t.id IS NULL OR r.source_key IS NULL
        """  # noqa: S608 - constants of `kinds`


def _boxes(kind: Kind) -> str:
    return f"""
        SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box) FROM (
            SELECT ST_Transform(ST_Envelope(shape), 4326) AS box
            FROM {_pairs(kind)}, LATERAL (VALUES (t.{kind.shape}), (r.{kind.shape})) AS both_(shape)
            WHERE t.digest IS DISTINCT FROM r.digest AND shape IS NOT NULL LIMIT {MOST_BOXES + 1}) AS found
        """  # noqa: S608 - constants of `kinds`


def _delete(kind: Kind) -> str:
    return f"""DELETE FROM {kind.table} AS t WHERE {_mine(kind)}
        AND NOT EXISTS (SELECT FROM ready_{kind.table} AS r WHERE {KEY} = t.source_key)"""  # noqa: S608 - constants


def _update(kind: Kind) -> str:
    """Rows whose content changed, or only what follows from other rows: these stay what they were to `ground_past`."""
    values = {name: f"r.{name}" for name in (*kind.stored, "source_key", "digest")}
    if kind.table == "building":
        values["people"] = "CASE WHEN t.people_known THEN t.people ELSE r.people END"
    if kind.sourced:
        values["valid_from"] = "CASE WHEN t.digest IS DISTINCT FROM r.digest THEN now() ELSE t.valid_from END"
    if kind.table in CELLED:
        values["cell"] = "CASE WHEN t.point = r.point THEN t.cell END"
    derived = [name for name in kind.stored if name not in kind.said]
    follows = "".join(f" OR t.{name} IS DISTINCT FROM {values[name]}" for name in derived)
    return f"""
        UPDATE {kind.table} AS t SET {", ".join(f"{name} = {value}" for name, value in values.items())}
        FROM ready_{kind.table} AS r WHERE {_mine(kind)} AND {KEY} = t.source_key
        AND (t.digest IS DISTINCT FROM r.digest OR r.match IS NOT NULL{follows})"""  # noqa: S608 - constants of `kinds`


def _insert(kind: Kind) -> str:
    columns: Sequence[str] = ("source_key", *kind.stored, "digest")
    source = ("source", ":source, ") if kind.sourced else ("", "")
    return f"""
        INSERT INTO {kind.table} (district, {source[0]}{", " if source[0] else ""}{", ".join(columns)})
        SELECT :district, {source[1]}{", ".join(f"r.{name}" for name in columns)}
        FROM ready_{kind.table} AS r WHERE NOT EXISTS (
            SELECT FROM {kind.table} AS t WHERE {_mine(kind)} AND t.source_key = r.source_key) ORDER BY r.n
        """  # noqa: S608 - constants of `kinds`


KEY: Final = "coalesce(r.match, r.source_key)"
PROPOSAL: Final = "proposal"
SETTLE: Final = """
    SELECT grid_assign(grid) FROM current_grid(:district) AS grid WHERE grid IS NOT NULL
"""
CELLED: Final = frozenset(("building", "address", "facility"))
SOURCE: Final = """
    INSERT INTO source (district, kind, name, licence, attribution)
    VALUES (:district, 'osm', 'OpenStreetMap', 'ODbL 1.0', :attribution)
    ON CONFLICT (district, kind, name) DO UPDATE SET attribution = excluded.attribution RETURNING id
"""
#: An address that this source places in no building keeps the building that somebody else gave it.
IN_BUILDINGS: Final = """
    UPDATE address AS t SET building = b.id, cell = NULL
    FROM ready_address AS r JOIN building AS b ON b.source = :source AND b.source_key = r.building_key
    WHERE t.source = :source AND t.source_key = r.source_key AND t.building IS DISTINCT FROM b.id
"""
#: An address lies in the cell of its building.
FOLLOW: Final = """
    UPDATE address AS t SET cell = NULL FROM building AS b
    WHERE t.district = :district AND b.id = t.building AND b.cell IS NULL AND t.cell IS NOT NULL
"""
ACROSS: Final = """
    SELECT b.id, c.code FROM building AS b JOIN cell AS c ON c.id = b.cell
    WHERE b.district = :district AND b.valid_from >= :since
        AND NOT ST_Contains(c.geom, b.geom) AND NOT ST_IsEmpty(ST_Buffer(ST_Difference(b.geom, c.geom), -1e-7))
    ORDER BY b.id
"""
