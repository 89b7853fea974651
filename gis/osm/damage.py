"""Files that are damaged, and files that are packed to harm: where they break, and how much comes out of them."""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gis.errors import BadExtract

MOST_TIMES: Final = 100  #: that a packed file may grow: maps grow 3 to 20 times
FREE: Final = 256_000_000  #: bytes that may come out of any file
AT_ONCE: Final = 1 << 20
MOST_HEADER: Final = 64 * 1024  #: bytes of a block's header, and of a block, as the format allows
MOST_BLOCK: Final = 32 * 1024 * 1024
DATA, RAW, RAW_SIZE, ZLIB = 3, 1, 2, 3  #: fields of a block and of its header


@dataclass(frozen=True, kw_only=True)
class _Block:
    number: int
    at: int  #: byte at which it begins
    body: bytes | None
    fault: str | None = None


def check_packed(file: Path) -> None:
    """Raise BadExtract(reason="bomb") for a file out of which a hundred times its size comes, and more than FREE."""
    most = max(FREE, MOST_TIMES * file.stat().st_size)
    try:
        if _came_out(file, most) > most:
            raise BadExtract(reason="bomb", detail=f"more than {most // 1_000_000} MB")
    except (OSError, EOFError, zlib.error, ValueError):
        return  # damaged: the reader says so and where


def where(file: Path, error: BaseException) -> str:
    """What the reader said and, for a PBF file, the byte of the first block that is damaged."""
    said = " ".join(str(error).split())[:200]
    if not file.name.lower().endswith(".pbf"):
        return said
    try:
        broken = next((block for block in _blocks(file) if _fault(block)), None)
    except OSError:
        return said
    return said if broken is None else f"block {broken.number} at byte {broken.at}: {_fault(broken)} ({said})"


def _came_out(file: Path, most: int) -> int:
    name = file.name.lower()
    if name.endswith(".gz"):
        with gzip.open(file) as stream:
            return _length(stream, most)
    if name.endswith(".bz2"):
        with bz2.open(file) as stream:
            return _length(stream, most)
    if name.endswith(".pbf"):
        return _unpacked(file, most)
    return 0


def _length(stream: gzip.GzipFile | bz2.BZ2File, most: int) -> int:
    total = 0
    while total <= most and (part := stream.read(AT_ONCE)):
        total += len(part)
    return total


def _unpacked(file: Path, most: int) -> int:
    total = 0
    for block in _blocks(file):
        fields = dict(_fields(block.body[:64])) if block.body else {}
        size = fields.get(RAW_SIZE, 0)
        total += size if isinstance(size, int) else 0
        if total > most:
            break
    return total


def _blocks(file: Path) -> Iterator[_Block]:
    """The blocks of a PBF file; the last one has no body where the file breaks off or is no PBF from there on."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        number = 0
        while (at := stream.tell()) < size:
            length = int.from_bytes(stream.read(4), "big")
            header = stream.read(length) if 0 < length <= MOST_HEADER else b""
            told = dict(_fields(header)).get(DATA, 0)
            body = stream.read(told) if isinstance(told, int) and 0 < told <= MOST_BLOCK else b""
            whole = bool(body) and len(body) == told
            yield _Block(number=number, at=at, body=body if whole else None, fault=None if whole else "it breaks off")
            if not whole:
                return
            number += 1


def _fault(block: _Block) -> str | None:
    if block.body is None:
        return block.fault
    packed = dict(_fields(block.body)).get(ZLIB)
    try:
        if isinstance(packed, bytes):
            zlib.decompressobj().decompress(packed, MOST_BLOCK)
    except zlib.error as error:
        return str(error)
    return None


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a protobuf message: numbers and byte strings; it ends where the message makes no sense."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        value, at = _varint(message, at)
        if key & 7 == 0:
            yield key >> 3, value
        elif key & 7 == 2:
            yield key >> 3, message[at : at + value]
            at += value
        else:
            return


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 64:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            break
        shift += 7
    return value, at
