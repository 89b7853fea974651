"""Codes that are missing, wrong, doubled or used before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from gis.grid.checking.faults import fault
from gis.grid.given import Fault, Given, GivenCell, Kind


def naming_faults(given: Given, cells: Sequence[GivenCell]) -> Iterator[Fault]:
    """What is wrong with the codes of `cells`. Codes are looked at where a pattern or a code is given at all."""
    if given.pattern is None and all(cell.code is None for cell in given.cells):
        return
    fields = {community.code: {"community": community.code, **community.fields} for community in given.communities}
    holders: dict[str, list[str]] = defaultdict(list)
    for cell in given.cells:
        if cell.code:
            holders[cell.code].append(cell.key)
    for cell in cells:
        if not cell.code:
            yield fault(Kind.NO_CODE, [cell.key], detail=cell.key)
            continue
        if given.pattern and not given.pattern.fits(cell.code, fields.get(cell.community or "", {})):
            yield fault(Kind.BAD_CODE, [cell.key], detail=cell.code)
        if cell.code in given.taken:
            yield fault(Kind.CODE_REUSED, [cell.key], detail=cell.code)
        if len(holders[cell.code]) > 1 and holders[cell.code][0] == cell.key:
            yield fault(Kind.CODE_TWICE, holders[cell.code], detail=cell.code)
