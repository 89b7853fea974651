"""Workbooks (XLSX), row by row. Formulas count as what they came to last."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from gis.errors import BadSource
from gis.sources import columns
from gis.sources.limits import Limits
from gis.sources.model import Fault, Layer, Record
from gis.sources.texts import TITLES
from gis.sources.unpacking import check

MOST_ROWS: Final = 1_048_576  #: that a sheet can have
BROKEN: Final = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, OSError, EOFError, RecursionError),
    *(zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException, InvalidFileException, AssertionError),
)


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """One workbook; each of its sheets that can be seen is a layer."""

    file: Path
    limits: Limits

    def layers(self) -> list[Layer]:
        """The sheets that hold a table. Raises BadSource."""
        check(self.file, self.limits, most=self.limits.sheet)
        with self._open() as book:
            names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"][: self.limits.layers]
        return [layer for name in names if (layer := self._layer(name))]

    def records(self, layer: str) -> Iterator[Record]:
        """The rows of a sheet below its head; `line` is the number at its side. Raises BadSource."""
        names: list[str] = []
        for line, cells in self._rows(layer):
            if not names:
                names = self._head(cells)
                continue
            if any(cell is not None for cell in cells):
                yield _record(line, names, cells, self.limits)

    def _layer(self, name: str) -> Layer | None:
        head = next((found for _, cells in self._rows(name) if (found := self._head(cells))), None)
        if head is None:
            return None
        rows = (record.values for record in self.records(name))
        return Layer(name=name, rows=None, geometry=None, fields=columns.fields(head, rows), crs=None)

    def _head(self, cells: Sequence[object]) -> list[str]:
        said = [cell for cell in cells if cell is not None]
        if len(said) < 2:
            return []
        while cells and cells[-1] is None:
            cells = cells[:-1]
        return columns.unique(cells)

    def _rows(self, layer: str) -> Iterator[tuple[int, list[object]]]:
        """Rows with their number; looks no further than TITLES rows for a head."""
        with self._open() as book:
            if layer not in book.sheetnames:
                raise BadSource(file=self.file.name, reason="layer", found=layer)
            sheet: Any = book[layer]
            sheet.reset_dimensions()  # what it says of its own size may be wrong
            begun = False
            for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                cells = [columns.plain(cell) for cell in row]
                begun = begun or sum(cell is not None for cell in cells) >= 2
                if line > MOST_ROWS or len(cells) > self.limits.columns:
                    what, found = ("rows", line) if line > MOST_ROWS else ("columns", len(cells))
                    allowed = MOST_ROWS if line > MOST_ROWS else self.limits.columns
                    raise BadSource(file=self.file.name, reason=what, found=found, allowed=allowed)
                if not begun and line > TITLES:
                    return
                yield line, cells

    @contextmanager
    def _open(self) -> Iterator[Any]:
        try:
            with ExitStack() as stack, warnings.catch_warnings():
                warnings.simplefilter("ignore")  # styles and extensions that are of no use here
                stream = stack.enter_context(self.file.open("rb"))  # a name would have to end in .xlsx
                book = load_workbook(stream, read_only=True, data_only=True)
                try:
                    yield book
                finally:
                    book.close()
        except BadSource:
            raise
        except BROKEN as error:
            raise BadSource(file=self.file.name, reason="unreadable") from error


def _record(line: int, names: Sequence[str], cells: Sequence[object], limits: Limits) -> Record:
    values = dict(zip(names, cells, strict=False))
    long = next((name for name, cell in values.items() if isinstance(cell, str) and len(cell) > limits.cell), None)
    fault = Fault(field=long, value=str(values[long])[:40], reason="too_long") if long else None
    return Record(line=line, values=values, fault=fault)
