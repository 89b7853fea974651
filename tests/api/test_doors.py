"""What the doors say about the ground, photos and the field; the long way through them is in tests/journey."""

from __future__ import annotations

from io import BytesIO
from math import asinh, pi, radians, tan
from typing import Any

import pytest
from PIL import Image

from tests.api.town import MANHOLE, Town


def report(tiny: Town, **more: Any) -> dict[str, Any]:
    body = {"class_code": MANHOLE, "description": "x", "point": {"lon": 10.0005, "lat": 50.0005}, **more}
    answer = tiny["dispatcher"].post(tiny.path("incidents"), body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def picture(size: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    written = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, kind)
    return written.getvalue()


def test_a_tile_is_not_sent_twice(tiny: Town) -> None:
    x, y = int((10.002 + 180) / 360 * 2**14), int((1 - asinh(tan(radians(50.002))) / pi) / 2 * 2**14)
    address = f"/api/tiles/{tiny.district}/base/14/{x}/{y}.mvt"
    first = tiny.anybody.get(address)
    assert first.content
    assert first.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    again = tiny.anybody.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    empty = tiny.anybody.get(f"/api/tiles/{tiny.district}/base/14/1/1.mvt")
    assert (empty.status_code, empty.content) == (200, b"")
    cells = address.replace("base", "cells")
    assert tiny["worker"].get(cells).content
    assert tiny.anybody.get(cells).status_code == 401


@pytest.mark.parametrize("tile", ["17/0/0", "-1/0/0", "3/8/0", "3/0/99999999", "a/b/c"])
def test_a_tile_that_cannot_be_is_refused(tiny: Town, tile: str) -> None:
    assert tiny.anybody.get(f"/api/tiles/{tiny.district}/base/{tile}.mvt").status_code in {404, 422}
    assert tiny.anybody.get("/api/tiles/99/base/1/0/0.mvt").status_code == 404


def test_the_summary_says_what_was_imported(tiny: Town) -> None:
    found = tiny["planner"].get(tiny.path("summary")).json()
    assert (found["buildings"], found["addresses"], found["cells"]) == (64, 64, 16)
    assert found["facilities"]["school"] == 1
    assert "OpenStreetMap" in found["licence"]


def test_an_address_is_found_as_one_types_and_a_cell_tells_what_stands_in_it(tiny: Town) -> None:
    places = tiny["worker"].get(tiny.path("search"), params={"q": "Mill La"}).json()
    assert "Mill Lane" in places[0]["label"]
    located = tiny["worker"].get(tiny.path("locate"), params={"lon": 10.0021, "lat": 50.0013}).json()
    cell = tiny["worker"].get(tiny.path(f"cells/{located['cell']}")).json()
    assert (cell["code"], cell["buildings"], cell["geometry"]["type"]) == (located["cell_code"], 4, "Polygon")
    assert cell["responsible"]["name"] in {"Worker", "Colleague"}
    assert [one["kind"] for one in cell["facilities"]] == ["fire_hydrant", "school"]


def test_an_open_case_is_in_its_cell_and_found_by_its_number(tiny: Town) -> None:
    case = report(tiny, title="Loose cover by the mill")
    assert case["id"] in tiny["planner"].get(tiny.path(f"cells/{case['cell']}")).json()["open_incidents"]
    assert tiny["worker"].get(tiny.path(f"cells/{case['cell']}")).json()["open_incidents"] == []
    for said in (case["number"], "by the mill"):
        assert tiny["dispatcher"].get(tiny.path("search"), params={"q": said}).json()[0]["id"] == case["id"]
        seen = tiny["worker"].get(tiny.path("search"), params={"q": said}).json()
        assert "incident" not in {one["kind"] for one in seen}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("search?q=", "q"),
        ("search?q=x&limit=1000", "limit"),
        ("locate?lon=181&lat=1", "lon"),
        ("locate?lon=nan&lat=1", "lon"),
        ("locate?lon=1", "lat"),
        ("coverage?kind=school&minutes=0", "minutes"),
        ("coverage?kind=school&mode=fly", "mode"),
    ],
)
def test_a_wrong_question_names_the_field(tiny: Town, path: str, field: str) -> None:
    answer = tiny["planner"].get(tiny.path(path), headers={"Accept-Language": "zh-TW"})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert [fault["field"] for fault in error["fields"]] == [field]
    assert error["help"]


