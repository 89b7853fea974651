"""Names by the pairs of letters in them: which names may be meant, before any is compared letter by letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from gis.geocode.index.model import Column, Index, Texts

EDGE: Final = "^"
END: Final = "$"
OFTEN: Final = 3_000  #: names with one gram beyond which it tells too little to be looked at
OFTEN_SHARE: Final = 0.06  #: of all names, likewise
TELLING: Final = 6  #: grams that have to be left
SHORTLIST: Final = 0.15  #: of the best value: what is below is not compared
MISSING: Final = 0.55  #: weight of a pair that is not there, against one that is


def of_key(key: str) -> set[str]:
    """The pairs of a name, its first and its last letter counted with their edge."""
    text = f"{EDGE}{key}{END}"
    return {text[at : at + 2] for at in range(len(text) - 1)}


def of_words(words: Sequence[str]) -> set[str]:
    """The pairs of a text, of each word and across words: any stretch of it may be a name."""
    found = of_key("".join(words))
    for word in words:
        found.update((EDGE + word[0], word[-1] + END))
    return found


def table(keys: Sequence[Iterable[str]]) -> tuple[dict[str, Column], Texts]:
    """Columns gram_start, gram_weight, gram_names (names of each gram) and name_weight (of all grams of a name).

    `keys`: the grams of every name. A gram weighs -log of the share of names that have it, so that "str" says little.
    """
    lists: dict[str, list[int]] = defaultdict(list)
    for at, grams in enumerate(keys):
        for gram in grams:
            lists[gram].append(at)
    known = sorted(lists)
    counts = np.array([len(lists[gram]) for gram in known], np.int64)
    weights = np.log1p(len(keys) / np.maximum(counts, 1)).astype(np.float32)
    starts = np.zeros(len(known) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    names = np.fromiter((at for gram in known for at in lists[gram]), np.int32, int(starts[-1]))
    total = np.bincount(names, np.repeat(weights, counts), len(keys)).astype(np.float32)
    columns: dict[str, Column] = {
        "gram_start": starts,
        "gram_weight": weights,
        "gram_names": names,
        "name_weight": total,
    }
    return columns, Texts.of(known)


def likely(index: Index, grams: Iterable[str], most: int) -> Column:
    """The names that share most with a text of these grams, at most `most`, in no order."""
    known = index.grams
    rows = [row for gram in grams if (row := known.get(gram)) is not None]
    if not rows:
        return np.empty(0, np.int64)
    starts, weights, names = index.gram_start, index.gram_weight, index.gram_names
    common = max(OFTEN, int(OFTEN_SHARE * len(index.name_weight)))
    telling = [row for row in rows if starts[row + 1] - starts[row] <= common]
    rows = telling if len(telling) >= TELLING else rows
    parts = [names[starts[row] : starts[row + 1]] for row in rows]
    found = np.concatenate(parts)
    shared = np.bincount(found, np.repeat(weights[rows], [len(part) for part in parts]), len(index.name_weight))
    value = (1 + MISSING) * shared - MISSING * index.name_weight
    near = np.flatnonzero(shared if len(value) <= most else value > SHORTLIST * value.max())
    return near if len(near) <= most else near[np.argpartition(value[near], -most)[-most:]]
