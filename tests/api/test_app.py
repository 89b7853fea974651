"""The frame around the doors: pages, headers, sizes, and what happens when PostgreSQL is away."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from api.app import content_policy, create_app
from api.settings import RasterTiles, Settings
from tests.api.serving import serving
from tests.api.town import Town

AWAY = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The product with its pages built and no PostgreSQL."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "secret.txt").write_text("secret")
    (folder / "dist" / "assets").mkdir(parents=True)
    (folder / "dist" / "index.html").write_text("<!doctype html><title>Gridward</title>")
    (folder / "dist" / "assets" / "app-1a2b3c.js").write_text("1;" * 2000)
    (folder / "dist" / "manifest.webmanifest").write_text("{}")
    app = create_app(Settings(database_url=AWAY, folder=folder, web=folder / "dist"))
    with serving(app) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/desk", "/field", "/plan", "/report", "/report/abc", "/sign-in"])
def test_every_page_is_the_one_that_the_browser_fills(alone: httpx.Client, path: str) -> None:
    answer = alone.get(path)
    assert answer.status_code == 200
    assert "<title>Gridward</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


def test_what_carries_a_hash_in_its_name_is_kept_for_ever_and_the_rest_is_asked_for(alone: httpx.Client) -> None:
    assert "immutable" in alone.get("/assets/app-1a2b3c.js").headers["cache-control"]
    assert alone.get("/manifest.webmanifest").headers["cache-control"] == "no-cache"
    assert alone.get("/assets/app-old.js").status_code == 404
    assert alone.get("/robots.txt").status_code == 404


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/%00"])
def test_no_address_leads_out_of_the_folder(alone: httpx.Client, path: str) -> None:
    answer = alone.get(path)
    assert "secret" not in answer.text
    assert answer.status_code in {200, 404}


def test_every_answer_keeps_foreign_pages_out(alone: httpx.Client) -> None:
    for path in ("/", "/api/health", "/api/nothing", "/assets/app-1a2b3c.js"):
        headers = alone.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "http" not in headers["content-security-policy"]


def test_outside_tiles_are_allowed_only_where_somebody_asked_for_them() -> None:
    source = RasterTiles(name="x", url="https://tiles.example/{z}/{x}/{y}.png", attribution="x")
    policy = content_policy(Settings(database_url=AWAY, raster_tiles=(source,)))
    assert "img-src 'self' data: blob: https://tiles.example;" in policy
    assert "script-src" not in policy  # default-src 'self' holds


def test_long_answers_are_packed(alone: httpx.Client) -> None:
    with alone.stream("GET", "/assets/app-1a2b3c.js", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(answer.iter_raw())) == b"1;" * 2000


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/public/districts"),
        ("GET", "/api/ready"),
        ("POST", "/api/session"),
        ("POST", "/api/public/districts/1/reports"),
        ("GET", "/api/tiles/1/base/0/0/0.mvt"),
    ],
)
def test_without_postgresql_nothing_is_acknowledged(alone: httpx.Client, method: str, path: str) -> None:
    body = {"login": "a", "password": "b"} if "session" in path else {"class_code": "C0101", "description": "x"}
    headers = {"Idempotency-Key": "a-key-of-a-test", "Accept-Language": "zh-CN"}
    answer = alone.request(method, path, json=body if method == "POST" else None, headers=headers)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1
    if "ready" not in path:
        assert answer.json()["error"]["code"] == "database.away"
        assert "数据库" in answer.json()["error"]["message"]


def test_health_says_what_is_missing_and_answers_all_the_same(alone: httpx.Client) -> None:
    answer = alone.get("/api/health")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["database"]) == ("degraded", "away")


def test_a_page_that_was_never_built_says_what_to_do(tmp_path: Path) -> None:
    with serving(create_app(Settings(database_url=AWAY, folder=tmp_path, web=tmp_path / "none"))) as client:
        answer = client.get("/desk", headers={"Accept-Language": "zh-TW"})
    assert answer.status_code == 503
    assert "make setup" in answer.text
    assert "網頁尚未建置" in answer.text
    assert str(tmp_path) not in answer.text  # a path is nobody's business outside


def test_a_request_that_is_too_long_is_refused_before_it_is_read(alone: httpx.Client) -> None:
    answer = alone.post("/api/session", content=b"x" * (12 * 2**20))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "request.too_large")

    def pieces() -> Iterator[bytes]:
        for _ in range(13):
            yield b"x" * 2**20

    hidden = alone.post("/api/session", content=pieces(), headers={"Content-Type": "application/json"})
    assert hidden.status_code in {400, 413}


def test_connections_that_postgresql_cut_are_mended_without_anybody_noticing(tiny: Town) -> None:
    assert tiny["dispatcher"].get(tiny.path("desk")).status_code == 200
    with tiny.engine.begin() as tx:
        tx.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    answers = [tiny["dispatcher"].get(tiny.path("desk")).status_code for _ in range(5)]
    assert set(answers) <= {200, 503}
    assert answers[-1] == 200
