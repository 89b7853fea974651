"""More queries with known answers, of what callers say: sorts of landmarks, other names, rooms, next door, homophones.

python -m tests.bench.phoning DATABASE DISTRICT [--seed N] [--each N] > queries.jsonl
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from pypinyin import Style, lazy_pinyin
from rapidfuzz.distance import OSA
from sqlalchemy import text as sqltext

from gis.database import Transaction, begin
from gis.spelling import chinese, letters, syllables
from gis.store import contents
from tests.bench.asking import LETTERS, Asking, House, slip
from tests.bench.place import database

KEYS = ("qwertzuiop", "asdfghjkl", "yxcvbnm")
SORTS = {
    "fire_station": ("fire station", "Feuerwehr", "消防站"),
    "school": ("school", "Schule", "学校"),
    "pharmacy": ("pharmacy", "Apotheke", "药店"),
    "kindergarten": ("kindergarten", "Kindergarten", "幼儿园"),
    "place_of_worship": ("church", "Kirche", "教堂"),
    "fuel": ("petrol station", "Tankstelle", "加油站"),
    "bank": ("bank", "Bank", "银行"),
    "post_office": ("post office", "Post", "邮局"),
    "restaurant": ("restaurant", "Restaurant", "餐厅"),
    "police": ("police station", "Polizei", "派出所"),
    "playground": ("playground", "Spielplatz", "游乐场"),
    "hotel": ("hotel", "Hotel", "酒店"),
    "toilets": ("toilets", "Toilette", "厕所"),
    "library": ("library", "Bibliothek", "图书馆"),
    "supermarket": ("supermarket", "Supermarkt", "超市"),
}
BY = ("{} {}", "{} in der {}", "opposite the {}, {}", "gegenüber {} {}", "{} on {}", "at the {} near {}")
BY_ZH = ("{1}的{0}", "{1}{0}对面", "{1}上的{0}")
MARK = ("opposite {}", "gegenüber vom {}", "we are behind {}", "ich bin beim {}", "devant {}", "{} bitte kommen")
MARK_ZH = ("{}隔壁", "{}对面", "{}斜对面", "{}附近", "{}后面", "{}旁边", "我在{}门口", "{}这里有人晕倒")
ROOM_ZH = ("{}8号楼2单元301", "{}3号楼1单元502室", "{}12栋4楼", "{}A棟12樓之3", "{}二单元六楼", "{}5幢301室")
ROOM = ("{}4樓之2", "{}十二樓", "{} B棟 3F", "{}2樓203室", "{}地下1樓")


def fat_finger(text: str, dice: Any) -> str:
    """`text` with a letter that lies beside the right one, one doubled, or one left out."""
    at = dice.randrange(len(text))
    letter, kind = text[at].lower(), dice.randrange(3)
    row = next((row for row in KEYS if letter in row), LETTERS)
    if kind == 0:
        place = max(0, min(len(row) - 1, row.find(letter) + dice.choice((-1, 1))))
        return text[:at] + row[place] + text[at + 1 :]
    return text[:at] + (text[at] * 2 if kind == 1 else "") + text[at + 1 :]


FOREIGN = "SELECT DISTINCT street FROM address WHERE district <> :district AND street IS NOT NULL ORDER BY street"


class Phoning(Asking):
    """The further kinds; those of `Asking` are left out."""

    def __init__(self, tx: Transaction, district: int, seed: int) -> None:
        super().__init__(tx, district, seed)
        self.sorts: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for row in contents.rows(tx, contents.LANDMARKS, district):
            if row[0] in SORTS:
                self.sorts[row[0]].append((row[3], row[4]))
        self.named = [row for row in self.marks if len(letters.key(row[1])) > 3]
        self.streets = [
            (row[0], row[1], shapely.from_wkb(bytes(row[2])), row[3], row[4], row[5])
            for row in contents.rows(tx, contents.STREETS, district)
        ]
        self.alike: dict[int, list[str]] = defaultdict(list)
        table = syllables.table()
        for at, number in enumerate(table):
            if number and syllables.FIRST + at < 0x9FA6:
                self.alike[number].append(chr(syllables.FIRST + at))
        self.table = table
        self.foreign = list(tx.scalars(sqltext(FOREIGN), {"district": district}))
        common = set("".join(house.street for house in self.houses) + "".join(row[1] for row in self.marks))
        common |= set("中山東西南北路街社區大樓華安民光明正成公園學校新市場春金文化國小林海天")
        self.alike = {number: [sign for sign in signs if sign in common] for number, signs in self.alike.items()}

    def kinds(self) -> list[str]:
        return [name for name in sorted(vars(Phoning)) if name.startswith("ask_")]

    def all(self, each: int) -> Any:
        for name in self.kinds():
            for _ in range(each):
                if (query := getattr(self, name)()) is not None:
                    yield {"kind": name.removeprefix("ask_"), **query}

    def ask_foreign_street(self) -> dict[str, Any] | None:
        """A street of another place: nobody here knows it."""
        if not self.houses or not self.foreign:
            return None
        house, street = self._house(), self.dice.choice(self.foreign)
        key = letters.key(street)
        if chinese.has_signs(street) != house.signs or any(
            OSA.distance(key, k, score_cutoff=1) <= 1 for k in self.keys
        ):
            return None
        text = house.text(street, city=None if self.dice.random() < 0.7 else "")
        return {"query": text, "lon": house.lon, "lat": house.lat, "tolerance_m": 0, "alts": [], "expect": "none"}

    def ask_fat2(self) -> dict[str, Any] | None:
        if not self.houses or (house := self._house()).signs or len(house.street) < 6:
            return None
        street = fat_finger(fat_finger(house.street, self.dice), self.dice)
        return self._ask(house, house.text(street, city=""), town=False)

    def ask_fat2_city(self) -> dict[str, Any] | None:
        if not self.houses or (house := self._house()).signs or len(house.street) < 6:
            return None
        return self._ask(house, house.text(fat_finger(fat_finger(house.street, self.dice), self.dice)))

    def ask_glued(self) -> dict[str, Any] | None:
        if not self.houses or (house := self._house()).signs:
            return None
        kind = self.dice.randrange(3)
        text = house.text(city="" if self.dice.random() < 0.5 else None)
        if kind == 0:
            text = text.replace(f" {house.number}", house.number, 1)
        elif kind == 1:
            at = self.dice.randrange(3, max(4, len(house.street) - 2))
            text = text[:at] + " " + text[at:]
        else:
            text = text.replace(" ", "", 1).replace("-", "", 1)
        return self._ask(house, text, town=house.city in text)

    def ask_range(self) -> dict[str, Any] | None:
        if not self.houses or (house := self._house()).signs or not house.number.isdigit():
            return None
        there = [h for h in self.by_street[house.street, house.city] if h.number.isdigit()]
        other = [h for h in there if 0 < int(h.number) - int(house.number) <= 6]
        if not other:
            return None
        last = self.dice.choice(other)
        text = house.text(number=f"{house.number}{self.dice.choice(('-', ' - ', '–', '/', ' bis '))}{last.number}")
        found = self._ask(house, text)
        between = [h for h in there if int(house.number) <= int(h.number) <= int(last.number)]
        return {**found, "alts": [(h.lon, h.lat) for h in between]}

    def ask_mark(self) -> dict[str, Any] | None:
        return self._mark(mark := self.dice.choice(self.named), mark[1]) if self.named else None

    def ask_mark_other_name(self) -> dict[str, Any] | None:
        rows = [row for row in self.named if any(tag and name != row[1] for tag, name in row[2].items())]
        if not rows:
            return None
        mark = self.dice.choice(rows)
        name = self.dice.choice([name for tag, name in mark[2].items() if tag and name != mark[1]])
        found = self._mark(mark, name)
        same = [(m[3], m[4]) for m in self.marks if name in m[2].values() or m[1] == name]
        return {**found, "alts": [*found["alts"], *same]}

    def ask_street_other_name(self) -> dict[str, Any] | None:
        rows = [row for row in self.streets if any(tag and name != row[0] for tag, name in row[1].items())]
        if not rows:
            return None
        street = self.dice.choice(rows)
        name = self.dice.choice([name for tag, name in street[1].items() if tag and name != street[0]])
        alts = [(s[3], s[4]) for s in self.streets if name == s[0] or name in s[1].values()]
        return {"query": name, "lon": street[3], "lat": street[4], "tolerance_m": street[5] + 30, "alts": alts}

    def ask_mark_call(self) -> dict[str, Any] | None:
        if not self.named:
            return None
        mark = self.dice.choice(self.named)
        return self._mark(mark, self.dice.choice(MARK_ZH if chinese.has_signs(mark[1]) else MARK).format(mark[1]))

    def ask_mark_slip(self) -> dict[str, Any] | None:
        if not self.named:
            return None
        mark = self.dice.choice(self.named)
        name = slip(mark[1], self.dice) if chinese.has_signs(mark[1]) else fat_finger(mark[1], self.dice)
        return self._mark(mark, name) if len(mark[1]) > 4 else None

    def ask_mark_words(self) -> dict[str, Any] | None:
        """A name of several words without one of them, or with two of them the other way round."""
        rows = [row for row in self.named if len(row[1].split()) > 2 and not chinese.has_signs(row[1])]
        if not rows:
            return None
        mark = self.dice.choice(rows)
        words = mark[1].split()
        at = self.dice.randrange(len(words) - 1)
        if self.dice.random() < 0.5:
            words[at], words[at + 1] = words[at + 1], words[at]
        else:
            del words[at]
        found = self._mark(mark, text := " ".join(words))
        same = [(m[3], m[4]) for m in self.marks if set(letters.tokens(text)) <= set(letters.tokens(m[1]))]
        return {**found, "alts": [*found["alts"], *same]}

    def ask_sort_by_street(self) -> dict[str, Any] | None:
        """The pharmacy of a street: the one nearest to it, within 150 m."""
        if not self.sorts:
            return None
        sort = self.dice.choice(sorted(self.sorts))
        at = self.dice.choice(self.sorts[sort])
        flat = np.array([np.cos(np.radians(at[1])), 1.0]) * 111_320
        near = [(_metres(street[2], at, flat), street) for street in self.streets]
        close = [street for metres, street in near if metres < 60]
        if not close:
            return None
        street = self.dice.choice(close)
        said = [(_metres(street[2], other, flat), other) for other in self.sorts[sort]]
        best = min(said)[0]
        alts = [other for metres, other in said if metres < max(60, 1.5 * best)]
        words = SORTS[sort]
        signs = chinese.has_signs(street[0])
        query = (
            self.dice.choice(BY_ZH).format(words[2], street[0])
            if signs
            else self.dice.choice(BY).format(self.dice.choice(words[:2]), street[0])
        )
        return {"query": query, "lon": at[0], "lat": at[1], "tolerance_m": 60, "alts": alts}

    def ask_crossing_two(self) -> dict[str, Any] | None:
        """Both streets with a slip."""
        if not len(self.meetings[0]):
            return None
        at = self.dice.randrange(len(self.meetings[0]))
        pair = int(self.meetings[0][at])
        one, other = self.names[pair >> 32], self.names[pair & 0xFFFFFFFF]
        if min(len(one), len(other)) < (6 if not chinese.has_signs(one) else 3):
            return None
        same = self.meetings[0] == pair
        alts = list(zip(self.meetings[1][same].tolist(), self.meetings[2][same].tolist(), strict=True))
        form = self.dice.choice(("{} / {}", "{} Ecke {}", "corner {} {}", "{} und {}"))
        if chinese.has_signs(one):
            form = self.dice.choice(("{}{}路口", "{}和{}交叉口", "{}/{}"))
        slipped = [
            self.homophone(name) if chinese.has_signs(name) else fat_finger(name, self.dice) for name in (one, other)
        ]
        return {"query": form.format(*slipped), "lon": alts[0][0], "lat": alts[0][1], "tolerance_m": 60, "alts": alts}

    def homophone(self, name: str) -> str:
        """`name` with one sign that is said like the right one, or nearly."""
        places = [at for at, sign in enumerate(name[:-1]) if self._others(sign)]
        if not places:
            return name
        at = self.dice.choice(places)
        return name[:at] + self.dice.choice(self._others(name[at])) + name[at + 1 :]

    def _others(self, sign: str) -> list[str]:
        at = ord(sign) - syllables.FIRST
        number = self.table[at] if 0 <= at < len(self.table) else 0
        same = sign.translate(chinese.simplified())
        return [s for s in self.alike.get(number, ()) if s.translate(chinese.simplified()) != same] if number else []

    def _signed(self) -> House | None:
        if not self.houses:
            return None
        house = self._house()
        return house if house.signs else None

    def ask_zh_homophone(self) -> dict[str, Any] | None:
        house = self._signed()
        return self._ask(house, house.text(self.homophone(house.street))) if house else None

    def ask_zh_homophone_call(self) -> dict[str, Any] | None:
        house = self._signed()
        if not house:
            return None
        text = house.text(self.homophone(house.street), city="")
        return self._ask(house, self.dice.choice(MARK_ZH).format(text), town=False)

    def ask_zh_mark_homophone(self) -> dict[str, Any] | None:
        rows = [row for row in self.named if chinese.has_signs(row[1]) and len(row[1]) > 3]
        return self._mark(mark := self.dice.choice(rows), self.homophone(mark[1])) if rows else None

    def ask_zh_room(self) -> dict[str, Any] | None:
        house = self._signed()
        return self._ask(house, self.dice.choice(ROOM).format(house.text())) if house else None

    def ask_zh_mark_room(self) -> dict[str, Any] | None:
        rows = [row for row in self.named if chinese.has_signs(row[1])]
        if not rows:
            return None
        mark = self.dice.choice(rows)
        return self._mark(mark, self.dice.choice(ROOM_ZH).format(mark[1]))

    def ask_zh_bare(self) -> dict[str, Any] | None:
        """No district, no 号, digits as signs now and then."""
        house = self._signed()
        if not house:
            return None
        number = letters.house(house.number)
        return self._ask(house, f"{house.street}{number}", town=False)

    def ask_zh_wade(self) -> dict[str, Any] | None:
        """Wade-Giles, as on signs in Taiwan."""
        house = self._signed()
        if not house or any(sign.isdigit() for sign in house.street):
            return None
        said = "".join(lazy_pinyin(house.street, style=Style.WADEGILES)).replace("'", "")
        return self._ask(house, f"{said} {letters.house(house.number)}", town=False)

    def ask_zh_pinyin_accent(self) -> dict[str, Any] | None:
        """Pinyin as heard by somebody from the south."""
        house = self._signed()
        if not house:
            return None
        said = lazy_pinyin(letters.plain(house.street))
        spoken = "".join(self.dice.choice((part, part, _southern(part))) for part in said)
        return self._ask(house, f"{spoken} {letters.house(house.number)}", town=False) if spoken.isascii() else None


def _southern(part: str) -> str:
    for old, new in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if part.startswith(old):
            return new + part[2:]
    if part.endswith("ng"):
        return part[:-1]
    return "l" + part[1:] if part[:1] == "n" else part


def _metres(shape: Any, at: Sequence[float], flat: Any) -> float:
    metric = shapely.transform(shape, lambda xy: xy * flat)
    return float(metric.distance(shapely.Point(np.array(at) * flat)))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("database")
    asked.add_argument("district", type=int)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--each", type=int, default=60)
    how = asked.parse_args()
    with begin(database(how.database)) as tx:
        for query in Phoning(tx, how.district, how.seed).all(how.each):
            sys.stdout.write(json.dumps(query, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
