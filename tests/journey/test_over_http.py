"""One case, once through the house over HTTP: reported by a resident, checked, dispatched, done, verified, rated."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import Engine

from tests.api.town import MANHOLE, Person, Town, town


@pytest.fixture(scope="module")
def tiny(module_database: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(module_database, tmp_path_factory.mktemp("journey")) as found:
        yield found


class Listener:
    """An open screen: a dispatcher's console or a phone."""

    def __init__(self, town: Town, who: Person) -> None:
        self.kinds: list[str] = []
        self.seen_at: dict[str, float] = {}
        self._stop = False
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, args=(town, who), daemon=True)
        self._thread.start()
        assert self._ready.wait(10), "the stream did not open"

    def _listen(self, town: Town, who: Person) -> None:
        url = f"{town.client.base_url}/api/stream?district={town.district}"
        with httpx.stream("GET", url, headers={"Cookie": f"gridward_session={who.cookie}"}, timeout=30) as answer:
            for line in answer.iter_lines():
                self._ready.set()
                if line.startswith("data: ") and '"kind":"' in line:
                    kind = line.split('"kind":"')[-1].split('"')[0]
                    self.kinds.append(kind)
                    self.seen_at[kind] = time.monotonic()
                if self._stop:
                    return

    def heard(self, kind: str, seconds: float = 1.0) -> None:
        """Within that time, counted from now."""
        until = time.monotonic() + seconds
        while kind not in self.kinds:
            assert time.monotonic() < until, f"{kind} did not arrive in {seconds} s: {self.kinds}"
            time.sleep(0.01)

    def close(self) -> None:
        self._stop = True


