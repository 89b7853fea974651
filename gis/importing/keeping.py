"""The copy of a place's objects that is kept in the data folder: change files are applied to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import osmium

PLACES: Final = "places"


def keep(file: Path, target: Path, changes: Sequence[Path] = ()) -> None:
    """Copy an extract to `target` as PBF, with change files applied: of each object the newest version is kept.

    The extract is streamed, the changes are held in memory. Objects must be sorted by kind and number.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}")
    merged = osmium.MergeInputReader()
    for change in changes:
        merged.add_file(str(change))
    try:
        with osmium.io.Reader(str(file)) as reader:
            writer = osmium.io.Writer(str(draft), reader.header())
            try:
                merged.apply_to_reader(reader, writer)
            finally:
                writer.close()
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def kept(file: Path, folder: Path, sha256: str) -> Iterator[str]:
    """The path of a fresh copy, relative to the data folder; gone again if what follows fails."""
    relative = f"{PLACES}/{sha256[:12]}-{uuid4().hex[:6]}.osm.pbf"
    keep(file, folder / relative)
    try:
        yield relative
    except BaseException:
        (folder / relative).unlink(missing_ok=True)
        raise
