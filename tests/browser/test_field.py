"""A phone in a cellar: everything can be done, it is counted, and it arrives once and in order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.town import MANHOLE, Town
from tests.browser.screens import PHONE, SMALL_PHONE, Screens, photo, too_wide

BLOCKS = itertools.cycle([(10.0006, 50.0005), (10.0021, 50.0005), (10.0021, 50.0021), (10.0035, 50.0021)])


def offered(town: Town, *, to: str = "worker") -> dict[str, Any]:
    """A case that a dispatcher has just given to somebody; its assignment."""
    lon, lat = next(BLOCKS)
    body = {"class_code": MANHOLE, "description": "Cover gone", "point": {"lon": lon, "lat": lat}}
    case = town["dispatcher"].post(town.path("incidents"), body).json()
    sent = {"responder": town[to].responder, "version": case["version"]}
    found: dict[str, Any] = town["dispatcher"].post(f"/api/incidents/{case['id']}/assign", sent).json()["assignment"]
    return found


def detail(town: Town, case: int) -> dict[str, Any]:
    found: dict[str, Any] = town["dispatcher"].get(f"/api/incidents/{case}").json()
    return found


def step(page: Page, name: str) -> None:
    page.locator(".action").get_by_role("button", name=name).click()


def sent_away(page: Page) -> None:
    expect(page.locator("header .signs")).not_to_contain_text("to send", timeout=20_000)


@pytest.fixture(autouse=True)
def _nothing_left(tiny: Town) -> Iterator[None]:
    """No test leaves a task on the phone of the next."""
    yield
    for task in tiny["worker"].get("/api/my/tasks").json()["tasks"]:
        case = task["incident"]
        said = {"version": case["version"], "reason": "Tidied up"}
        assert tiny["dispatcher"].post(f"/api/incidents/{case['id']}/withdraw", said).status_code == 200


@pytest.fixture
def phone(screens: Screens, tiny: Town) -> Page:
    """A phone that was used before: its service worker keeps the page."""
    page = screens.open("/field", who="worker", size=PHONE, service_workers="allow")
    expect(page.locator(".phone h1")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(500)
    page.reload()
    expect(page.locator(".phone h1")).to_be_visible()
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")
    return page


def feed_back(page: Page, note: str) -> None:
    step(page, "Feed back")
    page.locator("input[type=file]").set_input_files(photo())
    page.get_by_label("Note").fill(note)
    page.get_by_role("button", name="Send").click()


def test_a_whole_task_is_done_without_signal_and_arrives_once_and_in_order(phone: Page, tiny: Town) -> None:
    task = offered(tiny)
    expect(phone.get_by_role("heading", name="My tasks (1)")).to_be_visible()
    phone.context.set_offline(True)
    for n, name in enumerate(("Accept", "Set off", "I am there"), start=1):
        step(phone, name)
        expect(phone.locator("header .signs")).to_contain_text(f"{n} to send")
    expect(phone.locator("header .signs")).to_contain_text("no signal", timeout=20_000)
    feed_back(phone, "Done in the cellar")
    expect(phone.locator("header .signs")).to_contain_text("5 to send")
    expect(phone.get_by_role("heading", name="No tasks now")).to_be_visible()
    assert detail(tiny, task["incident"])["incident"]["stage"] == "dispatched"

    phone.context.set_offline(False)
    sent_away(phone)
    found = detail(tiny, task["incident"])
    assert found["incident"]["stage"] == "fed_back"
    kinds = [entry["kind"] for entry in found["timeline"]]
    assert kinds[-5:] == [
        "assignment.accepted",
        "assignment.departed",
        "assignment.arrived",
        "incident.attached",
        "assignment.fed_back",
    ]
    assert len(kinds) == len(set(kinds))
    assert len(found["files"]) == 1
    times = [found["incident"][name] for name in ("accepted_at", "arrived_at", "fed_back_at")]
    assert times == sorted(times)


def test_the_page_and_what_waits_survive_a_restart_without_signal(phone: Page, tiny: Town) -> None:
    task = offered(tiny)
    expect(phone.get_by_role("heading", name="My tasks (1)")).to_be_visible()
    phone.context.set_offline(True)
    step(phone, "Accept")
    expect(phone.locator("header .signs")).to_contain_text("1 to send")
    phone.reload()
    expect(phone.get_by_role("heading", name="My tasks (1)")).to_be_visible()
    expect(phone.locator("header .signs")).to_contain_text("1 to send")
    step(phone, "Set off")
    expect(phone.locator("header .signs")).to_contain_text("2 to send")
    phone.context.set_offline(False)
    sent_away(phone)
    expect(phone.get_by_role("alert")).to_have_count(0)
    states = [one["state"] for one in detail(tiny, task["incident"])["assignments"]]
    assert states == ["en_route"]
    step(phone, "I am there")
    feed_back(phone, "Over")
    sent_away(phone)


def test_an_answer_that_got_lost_does_not_double_the_deed(screens: Screens, tiny: Town) -> None:
    phone = screens.open("/field", who="worker", size=PHONE)
    expect(phone.locator(".phone h1")).to_be_visible()
    task = offered(tiny)
    expect(phone.get_by_role("heading", name="My tasks (1)")).to_be_visible()
    lost: list[int] = []

    def lose(route: Any) -> None:
        answer = route.fetch()
        lost.append(answer.status)
        route.abort() if len(lost) == 1 else route.fulfill(response=answer)

    phone.route("**/api/assignments/*/accept", lose)
    step(phone, "Accept")
    for _ in range(150):
        if len(lost) == 2:
            break
        phone.wait_for_timeout(100)
    assert lost == [200, 200]
    sent_away(phone)
    kinds = [entry["kind"] for entry in detail(tiny, task["incident"])["timeline"]]
    assert kinds.count("assignment.accepted") == 1
    for name in ("Set off", "I am there"):
        step(phone, name)
    feed_back(phone, "Over")
    sent_away(phone)


def test_what_the_desk_took_away_meanwhile_is_told_in_words(phone: Page, tiny: Town) -> None:
    task = offered(tiny)
    expect(phone.get_by_role("heading", name="My tasks (1)")).to_be_visible()
    phone.context.set_offline(True)
    step(phone, "Accept")
    expect(phone.locator("header .signs")).to_contain_text("1 to send")
    version = detail(tiny, task["incident"])["incident"]["version"]
    other = {"responder": tiny["colleague"].responder, "version": version}
    assert tiny["dispatcher"].post(f"/api/incidents/{task['incident']}/assign", other).status_code == 200
    phone.context.set_offline(False)
    refused = phone.get_by_role("alert")
    expect(refused).to_contain_text("“Accept” was not taken:", timeout=20_000)
    sent_away(phone)
    expect(phone.get_by_role("heading", name="No tasks now")).to_be_visible()
    phone.reload()
    expect(refused).to_contain_text("“Accept” was not taken:")
    refused.get_by_role("button", name="Understood").click()
    expect(refused).to_have_count(0)
    phone.reload()
    expect(phone.get_by_role("heading", name="No tasks now")).to_be_visible()
    expect(refused).to_have_count(0)


def test_a_task_is_declined_with_a_reason_that_the_desk_reads(phone: Page, tiny: Town) -> None:
    task = offered(tiny)
    step(phone, "Decline")
    phone.get_by_role("button", name="Too far away").click()
    expect(phone.get_by_role("heading", name="No tasks now")).to_be_visible()
    sent_away(phone)
    declined = [one for one in detail(tiny, task["incident"])["assignments"] if one["state"] == "declined"]
    assert [one["reason"] for one in declined] == ["Too far away"]


def test_the_smallest_phone_shows_every_button_large_enough_for_a_thumb(screens: Screens, tiny: Town) -> None:
    offered(tiny)
    page = screens.open("/field", who="worker", size=SMALL_PHONE)
    expect(page.locator(".action")).to_be_visible()
    assert not too_wide(page)
    small = page.evaluate(
        "[...document.querySelectorAll('button, .button, input, a')]"
        ".filter(e => e.offsetParent && !e.closest('.ground-map'))"
        ".map(e => [e.innerText, e.getBoundingClientRect()]).filter(([_, r]) => r.height < 48 || r.width < 44)"
        ".map(([text]) => text)"
    )
    assert small == []


def test_going_off_duty_is_one_tap_and_the_desk_knows(screens: Screens, tiny: Town) -> None:
    page = screens.open("/field", who="volunteer", size=PHONE)
    page.locator(".who").click()
    page.get_by_role("button", name="off duty").click()
    expect(page.locator(".who")).to_contain_text("off duty")
    people = tiny["dispatcher"].get(tiny.path("desk")).json()["responders"]
    assert [one["duty"] for one in people if one["id"] == tiny["volunteer"].responder] == ["off"]
