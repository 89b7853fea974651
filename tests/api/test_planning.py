"""Planning over HTTP: mode, proposals, weights, limits, a day that might be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dispatch.store import responder as responder_of
from gis.database import begin
from tests.api.town import MANHOLE, Town

HERE = {"lon": 10.0014, "lat": 50.0009}


def report(town: Town, **more: Any) -> dict[str, Any]:
    body = {"class_code": MANHOLE, "point": HERE, "filing_criterion": "missing"} | more
    answer = town["dispatcher"].post(town.path("incidents"), body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def put(town: Town, login: str, path: str, body: dict[str, Any]) -> Any:
    key = {"Idempotency-Key": f"key-{datetime.now(UTC).timestamp()}"}
    return town[login].request("PUT", path, json=body, headers=key)


def test_planning_is_seen_by_whoever_watches_and_set_by_a_supervisor(tiny: Town) -> None:
    path = tiny.path("planning")
    before = tiny["planner"].get(path).json()
    assert (before["plan_mode"], before["version"], before["proposal"]) == ("auto", 0, None)
    area = tiny.areas["South Side"]
    body = {"version": 0, "plan_mode": "ask", "most_changes": 3, "standby": [{"area": area, "least": 2}]}
    after = put(tiny, "supervisor", path, body)
    assert after.status_code == 200, after.text
    told = after.json()
    assert (told["plan_mode"], told["most_changes"], told["version"]) == ("ask", 3, 1)
    assert told["changed_by"]["name"] == "Supervisor"
    assert [(s["name"], s["least"], s["short"]) for s in told["standby"]] == [("South Side", 2, 2)]
    stale = put(tiny, "supervisor", path, body)
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "work.stale")
    assert put(tiny, "supervisor", path, {"version": 1, "plan_mode": "auto"}).status_code == 200


def test_standby_in_an_area_of_another_place_is_refused_by_name(tiny: Town) -> None:
    version = tiny["planner"].get(tiny.path("planning")).json()["version"]
    body = {"version": version, "plan_mode": "auto", "standby": [{"area": 99_999, "least": 1}]}
    answer = put(tiny, "supervisor", tiny.path("planning"), body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "standby.area")


def test_every_weight_is_explained_with_an_example_in_three_languages(tiny: Town) -> None:
    found = tiny["dispatcher"].get(tiny.path("weights")).json()
    assert {"late_life", "hop", "volunteer", "fairness", "standby"} <= {w["code"] for w in found["weights"]}
    for weight in found["weights"]:
        assert weight["least"] <= weight["value"] <= weight["most"]
        assert weight["value"] == weight["default"]
        for said in ("names", "explained", "example"):
            assert set(weight[said]) == {"en", "zh-Hans", "zh-Hant"}
            assert all(text.strip() for text in weight[said].values())


def test_an_administrator_sets_a_weight_and_everybody_sees_who_did(tiny: Town) -> None:
    path = tiny.path("weights")
    version = tiny["administrator"].get(path).json()["version"]
    after = put(tiny, "administrator", path, {"version": version, "weights": {"hop": 600}}).json()
    (hop,) = (w for w in after["weights"] if w["code"] == "hop")
    assert (after["version"], hop["value"], hop["default"]) == (version + 1, 600, 300)
    assert hop["changed_by"]["name"] == "Administrator"
    assert put(tiny, "administrator", path, {"version": version, "weights": {"hop": 1}}).status_code == 409
    for wrong in ({"hop": -1}, {"nothing": 1}):
        answer = put(tiny, "administrator", path, {"version": version + 1, "weights": wrong})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "work.invalid")
        assert answer.json()["error"]["field"] == f"weights.{next(iter(wrong))}"


def test_what_somebody_holds_and_comes_with_is_set_whole(tiny: Town) -> None:
    responder = tiny["colleague"].responder
    path = f"/api/responders/{responder}/limits"
    before = tiny["supervisor"].get(path).json()
    assert [s["skill"] for s in before["skills"]] == ["first_aid", "roads"]
    until = (datetime.now(UTC) + timedelta(days=30)).isoformat().replace("+00:00", "Z")
    body = {
        "version": before["version"],
        "skills": [{"skill": "roads", "level": 2, "valid_until": until}, {"skill": "gas"}],
        "vehicle": {"width_m": 2.5, "capacity": {"sandbags": 20}},
        "overtime_seconds": 1800,
    }
    after = put(tiny, "supervisor", path, body)
    assert after.status_code == 200, after.text
    told = after.json()
    assert [(s["skill"], s["level"], s["valid_until"]) for s in told["skills"]] == [
        ("gas", 1, None),
        ("roads", 2, until),
    ]
    assert (told["vehicle"]["width_m"], told["vehicle"]["capacity"]) == (2.5, {"sandbags": 20})
    assert (told["overtime_seconds"], told["rest_seconds"], told["version"]) == (1800, None, before["version"] + 1)
    wrong = put(tiny, "supervisor", path, {"version": told["version"], "skills": [{"skill": "magic"}]})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "skill")


NIGHT = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "starts": "22:00:00", "ends": "06:00:00"}
BREAK = {"from": "01:00:00", "until": "03:00:00", "seconds": 1800}


def test_shifts_are_agreed_with_their_breaks_and_written_out_at_once(tiny: Town) -> None:
    responder = tiny["colleague"].responder
    path = f"/api/responders/{responder}/shifts"
    before = tiny["supervisor"].get(path).json()
    body = {"version": before["version"], "patterns": [NIGHT | {"break": BREAK}]}
    after = put(tiny, "supervisor", path, body)
    assert after.status_code == 200, after.text
    assert after.json()["patterns"] == [NIGHT | {"break": BREAK}]
    assert tiny["supervisor"].get(path).json() == after.json()
    with begin(tiny.engine) as tx:
        found = responder_of(tx, int(responder or 0))
    assert found.pauses
    assert {p.seconds for p in found.pauses} == {1800}
    stale = put(tiny, "supervisor", path, body)
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "work.stale")
    put(tiny, "supervisor", path, {"version": after.json()["version"], "patterns": before["patterns"]})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (NIGHT | {"break": BREAK | {"from": "20:00:00"}}, "break"),
        (NIGHT | {"break": BREAK | {"until": "05:45:00"}}, "break"),
        (NIGHT | {"break": {"from": "01:00:00"}}, None),
        (NIGHT | {"starts": "22:00:00+02:00"}, None),
        (NIGHT | {"weekdays": []}, None),
    ],
)
def test_a_break_outside_its_shift_is_refused(tiny: Town, wrong: dict[str, Any], field: str | None) -> None:
    path = f"/api/responders/{tiny['colleague'].responder}/shifts"
    version = tiny["supervisor"].get(path).json()["version"]
    answer = put(tiny, "supervisor", path, {"version": version, "patterns": [wrong]})
    assert answer.status_code == 422, answer.text
    assert field is None or answer.json()["error"]["field"] == field


def test_an_appointment_has_two_ends_and_no_case_waits_for_itself(tiny: Town) -> None:
    case, other = report(tiny), report(tiny)
    path = f"/api/incidents/{case['id']}/limits"
    start = datetime.now(UTC) + timedelta(hours=1)
    good = {
        "version": case["version"],
        "appointment_from": start.isoformat(),
        "appointment_to": (start + timedelta(hours=1)).isoformat(),
        "max_width_m": 2.2,
        "after": [other["id"]],
    }
    after = put(tiny, "dispatcher", path, good)
    assert after.status_code == 200, after.text
    assert (after.json()["max_width_m"], after.json()["after"]) == (2.2, [other["id"]])
    half = put(tiny, "dispatcher", path, {"version": 2, "appointment_from": start.isoformat()})
    assert (half.status_code, half.json()["error"]["field"]) == (422, "appointment_to")
    circle = put(tiny, "dispatcher", f"/api/incidents/{other['id']}/limits", {"version": 1, "after": [case["id"]]})
    assert (circle.status_code, circle.json()["error"]["field"]) == (422, "after")
    detail = tiny["dispatcher"].get(f"/api/incidents/{case['id']}").json()
    assert detail["timeline"][-1]["message"] == "Appointment or limits changed"


def test_a_day_that_might_be_is_shown_and_not_written(tiny: Town) -> None:
    report(tiny)
    before = tiny["dispatcher"].get(tiny.path("desk")).json()
    join = {"kind": "worker", "skills": ["roads"], "mode": "drive", "point": HERE}
    answer = tiny["dispatcher"].post(
        tiny.path("what-if"), {"out": [tiny["worker"].responder], "join": [join], "seconds": 0.2}
    )
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["written"] is False
    assert told["seconds"] < 5
    for side in ("before", "after"):
        assert {"cost", "parts", "late_minutes", "late_cases", "served", "unserved", "in_time"} == set(told[side])
        assert all(part["name"] != part["code"] for part in told[side]["parts"])
    assert "→" in told["message"]
    after = tiny["dispatcher"].get(tiny.path("desk")).json()
    assert (after["cursor"], after["assignments"]) == (before["cursor"], before["assignments"])


def test_somebody_unknown_cannot_call_in_sick(tiny: Town) -> None:
    assert tiny["dispatcher"].post(tiny.path("what-if"), {"out": [99_999]}).status_code == 404


def test_who_idle_elsewhere_should_wait_where_nobody_is(tiny: Town) -> None:
    version = tiny["planner"].get(tiny.path("planning")).json()["version"]
    body = {"version": version, "plan_mode": "auto", "standby": [{"area": tiny.areas["North Side"], "least": 1}]}
    assert put(tiny, "supervisor", tiny.path("planning"), body).status_code == 200
    told = tiny["planner"].get(tiny.path("move-ups")).json()
    assert [(a["name"], a["short"]) for a in told["areas"]] == [("North Side", 1)]
    assert [m["area_name"] for m in told["moves"]] == ["North Side"]
    assert "North Side" in told["moves"][0]["message"]
    assert (
        put(tiny, "supervisor", tiny.path("planning"), {"version": version + 1, "plan_mode": "auto"}).status_code == 200
    )


def test_the_desk_says_who_made_the_plan_and_how_well(tiny: Town) -> None:
    report(tiny)
    made = tiny["dispatcher"].post(tiny.path("plan"))
    assert made.status_code == 200, made.text
    assert made.json()["engine"] in {"recreate", "insertion", "ortools", "nearest", "standing"}
    assert made.json()["degraded"] is None
    line = tiny["dispatcher"].get(tiny.path("planning")).json()["last"]
    assert (line["id"], line["changes"]) == (made.json()["id"], made.json()["changes"])


def test_a_road_that_might_close_is_tried_without_closing_it(tiny: Town) -> None:
    report(tiny, point={"lon": 10.0042, "lat": 50.0027})
    around = [[10.001, 50.0005], [10.0018, 50.0005], [10.0018, 50.0013], [10.001, 50.0013], [10.001, 50.0005]]
    alone = {"out": [tiny["colleague"].responder, tiny["volunteer"].responder], "seconds": 0.2}  # who stays lives there

    def tried(**more: Any) -> dict[str, Any]:
        answer = tiny["dispatcher"].post(tiny.path("what-if"), alone | more)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    open_, shut = tried(), tried(close=[{"type": "Polygon", "coordinates": [around]}])
    assert road(shut["after"]) > road(open_["after"]) > 0
    assert road(shut["before"]) == road(open_["before"])
    assert road(tried()["after"]) == road(open_["after"])
    listed = tiny["dispatcher"].get("/api/closures", params={"district": tiny.district, "all": True}).json()
    assert listed["features"] == []


def road(side: dict[str, Any]) -> int:
    return int(next((part["value"] for part in side["parts"] if part["code"] == "road"), 0))


def test_a_closure_that_nobody_can_draw_is_refused_with_the_way_out(tiny: Town) -> None:
    crossing = {
        "type": "Polygon",
        "coordinates": [[[10.001, 50.001], [10.002, 50.002], [10.002, 50.001], [10.001, 50.002], [10.001, 50.001]]],
    }
    assert tiny["dispatcher"].post(tiny.path("what-if"), {"close": [crossing]}).status_code == 422
    assert tiny["dispatcher"].post(tiny.path("what-if"), {"close": [{"type": "Cloud"}]}).status_code == 422


def test_why_somebody_is_sent_is_said_in_the_reader_s_language(tiny: Town) -> None:
    case = report(tiny)
    assert tiny["dispatcher"].post(tiny.path("plan")).status_code == 200
    path = f"/api/incidents/{case['id']}/why"
    told = tiny["dispatcher"].get(path)
    assert told.status_code == 200, told.text
    found = told.json()
    assert {c["responder"]["name"] for c in found["candidates"]} == {"Worker", "Colleague", "Volunteer"}
    assert found["chosen"]["responder"] == found["holder"]
    assert "adds" in found["chosen"]["message"] or "holds it" in found["chosen"]["message"]
    assert all(part["name"] != part["code"] for c in found["candidates"] if c["price"] for part in c["price"]["parts"])
    volunteer = next(c for c in found["candidates"] if c["responder"]["name"] == "Volunteer")
    assert volunteer["price"] is None
    assert volunteer["hurdle"]["message"] != volunteer["hurdle"]["code"]
    chinese = tiny["dispatcher"].get(path, headers={"Accept-Language": "zh-Hant"}).json()
    assert "計畫" in chinese["chosen"]["message"]


def test_a_proposal_goes_over_the_wire_with_names_and_is_applied_and_taken_back(tiny: Town) -> None:
    dispatcher = tiny["dispatcher"]
    version = dispatcher.get(tiny.path("planning")).json()["version"]
    assert put(tiny, "supervisor", tiny.path("planning"), {"version": version, "plan_mode": "ask"}).status_code == 200
    known = dispatcher.get(tiny.path("weights")).json()["version"]
    light = {"version": known, "weights": {"hop": 0, "propose": 0, "within_urgent": 60}}
    assert put(tiny, "administrator", tiny.path("weights"), light).status_code == 200
    assert dispatcher.post(f"/api/responders/{tiny['colleague'].responder}/duty", {"duty": "off"}).status_code == 200
    for _ in range(2):
        report(tiny, point={"lon": 10.0042, "lat": 50.0027})
    dispatcher.post(tiny.path("plan"))
    assert (
        dispatcher.post(f"/api/responders/{tiny['colleague'].responder}/duty", {"duty": "available"}).status_code == 200
    )
    dispatcher.post(tiny.path("plan"))
    found = dispatcher.get(tiny.path("planning")).json()["proposal"]
    assert found is not None
    gains = [g for p in found["people"] if p["responder"] == tiny["colleague"].responder for g in p["gains"]]
    assert {g["from"] for g in gains} == {tiny["worker"].responder}
    assert all(p["message"].startswith(p["name"]) for p in found["people"])
    applied = dispatcher.post(f"/api/proposals/{found['id']}/apply", {"epoch": found["epoch"]})
    assert applied.status_code == 200, applied.text
    assert applied.json()["plan"]["applied_by"]["name"] == "Dispatcher"
    assert applied.json()["plan"]["changes"] == found["changes"]
    undone = dispatcher.post(f"/api/plans/{applied.json()['plan']['id']}/undo", {"reason": "promised"})
    assert undone.status_code == 200, undone.text
    assert {r["responder"] for r in undone.json()["restored"]} <= {tiny["worker"].responder}
    assert undone.json()["plan"]["undone_by"]["name"] == "Dispatcher"
    again = dispatcher.post(f"/api/proposals/{found['id']}/apply", {"epoch": found["epoch"]})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "work.not_now.proposal")
