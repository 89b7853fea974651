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
REPORT = """async ([district, body, responder]) => {
  const { csrf } = await (await fetch("/api/session")).json();
  const post = async (path, body) => (await fetch(path, {
    method: "POST", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() },
  })).json();
  const { id, version } = await post(`/api/districts/${district}/incidents`, { ...body, source: "phone" });
  await post(`/api/incidents/${id}/assign`, { responder, version, reason: "nearest" });
}"""
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
        dispatcher = _page(browser, links["dispatcher"], 1440, 900)
        field(_page(browser, links["worker"], 390, 780), dispatcher)
        plan(_page(browser, links["planner"], 1440, 900))
        browser.close()


def desk(page: Page) -> None:
    """The desk with the most urgent case open."""
    page.goto(page.url.split("/desk")[0] + "/desk")
    page.wait_for_timeout(SETTLES)
    page.locator(".queue li button").first.click()
    page.wait_for_timeout(SETTLES // 2)
    _keep(page, "desk")


def field(page: Page, dispatcher: Page) -> None:
    """The phone of a worker on duty, with work: somebody calls from around the corner."""
    page.wait_for_timeout(SETTLES // 2)
    duty = page.locator(".action .button.primary", has_text="duty")
    if duty.count():
        duty.click()
    me = page.evaluate("fetch('/api/my/tasks').then((answer) => answer.json())")
    at = me["responder"]["home"]
    for code, words, east in (("C0501", "The swing hangs by one chain", 0.001), ("C0502", "Bench broken", 0.002)):
        body = {"class_code": code, "description": words, "point": {"lon": at["lon"] + east, "lat": at["lat"]}}
        dispatcher.evaluate(REPORT, [me["district"]["id"], body, me["responder"]["id"]])
    page.wait_for_timeout(2 * SETTLES)
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
    sys.stdout.write(f"docs/pictures/{name}.png\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
