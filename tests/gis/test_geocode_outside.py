"""Geocoders of others: their documented answers, played by a real HTTP server on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine

from gis.database import begin
from gis.datum import bd_from_gcj, gcj_from_wgs
from gis.geocode.outside import Beyond, Service
from gis.geocode.outside.asking import Silent
from gis.geocode.outside.guarding import FAILURES, Guarded
from gis.geocode.register import Register
from gis.model import Point
from tests.gis.lettering import pour

THERE = Point(24.95, 60.15)  #: in a cell of the made-up town
PEKING = Point(116.4207, 39.9010)
BOUNDS = (116.0, 39.5, 117.0, 40.5)


@dataclass
class Player:
    """What the server answers, and what it was asked."""

    answer: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def player() -> Iterator[Player]:
    found = Player()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append({key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()})
            found.agents.append(self.headers["User-Agent"])
            time.sleep(found.delay)
            body = found.answer if isinstance(found.answer, bytes) else json.dumps(found.answer).encode()
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/search"
    yield found
    server.shutdown()
    server.server_close()


def _nominatim(lon: float, lat: float, **more: str) -> dict[str, Any]:
    row = {
        "place_id": 1,
        "lat": str(lat),
        "lon": str(lon),
        "category": "building",
        "type": "house",
        "addresstype": "place",
    }
    return row | {"display_name": "5, Nowhere Lane, Vaduz", "importance": 0.1, "licence": "ODbL"} | more


def _photon(lon: float, lat: float) -> dict[str, Any]:
    said = {"osm_key": "place", "type": "house", "street": "Nowhere Lane", "housenumber": "5", "city": "Vaduz"}
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": said}
    return {"type": "FeatureCollection", "features": [feature]}


def test_nominatim_is_asked_within_the_place_and_read(player: Player) -> None:
    player.answer = [_nominatim(9.52, 47.14)]
    (told,) = Guarded(Service(kind="nominatim", url=player.url)).ask("Nowhere Lane 5", (9.4, 47.0, 9.7, 47.3))
    assert (told.point, told.kind, told.label) == (Point(9.52, 47.14), "address", "5, Nowhere Lane, Vaduz")
    assert player.asked[0]["viewbox"] == "9.4,47.3,9.7,47.0"
    assert (player.asked[0]["q"], player.asked[0]["bounded"]) == ("Nowhere Lane 5", "1")
    assert "gridward" in player.agents[0]


def test_photon_is_read(player: Player) -> None:
    player.answer = _photon(9.52, 47.14)
    (told,) = Guarded(Service(kind="photon", url=player.url)).ask("Nowhere Lane 5", (9.4, 47.0, 9.7, 47.3))
    assert (told.point, told.kind, told.label) == (Point(9.52, 47.14), "address", "Nowhere Lane 5, Vaduz")
    assert player.asked[0]["bbox"] == "9.4,47.0,9.7,47.3"


def _chinese(kind: str) -> Any:
    gcj = gcj_from_wgs(PEKING)
    bd = bd_from_gcj(gcj)
    row = {"formatted_address": "北京市海淀区成府路35号", "location": f"{gcj.lon:.6f},{gcj.lat:.6f}", "level": "门牌号"}
    told = {"location": {"lng": bd.lon, "lat": bd.lat}, "precise": 1, "confidence": 80, "level": "门址"}
    spot = {"score": 100, "level": "门址", "lon": PEKING.lon, "lat": PEKING.lat, "keyWord": "成府路35号"}
    return {
        "amap": {"status": "1", "info": "OK", "infocode": "10000", "count": "1", "geocodes": [row]},
        "baidu": {"status": 0, "result": told},
        "tianditu": {"msg": "ok", "location": spot, "searchVersion": "6.4.9V", "status": "0"},
    }[kind]


@pytest.mark.parametrize(("kind", "key"), [("amap", "key"), ("baidu", "ak"), ("tianditu", "tk")])
def test_chinese_services_are_brought_back_to_wgs_84(player: Player, kind: str, key: str) -> None:
    player.answer = _chinese(kind)
    (told,) = Guarded(Service(kind=kind, url=player.url, key="secret")).ask("成府路35号", BOUNDS)
    assert (told.point.lon, told.point.lat) == pytest.approx((PEKING.lon, PEKING.lat), abs=2e-6)
    assert told.kind == "address"
    assert player.asked[0][key] == "secret"


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("amap", {"status": "0", "info": "USERKEY_PLAT_NOMATCH", "infocode": "10009"}),
        ("baidu", {"status": 240, "message": "APP 服务被禁用"}),
        ("tianditu", {"status": "301", "msg": "key"}),
        ("photon", {"message": "missing search term"}),
        ("nominatim", {"error": "x"}),
        ("nominatim", b"<html>"),
    ],
)
def test_a_service_that_refuses_is_silent_and_its_key_is_not_told(player: Player, kind: str, answer: Any) -> None:
    player.answer = answer
    with pytest.raises(Silent) as silent:
        Guarded(Service(kind=kind, url=player.url, key="secret")).ask("x", BOUNDS)
    assert "secret" not in str(silent.value)
    assert silent.value.__cause__ is None


def test_the_same_question_is_asked_once(player: Player) -> None:
    player.answer = []
    guarded = Guarded(Service(kind="nominatim", url=player.url))
    for text in ("Nowhere Lane 5", "nowhere  lane 5"):
        assert guarded.ask(text, BOUNDS) == ()
    assert len(player.asked) == 1


def test_nominatim_is_asked_once_a_second_at_most(player: Player) -> None:
    player.answer = []
    guarded = Guarded(Service(kind="nominatim", url=player.url))
    started = time.monotonic()
    guarded.ask("one", BOUNDS)
    guarded.ask("two", BOUNDS)
    assert time.monotonic() - started >= 1.0
    done: list[str] = []
    refused: list[str] = []

    def crowd(text: str) -> None:
        try:
            guarded.ask(text, BOUNDS)
            done.append(text)
        except Silent as silent:
            refused.append(silent.reason)

    threads = [threading.Thread(target=crowd, args=(f"q{at}",)) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(done) <= 2
    assert set(refused) == {"busy"}


def test_a_service_that_is_down_is_left_alone(player: Player) -> None:
    player.status = 500
    guarded = Guarded(Service(kind="amap", url=player.url))
    for at in range(FAILURES):
        with pytest.raises(Silent, match="http_500"):
            guarded.ask(f"q{at}", BOUNDS)
    with pytest.raises(Silent, match="left_alone"):
        guarded.ask("once more", BOUNDS)
    assert len(player.asked) == FAILURES
    assert guarded.since is not None


def test_a_service_that_asks_for_a_pause_gets_it(player: Player) -> None:
    player.status, player.headers = 429, {"Retry-After": "120"}
    guarded = Guarded(Service(kind="amap", url=player.url))
    with pytest.raises(Silent, match="http_429"):
        guarded.ask("one", BOUNDS)
    with pytest.raises(Silent, match="left_alone"):
        guarded.ask("two", BOUNDS)


def test_nobody_waits_longer_than_was_agreed(player: Player) -> None:
    player.delay = 1.0
    started = time.monotonic()
    with pytest.raises(Silent, match=r"timeout|unreachable"):
        Guarded(Service(kind="amap", url=player.url, seconds=0.2)).ask("x", BOUNDS)
    assert time.monotonic() - started < 0.9


@pytest.fixture(scope="module")
def register(module_database: Engine) -> tuple[Register, int]:
    with begin(module_database) as tx:
        district = pour(tx)
    return Register(module_database), district


def test_what_the_register_is_sure_of_is_told_to_nobody(register: tuple[Register, int], player: Player) -> None:
    own, district = register
    player.answer = [_nominatim(THERE.lon, THERE.lat)]
    beyond = Beyond(own, [Service(kind="nominatim", url=player.url)])
    assert beyond.search("Tehtaankatu 3", district=district, outside=True)[0].by is None
    assert beyond.search("Nowhere Lane 5", district=district) == []
    assert player.asked == []


def test_what_the_register_does_not_know_comes_from_outside_with_its_cell(
    register: tuple[Register, int], player: Player
) -> None:
    own, district = register
    player.answer = [_nominatim(THERE.lon, THERE.lat), _nominatim(30.0, 65.0)]
    beyond = Beyond(own, [Service(kind="nominatim", url=player.url)])
    (place,) = beyond.search("Nowhere Lane 5", district=district, outside=True)
    assert (place.point, place.cell_code, place.by) == (THERE, "X1-001", "© OpenStreetMap contributors")
    assert place.score <= 0.8


def test_services_of_mainland_china_are_asked_there_alone(register: tuple[Register, int], player: Player) -> None:
    own, district = register
    player.answer = _chinese("amap")
    beyond = Beyond(own, [Service(kind="amap", url=player.url, key="k")])
    assert beyond.search("Nowhere Lane 5", district=district, outside=True) == []
    assert player.asked == []


def test_the_next_service_answers_while_one_is_down_and_that_is_told(
    register: tuple[Register, int], player: Player
) -> None:
    own, district = register
    player.answer = _photon(THERE.lon, THERE.lat)
    dead = Service(kind="nominatim", url="http://127.0.0.1:9/search", seconds=0.3)
    beyond = Beyond(own, [dead, Service(kind="photon", url=player.url)])
    for at in range(FAILURES):
        beyond._guarded[0]._next = beyond._guarded[1]._next = 0.0  # the pauses between are another test's
        assert beyond.search(f"Nowhere Lane 5{at}", district=district, outside=True)[0].by is not None
    degraded = beyond.degraded()
    assert degraded is not None
    assert degraded[0] == "nominatim"
