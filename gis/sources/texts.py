"""Tables in text: CSV, TSV and their kin, line by line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final, TextIO

from gis.errors import BadSource
from gis.sources import columns
from gis.sources.encodings import SAMPLE, sampled
from gis.sources.limits import Limits
from gis.sources.model import Fault, Layer, Record

DELIMITERS: Final = ",;\t|"
TITLES: Final = 10  #: lines of title that may stand above the head of a table
UNDECODED: Final = range(0xDC80, 0xDD00)  #: what `surrogateescape` makes of bytes that are not written so


@dataclass(frozen=True, kw_only=True)
class TextTable:
    """One file of text. `layer` looks at the beginning, `records` reads on."""

    file: Path
    encoding: str
    limits: Limits

    def layer(self) -> Layer:
        """Its columns. Raises BadSource."""
        names = self._names()
        rows = (record.values for record in self.records())
        return Layer(name=self.file.stem, rows=None, geometry=None, fields=columns.fields(names, rows), crs=None)

    def records(self) -> Iterator[Record]:
        """Every row below the head; empty lines are passed over. Raises BadSource."""
        names: list[str] = []
        for line, cells in self._lines():
            if not names:
                names = self._head(cells) or names
                continue
            if any(cell.strip() for cell in cells):
                yield _record(line, names, cells, self.limits)

    def lines(self) -> int:
        """How many lines the file has."""
        with self.file.open("rb") as stream:
            return sum(part.count(b"\n") for part in iter(lambda: stream.read(SAMPLE), b""))

    def _names(self) -> list[str]:
        for at, (_, cells) in enumerate(self._lines()):
            if names := self._head(cells):
                return names
            if at > TITLES:
                break
        raise BadSource(file=self.file.name, reason="no_columns")

    def _head(self, cells: Sequence[str]) -> list[str]:
        """The names of the columns; nothing while this is a title or an empty line."""
        if sum(bool(cell.strip()) for cell in cells) < 2:
            return []
        if len(cells) > self.limits.columns:
            raise BadSource(file=self.file.name, reason="columns", found=len(cells), allowed=self.limits.columns)
        return columns.unique(cells)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with the line at which they begin."""
        csv.field_size_limit(self.limits.line)
        with self.file.open(encoding=self.encoding, errors="surrogateescape", newline="") as stream:
            reader = csv.reader(_bounded(stream, self), delimiter=self._delimiter(), strict=False)
            begun = 1
            try:
                for cells in reader:
                    if begun > self.limits.rows:
                        raise BadSource(file=self.file.name, reason="rows", found=begun, allowed=self.limits.rows)
                    yield begun, cells
                    begun = reader.line_num + 1
            except csv.Error as error:
                raise BadSource(file=self.file.name, reason="cell", found=begun, allowed=self.limits.line) from error
            except (UnicodeError, OSError) as error:
                raise BadSource(file=self.file.name, reason="encoding", found=self.encoding) from error

    def _delimiter(self) -> str:
        """What divides the first lines into equally many cells, more than one."""
        head = sampled(self.file).decode(self.encoding, "replace")
        lines = head.splitlines()[: TITLES + 10] if len(head) < SAMPLE // 4 else head.splitlines()[:-1][: TITLES + 10]
        return max(DELIMITERS, key=lambda one: _evenness(lines, one))


def _bounded(stream: TextIO, table: TextTable) -> Iterator[str]:
    """Lines of the file, none longer than a limit."""
    most = table.limits.line
    while line := stream.readline(most):
        if len(line) >= most:
            raise BadSource(file=table.file.name, reason="line", found=len(line), allowed=most)
        yield line


def _evenness(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """How many lines have the most usual number of cells, and that number."""
    try:
        counts = [len(cells) for cells in csv.reader(StringIO("\n".join(lines)), delimiter=delimiter) if cells]
    except csv.Error:
        return 0, 0
    usual = max(set(counts), key=counts.count, default=1)
    return (counts.count(usual), usual) if usual > 1 else (0, 0)


def _record(line: int, names: Sequence[str], cells: Sequence[str], limits: Limits) -> Record:
    fault = _fault(names, cells, limits)
    if fault is not None and fault.reason == "encoding":
        cells = [cell.encode("utf-8", "replace").decode() for cell in cells]
    values = {name: columns.plain(cell) for name, cell in zip(names, cells, strict=False)}
    return Record(line=line, values=values, fault=fault)


def _fault(names: Sequence[str], cells: Sequence[str], limits: Limits) -> Fault | None:
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        return Fault(field=None, value=str(len(cells)), reason="too_many_cells")
    for name, cell in zip(names, cells, strict=False):
        if len(cell) > limits.cell:
            return Fault(field=name, value=cell[:40], reason="too_long")
        if not cell.isascii() and any(ord(sign) in UNDECODED for sign in cell):
            return Fault(field=name, value=cell[:40].encode("utf-8", "replace").decode(), reason="encoding")
    return None
