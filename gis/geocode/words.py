"""Names of several words of which a text has most, in any order: "Feuerwehr Triesen", "Freiwillige Feuerwehr Triesen".

`matching` compares whole names letter by letter; here a name is what its words are, each with its weight.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Final

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from gis.geocode.index import grams
from gis.geocode.index.model import LANDMARK, PLAIN, WORDS, Column, Index
from gis.geocode.matching import Match
from gis.geocode.reading import Reading

LIKELY: Final = 240  #: names, streets and towns among them, of which the words are compared
LIKE: Final = 0.7  #: likeness from which two words are one
MOST_WRONG: Final = 3  #: letters of a word
LEAST: Final = 0.55  #: share of a name that has to be there
SLIP: Final = 0.6  #: mistakes weigh this much of what they would in a whole name
TOWN: Final = 0.3  #: of the weight of a word that names the town
BETWEEN: Final = 0.25  #: deducted when all that stands between the words is something else
MISSING: Final = 0.45  #: deducted when all of the name is missing


def worded(index: Index, reading: Reading, towns: Set[int]) -> list[Match]:
    """Landmarks that share most of their words with the text, the likest first.

    `towns`: the tokens that name a town, which half of all landmarks have in their names.
    """
    tokens = [token.text.rstrip(".") for token in reading.tokens]
    telling = [at for at, token in enumerate(reading.tokens) if len(tokens[at]) > 1 and not token.sign]
    if len(telling) < 2:
        return []
    names = [at for at in _likely(index, [tokens[at] for at in telling]).tolist() if " " in index.words[at]]
    if not names:
        return []
    words = sorted({word for name in names for word in index.words[name].split()})
    like = _likeness(words, [tokens[at] for at in telling])
    at_word = {word: at for at, word in enumerate(words)}
    found = []
    for name in names:
        rows = [at_word[word] for word in index.words[name].split()]
        match = _match(index, reading, name, telling, like[rows], towns)
        if match is not None and _all_numbers(reading, match):
            found.append(match)
    return sorted(found, key=lambda match: -match.likeness)


def _all_numbers(reading: Reading, match: Match) -> bool:
    """Whether no number stands outside: a text with one is about a house."""
    return all(match.meets(number.start, number.stop) for number in reading.numbers if not number.spelt)


def _likely(index: Index, words: list[str]) -> Column:
    """Landmarks by their grams, whatever the order of the words."""
    names = grams.likely(index, grams.of_words(words), LIKELY)
    marks = (index.name_kind[names] == LANDMARK) & (index.name_form[names] == PLAIN)
    return np.asarray(names[marks])


def _likeness(words: list[str], typed: list[str]) -> Column:
    """How like each word (rows) is each that was typed (columns), 0 below LIKE."""
    wrong = cdist(words, typed, scorer=OSA.distance, score_cutoff=MOST_WRONG, dtype=np.uint8).astype(np.float32)
    sizes = np.maximum.outer([len(word) for word in words], [len(word) for word in typed])
    like = 1 - SLIP * wrong / sizes
    return np.where((wrong <= np.minimum(sizes / 4, MOST_WRONG)) & (like >= LIKE), like, 0.0)


def _match(
    index: Index, reading: Reading, name: int, telling: list[int], like: Column, towns: Set[int]
) -> Match | None:
    """A name whose words (rows) are like some of those typed (columns), or None."""
    words = index.words[name].split()
    best, at = like.max(axis=1), like.argmax(axis=1)
    own = [TOWN if best[row] and telling[int(at[row])] in towns else 1.0 for row in range(len(words))]
    weights = np.array([_weight(index, word) for word in words]) * own
    share = float((weights * best).sum() / weights.sum())
    places = sorted(telling[int(place)] for place in at[best > 0])
    if share < LEAST or not set(places) - towns or len(set(places)) < 2:
        return None
    start, stop = places[0], places[-1] + 1
    if any(token.number and at not in places for at, token in enumerate(reading.tokens[start:stop], start)):
        return None
    inside = [token.weight for token in reading.tokens[start:stop]]
    foreign = sum(weight for at, weight in enumerate(inside, start) if at not in places) / max(sum(inside), 1)
    likeness = 1 - MISSING * (1 - share) - BETWEEN * foreign - 0.01
    length = len(index.keys[name])
    cost = float(((1 - best) * np.array([len(word) for word in words]))[best > 0].sum() / SLIP)
    return Match(LANDMARK, int(index.name_target[name]), WORDS, start, stop, cost, length, length, likeness)


def _weight(index: Index, word: str) -> float:
    """What a word tells: what its pairs of letters do."""
    known = index.grams
    rows = [known[gram] for gram in grams.of_key(word) if gram in known]
    return float(index.gram_weight[rows].sum()) if rows else 1.0
