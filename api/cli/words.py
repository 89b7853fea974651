"""What the command line says besides errors, in the language of the terminal (`words.json`: English, 简体, 繁體)."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

from api.messages import LANGUAGES, Language, language_of

ORDER: tuple[Language, ...] = ("en", "zh-Hans", "zh-Hant")


def language() -> Language:
    """The terminal's language: LANGUAGE, LC_ALL, LC_MESSAGES, LANG, in the usual order (zh_TW.UTF-8 is zh-tw)."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if tag := os.environ.get(name, "").split(":")[0].split(".")[0]:
            return language_of(tag.replace("_", "-"))
    return LANGUAGES[0]


def say(word: str, /, **values: object) -> str:
    """The sentence for `word`, filled."""
    return _words()[word][ORDER.index(language())].format(**values)


def knows(word: str) -> bool:
    return word in _words()


@cache
def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return found
