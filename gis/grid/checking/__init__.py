"""What is wrong with a set of cells."""

from __future__ import annotations

from collections.abc import Collection

from gis.grid.given import Fault, Given, Key

__all__ = ["check"]


def check(given: Given, *, near: Collection[Key] | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong with `given`, exact to the millimetre; the worst kinds first. Nothing is changed.

    `near` looks at these cells and their surroundings only (a neighbourhood after an edit): `given` then needs no more
    than every cell, community and building that meets the box round them.
    """
    raise NotImplementedError
