"""Cells that are sound, made of cells that are not."""

from __future__ import annotations

from collections.abc import Sequence

from gis.grid.given import Fault, Given, How, Mended

__all__ = ["mend"]


def mend(given: Given, faults: Sequence[Fault], how: How | None = None) -> Mended:
    """`given` with `faults` mended, each in its first way or by `how` where it can be.

    Ground is never moved from one community into another. Mending what is mended changes nothing. Raises BadGeometry.
    """
    raise NotImplementedError
