"""A dispatcher closes roads on the map of the desk, by mouse and by keyboard, and opens them again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from dispatch.desk import enforcing
from tests.api.town import Town
from tests.browser.screens import Screens, too_wide

#: along Mill Lane, from crossing to crossing
CORNERS = ("50.0018087, 10.0013975", "50.0018087, 10.002795")


@pytest.fixture(autouse=True)
def _all_open(tiny: Town) -> Iterator[None]:
    """No test leaves a closed road to the next."""
    yield
    for one in closures(tiny):
        if not one["lifted_at"]:
            tiny["dispatcher"].post(f"/api/closures/{one['id']}/lift", {"version": one["version"]})
    follow(tiny)


def closures(town: Town) -> list[dict[str, Any]]:
    found = town["dispatcher"].get("/api/closures", params={"district": town.district}).json()
    return [feature["properties"] for feature in found["features"]]


def follow(town: Town) -> None:
    """What the worker does beside the server."""
    enforcing.enforce(town.engine, town.district, town.app.state.house.settings.folder)


def roads(screens: Screens, who: str = "dispatcher", **more: Any) -> Page:
    page = screens.open("/desk?tool=roads", who=who, **more)
    expect(page.locator(".link.live")).to_be_visible()
    return page


def panel(page: Page) -> Locator:
    return page.get_by_role("article", name="Closed roads")


def test_a_line_drawn_by_mouse_is_a_closure_with_a_sign_on_two_desks(screens: Screens, tiny: Town) -> None:
    other, page = roads(screens, "supervisor"), roads(screens)
    panel(page).get_by_role("button", name="Close a road").click()
    box = page.locator(".ground-map").bounding_box()
    assert box
    for x, y in ((0.4, 0.25), (0.45, 0.75)):
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        page.wait_for_timeout(300)
    expect(page.get_by_role("list", name="Corners").locator("li")).to_have_count(2)
    panel(page).get_by_role("button", name="Done drawing").click()
    panel(page).get_by_role("textbox", name="Reason").fill("Burst pipe")
    panel(page).get_by_role("button", name="Close the road").click()
    for desk in (page, other):
        expect(panel(desk).locator(".item")).to_contain_text("Being put in force")
        expect(desk.locator(".barred svg")).to_have_count(1)
    follow(tiny)
    for desk in (page, other):
        expect(panel(desk).locator(".item")).to_contain_text(
            re.compile(r"In force since \d\d:\d\d; road segments: \d+")
        )


def test_a_street_is_closed_by_keyboard_alone_and_opened_again(screens: Screens, tiny: Town) -> None:
    page = roads(screens)
    panel(page).get_by_role("button", name="Close a road").press("Enter")
    corner = page.get_by_role("combobox", name="Or add a corner")
    for text in CORNERS:
        corner.focus()
        page.keyboard.type(text)
        expect(panel(page).get_by_role("option")).to_contain_text("50.00181, 10.00")
        page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Corners").locator("li")).to_have_count(2)
    page.get_by_role("textbox", name="Reason").focus()
    page.keyboard.type("Market")
    page.keyboard.press("Control+Enter")
    item = panel(page).locator(".item")
    expect(item).to_contain_text("Market")
    follow(tiny)
    expect(item).to_contain_text("In force since")
    item.get_by_role("button", name="Open it again").press("Enter")
    item.get_by_role("button", name="Open it again").press("Enter")
    expect(panel(page).locator(".item")).to_have_count(0)
    assert closures(tiny) == []


def test_what_is_missing_is_said_and_nothing_is_sent(screens: Screens, tiny: Town) -> None:
    page = roads(screens)
    panel(page).get_by_role("button", name="Close a road").click()
    panel(page).get_by_role("button", name="Close the road").click()
    expect(panel(page).get_by_role("alert")).to_have_count(2)
    assert closures(tiny) == []
    page.keyboard.press("Escape")  # clicks are no corners any more
    page.keyboard.press("Escape")  # and the form is left
    expect(panel(page).get_by_role("button", name="Close a road")).to_be_visible()


def test_where_no_road_lies_the_closure_says_why_it_is_not_in_force(screens: Screens, tiny: Town) -> None:
    shape = {"type": "LineString", "coordinates": [[10.00065, 50.00045], [10.00066, 50.00046]]}
    body = {"district": tiny.district, "geometry": shape, "reason": "A fence"}
    assert tiny["dispatcher"].post("/api/closures", body).status_code == 201
    follow(tiny)
    page = roads(screens)
    expect(panel(page).locator(".item")).to_contain_text("Not in force")
    expect(panel(page).locator(".item .note")).to_contain_text(re.compile(r"\w+ \w+ \w+"))


def test_it_fits_a_phone(screens: Screens, tiny: Town) -> None:
    page = roads(screens, size={"width": 390, "height": 844})
    panel(page).get_by_role("button", name="Close a road").click()
    expect(page.locator(".ground-map")).to_be_visible()
    assert not too_wide(page)
