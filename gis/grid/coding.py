"""Codes for cells that have none: the next ones of their community, after all that were ever used."""

from __future__ import annotations

from dataclasses import replace

from gis.grid.given import Given, GivenCell
from gis.grid.numbering import CodePattern, continued


def coded(given: Given, pattern: CodePattern) -> Given:
    """`given` with a code for every cell, in the order on the ground. Codes in force and codes `taken` stay taken.

    The fields of a code are those of the community, else what codes in it say. Raises SequenceFull, BadQuestion.
    """
    fields = {community.code: {"community": community.code, **community.fields} for community in given.communities}
    codes: dict[str, str] = {}
    for community in sorted({cell.community or "" for cell in given.cells if not cell.code}):
        mine = [cell for cell in given.cells if (cell.community or "") == community]
        said = _read(mine, given, pattern, fields.get(community, {"community": community}))
        bare = [cell for cell in mine if not cell.code]
        shapes = [cell.polygon for cell in bare]
        numbers = continued(shapes, [int(s["seq"]) for s in said[1]], community=community, limit=pattern.limit)
        for cell, seq in zip(bare, numbers, strict=True):
            codes[cell.key] = pattern.code(seq=seq, **said[0])
    cells = tuple(replace(cell, code=codes.get(cell.key, cell.code)) for cell in given.cells)
    return replace(given, cells=cells)


def _read(
    cells: list[GivenCell], given: Given, pattern: CodePattern, fields: dict[str, str]
) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The fields of new codes of a community, and all codes that it ever had, read."""
    own = [read for cell in cells if cell.code and (read := pattern.read(cell.code))]
    if own:
        fields = {name: value for name, value in own[0].items() if name != "seq"}
    past = [read for code in given.taken if (read := pattern.read(code)) and _same(read, fields)]
    return fields, [*own, *past]


def _same(read: dict[str, str], fields: dict[str, str]) -> bool:
    return all(read[name] == value for name, value in fields.items() if name in read)
