"""From the rows of the register to an index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from gis.database import Transaction
from gis.geocode.index import crossings, grams, lines
from gis.geocode.index.houses import Houses
from gis.geocode.index.model import INITIALS, KIND, LANDMARK, PLAIN, STREET, TOWN, Column, Index, Texts
from gis.geocode.index.names import Known, Names, cores
from gis.model import DistrictId
from gis.spelling import chinese, letters, parts, sounds, syllables
from gis.spelling.speech import speech
from gis.store import contents, register

OWN: Final = 0.42  #: mistakes allowed for each letter of a name that is its own
MOST_MISTAKES: Final = 4.5
SHARED: Final = 0.08  #: and for each that it shares with many
REACH: Final = 30.0  #: metres that a landmark extends from its point
VILLAGE: Final = 400.0  #: metres that a place extends from its point
SPOT: Final = ("lon", "lat", "reach", "cell", "town")
SMALL: Final = frozenset(
    [
        "a",
        "am",
        "an",
        "auf",
        "bei",
        "d",
        "de",
        "der",
        "des",
        "die",
        "dem",
        "den",
        "du",
        "da",
        "di",
        "der",
        "im",
        "in",
        "la",
        "le",
        "les",
        "l",
        "ob",
        "on",
        "sur",
        "upon",
        "st",
    ]
)


@dataclass
class _Draft:
    """What is known so far."""

    names: Names = field(default_factory=Names)
    houses: Houses = field(default_factory=Houses)
    streets: dict[str, int] = field(default_factory=dict)  #: key -> number
    street_names: list[str] = field(default_factory=list)
    towns: dict[str, int] = field(default_factory=dict)  #: key without small words -> number
    town_names: list[str] = field(default_factory=list)
    posts: dict[str, int] = field(default_factory=lambda: {"": 0})
    spots: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in SPOT})
    labels: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)  #: of each spot
    drawn: list[tuple[int, int]] = field(default_factory=list)  #: street, spot
    pieces: tuple[list[int], list[BaseGeometry]] = field(default_factory=lambda: ([], []))
    unplaced: list[str] = field(default_factory=list)  #: towns of addresses that the map does not show

    def street(self, key: str, name: str) -> int:
        """The number of the street with this key."""
        if key not in self.streets:
            self.streets[key] = len(self.streets)
            self.street_names.append(name)
        return self.streets[key]

    def town(self, name: str | None) -> int:
        """The number of a town from 1; 0 for none. "Lauf a.d.Pegnitz" and "Lauf an der Pegnitz" are one."""
        if not name:
            return 0
        words = [word.rstrip(".") for word in letters.tokens(name)]
        short = "".join(word for word in words if word not in SMALL) or letters.key(name)
        if short not in self.towns:
            self.towns[short] = len(self.towns) + 1
            self.town_names.append(name)
        number = self.towns[short]
        self.names.add(name, TOWN, number)
        self.names.known.add((short, TOWN, 0, number))
        return number

    def spot(self, label: str, kind: str, lon: float, lat: float, cell: int | None, reach: float, town: int = 0) -> int:
        for name, value in zip(SPOT, (lon, lat, reach, cell or 0, town), strict=True):
            self.spots[name].append(value)
        self.labels.append(label)
        self.kinds.append(kind)
        return len(self.labels) - 1

    def mark(self, key: str, spot: int) -> None:
        """One more name of a spot, as it is."""
        self.names.known.add((key, LANDMARK, PLAIN, spot))


def build(tx: Transaction, district: DistrictId) -> Index:
    """The index of `district` as `tx` sees it. Raises NoResultFound for an unknown one."""
    version, bounds = contents.version(tx, district), register.bounds(tx, district)
    draft = _Draft()
    _houses(tx, district, draft)
    _streets(tx, district, draft)
    _landmarks(tx, district, draft)
    for name in contents.place_names(tx, district):
        draft.names.add(name, TOWN, 0)
    texts: dict[str, Texts] = {}
    columns, texts["house_label"] = draft.houses.columns(len(draft.streets))
    numbers: dict[str, Column] = columns | _middles(draft, columns)
    numbers |= _sorts(draft)
    numbers |= _instances(draft, columns)
    numbers |= {f"spot_{name}": np.array(values) for name, values in draft.spots.items()}
    numbers["spot_town"] = _towns(numbers)
    texts |= {"spot_label": Texts.of(draft.labels), "spot_kind": Texts.of(draft.kinds)}
    texts["street_name"] = Texts.of(draft.street_names)
    texts |= {"town": Texts.of(["", *draft.town_names]), "post": Texts.of(draft.posts)}
    numbers |= _named(draft.names, texts)
    numbers |= lines.drawn(*draft.pieces, len(draft.streets))
    pairs = crossings.meeting(*draft.pieces)
    numbers |= dict(zip(("cross_pair", "cross_lon", "cross_lat"), pairs, strict=True))
    numbers["cross_cell"] = contents.cells_at(tx, district, pairs[1].tolist(), pairs[2].tolist())
    numbers |= _cells(tx, district, texts) | _posts(tx, district, texts)
    return Index(version, bounds, numbers, texts)


def _houses(tx: Transaction, district: DistrictId, draft: _Draft) -> None:
    known: dict[tuple[str | None, str | None], tuple[int, str, int]] = {}
    for _, street, number, postcode, city, names, *rest in contents.rows(tx, contents.ADDRESSES, district):
        if (street, city) not in known:
            town = draft.town(city)
            name, lane = letters.split(street or city or "", "")
            known[street, city] = (draft.street(name, street or city or ""), lane, town)
            _call(draft, known[street, city][0], street or city or "", names)
        group, lane, town = known[street, city]
        post = draft.posts.setdefault(postcode or "", len(draft.posts))
        if postcode and post == len(draft.posts) - 1:
            draft.names.known.add((letters.key(postcode), TOWN, 0, -post))
        for each in parts.spread(number):
            draft.houses.add(group, letters.house(lane + each) if lane else letters.house(each), town, post, rest)


def _call(draft: _Draft, street: int, name: str, names: Mapping[str, str]) -> None:
    """Every name of a street."""
    for each in {name, *names.values()} - {""}:
        draft.names.add(each, STREET, street)
        if chinese.has_signs(each):
            draft.names.add(letters.split(each, "")[0], STREET, street)


def _streets(tx: Transaction, district: DistrictId, draft: _Draft) -> None:
    for name, names, wkb, lon, lat, reach, cell in contents.rows(tx, contents.STREETS, district):
        street = draft.street(letters.split(name, "")[0], name)
        _call(draft, street, name, names)
        draft.drawn.append((street, draft.spot(name, "street", lon, lat, cell, reach)))
        draft.pieces[0].append(street)
        draft.pieces[1].append(shapely.from_wkb(bytes(wkb)))


def _landmarks(tx: Transaction, district: DistrictId, draft: _Draft) -> None:
    towns = {letters.key(name) for name in draft.town_names}
    called: dict[int, list[str]] = {}
    seen: dict[tuple[str, int, int], int] = {}
    placed: set[str] = set()
    for kind, name, names, lon, lat, cell, rank in contents.rows(tx, contents.LANDMARKS, district):
        there = (name or "", round(lon * 2000), round(lat * 2000))
        if there in seen and name:
            continue
        place = rank == contents.PLACES
        spot = seen[there] = draft.spot(
            name or "", "area" if place else kind, lon, lat, cell, VILLAGE if place else REACH
        )
        called[spot] = [each for each in {name, *names.values()} if each and (place or letters.key(each) not in towns)]
        placed |= {letters.key(name)} if place and name else set()
    for name, names, lon, lat, cell, reach in contents.rows(tx, contents.AREAS, district):
        spot = draft.spot(name, "area", lon, lat, cell, reach)
        called[spot] = [each for each in {name, *names.values()} if each]
        placed.add(letters.key(name))
    draft.unplaced = [name for name in draft.town_names if letters.key(name) not in placed]
    for spot, names in called.items():
        for each in names:
            draft.names.add(each, LANDMARK, spot)
    words = {word.rstrip(".") for name in draft.town_names for word in letters.tokens(name)}
    draft.names.shorten(called, {key for key, *_ in draft.names.known} | towns | words)


def _sorts(draft: _Draft) -> dict[str, Column]:
    """What each sort of landmark is called, and its landmarks: sort_spot[sort_start[sort] : sort_start[sort + 1]]."""
    found: list[tuple[int, int]] = []
    for sort, (kind, words) in enumerate(sorted(speech().kinds.items())):
        spots = [(sort, at) for at, its in enumerate(draft.kinds) if its == kind]
        if spots:
            found += spots
            draft.names.known.update((word, KIND, PLAIN, sort) for word in words)
    table = np.array(found, np.int32).reshape(-1, 2)
    starts = np.searchsorted(table[:, 0], np.arange(len(speech().kinds) + 1))
    return {"sort_start": starts, "sort_spot": table[:, 1].copy()}


def _middles(draft: _Draft, houses: Mapping[str, Column]) -> dict[str, Column]:
    """Where the houses of each town are; a town that no map places is a spot there."""
    count = np.bincount(houses["house_town"], minlength=len(draft.town_names) + 1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        lon, lat = (
            np.bincount(houses["house_town"], houses[axis], len(count)) / count for axis in ("house_lon", "house_lat")
        )
    for name in draft.unplaced:
        town = draft.town_names.index(name) + 1
        if count[town]:
            spot = draft.spot(name, "area", float(lon[town]), float(lat[town]), None, VILLAGE, town)
            for key in letters.aliases(name):
                draft.mark(key, spot)
    return {"town_lon": lon, "town_lat": lat}


def _instances(draft: _Draft, houses: Mapping[str, Column]) -> dict[str, Column]:
    """Where a street is, as one spot per town where addresses tell its towns apart, else as it is drawn."""
    drawn: dict[int, list[int]] = defaultdict(list)
    for street, spot in draft.drawn:
        drawn[street].append(spot)
    found: list[tuple[int, int]] = []
    starts = houses["house_start"]
    for street in range(len(draft.streets)):
        rows = slice(int(starts[street]), int(starts[street + 1]))
        towns = np.unique(houses["house_town"][rows])
        towns = towns[towns > 0] if (towns > 0).any() else towns
        if drawn[street] and len(towns) < 2:
            found += [(street, spot) for spot in drawn[street]]
            for spot in drawn[street]:
                draft.spots["town"][spot] = int(towns[0]) if len(towns) else 0
        else:
            found += [(street, _middle(draft, houses, street, rows, int(town))) for town in towns]
    table = np.array(sorted(found), np.int32).reshape(-1, 2)
    return {
        "street_start": np.searchsorted(table[:, 0], np.arange(len(draft.streets) + 1)),
        "street_spot": table[:, 1].copy(),
    }


def _middle(draft: _Draft, houses: Mapping[str, Column], street: int, rows: slice, town: int) -> int:
    """A spot among the houses of a street in one town."""
    at = rows.start + np.flatnonzero(houses["house_town"][rows] == town)
    lon, lat = houses["house_lon"][at], houses["house_lat"][at]
    middle = at[np.argmin((lon - lon.mean()) ** 2 / 2 + (lat - lat.mean()) ** 2)]
    reach = 10 + 111_320 * float(np.hypot(np.ptp(lon) * np.cos(np.radians(lat.mean())), np.ptp(lat))) / 2
    lon_, lat_ = float(houses["house_lon"][middle]), float(houses["house_lat"][middle])
    return draft.spot(draft.street_names[street], "street", lon_, lat_, int(houses["house_cell"][middle]), reach, town)


def _towns(numbers: Mapping[str, Column]) -> Column:
    """The town of each spot: its own, else that of the house next to it."""
    towns = numbers["spot_town"]
    if not len(numbers["house_lon"]) or not len(towns):
        return towns
    flat = np.array([np.cos(np.radians(float(numbers["house_lat"].mean()))), 1.0])
    houses = cKDTree(np.column_stack((numbers["house_lon"], numbers["house_lat"])) * flat)
    _, nearest = houses.query(np.column_stack((numbers["spot_lon"], numbers["spot_lat"])) * flat)
    return np.where(towns > 0, towns, numbers["house_town"][nearest]).astype(np.int32)


def _named(names: Names, texts: dict[str, Texts]) -> dict[str, Column]:
    rows: list[Known] = sorted(names.known)
    keys = [row[0] for row in rows]
    kinds = np.array([row[1] for row in rows], np.int8)
    table = np.array(syllables.table() if any(chinese.has_signs(key) for key in keys) else [], np.uint16)
    heard = [sounds.heard(key) if key.isascii() else syllables.as_signs(key, table) for key in keys]
    texts |= {"name_key": Texts.of(keys), "name_sound": Texts.of(heard)}
    texts["name_words"] = Texts.of(names.words.get(row[0], "") if row[1] == LANDMARK else "" for row in rows)
    found, texts["gram"] = grams.table([_grams(*each) for each in zip(keys, heard, strict=True)])
    forms, targets = np.array([row[2] for row in rows], np.int8), np.array([row[3] for row in rows], np.int32)
    core = np.array(cores(keys, (kinds == STREET).tolist()), np.int16)
    return found | {
        "name_kind": kinds,
        "name_form": forms,
        "name_target": targets,
        "name_core": core,
        "name_allowed": _allowed(core, np.array([len(key) for key in keys]), forms),
        **_called(kinds, forms, targets),
        "syllable": table,
    }


def _allowed(core: Column, length: Column, forms: Column) -> Column:
    """Mistakes in each name that may still be slips."""
    least = np.where((core > 2) & (length > 4), 2.0, np.where((length > 3) | (core > 1), 1.0, 0.4))
    allowed = np.maximum(least, OWN * core + SHARED * (length - core))
    return np.where(forms == INITIALS, 0.0, np.minimum(allowed, MOST_MISTAKES)).astype(np.float32)


def _called(kinds: Column, forms: Column, targets: Column) -> dict[str, Column]:
    """The names of each street: called_name[called_start[street] : called_start[street + 1]]."""
    names = np.flatnonzero((kinds == STREET) & (forms == PLAIN))
    names = names[np.argsort(targets[names], kind="stable")]
    streets = int(targets[names[-1]]) + 2 if len(names) else 1
    starts = np.searchsorted(targets[names], np.arange(streets))
    return {"called_start": starts, "called_name": names.astype(np.int32)}


def _grams(key: str, sound: str) -> set[str]:
    return grams.of_key(key) if key.isascii() else grams.of_key(key) | set(key) | grams.of_key(sound)


def _posts(tx: Transaction, district: DistrictId, texts: dict[str, Texts]) -> dict[str, Column]:
    rows = list(contents.rows(tx, contents.POSTS, district))
    texts["post_line"] = Texts.of(row[0] for row in rows)
    columns = zip(("post_km", "post_lon", "post_lat"), range(1, 4), strict=True)
    return {name: np.array([row[at] for row in rows], np.float64) for name, at in columns}


def _cells(tx: Transaction, district: DistrictId, texts: dict[str, Texts]) -> dict[str, Column]:
    rows = list(contents.rows(tx, contents.CELLS, district))
    texts["cell_code"] = Texts.of(row[1] for row in rows)
    texts["cell_community"] = Texts.of(row[3] for row in rows)
    texts["cell_outline"] = Texts.raw(bytes(row[4] or b"") for row in rows)
    return {
        "cell_id": np.array([row[0] for row in rows], np.int64),
        "cell_area": np.array([row[2] for row in rows], np.int64),
        **{f"cell_{name}": np.array([row[at] for row in rows], np.float64) for at, name in ((5, "lon"), (6, "lat"))},
        "cell_reach": np.array([row[7] for row in rows], np.float64),
    }
