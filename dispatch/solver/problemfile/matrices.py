"""The travel matrices of a file: `travel`, or one for every mode in `modes`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dispatch.solver.problem import NO_WAY, Seconds
from dispatch.solver.problemfile.at import At


def matrices(top: At, keys: Mapping[str, At]) -> tuple[Seconds, ...]:
    """Square matrices of one size, whole seconds, NO_WAY for null. Raises BadProblem with the first wrong cell."""
    if "modes" in keys and "travel" in keys:
        top.fail("two_ways", one="travel", other="modes", value="travel")
    if "modes" not in keys:
        if "travel" not in keys:
            top.fail("missing", key="travel")
        return (_matrix(keys["travel"]),)
    found = tuple(_matrix(at) for at in keys["modes"].items())
    if not found:
        keys["modes"].fail("empty")
    for k, one in enumerate(found):
        if one.shape != found[0].shape:
            At(len(one), f"{keys['modes'].path}[{k}]").fail("wrong_length", expected=len(found[0]), found=len(one))
    return found


def _matrix(at: At) -> Seconds:
    rows = at.items()
    try:
        cells = np.array(at.value if rows else np.zeros((0, 0), dtype=np.int64))
    except ValueError:
        return _slowly(rows)
    if cells.shape != (len(rows), len(rows)) or not _whole(cells):
        return _slowly(rows)
    whole: Seconds = np.minimum(cells, NO_WAY).astype(np.int64)
    return whole


def _whole(cells: np.ndarray[Any, Any]) -> bool:
    """Whether all are whole numbers of seconds, none negative."""
    if cells.dtype.kind not in "iuf":
        return False
    return bool(np.isfinite(cells).all() and (cells >= 0).all() and (np.floor(cells) == cells).all())


def _slowly(rows: list[At]) -> Seconds:
    """Cell by cell, to find what is wrong or null."""
    cells = [[_cell(at) for at in row.items(len(rows))] for row in rows]
    return np.array(cells, dtype=np.int64).reshape(len(rows), len(rows))


def _cell(at: At) -> int:
    return NO_WAY if at.value is None else at.whole(0, NO_WAY)
