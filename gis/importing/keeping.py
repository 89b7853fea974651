"""The copy of a place's objects that is kept in the data folder: change files are applied to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import osmium

from gis.osm.metric import widened
from gis.osm.model import Box

PLACES: Final = "places"
AROUND: Final = 5_000.0  #: metres beyond a place that its copy reaches at least: roads lead out and in again
FOREIGN: Final = 0.5  #: share of nodes elsewhere from which on a copy is cut to its place
LARGE: Final = 256 * 1024 * 1024  #: bytes; cutting holds a bit for every number of OpenStreetMap, 1.5 GB in all


def keep(
    file: Path, target: Path, changes: Sequence[Path] = (), bounds: Box | None = None, *, large: int = LARGE
) -> None:
    """Copy an extract to `target` as PBF, with change files applied: of each object the newest version is kept.

    The extract is streamed, the changes are held in memory. Objects must be sorted by kind and number. What lies far
    from `bounds` is left out where it is most of a file of `large` bytes or more; ways and relations that reach in stay
    whole.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft, whole = (target.with_name(f".{uuid4().hex}.{what}.osm.pbf") for what in ("draft", "whole"))
    try:
        _merge(file, draft, changes)
        if bounds and draft.stat().st_size >= large and (inside := _inside(draft, widened(bounds, AROUND))):
            draft.replace(whole)
            _cut(whole, draft, inside)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
        whole.unlink(missing_ok=True)


@contextmanager
def kept(file: Path, folder: Path, sha256: str, bounds: Box | None = None) -> Iterator[str]:
    """The path of a fresh copy, relative to the data folder; gone again if what follows fails."""
    relative = f"{PLACES}/{sha256[:12]}-{uuid4().hex[:6]}.osm.pbf"
    keep(file, folder / relative, bounds=bounds)
    try:
        yield relative
    except BaseException:
        (folder / relative).unlink(missing_ok=True)
        raise


def _merge(file: Path, target: Path, changes: Sequence[Path]) -> None:
    merged = osmium.MergeInputReader()
    for change in changes:
        merged.add_file(str(change))
    with osmium.io.Reader(str(file)) as reader:
        writer = osmium.io.Writer(str(target), reader.header())
        try:
            merged.apply_to_reader(reader, writer)
        finally:
            writer.close()


def _inside(file: Path, box: Box) -> Any:
    """A tracker of the nodes in a box; None where most of the file lies in it."""
    west, south, east, north = box
    tracker, here, count = osmium.IdTracker(), 0, 0
    every: Iterator[Any] = iter(osmium.FileProcessor(str(file), osmium.osm.NODE))
    for count, node in enumerate(every, start=1):  # noqa: B007 - the last one counts them all
        at = node.location
        if at.valid() and west <= at.lon <= east and south <= at.lat <= north:
            tracker.add_node(node.id)
            here += 1
    return tracker if here < (1 - FOREIGN) * count else None


def _cut(file: Path, target: Path, tracker: Any) -> None:
    for kind, add in ((osmium.osm.WAY, tracker.add_way), (osmium.osm.RELATION, tracker.add_relation)):
        for thing in osmium.FileProcessor(str(file), kind):
            if tracker.contains_any_references(thing):
                add(thing.id)
    tracker.complete_backward_references(str(file), relation_depth=1)
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for thing in osmium.FileProcessor(str(file)).with_filter(tracker.id_filter()):
            writer.add(thing)
