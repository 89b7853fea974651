"""Districts, the areas in them, and the imports that made them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping, Select, case, func, insert, select, text, update

from gis import tables
from gis.database import Transaction
from gis.errors import NotFound
from gis.model import Area, AreaId, AreaLevel, District, DistrictId, ImportReport, Names, Point, Rejection
from gis.store.copying import copy, take_ids

SRID = 4326


def district(tx: Transaction, district_id: DistrictId) -> District:
    """One district. Raises NotFound."""
    row = tx.execute(_districts().where(tables.district.c.id == district_id)).mappings().first()
    if row is None:
        raise NotFound(what="district", id=district_id)
    return _district(row)


def districts(tx: Transaction) -> list[District]:
    """All districts, the oldest first."""
    return [_district(row) for row in tx.execute(_districts().order_by(tables.district.c.id)).mappings()]


def graphs(tx: Transaction, district_id: DistrictId) -> str | None:
    """The folder of the road graphs, relative to the data folder; None where there are none."""
    return tx.scalar(select(tables.district.c.graphs).where(tables.district.c.id == district_id))


def extract(tx: Transaction, district_id: DistrictId) -> str | None:
    """The copy of its objects, relative to the data folder; None for a place from before copies were kept."""
    return tx.scalar(select(tables.district.c.extract).where(tables.district.c.id == district_id))


def renewed(
    tx: Transaction, district_id: DistrictId, *, file: str, sha256: str, extract: str, graphs: str | None
) -> None:
    """Say which file a district is made from now. One that another district is made from stays that one's."""
    d = tables.district
    other = select(d.c.id).where(d.c.source_sha256 == sha256, d.c.id != district_id).exists()
    values = {
        "source_file": file,
        "source_sha256": case((other, d.c.source_sha256), else_=sha256),
        "extract": extract,
        "graphs": func.coalesce(graphs, d.c.graphs),
    }
    tx.execute(update(d).where(d.c.id == district_id).values(values))


def made_from(tx: Transaction, sha256: str) -> DistrictId | None:
    """The district that a file with this checksum became."""
    return tx.scalar(select(tables.district.c.id).where(tables.district.c.source_sha256 == sha256))


def wait_for_turn(tx: Transaction) -> None:
    """One import stores at a time, however long it takes; who only reads or dispatches is not held up."""
    tx.execute(text("SET LOCAL statement_timeout = 0"))
    tx.execute(text("LOCK TABLE district IN SHARE ROW EXCLUSIVE MODE"))


def add_district(
    tx: Transaction,
    *,
    name: str,
    names: Names,
    clip: MultiPolygon,
    time_zone: str,
    metric_srid: int,
    attribution: str,
    fictional: bool,
    source_file: str,
    source_sha256: str,
    graphs: str | None,
    extract: str | None = None,
) -> tuple[DistrictId, str]:
    """A new district with a code nobody has; returns its id and the code. Call `wait_for_turn` before."""
    code = free_code(names.get("en") or name, set(tx.scalars(select(tables.district.c.code))))
    row = {
        "code": code,
        "name": name,
        "names": dict(names),
        "clip": from_shape(clip, SRID),
        "centre": from_shape(_centre(clip), SRID),
        "time_zone": time_zone,
        "metric_srid": metric_srid,
        "attribution": attribution,
        "fictional": fictional,
        "source_file": source_file,
        "source_sha256": source_sha256,
        "graphs": graphs,
        "extract": extract,
    }
    made = tx.execute(insert(tables.district).values(row).returning(tables.district.c.id)).scalar_one()
    return made, code


def free_code(name: str, taken: set[str]) -> str:
    """Three capitals from the name (LIE, HEL), with a number where taken; GRD where the name has no Latin letter."""
    latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = "".join(sign for sign in latin.upper() if sign.isalpha())[:3] or "GRD"
    return next(code for code in (stem, *(f"{stem}{i}" for i in range(2, len(taken) + 3))) if code not in taken)


