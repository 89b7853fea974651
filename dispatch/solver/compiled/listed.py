"""Lists of unequal length, end to end in one array."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

END = -1  #: after the last of a list that does not say how long it is


class Lists:
    """Grows by one list at a time."""

    def __init__(self) -> None:
        self._parts: list[npt.NDArray[np.int64]] = []
        self._length = 0

    def add(self, values: Iterable[int] | npt.NDArray[np.int64]) -> int:
        """Where the list begins; it ends with END."""
        return self._put(np.append(np.asarray(_known(values), dtype=np.int64), END))

    def flat(self, rows: Iterable[Iterable[int]]) -> int:
        """Where the rows begin, one after the other, without an end."""
        return self._put(np.array([value for row in rows for value in row], dtype=np.int64))

    def array(self) -> npt.NDArray[np.int64]:
        """All of them."""
        return np.concatenate([*self._parts, np.zeros(1, dtype=np.int64)])

    def _put(self, part: npt.NDArray[np.int64]) -> int:
        start = self._length
        self._parts.append(part)
        self._length += len(part)
        return start


def _known(values: Iterable[int] | npt.NDArray[np.int64]) -> list[int] | npt.NDArray[np.int64]:
    return values if isinstance(values, np.ndarray) else list(values)
