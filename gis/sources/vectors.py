"""Layers with shapes, read by GDAL: GeoPackage, GeoJSON, Shapefile, KML, file geodatabase, FlatGeobuf."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.errors import BadSource
from gis.sources import columns
from gis.sources.limits import Limits
from gis.sources.model import Fault, Format, Layer, Record, Shape

AT_ONCE: Final = 1_000
BROKEN: Final = (
    *(UnicodeError, ValueError, OSError, MemoryError, OverflowError, NotImplementedError),
    RuntimeError,  # what pyogrio raises is one
)
SETTINGS: Final = {
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",  # a file must not make us ask the network
    "GDAL_HTTP_TIMEOUT": "1",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "256",
    "OGR_ORGANIZE_POLYGONS": "DEFAULT",
}
CRS_MEMBER: Final = re.compile(rb'"crs"\s*:\s*\{')
DRAWN: Final = frozenset({"tessellate", "extrude", "visibility", "drawOrder", "icon", "altitudeMode"})  #: how KML looks


@cache
def _gdal() -> Any:
    """GDAL, opened when the first file is: it takes seconds that only those should wait who bring one."""
    import pyogrio

    pyogrio.set_gdal_config_options(SETTINGS)
    return pyogrio


@dataclass(frozen=True, kw_only=True)
class VectorFile:
    """One file that GDAL reads; `path` is what GDAL opens, `file` what the person calls it."""

    file: str
    path: Path
    format: Format
    limits: Limits
    encoding: str | None = None  #: of a Shapefile

    def layers(self) -> list[Layer]:
        """The layers, fields with examples. Raises BadSource."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                names = [str(name) for name, _ in _gdal().list_layers(self.path)]
        except BROKEN as error:
            raise BadSource(file=self.file, reason="unreadable") from error
        if len(names) > self.limits.layers:
            raise BadSource(file=self.file, reason="layers", found=len(names), allowed=self.limits.layers)
        return [self._layer(name) for name in names]

    def records(self, layer: str) -> Iterator[Record]:
        """The rows of a layer; `line` counts them from 1. Raises BadSource."""
        line = 1
        for rows, shapes in self._batches(layer):
            faults = _faults(shapes, self.limits)
            for row, shape, fault in zip(rows, shapes.tolist(), faults, strict=True):
                long = _long(row, self.limits)
                yield Record(line=line, values=row, geom=shape, fault=fault or long)
                line += 1
            if line > self.limits.rows:
                raise BadSource(file=self.file, reason="rows", found=line, allowed=self.limits.rows)

    def _layer(self, name: str) -> Layer:
        info = self._info(name)
        names = [str(field) for field in info["fields"] if not self._drawn(str(field))]
        if len(names) > self.limits.columns:
            raise BadSource(file=self.file, reason="columns", found=len(names), allowed=self.limits.columns)
        looked = [record for record, _ in zip(self.records(name), range(columns.ENOUGH), strict=False)]
        rows = int(info["features"])
        return Layer(
            name=name,
            rows=rows if rows >= 0 else None,
            geometry=_shape(info["geometry_type"], [record.geom for record in looked]),
            fields=columns.fields(names, (record.values for record in looked)),
            crs=self._crs(info["crs"]),
        )

    def _info(self, layer: str) -> Mapping[str, Any]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found: Mapping[str, Any] = _gdal().read_info(self.path, layer=layer, encoding=self.encoding)
        except BROKEN as error:
            raise BadSource(file=self.file, reason="unreadable") from error
        return found

    def _crs(self, declared: str | None) -> str | None:
        """What the file says; GDAL says WGS 84 for GeoJSON even where the file says nothing."""
        if self.format in (Format.GEOJSON, Format.GEOJSON_LINES):
            with self.path.open("rb") as stream:
                head = stream.read(65_536)
            return declared if CRS_MEMBER.search(head) else None
        return declared

    def _batches(self, layer: str) -> Iterator[tuple[list[dict[str, object]], NDArray[np.object_]]]:
        import nanoarrow

        given = {"layer": layer, "batch_size": AT_ONCE, "encoding": self.encoding, "use_pyarrow": False}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with _gdal().raw.open_arrow(self.path, **given) as (about, reader):
                    for batch in nanoarrow.ArrayStream(reader):
                        yield self._rows(batch, about["geometry_name"] or "wkb_geometry")
        except BROKEN as error:
            raise BadSource(file=self.file, reason="unreadable") from error

    def _rows(self, batch: Any, geometry: str) -> tuple[list[dict[str, object]], NDArray[np.object_]]:
        names = [field.name for field in batch.schema.fields]
        cells = {name: list(batch.child(at).iter_py()) for at, name in enumerate(names)}
        raw = cells.pop(geometry, None) or [None] * len(batch)
        kept = {name: values for name, values in cells.items() if not self._drawn(name)}
        rows = [
            {name: columns.plain(value) for name, value in zip(kept, row, strict=True)}
            for row in zip(*kept.values(), strict=True)
        ]
        shapes = shapely.from_wkb(np.array(raw, dtype=object), on_invalid="ignore")
        return rows or [{} for _ in raw], shapes

    def _drawn(self, field: str) -> bool:
        return self.format is Format.KML and field in DRAWN


def _faults(shapes: NDArray[np.object_], limits: Limits) -> Sequence[Fault | None]:
    corners = shapely.get_num_coordinates(shapes)
    return [
        Fault(field="geometry", value=str(count), reason="vertices") if count > limits.vertices else None
        for count in corners.tolist()
    ]


def _long(row: Mapping[str, object], limits: Limits) -> Fault | None:
    for name, value in row.items():
        if isinstance(value, str) and len(value) > limits.cell:
            return Fault(field=name, value=value[:40], reason="too_long")
    return None


def _shape(declared: str | None, seen: Sequence[BaseGeometry | None]) -> Shape | None:
    kinds = {shape.geom_type for shape in seen if shape is not None}
    kinds = kinds or ({declared} if declared and declared != "Unknown" else set())
    found = {kind for name in kinds for kind in Shape if kind.value in name.lower().replace("linear", "line")}
    if not kinds:
        return None
    return found.pop() if len(found) == 1 else Shape.MIXED
