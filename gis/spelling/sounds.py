"""How a Latin key sounds: letters that are heard alike become one, so that what was heard can be compared."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: Applied in order. Wide on purpose: a likeness of sounds still has to be a likeness of the whole name.
HEARD: Final = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (r"sch|sh", "S"),
        (r"t?sch|tch", "S"),
        (r"ph", "f"),
        (r"th|dt", "t"),
        (r"ck|kk|q(?:u(?=[ei]))?|c(?=[aoukrlt]|$)", "k"),
        (r"ch", "X"),
        (r"tz|ts|ds|zz|c(?=[eiy])", "z"),
        (r"x|chs|ks|gs", "ks"),
        (r"eaux?$|eau|au(?:lt|x|d)$|aux?(?=$)", "o"),
        (r"e[iy]|a[iy]", "ai"),
        (r"[ea]u|aeu|oi|oy", "oi"),
        (r"ie|ih|ee|y|j", "i"),
        (r"ae|ai(?=[td]$)", "e"),
        (r"oe", "o"),
        (r"ue|ou", "u"),
        (r"(?<=[aeiou])h", ""),
        (r"[bp]+", "p"),
        (r"[dt]+", "t"),
        (r"[gk]+", "k"),
        (r"[vfw]+", "f"),
        (r"z", "s"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=16384)
def heard(key: str) -> str:
    """How `key` sounds: "wiesengass" and "wisenkas" -> "fisenkas"."""
    found = key
    for pattern, letters in HEARD:
        found = pattern.sub(letters, found)
    return found
