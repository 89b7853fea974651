"""What an extract says of a place, on its way into the tables: in temporary tables of one connection.

Batches are copied while the file is read, each in a transaction of its own, so that nothing waits and nothing is held
in memory. What joins rows to one another is worked out over all of them; `ready_*` then holds what ought to be stored,
each row with its key and its digest. `merging` compares that with what is stored, and makes it so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

import shapely
from sqlalchemy import Connection, Engine, text

from gis import tables
from gis.database import quiet
from gis.osm.drawing import key_of
from gis.osm.metric import MERCATOR, project
from gis.osm.model import Laid, Thing
from gis.osm.streets import of_name, of_square
from gis.store.copying import copy_into, ewkb
from gis.store.kinds import DRAWN, GROUND, KINDS, Kind

SRID: Final = 4326
AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Staging:
    """A connection with the temporary tables of one extract."""

    tx: Connection
    languages: frozenset[str]  #: whose names the drawn map carries
    srid: int  #: a plane in metres

    def add(self, laid: Laid) -> None:
        """Copy one batch."""
        with self.tx.begin():
            quiet(self.tx)
            for name, rows in _rows(laid, self.languages):
                self.copy(name, rows)

    def copy(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        kind = KINDS[name]
        copy_into(self.tx, f"fresh_{name}", kind.copied, rows)

    def finish(
        self, squares: Sequence[Thing[Any]], stop: Callable[[], bool], wanted: Sequence[str] = GROUND + DRAWN
    ) -> None:
        """Join everything and make the `ready_*` tables. Raises InterruptedError when `stop` says so."""
        with self.tx.begin():
            quiet(self.tx)
            if "street" in wanted:
                self._streets(squares)
            for question in (*PREPARED, *(question for name in wanted for question in ready(KINDS[name]))):
                if stop():
                    raise InterruptedError
                self.tx.execute(text(question))

    def _streets(self, squares: Sequence[Thing[Any]]) -> None:
        """Pieces of one name are put together name by name, without holding more than one of them."""
        named = set()
        found = self.tx.execute(text(NAMED).execution_options(stream_results=True, yield_per=AT_ONCE))
        rows = ((name, names, shapely.from_wkb(bytes(wkb))) for name, names, wkb in found)
        made = []
        for name, pieces in groupby(rows, key=lambda row: str(row[0])):
            named.add(name)
            made += of_name(name, [(geom, names) for _, names, geom in pieces], self.srid)
        made += of_square([square for square in squares if square.tags["name"] not in named], self.srid)
        shapes, points = ewkb([s.geom for s in made], SRID), ewkb([s.point for s in made], SRID)
        self.copy("street", ((s.name, s.name, s.names, g, p) for s, g, p in zip(made, shapes, points, strict=True)))


@contextmanager
def staged(
    engine: Engine, languages: frozenset[str], srid: int, kinds: Iterable[str] = tuple(KINDS)
) -> Iterator[Staging]:
    """A connection of its own with empty tables; both are gone afterwards."""
    connection = engine.connect()
    try:
        with connection.begin():
            connection.execute(text("SET statement_timeout = 0"))
            for name in kinds:
                connection.execute(text(_fresh(name, KINDS[name])))
        yield Staging(connection, languages, srid)
    finally:
        connection.detach()  # its temporary tables and settings go with it
        connection.close()


def ready(kind: Kind) -> tuple[str, ...]:
    """SQL that makes the table of what ought to be stored of one kind."""
    columns = ", ".join(f"f.{name}" for name in kind.said)
    doubled = "row_number() OVER (PARTITION BY f.source_key ORDER BY f.n)"
    derived = "".join(f", {how} AS {name}" for name, how in kind.derived.items())
    content = ", ".join(f"f.{name}" for name in kind.said if name != kind.shape)
    grid = "0.01" if kind.drawn else "1e-7"
    made = f"""
        CREATE TEMP TABLE ready_{kind.table} AS
        SELECT f.n, f.source_key || CASE WHEN {doubled} > 1 THEN '#' || {doubled} ELSE '' END AS source_key,
            {columns}{derived},
            ('x' || left(md5(convert_to(jsonb_build_array({content})::text, 'UTF8')
                || coalesce(ST_AsBinary(ST_SnapToGrid(f.{kind.shape}, {grid})), '')), 16))::bit(64)::bigint AS digest
        FROM fresh_{kind.table} AS f {kind.joins}"""  # noqa: S608 - constants of `kinds`
    return (
        made,
        f"ALTER TABLE ready_{kind.table} ADD match TEXT",  # the key of the stored row, where that is another
        f"CREATE INDEX ON ready_{kind.table} (source_key)",
        f"ANALYZE ready_{kind.table}",
    )


def _fresh(name: str, kind: Kind) -> str:
    extra = "".join(f", ADD {column} DOUBLE PRECISION" for column in kind.raw if column not in _columns(kind.table))
    taken = ", ".join(column for column in (*kind.said, *kind.raw) if column in _columns(kind.table))
    return f"""
        CREATE TEMP TABLE fresh_{name} AS SELECT 'key'::text AS source_key, {taken} FROM {kind.table} WITH NO DATA;
        ALTER TABLE fresh_{name} ADD n BIGINT GENERATED ALWAYS AS IDENTITY{extra}"""  # noqa: S608 - constants of `kinds`


def _columns(table: str) -> frozenset[str]:
    return frozenset(column.name for column in tables.metadata.tables[table].columns)


def _rows(laid: Laid, languages: frozenset[str]) -> Iterator[tuple[str, Iterator[Sequence[object]]]]:
    """Rows by kind, as `Kind.copied` names their columns."""
    for name, things in (
        ("building", laid.buildings),
        ("address", laid.addresses),
        ("facility", laid.facilities),
        ("road", laid.roads),
        ("landmark", laid.landmarks),
        ("milestone", laid.milestones),
    ):
        if things:
            yield name, _table(KINDS[name], things)
    if laid.features:
        yield from _drawn(laid, languages)


def _table(kind: Kind, things: Sequence[Any]) -> Iterator[Sequence[object]]:
    shapes = [ewkb([getattr(thing, name) for thing in things], SRID) for name in kind.shapes]
    plain = attrgetter(*kind.plain)
    return ((_key(thing), *plain(thing), *shape) for thing, *shape in zip(things, *shapes, strict=True))


def _drawn(laid: Laid, languages: frozenset[str]) -> Iterator[tuple[str, Iterator[Sequence[object]]]]:
    """Drawn things, each for the table of its layer, in the plane of the tiles."""
    every = sorted(laid.features, key=lambda feature: feature.layer)
    shapes = ewkb(project([feature.geom for feature in every], MERCATOR), MERCATOR)
    for layer, members in groupby(zip(every, shapes, strict=True), key=lambda pair: pair[0].layer):
        yield (
            f"basemap_{layer}",
            (
                (x.key, x.kind, x.name, x.names, x.rank, x.min_zoom, _properties(x.tags, x.names, languages), g)
                for x, g in list(members)
            ),
        )


def _properties(tags: Any, names: Any, languages: frozenset[str]) -> dict[str, object]:
    """What a tile says of a feature besides kind, name, rank and min_zoom."""
    translated = {f"name:{tag}": name for tag, name in names.items() if tag in languages}
    return {**tags, **translated}


def _key(thing: Any) -> str:
    return key_of(getattr(thing, "osm_type", "way"), thing.osm_id)


NAMED: Final = """
    SELECT name, names, ST_AsBinary(geom) FROM fresh_road WHERE name <> '' ORDER BY name COLLATE "C", n
"""
#: What addresses look for: buildings by key and by place, streets by name.
PREPARED: Final = (
    "CREATE INDEX ON fresh_building (source_key)",
    "CREATE INDEX ON fresh_building USING gist (geom)",
    "ANALYZE fresh_building",
    "CREATE INDEX ON fresh_street (name)",
    "ANALYZE fresh_street",
)
