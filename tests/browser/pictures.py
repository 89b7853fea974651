"""The pictures of the README, taken from the running demonstration: `.venv/bin/python -m tests.browser.pictures`.

Start the product first (`make run`) and let it run for some minutes, so that there is something to see.
"""

from __future__ import annotations

import json
import shutil
import sys
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path(__file__).resolve().parents[2] / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--no-first-run"]
SETTLES = 6_000  #: milliseconds until tiles are drawn and people have moved


def main(address: str = "http://127.0.0.1:8000") -> None:
    """Take all of them. Raises where the demonstration does not run at `address`."""
    with urllib.request.urlopen(f"{address}/api/demo", timeout=10) as answer:
        links = {one["role"]: address + one["url"] for one in json.load(answer)["links"]}
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        desk(_page(browser, links["dispatcher"], 1440, 900))
        field(_page(browser, links["worker"], 390, 780))
        plan(_page(browser, links["planner"], 1440, 900))
        browser.close()


def desk(page: Page) -> None:
    """The desk with the most urgent case open."""
    page.goto(page.url.split("/desk")[0] + "/desk")
    page.wait_for_timeout(SETTLES)
    page.locator(".queue li button").first.click()
    page.wait_for_timeout(SETTLES // 2)
    _keep(page, "desk")


def field(page: Page) -> None:
    """The phone of a worker on duty."""
    page.wait_for_timeout(SETTLES // 2)
    duty = page.locator(".action .button.primary")
    if duty.count():
        duty.click()
    page.wait_for_timeout(4 * SETTLES)
    _keep(page, "field")


def plan(page: Page) -> None:
    """Who is reached in time."""
    page.wait_for_timeout(2 * SETTLES)
    _keep(page, "plan")


def _page(browser: Browser, link: str, width: int, height: int) -> Page:
    size = {"width": width, "height": height}
    page = browser.new_context(viewport=size, locale="en-GB", color_scheme="light").new_page()
    page.goto(link, wait_until="domcontentloaded")
    return page


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=OUT / f"{name}.png")
    print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
