"""A planner draws another grid: rules are tried while one draws, a colleague approves, desks redraw on the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.api.town import Town
from tests.browser.screens import PHONE, Screens, too_wide
from tests.browser.seeing import serious

SOON = datetime.now(UTC) + timedelta(days=40)


def divisions(town: Town) -> list[dict[str, Any]]:
    return list(town["planner"].get(town.path("divisions")).json()["divisions"])


def standing(town: Town) -> dict[str, Any]:
    (found,) = (one for one in divisions(town) if one["state"] == "standing")
    return found


def cells(town: Town, division: int) -> dict[str, dict[str, Any]]:
    found = town["planner"].get(f"/api/divisions/{division}/cells").json()["features"]
    return {one["properties"]["key"]: one["properties"] | {"geometry": one["geometry"]} for one in found}


def version(town: Town, division: int) -> int:
    return int(town["planner"].get(f"/api/divisions/{division}").json()["version"])


def deed(town: Town, who: str, division: int, name: str, **body: Any) -> dict[str, Any]:
    answer = town[who].post(f"/api/divisions/{division}/{name}", {"version": version(town, division), **body})
    assert answer.is_success, answer.text
    return dict(answer.json()) if answer.content else {}


@pytest.fixture
def draft(tiny: Town) -> Iterator[int]:
    """A draft of the division that stands; no test leaves one to the next."""
    made = tiny["planner"].post(tiny.path("divisions"), {"based_on": standing(tiny)["id"]})
    assert made.is_success, made.text
    yield int(made.json()["id"])
    for one in divisions(tiny):
        if one["state"] in ("proposed", "planned"):
            deed(tiny, "planner", one["id"], "withdraw")
        if one["state"] in ("draft", "proposed", "planned"):
            deed(tiny, "planner", one["id"], "drop")


def editor(screens: Screens, division: int, view: str = "edit", who: str = "planner", **more: Any) -> Page:
    page = screens.open(f"/grid?division={division}&view={view}", who=who, **more)
    expect(page.locator(".right")).to_contain_text("Cells: ")
    return page


def pick(page: Page, *codes: str) -> None:
    box = page.get_by_label("Cell by its code")
    for code in codes:
        box.focus()
        page.keyboard.type(code)
        page.keyboard.press("Enter")


def corners(page: Page, *texts: str) -> None:
    """Corners of a drawing by their coordinates."""
    box = page.get_by_role("combobox", name="Or add a corner")
    for text in texts:
        box.focus()
        page.keyboard.type(text)
        expect(page.get_by_role("listbox").get_by_role("option").first).to_be_visible()
        page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Corners").locator("li")).to_have_count(len(texts))


def across(cell: dict[str, Any]) -> tuple[str, str]:
    """Two places, south and north of a cell, between which a line cuts it in the middle."""
    ring = cell["geometry"]["coordinates"][0]
    ring = ring[0] if isinstance(ring[0][0], list) else ring
    lons, lats = [at[0] for at in ring], [at[1] for at in ring]
    middle = (min(lons) + max(lons)) / 2
    return f"{min(lats) - 0.0001:.6f}, {middle:.6f}", f"{max(lats) + 0.0001:.6f}, {middle:.6f}"


def would(page: Page) -> Locator:
    return page.get_by_role("region", name="What would become of it")


def beside(town: Town, division: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two neighbours of one community, tried by the server."""
    found = list(cells(town, division).values())
    for first in found:
        for second in found:
            body = {"version": version(town, division), "dry": True}
            if first["key"] < second["key"] and first["area"] == second["area"]:
                edit = {"op": "merge", "cells": [first["key"], second["key"]]}
                said = town["planner"].post(f"/api/divisions/{division}/edits", body | {"edit": edit}).json()
                if said.get("refused") is None:
                    return first, second
    raise AssertionError("no two cells can be merged")


def test_cells_are_merged_and_split_by_keyboard_alone_and_taken_back(screens: Screens, tiny: Town, draft: int) -> None:
    before = cells(tiny, draft)
    first, second = beside(tiny, draft)
    page = editor(screens, draft)
    page.get_by_role("button", name="Merge", exact=True).press("Enter")
    pick(page, first["code"], second["code"])
    expect(would(page)).to_contain_text("All rules are kept")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".state")).to_contain_text(f"Cells: {len(before) - 1}")
    assert not {first["key"], second["key"]} <= set(cells(tiny, draft))

    page.get_by_role("button", name="Split", exact=True).press("Enter")
    other = next(one for key, one in before.items() if key not in (first["key"], second["key"]))
    pick(page, other["code"])
    corners(page, *across(other))
    expect(would(page)).to_contain_text("All rules are kept")
    page.locator(".tools > .primary").press("Enter")
    expect(page.locator(".state")).to_contain_text(f"Cells: {len(before)}")

    page.locator(".tab").first.focus()
    for _ in range(2):
        page.keyboard.press("Control+z")
        page.wait_for_timeout(600)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    assert set(cells(tiny, draft)) == set(before)
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(".state")).to_contain_text(f"Cells: {len(before) - 1}")


