"""Lengths and areas as people read them."""

from __future__ import annotations

from typing import Final

WHOLE: Final = 100.0
LEAST: Final = 0.001


def amount(value: float | None) -> str:
    """Three figures, or whole numbers from a hundred on; never in powers of ten. Nothing for None."""
    if value is None:
        return ""
    if 0 < value < LEAST:
        return f"< {LEAST}"
    return f"{value:,.0f}" if value >= WHOLE else f"{value:.3g}"
