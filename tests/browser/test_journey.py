"""One case in Chromium: a resident, two dispatchers and a phone, all open at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.api.town import Town
from tests.browser.screens import NOTE_ROWS, PHONE, Screens, photo

WITHIN_MS = 1000  #: from the moment the server took a report until it stands on a desk


def test_a_report_goes_from_the_public_over_two_desks_to_a_phone_and_back(screens: Screens, tiny: Town) -> None:
    tiny["colleague"].post("/api/my/duty", {"duty": "off"})
    tiny["volunteer"].post("/api/my/duty", {"duty": "off"})
    one, other = desk(screens, "dispatcher"), desk(screens, "supervisor")
    phone = screens.open("/field", who="worker", size=PHONE)
    expect(phone.get_by_role("heading", name="No tasks now")).to_be_visible()

    # Somebody on the street reports; both desks have it within a second.
    resident = screens.open("/report", size=PHONE)
    report(resident)
    case = only_case(tiny)
    for page in (one, other):
        expect(row(page)).to_be_visible()
        assert arrived_after(page, case["reported_at"]) < WITHIN_MS

    # Both open it. One confirms; the other's click is on its way already and gets an answer in words.
    row(one).click()
    row(other).click()
    held = hold(other, "**/api/incidents/*/confirm")
    other.get_by_role("button", name="Confirm as a case").click()
    other.get_by_role("dialog").get_by_role("button", name="Confirm as a case").click()
    other.wait_for_timeout(200)
    assert len(held) == 1
    one.get_by_role("button", name="Confirm as a case").click()
    one.get_by_role("dialog").get_by_role("button", name="Confirm as a case").click()
    expect(panel(one)).to_contain_text("Nobody has it")
    held[0].continue_()
    dialog = other.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("The case is now: waiting")
    dialog.get_by_role("button", name="Cancel").click()
    assert only_case(tiny)["stage"] == "filed"

    # One assigns; the other sees who; the phone has the task.
    one.get_by_role("button", name=re.compile("Assign, .*: Worker")).click()
    expect(row(other)).to_contain_text("Worker")
    expect(row(other)).to_contain_text("offered")
    step(phone, "Accept")
    expect(row(one)).to_contain_text("accepted")
    step(phone, "Set off")
    expect(row(other)).to_contain_text("on the way")
    step(phone, "I am there")
    expect(row(one)).to_contain_text("on scene")

    # Done, with a picture of it; the desks have the picture.
    step(phone, "Feed back")
    phone.locator("input[type=file]").set_input_files(photo())
    expect(phone.get_by_role("img", name="Photo 1")).to_be_visible()
    phone.get_by_label("Note").fill("New cover fitted")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", name="No tasks now")).to_be_visible()
    for page in (one, other):
        expect(panel(page)).to_contain_text("to verify")
        picture = panel(page).locator(".photos img")
        expect(picture).to_have_count(1)
        until(page, lambda it=picture: it.evaluate("img => img.naturalWidth") > 0)

    # Somebody else than who did it verifies and closes; the resident sees it and says how it was.
    other.get_by_role("button", name="Verify and close").click()
    other.get_by_role("dialog").get_by_role("button", name="Verify and close").click()
    expect(panel(one)).to_contain_text("Closed. Nothing to do.")
    resident.reload()
    expect(resident.locator("[aria-current=step]")).to_contain_text("Closed")
    resident.get_by_role("radio", name="Very good").check()
    resident.get_by_role("button", name="Send").click()
    expect(resident.get_by_text("Thank you for your word.")).to_be_visible()
    expect(panel(one)).to_contain_text("evaluated")

    closed = only_case(tiny)
    assert (closed["stage"], closed["score"], closed["handled_by"]) == ("evaluated", 5, tiny["worker"].responder)
    assert closed["verified_by"] == tiny["supervisor"].user


def desk(screens: Screens, who: str) -> Page:
    page = screens.open("/desk", who=who)
    expect(page.get_by_text("No open cases")).to_be_visible()
    expect(page.locator(".link.live")).to_be_visible()
    page.evaluate(NOTE_ROWS)
    return page


def report(page: Page) -> None:
    page.get_by_label("Search, for instance").fill("manhole")
    page.locator(".kind").first.click()
    page.get_by_role("combobox", name="Address").fill("3 Mill Lane")
    page.get_by_role("listbox", name="Address").get_by_role("option").first.click()
    page.get_by_label("What do you see?").fill("The cover is gone")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Thank you, your report has arrived.")).to_be_visible()


def only_case(town: Town) -> dict[str, Any]:
    cases = town["dispatcher"].get(town.path("desk")).json()["incidents"]
    assert len(cases) == 1
    found: dict[str, Any] = cases[0]
    return found


def arrived_after(page: Page, reported_at: str) -> float:
    """Milliseconds from the server's stamp to the row on the page: one machine, one clock."""
    seen: list[int] = page.evaluate("Object.values(window.firstSeen)")
    return min(seen) - datetime.fromisoformat(reported_at).timestamp() * 1000


def hold(page: Page, url: str) -> list[Route]:
    """What the page sends there waits, as on a slow line, until it is let go."""
    held: list[Route] = []
    page.route(url, lambda route: held.append(route))
    return held


def until(page: Page, true: Callable[[], bool], seconds: float = 5) -> None:
    for _ in range(int(seconds * 20)):
        if true():
            return
        page.wait_for_timeout(50)
    assert true()


def row(page: Page) -> Any:
    return page.locator(".queue .row")


def panel(page: Page) -> Any:
    return page.locator(".right article")


def step(phone: Page, name: str) -> None:
    phone.locator(".action").get_by_role("button", name=name).click()
