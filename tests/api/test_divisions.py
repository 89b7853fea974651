"""Divisions over HTTP: drawn by a planner, approved by a colleague, in force at their date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.dividing import drawing, standing
from dispatch.store import shifts
from gis.database import begin
from gis.store import cells, divisions
from tests.api.town import Person, Town


def ask(who: Person, path: str, body: dict[str, Any] | None = None, *, ok: int = 200, put: bool = False) -> Any:
    if body is None:
        answer = who.get(path)
    else:
        key = {"Idempotency-Key": f"division-{datetime.now(UTC).timestamp()}"}
        answer = who.request("PUT" if put else "POST", path, json=body, headers=key)
    assert answer.status_code == ok, answer.text
    return answer.json() if answer.content else None


def draft(town: Town, **body: Any) -> dict[str, Any]:
    """A draft of what stands."""
    (stands,) = (d for d in listed(town) if d["state"] == "standing")
    found: dict[str, Any] = ask(town["planner"], town.path("divisions"), {"based_on": stands["id"], **body}, ok=201)
    return found


def listed(town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(town["planner"], town.path("divisions"))["divisions"]
    return found


def features(town: Town, division: int) -> dict[str, dict[str, Any]]:
    found = ask(town["planner"], f"/api/divisions/{division}/cells")["features"]
    return {one["properties"]["key"]: one for one in found}


def halves(feature: dict[str, Any]) -> dict[str, Any]:
    """A line down the middle of a cell."""
    corners = feature["geometry"]["coordinates"][0]
    west, east = min(c[0] for c in corners), max(c[0] for c in corners)
    south, north = min(c[1] for c in corners), max(c[1] for c in corners)
    middle = (west + east) / 2
    return {"type": "LineString", "coordinates": [[middle, south], [middle, north]]}


def largest(town: Town, division: int) -> tuple[str, dict[str, Any]]:
    found = features(town, division)
    key = max(found, key=lambda k: found[k]["properties"]["area_m2"])
    return key, found[key]


def split(town: Town, made: dict[str, Any], *, dry: bool = False) -> dict[str, Any]:
    key, feature = largest(town, made["id"])
    edit = {"op": "split", "cell": key, "line": halves(feature)}
    body = {"version": made["version"], "edit": edit, "dry": dry}
    found: dict[str, Any] = ask(town["planner"], f"/api/divisions/{made['id']}/edits", body)
    return found


def test_a_draft_has_the_cells_that_stand_and_says_who_made_it(tiny: Town) -> None:
    made = draft(tiny, note="two halves")
    assert (made["state"], made["made_by"]["name"], made["note"]) == ("draft", "Planner", "two halves")
    found = features(tiny, made["id"])
    assert len(found) == made["cells"]
    assert {one["properties"]["change"] for one in found.values()} == {"none"}
    assert all(one["properties"]["responsible"] for one in found.values())


def test_a_dry_edit_writes_nothing_and_says_what_would_be(tiny: Town) -> None:
    made = draft(tiny)
    tried = split(tiny, made, dry=True)
    assert tried["version"] == made["version"]
    assert len(tried["cells"]["features"]) >= 2
    assert tried["refused"] is None
    facts = [one["properties"] for one in tried["cells"]["features"]]
    assert all(one["area_name"] and (one["change"] == "changed" or one["code"]) for one in facts)
    assert len(features(tiny, made["id"])) == made["cells"]
    key, _ = largest(tiny, made["id"])
    far = {"type": "LineString", "coordinates": [[10.5, 50.5], [10.6, 50.6]]}
    body = {"version": made["version"], "edit": {"op": "split", "cell": key, "line": far}}
    refused = ask(tiny["planner"], f"/api/divisions/{made['id']}/edits", body | {"dry": True})["refused"]
    assert refused["code"] == "ground.edit_refused"
    assert "line" in refused["message"]
    error = ask(tiny["planner"], f"/api/divisions/{made['id']}/edits", body, ok=422)["error"]
    assert error["message"] == refused["message"]


def test_edits_are_counted_undone_done_again_and_told(tiny: Town) -> None:
    made = draft(tiny)
    path = f"/api/divisions/{made['id']}"
    done = split(tiny, made)
    assert done["version"] == made["version"] + 1
    stale = ask(tiny["planner"], f"{path}/undo", {"version": made["version"]}, ok=409)
    assert stale["error"]["code"] == "work.stale"
    undone = ask(tiny["planner"], f"{path}/undo", {"version": done["version"]})
    assert {f["properties"]["change"] for f in features(tiny, made["id"]).values()} == {"none"}
    new = {f["properties"]["key"] for f in done["cells"]["features"]}
    assert set(undone["gone"]) == {key for key in new if key.startswith("n")}
    nothing = ask(tiny["planner"], f"{path}/undo", {"version": undone["version"]}, ok=409)
    assert nothing["error"]["code"] == "work.not_now.nothing_to_undo"
    again = ask(tiny["planner"], f"{path}/redo", {"version": undone["version"]})
    shown = [f["properties"] for f in features(tiny, made["id"]).values()]
    assert {one["change"] for one in shown} == {"none", "changed"}
    assert all(one["responsible"] for one in shown)
    (told,) = ask(tiny["planner"], f"{path}/edits")["edits"]
    assert (told["op"], told["undone"], told["by"]["name"], again["version"]) == ("split", False, "Planner", 4)


def test_nobody_approves_what_they_made_or_proposed(tiny: Town) -> None:
    (stands,) = (d for d in listed(tiny) if d["state"] == "standing")
    made = ask(tiny["administrator"], tiny.path("divisions"), {"based_on": stands["id"]}, ok=201)
    path = f"/api/divisions/{made['id']}"
    starts = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    proposed = ask(tiny["planner"], f"{path}/propose", {"version": 1, "starts": starts, "note": ""})
    assert (proposed["state"], proposed["proposed_by"]["name"]) == ("proposed", "Planner")
    own = ask(tiny["administrator"], f"{path}/approve", {"version": proposed["version"]}, ok=403)
    assert own["error"]["code"] == "work.own_proposal"
    planned = ask(tiny["supervisor"], f"{path}/approve", {"version": proposed["version"]})
    assert (planned["state"], planned["approved_by"]["name"]) == ("planned", "Supervisor")
    late = ask(tiny["planner"], f"{path}/undo", {"version": planned["version"]}, ok=409)
    assert late["error"]["code"] == "work.not_now.division"
    back = ask(tiny["supervisor"], f"{path}/reject", {"version": planned["version"], "reason": "too early"})
    assert (back["state"], back["reason"], back["approved_by"]) == ("draft", "too early", None)
    ask(tiny["planner"], f"{path}/drop", {"version": back["version"]}, ok=204)
    ask(tiny["planner"], path, ok=404)


def test_an_approved_division_comes_into_force_and_keeps_codes_duties_and_cases(tiny: Town) -> None:
    before = {f["properties"]["code"]: f["properties"] for f in features(tiny, stands(tiny)).values()}
    report = {"class_code": "C0101", "point": {"lon": 10.0014, "lat": 50.0009}, "filing_criterion": "missing"}
    case = ask(tiny["dispatcher"], tiny.path("incidents"), report, ok=201)
    made = draft(tiny)
    done = split(tiny, made)
    path = f"/api/divisions/{made['id']}"
    starts = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    proposed = ask(tiny["planner"], f"{path}/propose", {"version": done["version"], "starts": starts, "note": "n"})
    ask(tiny["supervisor"], f"{path}/approve", {"version": proposed["version"]})
    assert [d.id for d in standing.come_into_force(tiny.engine)] == [made["id"]]
    assert standing.come_into_force(tiny.engine) == []
    old, new = ask(tiny["planner"], f"{path}/changes?with={made['based_on']}"), stands(tiny)
    assert new == made["id"]
    after = {f["properties"]["code"]: f["properties"] for f in features(tiny, new).values()}
    (turned,) = old["cells"]
    assert turned["kind"] == "split"
    assert before.keys() - after.keys() == set(turned["from"])
    assert after.keys() - before.keys() == set(turned["to"])
    assert all(after[code]["responsible"] == before[code]["responsible"] for code in before.keys() & after.keys())
    (gone,) = turned["from"]
    assert {after[code]["responsible"]["name"] for code in turned["to"]} == {before[gone]["responsible"]["name"]}
    assert sum(part["share"] for part in old["conversion"]) == pytest.approx(1, abs=1e-5)
    kept = ask(tiny["dispatcher"], f"/api/incidents/{case['id']}")
    assert kept["incident"]["cell_code"] == case["cell_code"]
    with begin(tiny.engine) as tx:
        kinds = tx.scalars(text("SELECT kind FROM event WHERE kind LIKE 'division.%' ORDER BY seq DESC LIMIT 3")).all()
    assert kinds == ["division.standing", "division.planned", "division.proposed"]


def test_an_unsound_draft_is_not_proposed_and_its_faults_are_shown_and_mended(tiny: Town) -> None:
    made = draft(tiny)
    key, _ = largest(tiny, made["id"])
    with begin(tiny.engine) as tx:
        tx.execute(text("DELETE FROM draft_cell WHERE division = :d AND key = :k"), {"d": made["id"], "k": key})
    path = f"/api/divisions/{made['id']}"
    found = ask(tiny["planner"], f"{path}/faults")["faults"]
    gap = next(one for one in found if one["kind"] == "gap")
    assert gap["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert gap["message"]
    starts = datetime.now(UTC).isoformat()
    refused = ask(tiny["planner"], f"{path}/propose", {"version": 1, "starts": starts, "note": ""}, ok=422)
    assert refused["error"]["code"] == "work.unsound"
    dry = ask(tiny["planner"], f"{path}/mend", {"version": 1, "faults": "all", "dry": True})
    assert (dry["version"], bool(dry["mends"])) == (1, True)
    done = ask(tiny["planner"], f"{path}/mend", {"version": 1, "faults": "all"})
    assert done["version"] == 2
    assert {one["fault"] for one in done["mends"]} >= {gap["key"]}
    kinds = {one["kind"] for one in ask(tiny["planner"], f"{path}/faults")["faults"]}
    assert not kinds & {"gap", "overlap", "stray"}


def test_a_division_is_cut_by_the_worker_with_bounds(tiny: Town) -> None:
    body = {"cut": {"measure": "area", "aim": 4000, "least": 500, "most": 40_000}, "note": "finer"}
    made = ask(tiny["planner"], tiny.path("divisions"), body, ok=202)
    assert made["progress"] == {"step": "waiting", "share": 0.0}
    early = ask(tiny["planner"], f"/api/divisions/{made['id']}/undo", {"version": 1}, ok=409)
    assert early["error"]["code"] == "work.not_now.cutting"
    drawing.cut(tiny.engine, made["id"])
    done = ask(tiny["planner"], f"/api/divisions/{made['id']}")
    assert (done["progress"], done["error"]) == (None, None)
    assert done["cells"] > 0
    wrong = ask(tiny["planner"], tiny.path("divisions"), {"cut": {"aim": 10, "least": 20}}, ok=422)
    assert wrong["error"]["field"] == "cut.aim"


def test_a_delivery_of_cells_leads_to_the_draft_that_it_became(tiny: Town) -> None:
    made = draft(tiny)
    with begin(tiny.engine) as tx:
        row = text(
            "INSERT INTO import_batch (district, file, sha256, bytes, state, target, counts)"
            " VALUES (:d, 'cells.geojson', '', 1, 'applied', 'cells', CAST(:c AS jsonb)) RETURNING id"
        )
        batches = [tx.scalar(row, {"d": tiny.district, "c": c}) for c in (f'{{"division": {made["id"]}}}', "{}")]
    found = ask(tiny["planner"], tiny.path("divisions"), {"import": batches[0]}, ok=201)
    assert found["id"] == made["id"]
    ask(tiny["planner"], tiny.path("divisions"), {"import": batches[1]}, ok=404)
    ask(tiny["planner"], tiny.path("divisions"), {}, ok=422)


def test_the_cells_of_one_person_hang_together(tiny: Town) -> None:
    with begin(tiny.engine) as tx:
        pairs = cells.neighbours(tx, tiny.district)
        held = shifts.duties(tx, tiny.district)
    everything = sorted(cell for cell in held if any(cell in pair for pair in pairs))
    worker = tiny["worker"].responder
    path = tiny.path("duties")
    ask(tiny["supervisor"], path, {"responder": worker, "cells": everything}, put=True)
    duties = ask(tiny["supervisor"], path)["duties"]
    assert {one["responder"] for one in duties if one["cell"] in everything} == {worker}
    beside = {cell: {b for pair in pairs if cell in pair for b in pair} - {cell} for cell in everything}
    first = everything[0]
    far = next(cell for cell in reversed(everything) if cell != first and cell not in beside[first])
    wrong = {"responder": tiny["colleague"].responder, "cells": [first, far]}
    refused = ask(tiny["supervisor"], path, wrong, ok=422, put=True)
    assert refused["error"]["code"] == "work.apart"
    assert refused["error"]["params"]["cells"]


def stands(town: Town) -> int:
    with begin(town.engine) as tx:
        found = divisions.standing(tx, town.district)
    assert found is not None
    return found.id
