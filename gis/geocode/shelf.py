"""The indexes that a process has open, each as new as the register it was made of."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import NoResultFound, SQLAlchemyError

from gis.database import begin
from gis.errors import NotFound
from gis.geocode.index import keeping
from gis.geocode.index.model import Index
from gis.model import DistrictId
from gis.store import contents

FRESH: Final = 1.0  #: seconds for which an index is believed to be of the newest register


@dataclass(eq=False)
class Shelf:
    """Indexes by district. Safe to use from many threads and many processes at once.

    With a `folder` an index is a file there, made once and shared by all processes that map it; without one it is made
    anew in each process. While PostgreSQL is away the index that is open goes on answering.
    """

    engine: Engine
    folder: Path | None = None
    _open: dict[DistrictId, tuple[float, Index]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, district: DistrictId) -> Index:
        """The index of `district`. Raises NotFound for an unknown one."""
        at, index = self._open.get(district, (0.0, None))
        if index is not None and time.monotonic() - at < FRESH:
            return index
        with self._lock:
            at, index = self._open.get(district, (0.0, None))
            if index is None or time.monotonic() - at >= FRESH:
                index = self._newest(district, index)
                self._open[district] = (time.monotonic(), index)
            return index

    def fresh(self, district: DistrictId) -> bool:
        """Whether `of` answers at once."""
        at, index = self._open.get(district, (0.0, None))
        return index is not None and time.monotonic() - at < FRESH

    def _newest(self, district: DistrictId, known: Index | None) -> Index:
        try:
            with begin(self.engine) as tx:
                version = contents.version(tx, district)
        except NoResultFound as error:
            self._open.pop(district, None)
            raise NotFound(what="district", id=district) from error
        except SQLAlchemyError:
            if known is None:
                raise
            return known
        return known if known is not None and known.version == version else self._made(district, version)

    def _made(self, district: DistrictId, version: int) -> Index:
        if self.folder is None:
            return self._built(district)
        file = self.folder / keeping.name_of(district, version)
        with _alone(self.folder, district):
            try:
                return keeping.opened(file)
            except (OSError, ValueError):
                keeping.keep(self._built(district), file)
                return keeping.opened(file)

    def _built(self, district: DistrictId) -> Index:
        from gis.geocode.index.building import build  # with scipy and more, which who only opens a file does without

        with self.engine.connect().execution_options(isolation_level="REPEATABLE READ") as tx:
            return build(tx, district)


@contextmanager
def _alone(folder: Path, district: DistrictId) -> Iterator[None]:
    """One process at a time makes an index; the others wait for it and map what it made."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{district}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