def done(answer: httpx.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text


def step(who: Person, task: dict[str, Any], deed: str, **body: Any) -> dict[str, Any]:
    """One deed in the field; the task as it is afterwards."""
    answer = who.post(f"/api/assignments/{task['id']}/{deed}", {"version": task["version"], **body})
    found: dict[str, Any] = done(answer)["assignment"]
    return found


def go(who: Person, task: dict[str, Any]) -> dict[str, Any]:
    for deed in ("accept", "depart", "arrive"):
        task = step(who, task, deed)
    return task


def only_task(who: Person) -> dict[str, Any]:
    tasks = done(who.get("/api/my/tasks"))["tasks"]
    assert len(tasks) == 1, tasks
    found: dict[str, Any] = tasks[0]
    return found


def photo() -> bytes:
    written = BytesIO()
    Image.new("RGB", (640, 480), (90, 90, 90)).save(written, "JPEG")
    return written.getvalue()


def test_a_report_becomes_a_case_that_is_done_verified_closed_and_rated(tiny: Town) -> None:
    desk, worker, colleague, resident = tiny["dispatcher"], tiny["worker"], tiny["colleague"], tiny.anybody
    console = Listener(tiny, desk)
    done(colleague.post("/api/my/duty", {"duty": "break"}))

    # A resident reports, twice because the first answer got lost.
    report = {"class_code": MANHOLE, "description": "Cover gone", "text": "3 Mill Lane", "contact": "+49 30 123456"}
    address = f"/api/public/districts/{tiny.district}/reports"
    receipt = done(resident.post(address, report, key="report-of-a-resident"), 201)
    assert done(resident.post(address, report, key="report-of-a-resident"), 201) == receipt
    console.heard("incident.reported")
    follow = f"/api/public/reports/{receipt['token']}"
    assert done(resident.get(follow))["stage"] == "collected"
    assert "123456" not in resident.get(follow).text

    # The planner sends somebody to look; whoever is not asked may not answer for them.
    plan = done(desk.post(tiny.path("plan")))
    assert (plan["placed"], plan["unassigned"]) == (1, [])
    first = only_task(worker)
    case, check = first["incident"]["id"], first["assignment"]
    assert check["purpose"] == "check"
    assert not check["estimated"]
    assert first["contact"] == "+49 30 123456"
    refused(colleague.post(f"/api/assignments/{check['id']}/accept", {"version": 1}), 403, "work.forbidden")
    refused(tiny["planner"].post(f"/api/incidents/{case}/confirm", {"version": 1}), 403, "work.forbidden")

    # On the spot: it is true, so it is a case.
    check = go(worker, check)
    step(worker, check, "feed_back", outcome="ok", note="Open shaft")
    console.heard("assignment.fed_back")
    assert done(resident.get(follow))["stage"] == "filed"

    # The planner offers the work itself.
    assert done(desk.post(tiny.path("plan")))["placed"] == 1
    work = only_task(worker)["assignment"]
    assert work["purpose"] == "handle"
    refused(worker.post(f"/api/assignments/{work['id']}/depart", {"version": work["version"]}), 409, "work.not_now")
    work = go(worker, work)
    sent = worker.post(f"/api/assignments/{work['id']}/files", files={"file": ("cover.jpg", photo(), "image/jpeg")})
    picture = done(sent, 201)
    assert worker.get(picture["url"]).headers["content-type"] == "image/jpeg"
    assert tiny.anybody.get(picture["url"]).status_code == 401
    step(worker, work, "feed_back", outcome="done", note="New cover")
    assert done(resident.get(follow))["stage"] == "fed_back"

    # Somebody else verifies: the planner does not ask the one who did it.
    waiting = done(desk.post(tiny.path("plan")))["unassigned"]
    assert [one["incident"] for one in waiting] == [case]
    assert waiting[0]["message"]
    done(colleague.post("/api/my/duty", {"duty": "available"}))
    assert done(desk.post(tiny.path("plan")))["placed"] == 1
    verify = only_task(colleague)["assignment"]
    assert verify["purpose"] == "verify"
    step(colleague, go(colleague, verify), "feed_back", outcome="ok")
    console.heard("assignment.fed_back")

    # Closed; the resident says how it was.
    tracked = done(resident.get(follow))
    assert (tracked["stage"], tracked["evaluable"]) == ("closed", True)
    done(resident.post(f"{follow}/evaluate", {"score": 5, "comment": "Quick"}))
    console.heard("incident.evaluated")
    console.close()

    detail = done(desk.get(f"/api/incidents/{case}"))
    incident = detail["incident"]
    assert (incident["stage"], incident["score"]) == ("evaluated", 5)
    assert incident["handled_by"] == worker.responder
    assert incident["verified_by"] == colleague.user
    stamps = [
        incident[f"{name}_at"]
        for name in ("reported", "filed", "dispatched", "accepted", "arrived", "fed_back", "closed")
    ]
    moments = [datetime.fromisoformat(stamp) for stamp in stamps]
    assert moments == sorted(moments)
    assert [entry["kind"] for entry in detail["timeline"]] == EVERYTHING
    assert all(entry["message"] for entry in detail["timeline"])
    assert len(detail["files"]) == 1


EVERYTHING = [
    "incident.reported",
    *(f"assignment.{kind}" for kind in ("offered", "accepted", "departed", "arrived", "fed_back")),
    *(f"assignment.{kind}" for kind in ("offered", "accepted", "departed", "arrived")),
    "incident.attached",
    "assignment.fed_back",
    *(f"assignment.{kind}" for kind in ("offered", "accepted", "departed", "arrived", "fed_back")),
    "incident.evaluated",
]


def test_two_dispatchers_on_one_case_hear_of_each_other(tiny: Town) -> None:
    one, other = tiny["dispatcher"], tiny["supervisor"]
    body = {"class_code": MANHOLE, "description": "Rattles", "point": {"lon": 10.0021, "lat": 50.0021}}
    case = done(one.post(tiny.path("incidents"), body), 201)
    sent = {"responder": tiny["worker"].responder, "version": case["version"]}
    done(one.post(f"/api/incidents/{case['id']}/assign", sent))
    late = other.post(f"/api/incidents/{case['id']}/assign", {**sent, "responder": tiny["colleague"].responder})
    refused(late, 409, "work.stale")
    assert late.json()["error"]["params"]["current"] > case["version"]


def test_what_a_dispatcher_decided_the_planner_leaves(tiny: Town) -> None:
    body = {"class_code": MANHOLE, "description": "Sunken", "point": {"lon": 10.0005, "lat": 50.0005}}
    case = done(tiny["dispatcher"].post(tiny.path("incidents"), body), 201)
    sent = {"responder": tiny["colleague"].responder, "version": case["version"]}
    placed = done(tiny["dispatcher"].post(f"/api/incidents/{case['id']}/assign", sent))["assignment"]
    done(tiny["dispatcher"].post(tiny.path("plan")))
    found = done(tiny["dispatcher"].get(f"/api/incidents/{case['id']}"))["assignments"]
    assert [(one["id"], one["responder"], one["state"]) for one in found] == [
        (placed["id"], tiny["colleague"].responder, "offered")
    ]


def test_an_address_that_nobody_knows_keeps_no_report_out(tiny: Town) -> None:
    body = {"class_code": MANHOLE, "description": "Somewhere", "text": "77 Nowhere Boulevard"}
    case = done(tiny["dispatcher"].post(tiny.path("incidents"), body), 201)
    assert (case["found"], case["point"], case["place"]) == ("not_located", None, "77 Nowhere Boulevard")
    sent = {"version": case["version"], "text": "4 Baker Street"}
    moved = done(tiny["dispatcher"].post(f"/api/incidents/{case['id']}/relocate", sent))
    assert moved["cell"] is not None


def test_a_pin_outside_the_place_is_refused_in_words(tiny: Town) -> None:
    body = {"class_code": MANHOLE, "description": "Far away", "point": {"lon": 11.0, "lat": 50.0}}
    answer = tiny["dispatcher"].post(tiny.path("incidents"), body, headers={"Accept-Language": "zh-TW"})
    refused(answer, 422, "ground.outside_place")
    assert "範圍" in answer.json()["error"]["message"]


def test_the_place_is_the_real_one_and_the_roads_are_roads(tiny: Town) -> None:
    assert Path(tiny.app.state.house.settings.folder).is_dir()
    assert done(tiny["dispatcher"].get("/api/health"))["travel"] == "ok"