def test_coverage_counts_everybody_once_and_says_where_nobody_comes_in_time(tiny: Town) -> None:
    asked = {"kind": "school", "mode": "walk", "minutes": 3}
    found = tiny["planner"].get(tiny.path("coverage"), params=asked).json()
    totals, cells = found["totals"], found["cells"]
    assert not found["estimated"]
    assert 0 < totals["people_reached"] < totals["people"]
    assert sum(cell["people"] for cell in cells) == pytest.approx(totals["people"], abs=1)
    missed = [round(cell["people"] - cell["reached_people"], 1) for cell in cells]
    assert missed == sorted(missed, reverse=True)
    points = tiny["planner"].get(found["points_url"]).json()["features"]
    assert len(points) == totals["buildings"] == 64


def test_the_people_on_duty_cover_what_they_reach(tiny: Town) -> None:
    found = tiny["planner"].get(tiny.path("coverage"), params={"kind": "on_duty", "minutes": 5}).json()
    assert {source["label"] for source in found["sources"]} == {"Worker", "Colleague", "Volunteer"}


def test_a_photo_is_kept_without_what_the_camera_wrote_and_shown_to_those_who_may(tiny: Town) -> None:
    case = report(tiny)
    written = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret description"
    Image.new("RGB", (400, 300)).save(written, "JPEG", exif=exif)
    path = f"/api/incidents/{case['id']}/files"
    sent = tiny["dispatcher"].post(path, files={"file": ("a.jpg", written.getvalue(), "image/jpeg")})
    assert sent.status_code == 201
    shown = tiny["supervisor"].get(sent.json()["url"])
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert b"secret" not in shown.content
    assert Image.open(BytesIO(shown.content)).size == (400, 300)
    assert tiny["volunteer"].get(sent.json()["url"]).status_code == 403
    files = tiny["dispatcher"].get(f"/api/incidents/{case['id']}").json()["files"]
    assert [file["url"] for file in files] == [sent.json()["url"]]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "work.not_an_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", 422, "work.not_an_image"),
        (b"GIF89a" + b"\0" * 100, 422, "work.not_an_image"),
        (picture()[:60], 422, "work.not_an_image"),
        (picture((9000, 9000)), 413, "work.too_large"),
        (b"\xff\xd8\xff" + b"x" * (10 * 2**20 + 1), 413, "work.too_large"),
    ],
    ids=["empty", "svg", "gif", "cut off", "too many pixels", "too many bytes"],
)
def test_what_is_no_photo_is_refused_in_words(tiny: Town, body: bytes, status: int, code: str) -> None:
    case = report(tiny)
    path = f"/api/incidents/{case['id']}/files"
    answer = tiny["dispatcher"].post(path, files={"file": ("a.png", body, "image/png")})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["help"]


def test_a_public_photo_needs_the_token_alone(tiny: Town) -> None:
    body = {"class_code": MANHOLE, "description": "x", "point": {"lon": 10.0005, "lat": 50.0005}}
    receipt = tiny.anybody.post(f"/api/public/districts/{tiny.district}/reports", body).json()
    files = {"file": ("a.png", picture(), "image/png")}
    assert tiny.anybody.post(f"/api/public/reports/{receipt['token']}/files", files=files).status_code == 204
    assert tiny.anybody.post("/api/public/reports/not-a-token-of-ours/files", files=files).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"description": "no class"},
        {"class_code": MANHOLE, "description": "nowhere at all"},
        {"class_code": MANHOLE, "description": "", "text": "3 Mill Lane"},
        {"class_code": MANHOLE, "description": "x", "text": "3 Mill Lane", "piont": 1},
        {"class_code": MANHOLE, "description": "x" * 5000, "text": "3 Mill Lane"},
        {"class_code": MANHOLE, "description": "x", "point": {"lon": "ten", "lat": 50}},
    ],
)
def test_a_public_report_with_a_mistake_says_which(tiny: Town, body: dict[str, Any]) -> None:
    answer = tiny.anybody.post(f"/api/public/districts/{tiny.district}/reports", body)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["field"]
    assert error["message"]
    assert error["help"]


