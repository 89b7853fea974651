"""Every name of a district under every key that it may be typed by, and what of each key tells it from the others."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from gis.geocode.index.model import INITIALS, LANDMARK, PLAIN, SHORTENED
from gis.spelling import chinese, letters, syllables

type Known = tuple[str, int, int, int]  #: key, kind, form, target

ENDS: Final = (
    *("strasse", "gasse", "gass", "weg", "platz", "allee", "ring", "steig", "katu", "tie", "polku", "gatan", "vagen"),
    *("street", "road", "avenue", "lane", "square", "lu", "jie", "dajie", "hutong", "xiang"),
)
STARTS: Final = (
    *("ruedela", "ruedes", "ruedu", "ruede", "rue", "avenuedela", "avenuedes", "avenuedu", "avenuede", "avenue"),
    *("boulevarddela", "boulevarddes", "boulevarddu", "boulevard", "chemindela", "chemindes", "chemindu", "chemin"),
    *("placedela", "placedes", "placedu", "place", "escalier", "quai", "impasse", "allee", "via", "viale", "piazza"),
)
SIGNS_END: Final = re.compile(
    r"(?:大道|大街|胡同|公路|[路街道巷弄里]|\d+[街路段]|社区|小区|公寓|大厦|大楼|管理委员会|管理员会|管理负责人|\d?期)+$"
)
BLUNT: Final = re.compile(r"(?:管理委员会|管理员会|管理负责人|公寓大厦|公寓|社区|大厦|大楼|小区|華廈|华厦)+$")
COMMON: Final = 5  #: names that have to share an end (or a beginning) before it says nothing of any of them
SHARE: Final = 0.008  #: of all names, likewise
ALIKE: Final = 3  #: landmarks that may share a name without its general word
LEAST: Final = 2  #: letters of a name that always count as its own


@dataclass
class Names:
    """What is gathered while the rows are read."""

    known: set[Known] = field(default_factory=set)
    words: dict[str, str] = field(default_factory=dict)  #: key of a landmark of several words -> its words

    def add(self, name: str, kind: int, target: int, *, latin: bool = True) -> None:
        """`name` and its other forms as names of `target`."""
        for key, words in letters.spelt(name):
            self.known.add((key, kind, PLAIN, target))
            if kind == LANDMARK and len(words) > 1:
                self.words.setdefault(key, " ".join(words))
        if chinese.has_signs(name):
            for key, form in _chinese(name) if latin else ():
                self.known.add((key, kind, form, target))

    def shorten(self, called: Mapping[int, Iterable[str]], taken: set[str]) -> None:
        """Landmarks without the general word at their end, where that is no name already and tells few apart."""
        common = common_words(name for names in called.values() for name in names)
        found: dict[str, set[int]] = defaultdict(set)
        for target, names in called.items():
            for short in {short for name in names for short in _without(name, common)} - taken:
                if len(short) > (1 if chinese.has_signs(short) else 3):
                    found[short].add(target)
        self.known.update(
            (short, LANDMARK, SHORTENED, target)
            for short, targets in found.items()
            if len(targets) <= ALIKE
            for target in targets
        )


def _chinese(name: str) -> Iterator[tuple[str, int]]:
    """A Chinese name in pinyin: written together, with the sort of street in English, and its initials."""
    found = chinese.normal(name).replace(" ", "")
    parts = syllables.pinyin(found)
    if not all(part.isascii() and part.isalnum() for part in parts):
        return
    whole = "".join(parts)
    yield whole, PLAIN
    spoken = "".join(syllables.pinyin(name.replace(" ", "")))
    if spoken != whole and spoken.isascii() and spoken.isalnum():
        yield spoken, PLAIN  # with its numbers as they are said
    if (older := "".join(syllables.wade_giles(name.replace(" ", "")))).isalnum() and older.isascii() and older != whole:
        yield older, PLAIN
    for signs, english in (
        ("大街", "street"),
        ("大道", "avenue"),
        ("路", "road"),
        ("街", "street"),
        ("胡同", "hutong"),
    ):
        if found.endswith(signs):
            stem = "".join(syllables.pinyin(found.removesuffix(signs)))
            yield stem + english, PLAIN
            break
    if len(parts) > 2:
        yield "".join(part if part.isdigit() else part[0] for part in parts), INITIALS


def common_words(names: Iterable[str]) -> set[str]:
    """Words that stand first or last in many names of landmarks: restaurant, hotel, parking."""
    ends: Counter[str] = Counter()
    for name in names:
        words = [word.rstrip(".") for word in letters.tokens(name)]
        ends.update({words[0], words[-1]} if len(words) > 1 else ())
    return {word for word, count in ends.items() if count >= COMMON and len(word) > 2 and not word.isdigit()}


def _without(name: str, common: set[str]) -> Iterator[str]:
    if chinese.has_signs(name):
        whole = letters.key(name)
        if (short := BLUNT.sub("", whole)) != whole:
            yield short
        return
    words = [word.rstrip(".") for word in letters.tokens(name)]
    if len(words) > 1 and words[0] in common:
        yield "".join(words[1:])
    if len(words) > 1 and words[-1] in common:
        yield "".join(words[:-1])


def cores(keys: Sequence[str], streets: Sequence[bool]) -> list[int]:
    """How many letters of each key are its own: without what every street ends in or begins with here."""
    own = [key for key, street in zip(keys, streets, strict=True) if street and key.isascii()]
    ends, starts = _shared(own, ENDS, last=True), _shared(own, STARTS, last=False)
    return [_core(key, ends, starts) for key in keys]


def _core(key: str, ends: Mapping[int, set[str]], starts: Mapping[int, set[str]]) -> int:
    if chinese.has_signs(key):
        return max(min(2, len(key) - 1), 1, len(SIGNS_END.sub("", key)) or len(key))
    end = next(
        (size for size in sorted(ends, reverse=True) if key[-size:] in ends[size] and len(key) - size >= LEAST), 0
    )
    rest = key[: len(key) - end]
    start = next(
        (size for size in sorted(starts, reverse=True) if key[:size] in starts[size] and len(rest) - size > LEAST), 0
    )
    return len(rest) - start


def _shared(keys: Sequence[str], always: Sequence[str], *, last: bool) -> dict[int, set[str]]:
    counted: Counter[str] = Counter()
    for key in set(keys):
        counted.update(key[-size:] if last else key[:size] for size in range(3, min(len(key) - LEAST, 12) + 1))
    least = max(COMMON, SHARE * len(keys))
    found: dict[int, set[str]] = defaultdict(set)
    for part in (*always, *(part for part, count in counted.items() if count >= least)):
        found[len(part)].add(part)
    return found
