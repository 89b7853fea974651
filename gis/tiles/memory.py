"""Tiles that this process has sent before: their bytes need not come from PostgreSQL again.

What is here is shown only after PostgreSQL has said that its etag still holds, so it is never old.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

type Key = tuple[int, str, int, int, int]  #: district, layer, zoom, column, row


class Memory:
    """The tiles sent last, as many as fit into `most` bytes. Threads may share it."""

    def __init__(self, most: int = 64 * 2**20) -> None:
        self._most = most
        self._size = 0
        self._known: OrderedDict[Key, tuple[str, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> tuple[str, bytes] | None:
        """Etag and packed body as they were last."""
        with self._lock:
            if (found := self._known.get(key)) is not None:
                self._known.move_to_end(key)
            return found

    def put(self, key: Key, etag: str, packed: bytes) -> None:
        with self._lock:
            self._size -= len(self._known.pop(key, ("", b""))[1])
            self._known[key] = (etag, packed)
            self._size += len(packed)
            while self._size > self._most and self._known:
                self._size -= len(self._known.popitem(last=False)[1][1])

    def __len__(self) -> int:
        return len(self._known)
