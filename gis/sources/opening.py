"""Any file at all: opened, looked into, read row by row."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from gis.errors import BadSource
from gis.sources import encodings
from gis.sources.limits import LIMITS, MB, Limits
from gis.sources.model import Format, Inspected, Layer, Record
from gis.sources.recognising import SUFFIXES, is_workbook, recognise, zipped
from gis.sources.sheets import Workbook
from gis.sources.texts import TextTable
from gis.sources.unpacking import unpack
from gis.sources.vectors import VectorFile

DBF_HEAD: Final = 32
NAMED: Final = (Format.GEOPACKAGE, Format.GEOJSON, Format.GEOJSON_LINES, Format.KML, Format.FLATGEOBUF)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A file that can be read. `records` may be asked again and again; each time reads from the beginning."""

    file: Path
    format: Format
    reader: TextTable | Workbook | VectorFile | None  #: None: somebody else reads it
    encoding: str | None = None
    encoding_how: str | None = None

    def inspected(self) -> Inspected:
        """What is in it. Raises BadSource."""
        return Inspected(
            format=self.format, layers=self.layers(), encoding=self.encoding, encoding_how=self.encoding_how
        )

    def layers(self) -> tuple[Layer, ...]:
        """Its tables. Raises BadSource; empty where it holds none."""
        match self.reader:
            case None:
                return ()
            case TextTable():
                return (self.reader.layer(),)
            case _:
                found = tuple(self.reader.layers())
        if not found:
            raise BadSource(file=self.file.name, reason="empty")
        return found

    def records(self, layer: str | None = None) -> Iterator[Record]:
        """Every row of a layer, the first one where none is named, without holding more than a few of them."""
        if self.reader is None:
            raise BadSource(file=self.file.name, reason="foreign")
        if isinstance(self.reader, TextTable):
            return self.reader.records()
        return self.reader.records(layer or self.layers()[0].name)

    def lines(self) -> int:
        """About how many rows there are, where that can be told without reading them; else 0."""
        return self.reader.lines() if isinstance(self.reader, TextTable) else 0


@contextmanager
def opened(
    file: Path, *, encoding: str | None = None, limits: Limits = LIMITS, name: str | None = None
) -> Iterator[Opened]:
    """Open a file of whatever kind; what a zip holds lies in a temporary folder meanwhile.

    `encoding` is what a person says of it. `name` is what the person calls the file. Raises BadSource.
    """
    if encoding is not None and not encodings.knows(encoding):
        raise BadSource(file=name or file.name, reason="encoding", found=encoding)
    with tempfile.TemporaryDirectory(prefix="gridward-", ignore_cleanup_errors=True) as folder:
        try:
            found = recognise(file)
            inside = _inside(file, found, Path(folder), limits)
            yield _opened(replace_name(file, name), inside, found, encoding, limits)
        except BadSource as error:
            error.params["file"] = name or file.name
            raise


def replace_name(file: Path, name: str | None) -> Path:
    """The file under the name that a person knows it by."""
    return file.with_name(Path(name).name) if name and Path(name).name else file


def _inside(file: Path, found: Format, folder: Path, limits: Limits) -> Path:
    """What is to be read: the file itself, or what came out of the zip."""
    if (found is Format.XLSX and is_workbook(file)) or not zipped(file):
        return _suffixed(file, found, folder)
    unpack(file, folder, limits)
    if found is Format.FILE_GEODATABASE:
        return next(iter(sorted(folder.rglob("*.gdbtable")))).parent
    wanted = {suffix for suffix, one in SUFFIXES.items() if one is found}
    return next(path for path in sorted(folder.rglob("*")) if path.suffix.lower() in wanted and path.is_file())


def _suffixed(file: Path, found: Format, folder: Path) -> Path:
    """The file under a name that ends as GDAL wants it. A Shapefile stays beside its siblings."""
    if found in NAMED and file.suffix.lower() != f".{found}":
        link = folder / f"{file.stem or 'file'}.{found}"
        link.symlink_to(file.resolve())
        return link
    return file


def _opened(file: Path, inside: Path, found: Format, said: str | None, limits: Limits) -> Opened:
    actual = found if found is Format.FILE_GEODATABASE or inside.is_symlink() else recognise(inside)
    if found.foreign:
        return Opened(file=file, format=found, reader=None)
    if actual is Format.XLSX:
        return Opened(file=file, format=actual, reader=Workbook(file=inside, limits=limits))
    if actual is Format.CSV:
        encoding, how = (said, "said") if said else (encodings.find_encoding(encodings.sampled(inside)), "found")
        table = TextTable(file=inside, encoding=encoding, limits=limits)
        return Opened(file=file, format=actual, reader=table, encoding=encoding, encoding_how=how)
    if actual is Format.KML and inside.stat().st_size > limits.marked:
        raise BadSource(
            file=file.name, reason="unpacked", found=inside.stat().st_size // MB, allowed=limits.marked // MB
        )
    vector = VectorFile(file=file.name, path=inside, format=actual, limits=limits)
    if actual is not Format.SHAPEFILE:
        return Opened(file=file, format=actual, reader=vector)
    encoding, how = (said, "said") if said else _of_shapefile(inside)
    return Opened(
        file=file, format=actual, reader=replace(vector, encoding=encoding), encoding=encoding, encoding_how=how
    )


def _of_shapefile(shp: Path) -> tuple[str, str]:
    """What its .cpg says, else what its table looks like; nothing needs to be said of plain ASCII."""
    beside = {path.suffix.lower(): path for path in shp.parent.glob(f"{shp.stem}.*")}
    if cpg := beside.get(".cpg"):
        said = cpg.read_text("ascii", "replace").strip()
        name = f"cp{said}" if said.isdigit() else said
        if encodings.knows(name):
            return name, "said"
    if dbf := beside.get(".dbf"):
        return encodings.find_encoding(encodings.sampled(dbf)[DBF_HEAD:].replace(b"\x00", b" ")), "found"
    return "utf-8", "found"
