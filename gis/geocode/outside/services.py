"""What each service is asked and what its answers mean. Positions become WGS 84 here.

Nominatim 4/5 `search`, Photon 0.5+ `api`, Amap `v3/geocode/geo` (GCJ-02), Baidu `geocoding/v3` (BD-09), Tianditu
`geocoder` (CGCS 2000, which is WGS 84 within centimetres), as their makers document them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gis.datum import wgs_from_bd, wgs_from_gcj
from gis.geocode.outside.asking import Silent
from gis.geocode.pasted import Bounds
from gis.model import Point


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One place that a service told."""

    label: str
    point: Point
    kind: str  #: address, street, area
    sure: float  #: 0..1


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How a sort of service is used."""

    url: str  #: where its makers run it
    attribution: str
    asked: Callable[[str, str, Bounds, int], Mapping[str, str]]  #: text, key, bounds, most
    told: Callable[[Any], Iterator[Told]]
    mainland: bool = False  #: knows mainland China alone
    pause: float = 0.0  #: seconds between two questions
    keyed: bool = False


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service as an installation names it."""

    kind: str  #: of SERVICES
    url: str = ""  #: empty: where its makers run it
    key: str = ""
    seconds: float = 2.0  #: that an answer may take
    attribution: str = ""  #: empty: the makers'

    @property
    def of(self) -> Kind:
        return SERVICES[self.kind]

    @property
    def by(self) -> str:
        """Whom to name."""
        return self.attribution or self.of.attribution


HOUSE: Final = ("house", "building", "house_number", "门牌号", "门址", "兴趣点", "单元号", "地产小区", "楼栋")
STREET: Final = ("street", "road", "highway", "道路", "道路交叉路口", "交叉路口", "路口")
SURE: Final = {"address": 0.8, "street": 0.65, "area": 0.5}


def _nominatim_asked(text: str, _: str, bounds: Bounds, most: int) -> Mapping[str, str]:
    west, south, east, north = bounds
    box = f"{west},{north},{east},{south}"
    return {"q": text, "format": "jsonv2", "limit": str(most), "viewbox": box, "bounded": "1"}


def _nominatim_told(answer: Any) -> Iterator[Told]:
    if not isinstance(answer, list):
        raise Silent("form")
    for row in answer:
        exact = row.get("type") in HOUSE or row.get("addresstype") in (*HOUSE, "place", "amenity", "shop", "tourism")
        kind = "address" if exact else _kind(row.get("addresstype") or row.get("category"))
        yield _one(row["display_name"], float(row["lon"]), float(row["lat"]), kind)


def _photon_asked(text: str, _: str, bounds: Bounds, most: int) -> Mapping[str, str]:
    return {"q": text, "limit": str(most), "bbox": ",".join(map(str, bounds))}


def _photon_told(answer: Any) -> Iterator[Told]:
    for feature in answer["features"]:
        said = feature["properties"]
        door = " ".join(said[key] for key in ("street", "housenumber") if said.get(key))
        label = ", ".join(dict.fromkeys(part for part in (said.get("name"), door, said.get("city")) if part))
        lon, lat = feature["geometry"]["coordinates"][:2]
        yield _one(label, float(lon), float(lat), _kind(said.get("type")))


def _amap_asked(text: str, key: str, _: Bounds, __: int) -> Mapping[str, str]:
    return {"address": text, "key": key, "output": "JSON"}


def _amap_told(answer: Any) -> Iterator[Told]:
    if answer["status"] != "1":
        raise Silent(f"code_{answer.get('infocode', '?')}", 60.0 if answer.get("infocode") in AMAP_SPENT else 0.0)
    for row in answer["geocodes"]:
        lon, lat = map(float, row["location"].split(","))
        point = wgs_from_gcj(Point(lon, lat))
        yield _one(row["formatted_address"], point.lon, point.lat, _kind(row.get("level")))


def _baidu_asked(text: str, key: str, _: Bounds, __: int) -> Mapping[str, str]:
    return {"address": text, "ak": key, "output": "json", "ret_coordtype": "bd09ll"}


def _baidu_told(answer: Any) -> Iterator[Told]:
    if answer["status"] == BAIDU_NOTHING:
        return
    if answer["status"] != 0:
        raise Silent(f"code_{answer['status']}", 60.0 if answer["status"] in BAIDU_SPENT else 0.0)
    found = answer["result"]
    point = wgs_from_bd(Point(float(found["location"]["lng"]), float(found["location"]["lat"])))
    yield _one("", point.lon, point.lat, _kind(found.get("level")), float(found.get("confidence", 50)) / 100)


def _tianditu_asked(text: str, key: str, _: Bounds, __: int) -> Mapping[str, str]:
    return {"ds": json.dumps({"keyWord": text}, ensure_ascii=False), "tk": key}


def _tianditu_told(answer: Any) -> Iterator[Told]:
    if str(answer["status"]) != "0":
        raise Silent(f"code_{answer['status']}")
    found = answer.get("location")
    if found:
        kind, sure = _kind(found.get("level")), float(found.get("score", 50)) / 100
        yield _one(str(found.get("keyWord", "")), float(found["lon"]), float(found["lat"]), kind, sure)


def _kind(said: object) -> str:
    return "address" if said in HOUSE else "street" if said in STREET else "area"


def _one(label: str, lon: float, lat: float, kind: str, sure: float = 1.0) -> Told:
    return Told(label=label, point=Point(lon, lat), kind=kind, sure=round(SURE[kind] * min(max(sure, 0.0), 1.0), 3))


AMAP_SPENT: Final = ("10003", "10004", "10014", "10019", "10020", "10021", "10029", "10044", "10045")
BAIDU_SPENT: Final = (4, 302, 401)
BAIDU_NOTHING: Final = 1
OSM: Final = "© OpenStreetMap contributors"
SERVICES: Final[Mapping[str, Kind]] = {
    "nominatim": Kind(
        url="https://nominatim.openstreetmap.org/search",
        attribution=OSM,
        asked=_nominatim_asked,
        told=_nominatim_told,
        pause=1.0,
    ),
    "photon": Kind(
        url="https://photon.komoot.io/api", attribution=OSM, asked=_photon_asked, told=_photon_told, pause=1.0
    ),
    "amap": Kind(
        url="https://restapi.amap.com/v3/geocode/geo",
        attribution="© 高德地图",
        asked=_amap_asked,
        told=_amap_told,
        mainland=True,
        keyed=True,
    ),
    "baidu": Kind(
        url="https://api.map.baidu.com/geocoding/v3/",
        attribution="© 百度地图",
        asked=_baidu_asked,
        told=_baidu_told,
        mainland=True,
        keyed=True,
    ),
    "tianditu": Kind(
        url="https://api.tianditu.gov.cn/geocoder",
        attribution="© 天地图",
        asked=_tianditu_asked,
        told=_tianditu_told,
        mainland=True,
        keyed=True,
    ),
}
