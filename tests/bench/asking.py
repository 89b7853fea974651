"""Queries with known answers, made of a register by seeded perturbations: what people type, say and get wrong.

    python -m tests.bench.asking DATABASE DISTRICT [--seed N] [--each N] > queries.jsonl

The same form as the query sets beside the checkout: kind, query, lon, lat, tolerance_m, alts. A query of kind
`absent_street` is answered right by silence. The calibration of scores is fitted on these and on nothing else.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from pypinyin import lazy_pinyin
from rapidfuzz.distance import OSA

from gis.database import Transaction, begin
from gis.geocode.index import crossings
from gis.spelling import chinese, letters, numerals
from gis.store import contents
from tests.bench.place import database

LETTERS = "abcdefghijklmnopqrstuvwxyz"
TALK = (
    *("{}", "hallo hier {} bitte kommen", "ich stehe vor {}", "we are at {}", "there is a fire at {} please hurry"),
    *(
        "nous sommes au {}",
        "es geht um {} zweiter stock",
        "unfall bei {} zwei verletzte",
        "a coté de {}",
        "siamo in {}",
    ),
)
TALK_ZH = ("{}", "我在{}", "{}着火了", "{}附近", "{}对面", "快来{}有人晕倒", "您好{}这里漏水")
NEAR = ("near {}", "gegenüber {}", "neben {}", "next to {}", "hinter {}", "en face de {}", "vicino a {}", "opposite {}")
CROSSING = ("{} / {}", "{} & {}", "Ecke {} und {}", "corner of {} and {}", "angle {} et {}", "{} Kreuzung {}")
CROSSING_ZH = ("{}与{}交叉口", "{}和{}路口", "{}/{}")
ABSENT = (
    *("Goethestraße", "Marienplatz", "Kirchgasse", "Bergmannweg", "Sonnenhalde", "Rue de la Gare", "Avenue Foch"),
    *("Via Garibaldi", "Oxford Street", "Baker Street", "Mozartgasse", "Lindenallee", "Seepromenade", "Weinbergsteig"),
    *(
        "Kastanienallee",
        "Brunnengasse",
        "Am Anger",
        "Chemin des Vignes",
        "Piazza Dante",
        "Industriering",
        "Rue Pasteur",
    ),
    *("长安街", "南京东路", "淮海中路", "忠孝东路四段", "重慶南路一段", "凱達格蘭大道", "陸家嘴環路", "天府大道"),
)
SWAPS = [
    *(("b", "p"), ("d", "t"), ("g", "k"), ("v", "f"), ("z", "s"), ("ei", "ai"), ("ss", "s"), ("th", "t")),
    *(("ie", "i"), ("ck", "k"), ("tt", "t"), ("nn", "n"), ("ph", "f"), ("ß", "s"), ("äu", "eu"), ("dt", "t")),
]
SYLLABLES = ("ba", "gol", "tri", "men", "zor", "kal", "fi", "dru", "nep", "vos", "lim", "qua", "hest", "run", "yel")
ENDS = ("straße", "weg", "gasse", "platz", "allee", "steig", " road", " street")


@dataclass(frozen=True)
class House:
    """A row of the register."""

    street: str
    number: str
    city: str
    label: str
    lon: float
    lat: float

    @property
    def signs(self) -> bool:
        return chinese.has_signs(self.street)

    def text(self, street: str | None = None, number: str | None = None, city: str | None = None) -> str:
        """As it is usually written, with some parts in another form."""
        road, door = street or self.street, number or self.number
        town = self.city if city is None else city
        if self.signs:
            return f"{town}{road}{door}"
        return f"{road} {door}, {town}" if town else f"{road} {door}"


def slip(text: str, dice: random.Random) -> str:
    """`text` with one letter too many, too few, wrong, or two the wrong way round."""
    at = dice.randrange(len(text))
    if chinese.has_signs(text):
        return text[:at] + dice.choice("東安明光華春山水金玉") + text[at + 1 :]
    kind, letter = dice.randrange(4), dice.choice(LETTERS)
    if kind == 0:
        return text[:at] + letter + text[at:]
    if kind == 1 and len(text) > 2:
        return text[:at] + text[at + 1 :]
    if kind == 2 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + letter + text[at + 1 :]


def heard(text: str, dice: random.Random) -> str:
    """`text` written by somebody who heard it."""
    found = text.casefold()
    for old, new in dice.sample(SWAPS, 5):
        found = found.replace(old, new, 1)
    return found


def made_up(dice: random.Random) -> str:
    """The name of a street that is nowhere."""
    return "".join(dice.sample(SYLLABLES, 3)).capitalize() + dice.choice(ENDS)


class Asking:
    """The queries of one district."""

    def __init__(self, tx: Transaction, district: int, seed: int) -> None:
        self.dice = random.Random(seed)
        rows = list(contents.rows(tx, contents.ADDRESSES, district))
        self.houses = [House(r[1], r[2], r[4] or "", r[6], r[7], r[8]) for r in rows if r[1] and r[2]]
        self.by_label: dict[str, list[House]] = defaultdict(list)
        self.by_street: dict[tuple[str, str], list[House]] = defaultdict(list)
        for house in self.houses:
            self.by_label[f"{letters.key(house.street)} {letters.house(house.number)}"].append(house)
            self.by_street[house.street, house.city].append(house)
        self.cities = sorted({house.city for house in self.houses if house.city})
        self.marks = [r for r in contents.rows(tx, contents.LANDMARKS, district) if r[1] and r[0] != "alias"]
        drawn = [(r[0], r[2]) for r in contents.rows(tx, contents.STREETS, district)]
        self.names = sorted({name for name, _ in drawn})
        shapes = [shapely.from_wkb(bytes(wkb)) for _, wkb in drawn]
        self.meetings = crossings.meeting([self.names.index(name) for name, _ in drawn], shapes)
        self.keys = sorted({letters.key(house.street) for house in self.houses})

    def all(self, each: int) -> Iterator[dict[str, Any]]:
        """`each` queries of every kind that the place has."""
        kinds: dict[str, Callable[[], dict[str, Any] | None]] = {
            name.removeprefix("ask_"): getattr(self, name) for name in sorted(dir(self)) if name.startswith("ask_")
        }
        for kind, ask in kinds.items():
            for _ in range(each):
                if (query := ask()) is not None:
                    yield {"kind": kind, **query}

    def _house(self) -> House:
        return self.dice.choice(self.houses)

    def _ask(self, house: House, query: str, tolerance: float = 30, *, town: bool = True) -> dict[str, Any]:
        same = self.by_label[f"{letters.key(house.street)} {letters.house(house.number)}"]
        alts = [(h.lon, h.lat) for h in same if not town or h.city == house.city]
        return {"query": query, "lon": house.lon, "lat": house.lat, "tolerance_m": tolerance, "alts": alts}

    def ask_exact(self) -> dict[str, Any]:
        house = self._house()
        return self._ask(house, house.text())

    def ask_no_city(self) -> dict[str, Any]:
        house = self._house()
        return self._ask(house, house.text(city=""), town=False)

    def ask_typo(self) -> dict[str, Any]:
        house = self._house()
        return self._ask(house, house.text(slip(house.street, self.dice)))

    def ask_typo2(self) -> dict[str, Any]:
        house = self._house()
        street = slip(slip(house.street, self.dice), self.dice) if not house.signs else slip(house.street, self.dice)
        return self._ask(house, house.text(street, city=""), town=False)

    def ask_heard(self) -> dict[str, Any]:
        house = self._house()
        return self._ask(house, house.text(heard(house.street, self.dice) if not house.signs else None))

    def ask_call(self) -> dict[str, Any]:
        house = self._house()
        text = house.text(slip(house.street, self.dice), city="")
        return self._ask(house, self.dice.choice(TALK_ZH if house.signs else TALK).format(text), town=False)

    def ask_near(self) -> dict[str, Any]:
        house = self._house()
        text = house.text(city="" if self.dice.random() < 0.5 else None)
        return self._ask(house, self.dice.choice(TALK_ZH if house.signs else NEAR).format(text), town=False)

    def ask_spelt(self) -> dict[str, Any] | None:
        house = self._house()
        if not house.number.isdigit() or not 0 < int(house.number) <= numerals.MOST:
            return None
        words = [word for word, value in numerals.known().items() if value == int(house.number)]
        return self._ask(house, house.text(number=self.dice.choice(words)))

    def ask_wrong_city(self) -> dict[str, Any] | None:
        house = self._house()
        others = [city for city in self.cities if (house.street, city) not in self.by_street and city != house.city]
        return self._ask(house, house.text(city=self.dice.choice(others))) if others else None

    def ask_absent_number(self) -> dict[str, Any] | None:
        house = self._house()
        there = {letters.leading(letters.house(h.number)) for h in self.by_street[house.street, house.city]}
        lead = letters.leading(letters.house(house.number))
        missing = [n for n in (lead + 2, lead - 2, lead + 1) if n > 0 and n not in there]
        if not missing or house.signs or not house.number.isdigit():
            return None
        return self._ask(house, house.text(number=str(missing[0])), 60)

    def ask_far_number(self) -> dict[str, Any] | None:
        """A number far beyond the last of a street: the street is an answer."""
        house = self._house()
        if house.signs:
            return None
        there = self.by_street[house.street, house.city]
        query = self._ask(house, house.text(number=str(self.dice.randrange(2000, 4000))), 400)
        return {**query, "alts": [(each.lon, each.lat) for each in there]}

    def ask_absent_street(self) -> dict[str, Any] | None:
        house = self._house()
        wanted = [name for name in ABSENT if chinese.has_signs(name) == house.signs]
        street = made_up(self.dice) if not house.signs and self.dice.random() < 0.5 else self.dice.choice(wanted)
        key = letters.key(street)
        if any(OSA.distance(key, known, score_cutoff=1) <= 1 for known in self.keys):
            return None
        text = house.text(street, city=None if self.dice.random() < 0.7 else "")
        return {"query": text, "lon": house.lon, "lat": house.lat, "tolerance_m": 0, "alts": [], "expect": "none"}

    def ask_landmark(self) -> dict[str, Any] | None:
        if not self.marks:
            return None
        mark = self.dice.choice(self.marks)
        return self._mark(mark, mark[1])

    def ask_landmark_typo(self) -> dict[str, Any] | None:
        if not self.marks:
            return None
        mark = self.dice.choice(self.marks)
        return self._mark(mark, slip(mark[1], self.dice)) if len(mark[1]) > 4 else None

    def _mark(self, mark: Sequence[Any], query: str) -> dict[str, Any]:
        alts = [(m[3], m[4]) for m in self.marks if m[1] == mark[1]]
        return {"query": query, "lon": mark[3], "lat": mark[4], "tolerance_m": 50, "alts": alts}

    def ask_crossing(self) -> dict[str, Any] | None:
        if not len(self.meetings[0]):
            return None
        at = self.dice.randrange(len(self.meetings[0]))
        pair = int(self.meetings[0][at])
        one, other = self.names[pair >> 32], self.names[pair & 0xFFFFFFFF]
        if self.dice.random() < 0.3:
            one = slip(one, self.dice)
        same = self.meetings[0] == pair
        alts = list(zip(self.meetings[1][same].tolist(), self.meetings[2][same].tolist(), strict=True))
        query = self.dice.choice(CROSSING_ZH if chinese.has_signs(one) else CROSSING).format(one, other)
        lon, lat = alts[0]
        return {"query": query, "lon": lon, "lat": lat, "tolerance_m": 60, "alts": alts}

    def ask_absent_lane(self) -> dict[str, Any] | None:
        house = self._house()
        number = letters.house(house.number)
        if "巷" not in number:
            return None
        door = f"{number.partition('巷')[0]}巷{self.dice.randrange(1, 40)}弄{self.dice.randrange(1, 30)}號"
        return self._ask(house, house.text(number=door), 150)

    def ask_pinyin(self) -> dict[str, Any] | None:
        house = self._house()
        if not house.signs:
            return None
        spoken = "".join(lazy_pinyin(letters.plain(house.street)))
        return self._ask(house, f"{spoken} {letters.house(house.number)}", town=False) if spoken.isascii() else None

    def ask_simplified(self) -> dict[str, Any] | None:
        house = self._house()
        text = house.text().translate(chinese.simplified())
        return self._ask(house, text) if house.signs else None


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("database")
    asked.add_argument("district", type=int)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--each", type=int, default=60)
    how = asked.parse_args()
    with begin(database(how.database)) as tx:
        for query in Asking(tx, how.district, how.seed).all(how.each):
            sys.stdout.write(json.dumps(query, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
