"""Words of a call that are no name, and what sorts of places are called: `data/reference/speech.json`, which a city may
change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from gis.spelling import chinese, letters

TABLE: Final = Path(__file__).resolve().parents[2] / "data" / "reference" / "speech.json"


@dataclass(frozen=True, kw_only=True)
class Speech:
    """The table, in the form in which texts are compared."""

    filler: frozenset[str]
    signs: frozenset[str]
    inside: frozenset[str]  #: a number beside one of these is no house number
    beside: frozenset[str]  #: words that say: not there, but next to it
    beside_signs: tuple[str, ...]
    kinds: Mapping[str, tuple[str, ...]]  #: sort of facility -> what people call it


@cache
def speech(table: Path = TABLE) -> Speech:
    """The words, read once."""
    rows = json.loads(table.read_text(encoding="utf-8"))
    return Speech(
        filler=frozenset(word for line in rows["filler"] for word in letters.plain(line).replace("'", " ").split()),
        signs=frozenset(rows["signs"]),
        inside=frozenset(rows["inside"]),
        beside=frozenset(rows["beside"]),
        beside_signs=tuple(rows["beside_signs"]),
        kinds={kind: tuple(_called(line)) for kind, line in rows["kinds"].items()},
    )


def _called(line: str) -> list[str]:
    """ "one word of many|two words" -> every word before the first bar, and every name after it."""
    first, *rest = line.split("|")
    names = [*(first.split() if not chinese.has_signs(first) else [first]), *rest]
    return [key for name in names if (key := letters.key(name))]