def test_a_class_that_is_not_for_the_public_is_not_taken_from_it(tiny: Town) -> None:
    known = {one["code"] for one in tiny["dispatcher"].get(tiny.path("classes")).json()}
    public = {one["code"] for one in tiny.anybody.get(f"/api/public/districts/{tiny.district}/classes").json()}
    assert public < known
    body = {"class_code": min(known - public), "description": "x", "text": "3 Mill Lane"}
    answer = tiny.anybody.post(f"/api/public/districts/{tiny.district}/reports", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "work.invalid")


def test_the_desk_shows_everything_with_the_words_for_what_waits(tiny: Town) -> None:
    gas = next(one for one in tiny["dispatcher"].get(tiny.path("classes")).json() if one["skill"] == "gas")
    case = report(tiny, class_code=gas["code"])
    tiny["dispatcher"].post(tiny.path("plan"))
    desk = tiny["dispatcher"].get(tiny.path("desk"), headers={"Accept-Language": "zh-CN"}).json()
    assert case["id"] in {one["id"] for one in desk["incidents"]}
    assert desk["unassigned"][str(case["id"])]["reason"] == "no_skill"
    assert "燃气" in desk["unassigned"][str(case["id"])]["message"]
    assert {one["name"] for one in desk["responders"]} == {"Worker", "Colleague", "Volunteer"}
    assert [one["what"] for one in desk["degraded"]] == ["planner"]  # no worker runs in this town
    assert "指派" in desk["degraded"][0]["message"]
    assert not any("contact" in one for one in desk["incidents"])


def test_candidates_come_with_road_times_and_every_rule_in_words(tiny: Town) -> None:
    case = report(tiny)
    found = tiny["dispatcher"].get(f"/api/incidents/{case['id']}/candidates").json()["candidates"]
    assert [one["fit"] for one in found] == sorted((one["fit"] for one in found), reverse=True)
    best, volunteer = found[0], next(one for one in found if one["responder"]["name"] == "Volunteer")
    assert best["fit"]
    assert best["seconds"] > 0
    assert not best["estimated"]
    assert {"skill", "volunteers"} <= {rule["code"] for rule in volunteer["rules"] if not rule["passed"]}
    assert all(rule["message"] != rule["code"] for one in found for rule in one["rules"])


def test_a_phone_that_repeats_itself_and_one_that_was_late_lose_nothing(tiny: Town) -> None:
    fixes = [{"lon": 10.001, "lat": 50.001, "at": f"2026-01-01T00:00:{second:02}Z"} for second in (5, 9, 7)]
    for _ in range(2):
        assert tiny["colleague"].post("/api/my/positions", fixes).json() == {"accepted": 3}
    day = tiny["dispatcher"].get(f"/api/responders/{tiny['colleague'].responder}/day").json()
    assert day["responder"]["point_at"] == "2026-01-01T00:00:09Z"
    assert day["shifts"]


def test_duty_is_said_by_oneself_or_the_desk(tiny: Town) -> None:
    assert tiny["volunteer"].post("/api/my/duty", {"duty": "off"}).json()["duty"] == "off"
    path = f"/api/responders/{tiny['volunteer'].responder}/duty"
    assert tiny["worker"].post(path, {"duty": "available"}).status_code == 403
    assert tiny["dispatcher"].post(path, {"duty": "available"}).json()["duty"] == "available"
