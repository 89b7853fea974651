"""Sentences for people in English, Simplified and Traditional Chinese: the only place where a code becomes words.

One JSON catalogue per language, the same keys in each. Below, `params` fill the braces of a sentence; a parameter whose
name has a vocabulary under `words` is said in it (`stage=handling` becomes "being handled"). A sentence may ask for a
form: `{seconds:duration}`, `{metres:length}`, `{at:moment}`.
"""

from api.messages.catalogue import (
    LANGUAGES,
    Language,
    Sentence,
    codes,
    degraded,
    event,
    invalid,
    language_of,
    page,
    problem,
    rule,
    said,
    speaks,
    waiting,
    word,
)

__all__ = [
    "LANGUAGES",
    "Language",
    "Sentence",
    "codes",
    "degraded",
    "event",
    "invalid",
    "language_of",
    "page",
    "problem",
    "rule",
    "said",
    "speaks",
    "waiting",
    "word",
]
