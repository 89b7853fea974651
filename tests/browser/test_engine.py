"""The engine before people: it asks, it explains, it tries; they decide, undo, and set what it weighs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from dispatch.solver.warm import warm
from tests.api.town import MANHOLE, Town
from tests.browser.screens import PHONE, Screens, too_wide

HERE = {"lon": 10.0014, "lat": 50.0009}  #: at the worker's door, far from the colleague's


def put(town: Town, login: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = town[login].request("PUT", path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def get(town: Town, path: str) -> dict[str, Any]:
    return dict(town["dispatcher"].get(path).json())


def report(town: Town) -> dict[str, Any]:
    body = {"class_code": MANHOLE, "point": HERE, "filing_criterion": "missing", "description": "Cover gone"}
    return dict(town["supervisor"].post(town.path("incidents"), body).json())


def live(town: Town) -> dict[int, int]:
    """Who has each case."""
    found = get(town, town.path("desk"))["assignments"]
    return {a["incident"]: a["responder"] for a in found if a["state"] in ("offered", "accepted")}


def plan(town: Town) -> None:
    assert town["supervisor"].post(town.path("plan")).status_code == 200


def proposed(town: Town) -> None:
    """Plan until something is proposed: on a busy machine the engine may be late once."""
    for _ in range(5):
        plan(town)
        if get(town, town.path("planning"))["proposal"]:
            return
    raise AssertionError("nothing is proposed")


def ask(town: Town, mode: str) -> None:
    path = town.path("planning")
    put(town, "supervisor", path, {"version": get(town, path)["version"], "plan_mode": mode, "standby": []})


def weigh(town: Town, **weights: int) -> None:
    path = town.path("weights")
    put(town, "administrator", path, {"version": get(town, path)["version"], "weights": weights})


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """As set-up leaves the engine: an engine that compiles first answers late, and nothing is proposed."""
    warm()


@pytest.fixture(autouse=True)
def _nothing_left(tiny: Town) -> Iterator[None]:
    """No test leaves a case, a mode or somebody off duty to the next."""
    yield
    ask(tiny, "auto")
    for case in get(tiny, tiny.path("desk"))["incidents"]:
        if case["stage"] in ("filed", "dispatched"):
            version = get(tiny, f"/api/incidents/{case['id']}")["incident"]["version"]
            body = {"version": version, "reason": "Tidied up", "criterion": "duplicate"}
            if case["stage"] == "dispatched":
                after = tiny["supervisor"].post(f"/api/incidents/{case['id']}/withdraw", body).json()
                body["version"] = after["version"]
            tiny["supervisor"].post(f"/api/incidents/{case['id']}/reject", body)
    for login in ("worker", "colleague"):
        tiny[login].post("/api/my/duty", {"duty": "available"})


@pytest.fixture
def promised(tiny: Town) -> dict[str, Any]:
    """A case promised to the colleague while the worker, who lives next door, was away."""
    weigh(tiny, hop=0, propose=0, patience=0)
    tiny["worker"].post("/api/my/duty", {"duty": "off"})
    case = report(tiny)
    plan(tiny)
    assert live(tiny) == {case["id"]: tiny["colleague"].responder}
    tiny["worker"].post("/api/my/duty", {"duty": "available"})
    return case


def desk(screens: Screens, path: str = "/desk", *, who: str = "dispatcher", **more: Any) -> Page:
    page = screens.open(path, who=who, **more)
    expect(page.locator(".link.live")).to_be_visible()
    return page


def plans(page: Page) -> Locator:
    return page.get_by_role("article", name="Plans")


def test_a_better_plan_is_shown_applied_and_taken_back(screens: Screens, tiny: Town, promised: dict[str, Any]) -> None:
    ask(tiny, "ask")
    page = desk(screens)
    proposed(tiny)
    page.get_by_role("button", name="A better plan waits for your word").click()
    card = page.get_by_role("region", name="Proposed plan")
    expect(card.locator(".people > li")).to_have_count(2)
    card.get_by_role("button", name=re.compile("Worker")).click()
    expect(card.locator(".more").first).to_contain_text("from Colleague")
    assert live(tiny) == {promised["id"]: tiny["colleague"].responder}
    card.get_by_role("button", name="Apply this plan").click()
    expect(card).to_have_count(0)
    assert live(tiny) == {promised["id"]: tiny["worker"].responder}
    last = page.get_by_role("region", name="Last change of promises")
    expect(last).to_contain_text("by Dispatcher")
    last.get_by_role("button", name="Undo").click()
    last.get_by_label("Why is it undone?").fill("The colleague knows the place")
    last.get_by_role("button", name="Undo").click()
    expect(last).to_contain_text("Promises back where they were: 1")
    assert live(tiny) == {promised["id"]: tiny["colleague"].responder}
    expect(plans(page).locator(".plans")).to_contain_text("undone by Dispatcher")


def test_a_rejected_plan_goes_with_a_reason(screens: Screens, tiny: Town, promised: dict[str, Any]) -> None:
    ask(tiny, "ask")
    proposed(tiny)
    page = desk(screens, "/desk?tool=plans")
    card = page.get_by_role("region", name="Proposed plan")
    card.get_by_role("button", name="Reject").click()
    expect(card.get_by_role("button", name="Reject")).to_be_disabled()
    card.get_by_label("Why not?").fill("She is nearly there")
    card.get_by_role("button", name="Reject").click()
    expect(card).to_have_count(0)
    assert live(tiny) == {promised["id"]: tiny["colleague"].responder}


def test_whoever_takes_a_case_from_the_engine_says_why(screens: Screens, tiny: Town, promised: dict[str, Any]) -> None:
    page = desk(screens, f"/desk?incident={promised['id']}")
    page.get_by_role("button", name="Assign somebody else").click()
    page.get_by_role("button", name=re.compile("Assign.*: Worker")).click()
    dialog = page.get_by_role("dialog", name="Assign: Worker")
    expect(dialog.get_by_role("button", name="Assign", exact=True)).to_be_disabled()
    dialog.get_by_label("Reason").fill("He stands beside it")
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(dialog).to_have_count(0)
    assert live(tiny) == {promised["id"]: tiny["worker"].responder}


def test_a_what_if_answers_side_by_side_and_writes_nothing(screens: Screens, tiny: Town) -> None:
    report(tiny)
    plan(tiny)
    before = get(tiny, tiny.path("desk"))
    page = desk(screens, f"/desk?tool=what-if&out={tiny['worker'].responder}")
    panel = page.get_by_role("article", name="What if")
    expect(panel).to_contain_text("Nothing is written")
    expect(panel.locator(".el-select__tags-text, .el-tag").first).to_contain_text("Worker")
    panel.get_by_role("button", name="Ask", exact=True).click()
    answer = panel.get_by_role("region", name="Answer")
    expect(answer.locator(".six tbody tr")).to_have_count(6)
    expect(answer).to_contain_text("Nothing was written")
    assert answer.locator(".people > li").count() == 2
    after = get(tiny, tiny.path("desk"))
    assert (after["cursor"], after["assignments"]) == (before["cursor"], before["assignments"])
    panel.get_by_role("button", name="Somebody joins").click()
    expect(panel.get_by_role("button", name="Ask", exact=True)).to_be_disabled()
    panel.get_by_role("button", name="On map").click()
    page.locator(".ground-map").click(position={"x": 200, "y": 300}, force=True)
    panel.get_by_role("button", name="Ask again").click()
    expect(panel.get_by_text("The question has changed")).to_have_count(0)


def test_a_weight_is_set_by_an_administrator_and_goes_back_to_its_default(screens: Screens, tiny: Town) -> None:
    page = screens.open("/weights", who="administrator")
    row = page.locator("li").filter(has_text="Breaking a promise")
    row.get_by_role("spinbutton").fill("-5")
    expect(row.get_by_role("alert")).to_contain_text("Between")
    expect(page.get_by_role("button", name="Keep")).to_be_disabled()
    row.get_by_role("spinbutton").fill("7.5")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Changes: 0")).to_be_visible()
    expect(row).to_contain_text("Administrator")
    found = {one["code"]: one["value"] for one in get(tiny, tiny.path("weights"))["weights"]}
    assert found["hop"] == 450
    row.get_by_role("button", name="Back to 5").click()
    page.get_by_role("button", name="Keep").click()
    expect(row.get_by_text("default", exact=True)).to_be_visible()


def test_others_see_the_weights_and_cannot_touch_them(screens: Screens, tiny: Town) -> None:
    page = screens.open("/weights", who="planner", size=PHONE)
    expect(page.get_by_role("spinbutton").first).to_be_disabled()
    expect(page.get_by_role("button", name="Keep")).to_have_count(0)
    assert not too_wide(page)


def test_an_hour_is_made_slower_and_the_mode_is_set(screens: Screens, tiny: Town) -> None:
    page = screens.open("/weights?part=speeds", who="administrator")
    hour = page.get_by_label("Per cent longer from 8 o'clock")
    hour.fill("30")
    hour.press("Tab")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Changes: 0")).to_be_visible()
    expect(page.locator("tr[data-hour='8'] .tag")).to_have_text("table")
    (eight,) = (one for one in get(tiny, tiny.path("speeds"))["modes"]["drive"]["weekday"] if one["hour"] == 8)
    assert (eight["permille"], eight["source"]) == (1300, "table")
    page.get_by_role("button", name="Re-plans and standby").click()
    page.get_by_label("Re-plans ask first").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("✓ Kept")).to_be_visible()
    assert get(tiny, tiny.path("planning"))["plan_mode"] == "ask"


def test_everybody_is_weighed_and_the_choice_is_explained(
    screens: Screens, tiny: Town, promised: dict[str, Any]
) -> None:
    page = desk(screens, f"/desk?incident={promised['id']}")
    page.get_by_role("button", name="Why this person?").click()
    why = page.get_by_role("region", name="Why")
    told = get(tiny, f"/api/incidents/{promised['id']}/why")
    expect(why.locator(".says")).to_contain_text(told["chosen"]["message"])
    rows = why.locator("tbody > tr:not(.more)")
    expect(rows).to_have_count(len(told["candidates"]))
    volunteer = rows.filter(has_text="Volunteer")
    expect(volunteer.locator(".rules")).to_contain_text("✕")
    expect(volunteer.locator(".bar")).to_have_count(0)
    best = rows.first
    expect(best.locator(".bar, .muted").first).to_be_visible()
    best.get_by_role("button").click()
    expect(why.locator(".more")).to_contain_text("✓ On shift")
    expect(page.locator(".leaflet-beside-pane .stop")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(why).to_have_count(0)
    expect(page.locator(".leaflet-beside-pane .stop")).to_have_count(0)


def test_a_case_that_waits_says_what_would_change_it(screens: Screens, tiny: Town) -> None:
    for login in ("worker", "colleague"):
        tiny[login].post("/api/my/duty", {"duty": "off"})
    case = report(tiny)
    plan(tiny)
    page = desk(screens, f"/desk?incident={case['id']}&why=1")
    says = page.get_by_role("region", name="Why").locator(".says")
    told = get(tiny, f"/api/incidents/{case['id']}/why")
    expect(says.locator(".bad")).to_contain_text(told["unserved"]["message"])
    expect(says.locator(".ok")).to_have_count(len(told["remedies"]))
    assert told["remedies"]
