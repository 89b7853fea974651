"""Somebody brings a file: it is looked at, mapped, compared, and only then changes anything."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from gis.importing.deliveries.working import work_off
from tests.api.town import Town
from tests.browser.screens import PHONE, Screens, too_wide
from tests.browser.seeing import serious

HEAD = ("street", "number", "lon", "lat")
GOOD = [("Dock Road", str(n), f"{10.0003 + n * 0.0004:.5f}", f"{50.0004 + n * 0.0002:.5f}") for n in range(1, 11)]
BAD = [("Dock Road", "98", "110.0", "50.001"), ("Dock Road", "99", "10.001", "")]  #: elsewhere; no position


def doors(rows: Sequence[Sequence[str]], name: str = "doors.csv", encoding: str = "utf-8") -> FilePayload:
    """Doorplates as an office would bring them."""
    written = io.StringIO()
    csv.writer(written).writerows([HEAD, *rows])
    return {"name": name, "mimeType": "text/csv", "buffer": written.getvalue().encode(encoding)}


def work(town: Town) -> None:
    """What the worker does beside the server."""
    work_off(town.engine, town.app.state.house.settings.folder)


def brought(town: Town, file: FilePayload, source: str) -> int:
    """A file that was compared; its number."""
    files = {"file": (file["name"], file["buffer"], file["mimeType"])}
    made = town["planner"].post("/api/imports", params={"district": town.district}, files=files)
    assert made.status_code == 201, made.text
    batch = made.json()
    body = {"version": batch["version"], "target": "address", "source": {"name": source}, "whole": True}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    answer = town["planner"].request("PUT", f"/api/imports/{batch['id']}/plan", json=body, headers=key)
    assert answer.status_code == 202, answer.text
    work(town)
    return int(batch["id"])


def batch(town: Town, number: int) -> dict[str, Any]:
    return dict(town["planner"].get(f"/api/imports/{number}").json())


def imports(screens: Screens, number: int | None = None, **more: Any) -> Page:
    page = screens.open("/imports" + (f"?batch={number}" if number else ""), who="planner", **more)
    expect(page.get_by_role("heading", name="Imports", exact=True)).to_be_visible()
    return page


def number_of(page: Page) -> int:
    expect(page).to_have_url(re.compile(r"batch=\d+"))
    return int(page.url.split("batch=")[1].split("&")[0])


def column(page: Page, name: str) -> Locator:
    return page.locator(".mapping").get_by_label(re.compile(rf"^{name}\*?$"))


def test_a_register_is_brought_compared_and_applied_by_keyboard_alone(screens: Screens, tiny: Town) -> None:
    page = imports(screens)
    page.wait_for_load_state("networkidle")
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Choose a file").press("Enter")
    choosing.value.set_files(doors([*GOOD, *BAD]))
    number = number_of(page)
    expect(column(page, "Street")).to_have_value("street")
    expect(page.locator(".examples").filter(has_text="Dock Road")).to_have_count(1)
    expect(page.get_by_role("alert").filter(has_text="outside the district")).to_be_visible()
    page.get_by_label("Who made it").fill("Survey office")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".progress .tag")).to_have_text("being compared")
    work(tiny)
    expect(page.locator(".progress .tag")).to_have_text("to be decided")
    assert batch(tiny, number)["counts"]["added"] == len(GOOD)

    parts = page.get_by_role("group", name="Show only")
    parts.get_by_role("button", name=re.compile("rejected")).press("Enter")
    table = page.locator(".rows tbody tr")
    expect(table).to_have_count(len(BAD))
    page.get_by_role("button", name="Line 12").press("Enter")
    expect(page.locator(".more")).to_contain_text(re.compile(r"\w+ \w+ \w+"))
    page.get_by_role("button", name=f"Apply: {len(GOOD)}").press("Enter")
    expect(page.locator(".progress .tag")).to_have_text("being applied")
    work(tiny)
    expect(page.locator(".progress .tag")).to_have_text("applied")
    found = tiny["planner"].get(tiny.path("search"), params={"q": "Dock Road 3"}).json()
    assert found[0]["label"].startswith("Dock Road 3")


def test_a_second_delivery_shows_before_and_after_and_filters_list_and_map_alike(screens: Screens, tiny: Town) -> None:
    first = brought(tiny, doors([(f"Quay{row[0]}", *row[1:]) for row in GOOD]), "Harbour")
    tiny["planner"].post(f"/api/imports/{first}/apply", {"version": batch(tiny, first)["version"]})
    work(tiny)
    moved = [("Quay" + GOOD[0][0], GOOD[0][1], "10.00501", GOOD[0][3]), *[(f"Quay{r[0]}", *r[1:]) for r in GOOD[1:8]]]
    second = brought(tiny, doors(moved), "Harbour")
    counts = batch(tiny, second)["counts"]
    assert (counts["changed"], counts["same"], counts["gone"]) == (1, 7, 2)
    page = imports(screens, second)
    parts = page.get_by_role("group", name="Show only")
    status = page.locator(".board").get_by_text(re.compile(r"rows on the map"))
    expect(status).to_have_text("10 rows on the map")
    parts.get_by_role("button", name=re.compile("gone")).click()
    expect(page.locator(".rows tbody tr")).to_have_count(2)
    expect(status).to_have_text("2 rows on the map")
    parts.get_by_role("button", name=re.compile("changed")).click()
    expect(page).to_have_url(re.compile("verdict=changed"))
    page.get_by_role("button", name=re.compile(r"^Line \d+")).click()
    expect(page.locator(".rows tbody")).to_contain_text("Dock Road")
    page.get_by_role("button", name="Cancel the import").click()
    page.locator(".sure").get_by_role("button", name="Cancel the import").click()
    expect(page.locator(".progress .tag")).to_have_text("cancelled")
    assert batch(tiny, second)["state"] == "cancelled"


def test_the_report_comes_down_with_every_rejected_row(screens: Screens, tiny: Town, tmp_path: Path) -> None:
    page = imports(screens, brought(tiny, doors([("Pier", *row[1:]) for row in [*GOOD, *BAD]]), "Pier office"))
    with page.expect_download() as loading:
        page.get_by_role("link", name="JSON", exact=True).click()
    loading.value.save_as(tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert "Pier" in json.dumps(report) or report
    assert str(report).count("rejected") >= 1


def test_what_is_missing_is_said_and_nothing_is_sent(screens: Screens, tiny: Town) -> None:
    page = imports(screens)
    page.locator("input[type=file]").set_input_files(doors(GOOD, "plain.csv"))
    number = number_of(page)
    page.get_by_label("Who made it").fill("")
    page.get_by_role("button", name="Read and compare").click()
    expect(page.get_by_role("alert").filter(has_text="Say who made the file")).to_be_visible()
    assert batch(tiny, number)["state"] == "uploaded"


def test_a_file_that_nobody_can_read_is_refused_with_a_reason(screens: Screens) -> None:
    page = imports(screens)
    noise: FilePayload = {"name": "noise.xyz", "mimeType": "application/octet-stream", "buffer": bytes(range(256)) * 9}
    page.locator("input[type=file]").set_input_files(noise)
    expect(page.get_by_role("alert")).to_contain_text("noise.xyz: ")
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_is_in_the_way_of_anybody(screens: Screens, tiny: Town, scheme: str) -> None:
    page = imports(screens, color_scheme=scheme)
    expect(page.locator(".former li").first).to_be_visible()
    assert serious(page) == []
    page.locator("input[type=file]").set_input_files(doors([*GOOD, *BAD], f"{scheme}.csv"))
    expect(page.locator(".mapping")).to_be_visible()
    assert serious(page) == []
    page.goto(f"/imports?batch={brought(tiny, doors([*GOOD[:3], *BAD]), f'Axe {scheme}')}")
    expect(page.locator(".rows tbody tr").first).to_be_visible()
    assert serious(page) == []


def test_it_can_be_read_on_a_phone(screens: Screens, tiny: Town) -> None:
    page = imports(screens, brought(tiny, doors([*GOOD[:3], *BAD]), "Phone"), size=PHONE)
    expect(page.locator(".rows tbody tr").first).to_be_visible()
    assert not too_wide(page)


def test_who_may_not_import_is_told_so(screens: Screens) -> None:
    page = screens.open("/imports", who="dispatcher")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".drop")).to_have_count(0)
