"""Things on their way: in memory while they are few, in a temporary file beyond that; read as often as one likes."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.osm.model import Tags, Thing

BATCH = 4000  #: things that are worked on together
HELD = 4  #: batches that stay in memory

type Shapes = NDArray[np.object_]
type Who = tuple[str, int, Tags]


@dataclass(frozen=True, slots=True)
class Batch[G: BaseGeometry]:
    """Some things: who they are, and their shapes in the same order."""

    who: Sequence[Who]
    shapes: Shapes

    def __iter__(self) -> Iterator[Thing[G]]:
        return (Thing(*who, shape) for who, shape in zip(self.who, self.shapes, strict=True))

    def __len__(self) -> int:
        return len(self.who)

    def only(self, which: Sequence[int]) -> Batch[G]:
        """Those at some indexes, in their order."""
        return Batch([self.who[i] for i in which], self.shapes[np.asarray(which, dtype=np.intp)])


@dataclass(slots=True)
class Spool[G: BaseGeometry]:
    """Batches in the order in which they came."""

    _held: list[Batch[G]] = field(default_factory=list)
    _file: IO[bytes] | None = None
    _count: int = 0

    def add(self, batch: Batch[G]) -> None:
        self._count += len(batch)
        if len(self._held) < HELD:
            self._held.append(batch)
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="gridward-")  # noqa: SIM115 - lives as long as the spool
        self._file.seek(0, 2)
        pickle.dump((batch.who, shapely.to_wkb(batch.shapes)), self._file, pickle.HIGHEST_PROTOCOL)

    def batches(self) -> Iterator[Batch[G]]:
        yield from self._held
        if self._file is not None:
            at, end = 0, self._file.seek(0, 2)
            while at < end:
                self._file.seek(at)
                who, wkb = pickle.load(self._file)  # noqa: S301 - written by this process a moment ago
                at = self._file.tell()
                yield Batch(who, shapely.from_wkb(wkb))

    def __iter__(self) -> Iterator[Thing[G]]:
        for batch in self.batches():
            yield from batch

    def __len__(self) -> int:
        return self._count
