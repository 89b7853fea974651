"""Zips, taken apart with every bound checked on what really comes out, not on what the zip says of itself."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from gis.errors import BadSource
from gis.sources.limits import MB, Limits

CHUNK: Final = MB
UNREADABLE: Final = (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)


def check(file: Path, limits: Limits, *, most: int) -> Sequence[zipfile.ZipInfo]:
    """The members of a zip, none of which is a trap. Raises BadSource (members, path, encrypted, unpacked, ratio)."""
    try:
        with zipfile.ZipFile(file) as packed:
            members = [one for one in packed.infolist() if not one.is_dir()]
    except UNREADABLE as error:
        raise BadSource(file=file.name, reason="unreadable") from error
    if len(members) > limits.members:
        raise BadSource(file=file.name, reason="members", found=len(members), allowed=limits.members)
    if (total := sum(one.file_size for one in members)) > most:
        raise BadSource(file=file.name, reason="unpacked", found=total // MB, allowed=most // MB)
    for one in members:
        _sound(file, one, limits)
    return members


def unpack(file: Path, folder: Path, limits: Limits) -> list[Path]:
    """Take a zip apart into `folder` and name what came out. Raises as `check` does, and unreadable."""
    made: list[Path] = []
    left = limits.unpacked
    members = check(file, limits, most=limits.unpacked)
    try:
        with zipfile.ZipFile(file) as packed:
            for one in members:
                if one.filename.startswith("__MACOSX/"):
                    continue
                target = folder / one.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(one) as stream, target.open("wb") as out:
                    left -= _copied(stream, out, left, file, limits)  # type: ignore[arg-type]  # IO[bytes] is one
                made.append(target)
    except UNREADABLE as error:
        raise BadSource(file=file.name, reason="unreadable") from error
    return made


def _sound(file: Path, one: zipfile.ZipInfo, limits: Limits) -> None:
    path = PurePosixPath(one.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in one.filename or "\x00" in one.filename:
        raise BadSource(file=file.name, reason="path", found=one.filename)
    if one.flag_bits & 0x1:
        raise BadSource(file=file.name, reason="encrypted")
    if one.file_size > MB and one.file_size > limits.ratio * max(one.compress_size, 1):
        ratio = one.file_size // max(one.compress_size, 1)
        raise BadSource(file=file.name, reason="ratio", found=ratio, allowed=limits.ratio)


def _copied(stream: BinaryIO, out: BinaryIO, left: int, file: Path, limits: Limits) -> int:
    """Bytes copied, never more than `left`."""
    done = 0
    while part := stream.read(CHUNK):
        done += len(part)
        if done > left:
            raise BadSource(file=file.name, reason="unpacked", found=done // MB, allowed=limits.unpacked // MB)
        out.write(part)
    return done
