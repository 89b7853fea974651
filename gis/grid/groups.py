"""Things that belong together, as numbers 0, 1, 2 ..."""

from __future__ import annotations

import numpy as np

from gis.grid.arrangement import Ints


class Groups:
    """`count` things, each alone at first."""

    def __init__(self, count: int) -> None:
        self._home = list(range(count))

    def join(self, a: int, b: int) -> None:
        """The groups of a and b are one from now on."""
        one, other = self.of(a), self.of(b)
        self._home[max(one, other)] = min(one, other)

    def of(self, i: int) -> int:
        """The group of i, named after its first member."""
        while self._home[i] != i:
            self._home[i] = self._home[self._home[i]]
            i = self._home[i]
        return i

    def dense(self) -> Ints:
        """The group of each, 0, 1, 2 ... in order of their first members."""
        roots = np.array([self.of(i) for i in range(len(self._home))], dtype=np.int64)
        return np.unique(roots, return_inverse=True)[1].astype(np.int64)


def joined(count: int, a: Ints, b: Ints) -> Ints:
    """The group of each of `count` things when a[i] and b[i] belong together, groups in order of their first member."""
    groups = Groups(count)
    for i, j in zip(a.tolist(), b.tolist(), strict=True):
        groups.join(i, j)
    return groups.dense()