def test_a_broken_rule_is_said_while_one_draws_and_nothing_is_kept(screens: Screens, tiny: Town, draft: int) -> None:
    found = list(cells(tiny, draft).values())
    north = max(found, key=lambda one: one["geometry"]["coordinates"][0][0][1])
    south = min(found, key=lambda one: one["geometry"]["coordinates"][0][0][1])
    page = editor(screens, draft)
    page.get_by_role("button", name="Merge", exact=True).click()
    pick(page, north["code"], south["code"])
    expect(would(page).get_by_role("alert")).to_be_visible()
    expect(page.locator(".tools > .primary")).to_be_disabled()
    page.keyboard.press("Control+Enter")
    assert version(tiny, draft) == 1


def test_a_cell_is_picked_and_cut_on_the_map(screens: Screens, tiny: Town, draft: int) -> None:
    page = editor(screens, draft)
    page.get_by_role("button", name="Split", exact=True).click()
    box = page.locator(".ground-map").bounding_box()
    assert box
    at = lambda x, y: page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)  # noqa: E731
    at(0.5, 0.45)
    expect(page.get_by_role("list", name="picked").locator("li")).to_have_count(1)
    for y in (0.1, 0.9):
        at(0.5, y)
        page.wait_for_timeout(300)
    expect(would(page)).to_be_visible()
    expect(page.get_by_role("list", name="Corners").locator("li")).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("list", name="Corners").locator("li")).to_have_count(1)


def test_a_draft_is_proposed_sent_back_and_approved_by_a_colleague(screens: Screens, tiny: Town, draft: int) -> None:
    first, second = beside(tiny, draft)
    edit = {"op": "merge", "cells": [first["key"], second["key"]]}
    deed(tiny, "planner", draft, "edits", edit=edit, dry=False)
    page = editor(screens, draft, "changes")
    expect(page.locator(".changes")).to_contain_text("merged")
    page.get_by_role("button", name=re.compile("Propose")).click()
    form = page.locator(".state form")
    form.get_by_role("combobox", name="In force from").fill(f"{SOON:%Y-%m-%d %H:%M}")
    page.keyboard.press("Tab")
    form.get_by_label("Note for colleagues").fill("Mill Lane as one")
    form.get_by_role("button", name="Propose", exact=True).click()
    expect(page.locator(".state")).to_contain_text("A colleague has to approve it")

    colleague = editor(screens, draft, who="supervisor")
    colleague.get_by_role("button", name=re.compile("Send back")).click()
    colleague.get_by_label("What has to change?").fill("Wait for the survey")
    colleague.get_by_role("button", name="Send back", exact=True).click()
    page.reload()
    expect(page.locator(".state")).to_contain_text("Sent back: Wait for the survey")

    deed(tiny, "planner", draft, "propose", starts=f"{SOON:%Y-%m-%dT%H:%M:00Z}", note="Again")
    colleague.reload()
    colleague.get_by_role("button", name="Approve").click()
    expect(colleague.locator(".state .tag").first).to_have_text("comes into force")
    assert standing(tiny)["id"] != draft


def test_the_numbers_stand_beside_those_of_before(screens: Screens, tiny: Town, draft: int) -> None:
    first, second = beside(tiny, draft)
    deed(tiny, "planner", draft, "edits", edit={"op": "merge", "cells": [first["key"], second["key"]]}, dry=False)
    page = editor(screens, draft, "numbers")
    line = page.locator(".numbers tbody tr").first
    n = len(cells(tiny, standing(tiny)["id"]))
    expect(line.locator("td")).to_have_text([str(n), str(n - 1)])


def test_who_only_looks_is_told_why_nothing_can_be_changed(screens: Screens, tiny: Town, draft: int) -> None:
    page = editor(screens, draft, who="supervisor")
    expect(page.locator(".tools .note")).to_contain_text("Planners and administrators")
    assert page.get_by_role("button", name="Split").count() == 0
    expect(screens.open("/grid", who="worker").get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize(
    ("view", "scheme"), [("edit", "light"), ("faults", "dark"), ("numbers", "light"), ("changes", "dark")]
)
def test_nothing_serious_is_in_the_way_of_anybody(screens: Screens, draft: int, view: str, scheme: str) -> None:
    page = editor(screens, draft, view, color_scheme=scheme)
    page.wait_for_load_state("networkidle")
    assert serious(page) == []


def test_it_can_be_read_on_a_phone(screens: Screens, draft: int) -> None:
    page = editor(screens, draft, "faults", size=PHONE)
    assert not too_wide(page)
