"""One writer per format. Each takes batches and leaves one file."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import shapely

from gis.layers.catalogue import Layer
from gis.layers.exporting.batches import Batch, Plane

SHAPED: Final = {0: "Point", 1: "LineString", 2: "Polygon"}  #: by dimension
SHORT: Final = 10  #: signs of a field's name in a Shapefile


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a file says of itself."""

    attribution: str
    language: str
    at: str  #: when it was taken, ISO 8601


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A file that is ready to be sent."""

    file: Path
    name: str
    media_type: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class _Job:
    layer: Layer
    plane: Plane
    origin: Origin
    folder: Path

    @property
    def fields(self) -> list[str]:
        return ["id", *self.layer.view.fields]

    @property
    def metadata(self) -> dict[str, str]:
        return {
            "TITLE": self.layer.names[self.origin.language],
            "DESCRIPTION": self.layer.descriptions[self.origin.language],
            "ATTRIBUTION": self.origin.attribution,
            "COORDINATES": self.plane.datum or f"EPSG:{self.plane.srid}",
            "TAKEN_AT": self.origin.at,
        }

    def path(self, ending: str) -> Path:
        return self.folder / f"{self.layer.id}.{self.plane.name}.{ending}"


def write(
    layer: Layer,
    batches: Iterable[Batch],
    *,
    format: str,  # noqa: A002 - the word that everybody uses
    plane: Plane,
    origin: Origin,
    folder: Path,
    progress: Callable[[int], None] = lambda _: None,
) -> Exported:
    """Write `batches` into `folder` in a format of FORMATS. `progress` hears how many rows there are so far."""
    ending, media_type, writer = FORMATS[format]
    job = _Job(layer=layer, plane=plane, origin=origin, folder=folder)
    rows = 0

    def counted() -> Iterator[Batch]:
        nonlocal rows
        for batch in batches:
            yield batch
            rows += len(batch.shapes)
            progress(rows)

    file = writer(job, counted())
    return Exported(file=file, name=f"{layer.id}.{plane.name}.{ending}", media_type=media_type, rows=rows)


def _geojson(job: _Job, batches: Iterable[Batch]) -> Path:
    """RFC 7946 in WGS 84; any other plane by the older `crs` member, which GDAL reads, or by its name."""
    file = job.path("geojson")
    head: dict[str, Any] = {"type": "FeatureCollection", "name": job.layer.id, **job.metadata}
    if job.plane.crs and job.plane.srid != 4326:
        head["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{job.plane.srid}"}}
    with file.open("w", encoding="utf-8") as out:
        out.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n')
        glue = ""
        for batch in batches:
            for shape, values in zip(shapely.to_geojson(batch.shapes), _plain(batch), strict=True):
                own = json.dumps(dict(zip(job.fields, values, strict=True)), ensure_ascii=False)
                out.write(f'{glue}{{"type": "Feature", "id": {values[0]}, "properties": {own}, "geometry": {shape}}}')
                glue = ",\n"
        out.write("\n]}\n")
    return file


def _csv(job: _Job, batches: Iterable[Batch]) -> Path:
    """UTF-8 with a mark at its head, which spreadsheets need; points as lon and lat (or x and y), the rest as WKT."""
    file, points = job.path("csv"), job.layer.geometry == "Point"
    places = ["lon", "lat"] if job.plane.srid == 4326 else ["x", "y"]
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*job.fields, *(places if points else ["wkt"])])
        for batch in batches:
            shown = shapely.get_coordinates(batch.shapes).tolist() if points else _wkt(batch, job.plane)
            writer.writerows(
                [*map(_guarded, values), *shape] for values, shape in zip(_plain(batch), shown, strict=True)
            )
    return file


def _gpkg(job: _Job, batches: Iterable[Batch]) -> Path:
    return _gdal(job, batches, job.path("gpkg"), "GPKG", layer=job.layer.id, layer_options={"FID": "fid"})


def _fgb(job: _Job, batches: Iterable[Batch]) -> Path:
    """By way of a GeoPackage: FlatGeobuf sorts by place, so it takes all rows in one go, from a stream."""
    between, file = _gpkg(job, batches), job.path("fgb")
    with pyogrio.open_arrow(between, layer=job.layer.id, use_pyarrow=False) as (meta, stream):
        how: dict[str, Any] = {"geometry_name": meta["geometry_name"], "geometry_type": meta["geometry_type"]}
        pyogrio.write_arrow(stream, file, driver="FlatGeobuf", layer=job.layer.id, crs=job.plane.crs, **how)
    between.unlink()
    return file


def _shapefile(job: _Job, batches: Iterable[Batch]) -> Path:
    """A zip of one Shapefile per kind of shape, with names cut to ten signs and a note of where it comes from."""
    names = short(job.fields)
    made: dict[int, Path] = {}
    for batch in batches:
        dimensions = shapely.get_dimensions(batch.shapes)
        for kind in np.unique(dimensions[dimensions >= 0]).tolist():
            file = job.folder / f"{job.layer.id}.{job.plane.name}.{SHAPED[kind].lower()}.shp"
            first = kind not in made
            made[kind] = file
            _append(job, _only(batch, dimensions == kind), file, "ESRI Shapefile", names, first=first,
                    kind=SHAPED[kind], layer=file.stem)  # fmt: skip
    zipped = job.path("shp.zip")
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in made.values():
            for part in sorted(job.folder.glob(f"{file.stem}.*")):
                if part != zipped:
                    archive.write(part, part.name)
        note = "".join(f"{key}: {value}\n" for key, value in job.metadata.items())
        table = "".join(f"{cut} = {name}\n" for cut, name in zip(names, job.fields, strict=True) if cut != name)
        archive.writestr("README.txt", note + table)
    return zipped


def _gdal(job: _Job, batches: Iterable[Batch], file: Path, driver: str, **how: Any) -> Path:
    kind = "Unknown" if job.layer.geometry == "Geometry" else job.layer.geometry
    first = True
    for batch in batches:
        _append(job, batch, file, driver, job.fields, first=first, kind=kind, **how)
        first = False
    if first:
        _append(job, _nothing(job), file, driver, job.fields, first=True, kind=kind, **how)
    return file


def _append(
    job: _Job, batch: Batch, file: Path, driver: str, names: Sequence[str], *, first: bool, kind: str, **how: Any
) -> None:
    once = {"dataset_metadata": job.metadata, "layer_metadata": job.metadata} if first and driver == "GPKG" else {}
    many = len(batch.shapes)
    zones = {name: np.full(many, 100) for name, one in zip(names, batch.fields, strict=True) if one.dtype == "<M8[ms]"}
    pyogrio.raw.write(
        file, shapely.to_wkb(batch.shapes), list(batch.fields), list(names), field_mask=list(batch.missing),
        driver=driver, geometry_type=kind, crs=job.plane.crs, append=not first, encoding="UTF-8",
        promote_to_multi=kind.startswith("Multi"), gdal_tz_offsets=zones, **once, **how,
    )  # fmt: skip


def short(names: Iterable[str], most: int = SHORT) -> list[str]:
    """Names of at most `most` bytes, no two alike: what is cut to the same is numbered."""
    taken: list[str] = []
    for name in names:
        cut = name.encode()[:most].decode(errors="ignore")
        number = 1
        while cut.lower() in (one.lower() for one in taken):
            tail = f"_{number}"
            cut, number = name.encode()[: most - len(tail)].decode(errors="ignore") + tail, number + 1
        taken.append(cut)
    return taken


def _plain(batch: Batch) -> Iterator[list[Any]]:
    """Rows of values that JSON and CSV can carry."""
    columns = [
        np.datetime_as_string(one, timezone="UTC" if one.dtype == "<M8[ms]" else "naive").tolist()
        if one.dtype.kind == "M"
        else one.tolist()
        for one in batch.fields
    ]
    for row, gone in zip(zip(*columns, strict=True), zip(*batch.missing, strict=True), strict=True):
        yield [None if missing else value for value, missing in zip(row, gone, strict=True)]


def _wkt(batch: Batch, plane: Plane) -> list[list[str]]:
    digits = 8 if plane.srid == 4326 else 3
    return [[one] for one in shapely.to_wkt(batch.shapes, rounding_precision=digits).tolist()]


def _guarded(value: object) -> object:
    """Text that a spreadsheet would take for a formula is not one."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _only(batch: Batch, which: Any) -> Batch:
    return Batch(
        fields=[one[which] for one in batch.fields],
        missing=[one[which] for one in batch.missing],
        shapes=batch.shapes[which],
    )


def _nothing(job: _Job) -> Batch:
    empty = [np.array([], dtype=object) for _ in job.fields]
    return Batch(fields=empty, missing=[np.array([], dtype=bool) for _ in empty], shapes=np.array([], dtype=object))


type Writer = Callable[[_Job, Iterable[Batch]], Path]

#: format -> ending, media type, writer
FORMATS: Final[Mapping[str, tuple[str, str, Writer]]] = {
    "gpkg": ("gpkg", "application/geopackage+sqlite3", _gpkg),
    "geojson": ("geojson", "application/geo+json", _geojson),
    "csv": ("csv", "text/csv; charset=utf-8", _csv),
    "shp": ("shp.zip", "application/zip", _shapefile),
    "fgb": ("fgb", "application/flatgeobuf", _fgb),
}
