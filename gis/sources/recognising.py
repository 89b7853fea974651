"""What a file is, by what is inside and never by its name."""

from __future__ import annotations

import bz2
import json
import re
import zipfile
import zlib
from pathlib import Path
from typing import Final

from gis.errors import BadSource
from gis.sources.model import Format

HEAD: Final = 65_536
SQLITE: Final = b"SQLite format 3\x00"
GEOPACKAGE_IDS: Final = (b"GPKG", b"GP10", b"GP11")
SHP: Final = b"\x00\x00\x27\x0a"
FLATGEOBUF: Final = b"fgb"
GZIP, BZIP, ZIP = b"\x1f\x8b", b"BZh", b"PK\x03\x04"
PBF: Final = b"\x0a\x09OSMHeader"
MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  #: of UTF-8 and UTF-16
ROOT: Final = re.compile(rb"^(?:\s|<\?.*?\?>|<!--.*?-->)*<(?:[\w.-]+:)?(?P<root>[\w.-]+)", re.DOTALL)
ROOTS: Final = {b"kml": Format.KML, b"osm": Format.OSM, b"osmChange": Format.OSM_CHANGES}
DECLARED: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
FEATURES: Final = re.compile(
    rb'"type"\s*:\s*"(?:FeatureCollection|Feature|GeometryCollection|(?:Multi)?(?:Point|LineString|Polygon))"'
)
SUFFIXES: Final = {
    ".shp": Format.SHAPEFILE,
    ".kml": Format.KML,
    ".gpkg": Format.GEOPACKAGE,
    ".geojson": Format.GEOJSON,
    ".json": Format.GEOJSON,
    ".geojsonl": Format.GEOJSON_LINES,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.CSV,
    ".xlsx": Format.XLSX,
    ".fgb": Format.FLATGEOBUF,
}


def recognise(file: Path) -> Format:
    """The format of a file or of the one thing in a zip. Raises BadSource (missing, empty, foreign, xml, old_excel)."""
    if file.is_dir():
        if any(file.glob("*.gdbtable")):
            return Format.FILE_GEODATABASE
        raise BadSource(file=file.name, reason="foreign")
    try:
        with file.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise BadSource(file=file.name, reason="missing") from error
    found = _packed(file, head) or _binary(file, head) or _text(file, head)
    if found is None:
        raise BadSource(file=file.name, reason="foreign")
    return found


def zipped(file: Path) -> bool:
    """Whether `file` is a zip."""
    try:
        with file.open("rb") as stream:
            return stream.read(4) == ZIP
    except OSError:
        return False


def is_workbook(file: Path) -> bool:
    """Whether this zip is itself a workbook, rather than one that holds one."""
    return "xl/workbook.xml" in _members(file)


def _packed(file: Path, head: bytes) -> Format | None:
    if head.startswith(ZIP):
        return _zipped(file)
    if head.startswith(GZIP):
        return _osm(file, _inflated(head, zlib.decompressobj(wbits=31)))
    if head.startswith(BZIP):
        return _osm(file, _inflated(head, bz2.BZ2Decompressor()))
    return None


def _inflated(head: bytes, unpacking: zlib._Decompress | bz2.BZ2Decompressor) -> bytes:
    try:
        return unpacking.decompress(head, 4096)
    except (zlib.error, OSError, EOFError):
        return b""


def _osm(file: Path, head: bytes) -> Format:
    found = ROOT.match(head)
    root = ROOTS.get(found["root"]) if found else None
    if root is None or not root.foreign:
        raise BadSource(file=file.name, reason="foreign")
    return root


def _zipped(file: Path) -> Format:
    names = _members(file)
    if "xl/workbook.xml" in names:
        return Format.XLSX
    if any(name.endswith(".gdbtable") for name in names):
        return Format.FILE_GEODATABASE
    suffixes = [Path(name).suffix.lower() for name in names]
    for suffix, found in SUFFIXES.items():
        if suffix in suffixes:
            return found
    if ".zip" in suffixes:
        raise BadSource(file=file.name, reason="nesting")
    raise BadSource(file=file.name, reason="foreign")


def _members(file: Path) -> list[str]:
    try:
        with zipfile.ZipFile(file) as packed:
            return [name for name in packed.namelist() if not name.startswith("__MACOSX/")]
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadSource(file=file.name, reason="unreadable") from error


def _binary(file: Path, head: bytes) -> Format | None:
    if not head.strip():
        raise BadSource(file=file.name, reason="empty")
    if head.startswith(SQLITE):
        return Format.GEOPACKAGE if head[68:72] in GEOPACKAGE_IDS or b"gpkg_contents" in head else None
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadSource(file=file.name, reason="old_excel")
    if head[4 : 4 + len(PBF)] == PBF:
        return Format.OSM
    if head.startswith(SHP):
        return Format.SHAPEFILE
    return Format.FLATGEOBUF if head.startswith(FLATGEOBUF) else None


def _text(file: Path, head: bytes) -> Format | None:
    if head.startswith(MARKS[1:]):
        return Format.CSV
    if b"\x00" in head:
        return None
    bare = head.removeprefix(MARKS[0]).lstrip(b" \t\r\n\x1e")
    if bare.startswith((b"{", b"[")):
        return _json(bare)
    if bare.startswith(b"<"):
        return _marked(file, bare)
    return Format.CSV if re.search(rb"[,;\t|]", bare) else None


def _json(head: bytes) -> Format | None:
    first, _, rest = head.partition(b"\n")
    if rest.strip() and FEATURES.search(first[:4096]):
        try:
            if json.loads(first).get("type") == "Feature":
                return Format.GEOJSON_LINES
        except ValueError:
            pass
    return Format.GEOJSON if FEATURES.search(head) else None


def _marked(file: Path, head: bytes) -> Format | None:
    if DECLARED.search(head[:HEAD]):
        raise BadSource(file=file.name, reason="xml")
    found = ROOT.match(head)
    return ROOTS.get(found["root"]) if found else None
