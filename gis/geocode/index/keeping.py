"""Indexes in files: written once, mapped by every process, so that several of them hold one copy in memory."""

from __future__ import annotations

import json
import os
import struct
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from gis.geocode.index.model import Column, Index, Texts

MAGIC: Final = b"gridward-register\n"
FORMAT: Final = 10  #: raised whenever what is built changes: older files are built again
ALIGNED: Final = 64


def name_of(district: int, version: int) -> str:
    """The file of one district at one version of its register."""
    return f"{district}-{version}-{FORMAT}.register"


def keep(index: Index, file: Path) -> None:
    """Write `index`; the file is whole or not there. Older ones of the district go."""
    columns = dict(index.numbers)
    for name, texts in index.texts.items():
        columns |= {f"{name}/data": texts.data, f"{name}/ends": texts.ends}
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=".register-")
    with os.fdopen(handle, "wb") as stream:
        layout = _laid_out(columns)
        head = {"version": index.version, "bounds": list(index.bounds), "columns": layout}
        packed = json.dumps(head).encode()
        stream.write(MAGIC + struct.pack("<Q", len(packed)) + packed)
        start = _aligned(stream.tell())
        for name, column in columns.items():
            stream.seek(start + layout[name][2])
            stream.write(np.ascontiguousarray(column).tobytes())
        stream.truncate(max(stream.tell(), start))
    Path(draft).replace(file)
    for older in file.parent.glob(f"{file.name.split('-')[0]}-*.register"):
        if older != file:
            older.unlink(missing_ok=True)  # who has it open keeps it


def opened(file: Path) -> Index:
    """The index of a file that `keep` wrote. Raises OSError, or ValueError for what is no such file."""
    data = np.memmap(file, np.uint8, "r")
    if bytes(data[: len(MAGIC)]) != MAGIC:
        raise ValueError(file)
    at = len(MAGIC) + 8
    size = struct.unpack("<Q", bytes(data[len(MAGIC) : at]))[0]
    head = json.loads(bytes(data[at : at + size]))
    start = _aligned(at + size)
    columns: dict[str, Column] = {}
    for name, (kind, count, offset) in head["columns"].items():
        dtype = np.dtype(kind)
        columns[name] = np.asarray(data[start + offset : start + offset + count * dtype.itemsize]).view(dtype)
    texts = {
        name.removesuffix("/data"): Texts(columns[name], columns[name.replace("/data", "/ends")])
        for name in columns
        if name.endswith("/data")
    }
    numbers = {name: column for name, column in columns.items() if "/" not in name}
    return Index(head["version"], tuple(head["bounds"]), numbers, texts)


def _laid_out(columns: dict[str, Column]) -> dict[str, tuple[str, int, int]]:
    found: dict[str, tuple[str, int, int]] = {}
    at = 0
    for name, column in columns.items():
        found[name] = (column.dtype.str, len(column), at)
        at = _aligned(at + column.nbytes)
    return found


def _aligned(at: int) -> int:
    return -(-at // ALIGNED) * ALIGNED
