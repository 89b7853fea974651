"""How much a file may hold before it counts as a trap, not as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MB: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of one file. A row that breaks `vertices` or `cell` is refused by itself; the others refuse the file."""

    unpacked: int = 8 * 1024 * MB  #: bytes, all members of a zip together
    sheet: int = 400 * MB  #: bytes of an unpacked workbook: its texts are held in memory
    marked: int = 200 * MB  #: bytes of a KML file, which is read whole
    ratio: int = 250  #: unpacked over packed bytes, of a member above a megabyte
    members: int = 5_000  #: files in a zip
    rows: int = 50_000_000
    columns: int = 500
    layers: int = 500
    cell: int = 20_000  #: letters of one value
    line: int = 4 * MB  #: letters of one line of text
    vertices: int = 500_000  #: of one shape


LIMITS: Final = Limits()
