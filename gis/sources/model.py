"""What is known of a file that somebody brought, and its rows as they come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shapely.geometry.base import BaseGeometry


class Format(StrEnum):
    """Kinds of files, by what is inside."""

    GEOPACKAGE = "gpkg"
    GEOJSON = "geojson"
    GEOJSON_LINES = "geojsonl"
    SHAPEFILE = "shp"
    KML = "kml"
    FILE_GEODATABASE = "gdb"
    FLATGEOBUF = "fgb"
    CSV = "csv"
    XLSX = "xlsx"
    OSM = "osm"  #: an extract: gis.osm reads it
    OSM_CHANGES = "osc"

    @property
    def foreign(self) -> bool:
        """Whether somebody else reads it."""
        return self in (Format.OSM, Format.OSM_CHANGES)

    @property
    def tabular(self) -> bool:
        """Whether positions stand in columns."""
        return self in (Format.CSV, Format.XLSX)


class Shape(StrEnum):
    """What the shapes of a layer are."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"
    MIXED = "mixed"


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column of a layer. `type` is text, integer, number, date or boolean."""

    name: str
    type: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One table of a file."""

    name: str
    rows: int | None  #: None where counting would mean reading all of it
    geometry: Shape | None  #: None: no shapes, positions stand in columns if anywhere
    fields: tuple[Field, ...]
    crs: str | None  #: as the file declares it: EPSG:n, or the text of the definition


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why a row cannot be used: the field, what stands there, and the code of the reason."""

    field: str | None
    value: str | None
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A row as it stands in the file; `line` counts as a person who opens it does."""

    line: int
    values: Mapping[str, object]
    geom: BaseGeometry | None = None
    fault: Fault | None = None


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """What a file turned out to be."""

    format: Format
    layers: tuple[Layer, ...] = ()
    encoding: str | None = None  #: None where the format has but one
    encoding_how: str | None = None  #: said, found
    said: Mapping[str, str] = field(default_factory=dict)  #: further things that the file says of itself
