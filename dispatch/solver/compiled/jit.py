"""How the search is compiled: what is inside is compiled with whoever calls it, the entries are kept on disk.

numba notices a change of the file in which a kept function stands, not of the files that it calls. An entry therefore
closes over a `fingerprint` of all sources of this folder: numba keys what it keeps by the values closed over.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from numba import njit

#: the arrays belong to Python while a call lasts: not counting who holds them makes the search ten times faster
FLAGS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def inner[F: Callable[..., Any]](function: F) -> F:
    """Compiled into every place from which it is called: for what is short or runs all the time."""
    return cast("F", njit(forceinline=True, **FLAGS)(function))


def apart[F: Callable[..., Any]](function: F) -> F:
    """As `inner`, but called: for what is long, and reached from several places, or seldom."""
    return cast("F", njit(**FLAGS)(function))


def entry[F: Callable[..., Any]](function: F) -> F:
    """Called from Python, kept on disk: beside the source, else in the user's cache, else nowhere."""
    try:
        return cast("F", njit(cache=True, **FLAGS)(function))
    except RuntimeError:  # numba found no folder that may be written
        return cast("F", njit(**FLAGS)(function))


def fingerprint() -> int:
    """A number that changes with any source file of this folder that is compiled: all but those above the entries."""
    sources = (path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return zlib.crc32(b"".join(source for source in sources if b"compiled import entries" not in source))
