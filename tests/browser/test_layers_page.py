"""What is published: a link for other programs, and a file of any selection."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api.town import Town
from tests.browser.screens import PHONE, Screens, too_wide
from tests.browser.seeing import serious


def layers(screens: Screens, who: str = "planner", **more: object) -> Page:
    page = screens.open("/layers", who=who, **more)
    expect(page.locator(".list > li").first).to_be_visible()
    return page


def test_the_link_is_copied_and_opens_for_anybody(screens: Screens, tiny: Town) -> None:
    page = layers(screens, permissions=["clipboard-read", "clipboard-write"])
    link = page.get_by_label("Link for QGIS and others").input_value()
    page.get_by_role("button", name="Copy", exact=True).first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    assert tiny.anybody.get(link.removeprefix(str(tiny.client.base_url).rstrip("/"))).status_code == 200


def test_every_layer_that_is_shown_can_be_opened(screens: Screens, tiny: Town) -> None:
    page = layers(screens)
    links = [one.get_attribute("href") or "" for one in page.get_by_role("link", name="Open").all()]
    assert len(links) == len(tiny["planner"].get("/api/layers", params={"district": tiny.district}).json()["layers"])
    for link in links:
        assert tiny.anybody.get(link).status_code == 200, link


def test_a_selection_comes_down_as_a_file_by_keyboard_alone(screens: Screens, tiny: Town, tmp_path: Path) -> None:
    page = layers(screens)
    cells = page.locator(".list > li").filter(has=page.locator("a[href$='/cells'], a[href*='/cells?']")).first
    cells.get_by_role("button", name=re.compile("Export")).press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Format").select_option("geojson")
    dialog.get_by_label("Only what the map shows").focus()
    page.keyboard.press("Space")
    box = dialog.get_by_label("West, south, east, north")
    box.fill("10.2, 50, 10.1")
    expect(dialog.get_by_role("alert")).to_have_text("Four numbers: west, south, east, north.")
    box.fill("10.0, 50.0, 10.0014, 50.0012")
    with page.expect_download() as loading:
        dialog.get_by_role("link", name="Download").press("Enter")
    loading.value.save_as(tmp_path / "cells.geojson")
    found = json.loads((tmp_path / "cells.geojson").read_text("utf-8"))["features"]
    every = tiny["planner"].get(f"/api/layers/cells/export?format=geojson&district={tiny.district}").json()["features"]
    assert 0 < len(found) < len(every)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_is_in_the_way_of_anybody(screens: Screens, scheme: str) -> None:
    page = layers(screens, color_scheme=scheme)
    assert serious(page) == []
    page.get_by_role("button", name=re.compile("Export")).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert serious(page) == []


def test_it_fits_a_phone(screens: Screens) -> None:
    assert not too_wide(layers(screens, size=PHONE))


def test_who_may_not_see_the_ground_is_told_so(screens: Screens) -> None:
    page = screens.open("/layers", who="resident")
    expect(page.get_by_role("alert")).to_be_visible()
