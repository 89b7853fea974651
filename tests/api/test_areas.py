"""Whoever belongs to one area, or to one task, gets nowhere else by guessing numbers."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.api.town import MANHOLE, Person, Town

NORTH = {"lon": 10.0005, "lat": 50.0033}
ON_A_CASE: dict[str, dict[str, Any]] = {
    "confirm": {"criterion": "missing"},
    "reject": {"reason": "x"},
    "withdraw": {"reason": "x"},
    "return": {"reason": "x"},
    "close": {"criterion": "restored"},
    "reopen": {"reason": "x"},
    "reclassify": {"class_code": MANHOLE, "reason": "x"},
    "relocate": {"point": NORTH},
    "note": {"note": "x"},
}
ON_A_TASK = {"accept": {}, "decline": {"reason": "x"}, "depart": {}, "arrive": {}, "feed_back": {"outcome": "done"}}


@pytest.fixture(scope="module")
def case(tiny: Town) -> dict[str, Any]:
    """A case in the north, given to the colleague, with a photo and a contact."""
    body = {"class_code": MANHOLE, "description": "x", "point": NORTH, "contact": "+49 30 777"}
    made: dict[str, Any] = tiny["dispatcher"].post(tiny.path("incidents"), body).json()
    assert made["area"] == tiny.areas["North Side"]
    sent = {"responder": tiny["colleague"].responder, "version": made["version"]}
    given = tiny["dispatcher"].post(f"/api/incidents/{made['id']}/assign", sent).json()
    file = tiny["dispatcher"].post(f"/api/incidents/{made['id']}/files", files={"file": photo()}).json()
    return {**given["incident"], "assignment": given["assignment"], "file": file["id"]}


def photo() -> tuple[str, bytes, str]:
    written = BytesIO()
    Image.new("RGB", (32, 32)).save(written, "PNG")
    return ("a.png", written.getvalue(), "image/png")


def refused(answer: Any) -> None:
    assert answer.status_code == 403, f"{answer.request.url}: {answer.status_code} {answer.text[:200]}"
    assert answer.json()["error"]["code"] == "work.forbidden"
    assert "777" not in answer.text


def unchanged(tiny: Town, case: dict[str, Any]) -> bool:
    now = tiny["dispatcher"].get(f"/api/incidents/{case['id']}").json()["incident"]
    return bool((now["version"], now["stage"]) == (case["version"], case["stage"]))


@pytest.mark.parametrize("who", ["south", "worker", "volunteer", "resident"])
def test_a_case_elsewhere_is_neither_read_nor_changed(tiny: Town, case: dict[str, Any], who: str) -> None:
    caller, path = tiny[who], f"/api/incidents/{case['id']}"
    refused(caller.get(path))
    refused(caller.get(f"/api/files/{case['file']}"))
    refused(caller.get(f"{path}/candidates"))
    refused(caller.post(f"{path}/assign", {"responder": tiny["worker"].responder, "version": case["version"]}))
    refused(caller.post(f"{path}/files", files={"file": photo()}))
    refused(caller.post(f"/api/assignments/{case['assignment']['id']}/files", files={"file": photo()}))
    for word, body in ON_A_CASE.items():
        refused(caller.post(f"{path}/{word}", {"version": case["version"], **body}))
    assert unchanged(tiny, case)


@pytest.mark.parametrize("who", ["dispatcher", "south", "worker", "volunteer", "resident"])
def test_nobody_takes_a_step_for_the_one_who_was_sent(tiny: Town, case: dict[str, Any], who: str) -> None:
    task = case["assignment"]
    for step, body in ON_A_TASK.items():
        refused(tiny[who].post(f"/api/assignments/{task['id']}/{step}", {"version": task["version"], **body}))
    assert unchanged(tiny, case)


@pytest.mark.parametrize("who", ["worker", "volunteer", "resident"])
def test_the_day_and_the_duty_of_another_are_their_own_affair(tiny: Town, who: str) -> None:
    path = f"/api/responders/{tiny['colleague'].responder}"
    refused(tiny[who].get(f"{path}/day"))
    refused(tiny[who].post(f"{path}/duty", {"duty": "off"}))


def test_a_desk_of_one_area_hears_nothing_of_the_others(tiny: Town, case: dict[str, Any]) -> None:
    south: Person = tiny["south"]
    desk = south.get(tiny.path("desk"))
    assert case["id"] not in {one["id"] for one in desk.json()["incidents"]}
    assert case["number"] not in desk.text
    found = south.get(tiny.path("search"), params={"q": case["number"]}).json()
    assert "incident" not in {one["kind"] for one in found}
    assert south.get(tiny.path(f"cells/{case['cell']}")).json()["open_incidents"] == []
    assert case["id"] in tiny["dispatcher"].get(tiny.path(f"cells/{case['cell']}")).json()["open_incidents"]


def test_whoever_was_sent_sees_the_case_with_its_contact_and_photo(tiny: Town, case: dict[str, Any]) -> None:
    seen = tiny["colleague"].get(f"/api/incidents/{case['id']}").json()
    assert seen["contact"] == "+49 30 777"
    assert tiny["colleague"].get(f"/api/files/{case['file']}").status_code == 200