def add_areas(
    tx: Transaction,
    district_id: DistrictId,
    areas: Sequence[tuple[AreaLevel, str, str, Names, MultiPolygon, int | None]],
) -> list[AreaId]:
    """Areas as (level, code, name, names, outline, index of the area above); above comes before below."""
    ids = take_ids(tx, tables.area, len(areas))
    for made, (level, code, name, names, geom, above) in zip(ids, areas, strict=True):
        row = {
            "id": made,
            "district": district_id,
            "parent": None if above is None else ids[above],
            "level": level.value,
            "code": code,
            "name": name,
            "names": dict(names),
            "geom": from_shape(geom, SRID),
        }
        tx.execute(insert(tables.area).values(row))
    return ids


def areas(tx: Transaction, district_id: DistrictId) -> list[Area]:
    """The areas of a district: the district itself, street offices, communities."""
    a = tables.area.c
    columns = (a.id, a.district, a.parent, a.level, a.code, a.name, a.names)
    rows = tx.execute(select(*columns).where(a.district == district_id).order_by(a.id)).mappings()
    return [Area(**{**row, "level": AreaLevel(row["level"])}) for row in rows]


def outlines(tx: Transaction, district_id: DistrictId) -> list[tuple[Area, BaseGeometry]]:
    """The areas of a district with their ground."""
    a = tables.area.c
    shapes = dict(tx.execute(select(a.id, a.geom).where(a.district == district_id)).all())
    return [(area, to_shape(shapes[area.id])) for area in areas(tx, district_id)]


def record_import(tx: Transaction, report: ImportReport, sha256: str) -> int:
    """Keep what an import did and what it left out; returns the id of the run."""
    run = {
        "district": report.district,
        "file": report.file,
        "sha256": sha256,
        "started": report.started,
        "seconds": report.seconds,
        "peak_mb": report.peak_mb,
        "counts": dict(report.counts),
    }
    made: int = tx.execute(insert(tables.import_run).values(run).returning(tables.import_run.c.id)).scalar_one()
    columns = ("run", "osm_type", "osm_id", "reason", "detail")
    copy(
        tx,
        tables.import_rejection,
        columns,
        ((made, r.osm_type, r.osm_id, r.reason, r.detail) for r in report.rejected),
    )
    return made


def imported(tx: Transaction, district_id: DistrictId) -> ImportReport:
    """The last import of a district. Raises NotFound."""
    r = tables.import_run.c
    row = (
        tx.execute(select(tables.import_run).where(r.district == district_id).order_by(r.id.desc())).mappings().first()
    )
    if row is None:
        raise NotFound(what="import", id=district_id)
    return _report(tx, row)


def _report(tx: Transaction, row: RowMapping) -> ImportReport:
    j = tables.import_rejection.c
    left_out = tx.execute(
        select(j.osm_type, j.osm_id, j.reason, j.detail).where(j.run == row["id"]).order_by(j.id)
    ).mappings()
    counts: Mapping[str, float] = row["counts"]
    started: datetime = row["started"]
    return ImportReport(
        district=row["district"],
        file=row["file"],
        started=started,
        seconds=row["seconds"],
        peak_mb=row["peak_mb"],
        counts=counts,
        rejected=tuple(Rejection(**left) for left in left_out),
    )


def _districts() -> Select[Any]:
    d = tables.district.c
    return select(
        *(d.id, d.code, d.name, d.names, d.clip, d.time_zone, d.metric_srid, d.attribution, d.fictional),
        *(func.ST_X(d.centre).label("lon"), func.ST_Y(d.centre).label("lat")),
    )


def _district(row: RowMapping) -> District:
    clip = to_shape(row["clip"])
    rest = {
        key: row[key] for key in ("id", "code", "name", "names", "time_zone", "metric_srid", "attribution", "fictional")
    }
    return District(**rest, clip=clip, centre=Point(row["lon"], row["lat"]), bounds=clip.bounds)


def _centre(clip: MultiPolygon) -> BaseGeometry:
    """The centre of the place, on its ground."""
    return clip.centroid if clip.contains(clip.centroid) else clip.point_on_surface()
