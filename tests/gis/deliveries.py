"""Files as offices bring them: the same three doors in every format, made by GDAL's own programs."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

DOORS = [
    ("d1", "東區德東街235巷118弄76號", 5, 24.95, 60.15),
    ("d2", "東區東門路一段98號", 2, 24.951, 60.151),
    ("d3", "東區東門路一段100號", 12, 24.952, 60.152),
]
COLUMNS = ("編號", "地址", "樓層")
FORMATS = ("geojson", "geojsonl", "gpkg", "shp", "kml", "kmz", "gdb", "fgb", "csv", "xlsx")


def features() -> list[dict[str, object]]:
    """The doors as GeoJSON."""
    return [
        {
            "type": "Feature",
            "properties": dict(zip(COLUMNS, door[:3], strict=True)),
            "geometry": {"type": "Point", "coordinates": [door[3], door[4]]},
        }
        for door in DOORS
    ]


def write(folder: Path, kind: str) -> Path:
    """The doors as a file of `kind`, one of FORMATS."""
    if kind in ("csv", "xlsx"):
        return _table(folder / f"doors.{kind}")
    source = folder / "source.geojson"
    source.write_text(json.dumps({"type": "FeatureCollection", "features": features()}), encoding="utf-8")
    if kind == "geojson":
        return source
    if kind == "geojsonl":
        (folder / "doors.geojsonl").write_text("\n".join(map(json.dumps, features())), encoding="utf-8")
        return folder / "doors.geojsonl"
    return _converted(folder, source, kind)


def converted(source: Path, target: Path, driver: str, *options: str) -> Path:
    """`source` written by ogr2ogr as `target`."""
    program = shutil.which("ogr2ogr")
    if program is None:
        pytest.skip("needs ogr2ogr (gdal-bin)")
    subprocess.run([program, "-q", "-f", driver, target, source, *options], check=True, capture_output=True)
    return target


def packed(folder: Path, into: Path) -> Path:
    """Everything in `folder` as a zip."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        for file in sorted(folder.rglob("*")):
            made.write(file, file.relative_to(folder))
    return into


def _converted(folder: Path, source: Path, kind: str) -> Path:
    inner = folder / kind
    inner.mkdir()
    if kind == "shp":
        converted(source, inner / "門牌.shp", "ESRI Shapefile", "-lco", "ENCODING=CP936")
        for cpg in inner.glob("*.cpg"):
            cpg.unlink()
        return packed(inner, folder / "doors.zip")
    if kind == "gdb":
        converted(source, inner / "doors.gdb", "OpenFileGDB")
        return packed(inner, folder / "doors.gdb.zip")
    if kind == "kmz":
        converted(source, inner / "doc.kml", "KML")
        return packed(inner, folder / "doors.kmz")
    drivers = {"gpkg": "GPKG", "kml": "KML", "fgb": "FlatGeobuf"}
    return converted(
        source, folder / f"doors.{kind}", drivers[kind], *(("-lco", "SPATIAL_INDEX=NO") if kind == "fgb" else ())
    )


def _table(file: Path) -> Path:
    rows = [(*COLUMNS, "經度", "緯度"), *DOORS]
    if file.suffix == ".csv":
        text = "\r\n".join(",".join(map(str, row)) for row in rows)
        file.write_bytes(text.encode("big5"))
        return file
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["門牌清冊"])
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file
