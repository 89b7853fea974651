"""A file is brought, looked at, compared and written over HTTP."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from api.work import forget, waiting_deliveries
from gis.importing.deliveries.working import FOLDER, work_off
from tests.api.town import Person, Town

ROWS = [
    ("a1", "Mill Lane 901", 10.0014, 50.0009),
    ("a2", "Mill Lane 902", 10.0016, 50.0009),
    ("a3", "", 10.0018, 50.0009),
    ("a4", "Mill Lane 904", 2.0, 40.0),
]


def body(rows: list[tuple[Any, ...]], head: tuple[str, ...] = ("nr", "address", "lon", "lat")) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode()


def bring(tiny: Town, who: Person, data: bytes, name: str = "doors.csv", key: str | None = None) -> Any:
    return who.post(f"/api/imports?district={tiny.district}", files={"file": (name, data)}, key=key)


def put(who: Person, where: str, given: dict[str, Any]) -> Any:
    return who.request("PUT", where, json=given, headers={"Idempotency-Key": uuid.uuid4().hex})


def work(tiny: Town) -> int:
    return work_off(tiny.engine, tiny.app.state.house.settings.folder)


def test_a_file_goes_all_the_way(tiny: Town) -> None:
    planner = tiny["planner"]
    answer = bring(tiny, planner, body(ROWS))
    assert answer.status_code == 201, answer.text
    batch = answer.json()
    assert (batch["state"], batch["format"], batch["target"], batch["crs"]) == (
        "uploaded",
        "csv",
        "address",
        "EPSG:4326",
    )
    assert batch["mapping"]["address"] == {"field": "address"}
    assert {"address", "building", "component"} <= batch["targets"].keys()
    where = f"/api/imports/{batch['id']}"

    sample = planner.get(f"{where}/sample").json()
    assert [one["properties"]["verdict"] for one in sample["features"]["features"]] == [
        "new",
        "new",
        "rejected",
        "rejected",
    ]
    assert (sample["outside"], sample["suggestion"]) == (1, None)

    planned = put(planner, f"{where}/plan", {"version": batch["version"]})
    assert (planned.status_code, planned.json()["state"]) == (202, "reading")
    assert waiting_deliveries(tiny.engine) == {batch["id"]: planned.json()["version"]}
    assert work(tiny) == 1
    compared = planner.get(where).json()
    assert compared["state"] == "compared"
    assert compared["counts"]["rejected"] == {"no_address": 1, "outside": 1}

    rows = planner.get(f"{where}/rows?verdict=rejected&limit=1", headers={"Accept-Language": "zh-Hant"}).json()
    assert (rows["rows"][0]["line"], rows["rows"][0]["field"], rows["next"]) == (4, "address", 4)
    assert "門牌" in rows["rows"][0]["message"]
    following = planner.get(f"{where}/rows?verdict=rejected&after={rows['next']}").json()
    assert [row["reason"] for row in following["rows"]] == ["outside"]
    shown = planner.get(f"{where}/map").json()
    assert ({one["properties"]["verdict"] for one in shown["features"]}, shown["sampled"]) == (
        {"added", "rejected"},
        False,
    )

    stale = planner.post(f"{where}/apply", {"version": 1})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "ground.not_in_this_state")
    agreed = planner.post(f"{where}/apply", {"version": compared["version"]})
    assert (agreed.status_code, agreed.json()["state"]) == (202, "applying")
    work(tiny)
    assert planner.get(where).json()["state"] == "applied"
    found = tiny["dispatcher"].get(tiny.path("search?q=Mill Lane 902")).json()
    assert found[0]["label"] == "Mill Lane 902"
    assert planner.get(f"/api/imports?district={tiny.district}").json()["batches"][0]["id"] == batch["id"]

    report = planner.get(f"{where}/report")
    assert [row["verdict"] for row in report.json()["rows"]] == ["added", "added", "rejected", "rejected"]
    assert "attachment" in report.headers["Content-Disposition"]
    lines = planner.get(f"{where}/report?format=csv").text.splitlines()
    assert lines[0].lstrip("\ufeff").startswith("line,verdict,reason")
    assert len(planner.get(f"{where}/report?format=geojson").json()["features"]) == 4


def test_the_same_request_twice_is_one_delivery(tiny: Town) -> None:
    key = uuid.uuid4().hex
    first, second = (bring(tiny, tiny["planner"], body(ROWS), key=key).json() for _ in range(2))
    assert first["id"] == second["id"]
    folder = tiny.app.state.house.settings.folder / FOLDER
    with tiny.engine.begin() as tx:
        kept = set(tx.scalars(text("SELECT stored FROM import_batch WHERE stored IS NOT NULL")))
    assert {f"{FOLDER}/{one.name}/file.csv" for one in folder.iterdir()} == kept


def test_what_is_no_data_is_refused_with_a_sentence_and_leaves_nothing(tiny: Town) -> None:
    folder = tiny.app.state.house.settings.folder / FOLDER
    before = {one.name for one in folder.iterdir()} if folder.exists() else set()
    answer = bring(tiny, tiny["planner"], b"<html>a,b</html>", "notes.html")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "ground.bad_source")
    assert "notes.html" in answer.json()["error"]["message"]
    assert tiny["planner"].post(f"/api/imports?district={tiny.district}").status_code == 422
    assert {one.name for one in folder.iterdir()} == before


def test_a_file_that_is_too_large_is_stopped_while_it_comes(tiny: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    small = tiny.app.state.house.settings.model_copy(update={"upload_mb": 1})
    monkeypatch.setattr(tiny.app.state.house, "settings", small)
    answer = bring(tiny, tiny["planner"], b"a,b\n" + b"x,y\n" * 300_000)
    assert (answer.status_code, answer.json()["error"]["params"]["reason"]) == (422, "too_big")


def test_others_may_not(tiny: Town) -> None:
    batch = bring(tiny, tiny["planner"], body(ROWS)).json()["id"]
    assert bring(tiny, tiny["dispatcher"], body(ROWS)).status_code == 403
    assert tiny["worker"].get(f"/api/imports/{batch}").status_code == 403
    alone = tiny["planner"].post("/api/imports", files={"file": ("a.csv", body(ROWS))})
    assert alone.status_code == 403
    assert tiny["planner"].get("/api/imports/999999").status_code == 404


def test_a_plan_that_cannot_be_says_what_can(tiny: Town) -> None:
    batch = bring(tiny, tiny["planner"], body(ROWS)).json()
    where = f"/api/imports/{batch['id']}/plan"
    wrong = put(tiny["planner"], where, {"version": batch["version"], "crs": "Mars"}).json()["error"]
    assert (wrong["code"], wrong["params"]["field"]) == ("ground.bad_plan", "crs")
    lacking = {"version": batch["version"], "target": "sensor", "mapping": {"lon": {"field": "lon"}}}
    wrong = put(tiny["planner"], where, lacking).json()["error"]
    assert (wrong["params"]["field"], wrong["params"]["reason"]) == ("code", "required")


def test_files_go_after_a_month(tiny: Town) -> None:
    bring(tiny, tiny["planner"], body(ROWS))
    folder = tiny.app.state.house.settings.folder
    with tiny.engine.begin() as tx:
        now = tx.scalar(text("SELECT now() + interval '29 days'"))
        later = tx.scalar(text("SELECT now() + interval '31 days'"))
    assert forget(tiny.engine, folder, now) == 0
    assert forget(tiny.engine, folder, later) > 0
    assert list((folder / FOLDER).iterdir()) == []
