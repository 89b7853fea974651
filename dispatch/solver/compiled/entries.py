"""The functions that Python calls; the only ones that are kept compiled on disk."""

from __future__ import annotations

from dispatch.solver.compiled import anneal as search
from dispatch.solver.compiled import fill as filling
from dispatch.solver.compiled import places
from dispatch.solver.compiled.anneal import Shares
from dispatch.solver.compiled.columns import IMPOSSIBLE
from dispatch.solver.compiled.given import Given
from dispatch.solver.compiled.jit import entry, fingerprint
from dispatch.solver.compiled.rows import Rows

_begin, _anneal, _greedy, _fill, _price = search.begin, search.anneal, search.greedy, filling.fill, places.price
_insert = search.insert
_SOURCES = fingerprint()


def _closed(sources: int):  # type: ignore[no-untyped-def]  # numba infers; what is closed over is part of the key
    @entry
    def begin(x: Given, y: Rows) -> bool:
        return _begin(x, y) and sources >= 0

    @entry
    def fill(x: Given, y: Rows, choice: int, most: int) -> int:
        return _fill(x, y, choice, most) if sources >= 0 else 0

    @entry
    def anneal(
        x: Given, y: Rows, steps: int, hot: float, cold: float, mean: float, blink: float, orders: Shares, ruins: Shares
    ) -> None:
        if sources >= 0:
            _anneal(x, y, steps, hot, cold, mean, blink, orders, ruins)

    @entry
    def price(x: Given, y: Rows, p: int, i: int) -> int:
        return _price(x, y, p, i, IMPOSSIBLE) if sources >= 0 else 0

    @entry
    def greedy(x: Given, y: Rows, order: int) -> bool:
        return _greedy(x, y, order) and sources >= 0

    @entry
    def insert(x: Given, y: Rows, i: int) -> int:
        return _insert(x, y, i) if sources >= 0 else -1

    return begin, fill, anneal, price, greedy, insert


begin, fill, anneal, price, greedy, insert = _closed(_SOURCES)
