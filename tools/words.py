"""What the set-up says, in the language of the terminal: English, 简体中文, 繁體中文 (`words.json`, in this order)."""

from __future__ import annotations

import json
import os
from pathlib import Path

ENGLISH, HANS, HANT = 0, 1, 2
WORDS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def language() -> int:
    """The terminal's language, by the usual order of variables."""
    tag = next((v for v in map(os.environ.get, ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")) if v), "").lower()
    if not tag.startswith("zh"):
        return ENGLISH
    return HANT if any(mark in tag for mark in ("tw", "hk", "mo", "hant")) else HANS


def say(word: str, **values: object) -> str:
    """The sentence for `word`, filled."""
    return WORDS[word][language()].format(**values)
