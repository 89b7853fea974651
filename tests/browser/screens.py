"""Screens of different people, open at once."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from api.identity import COOKIE
from tests.api.town import Town

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 780}
SMALL_PHONE = {"width": 320, "height": 640}

#: When each row of the queue first stood on the page, by its text; on the clock of this machine.
NOTE_ROWS = """() => {
  window.firstSeen = {};
  const note = () => { for (const row of document.querySelectorAll(".queue .row")) {
    const text = row.innerText; if (!(text in window.firstSeen)) window.firstSeen[text] = Date.now(); } };
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


class Screens:
    """Opens pages as somebody, and keeps what their consoles say."""

    def __init__(self, browser: Browser, town: Town) -> None:
        self._browser, self._town = browser, town
        self._contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def open(self, path: str, *, who: str | None = None, size: dict[str, int] = DESK, **more: Any) -> Page:
        """A page of its own browser profile; signed in as `who`.

        Without a service worker unless it is asked for: what passes through one, `page.route` may not see.
        """
        usual = {"locale": "en-GB", "reduced_motion": "reduce", "viewport": size, "service_workers": "block"}
        more = usual | more
        context = self._browser.new_context(base_url=self.base, **more)
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        if who:
            cookie = self._town[who].cookie or ""
            context.add_cookies([{"name": COOKIE, "value": cookie, "url": self.base, "httpOnly": True}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{path}: {error}"))
        page.on("console", lambda said: self._hear(path, said.type, said.text))
        page.goto(path)
        return page

    @property
    def base(self) -> str:
        return str(self._town.client.base_url).rstrip("/")

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        assert self.faults == []

    def _hear(self, path: str, kind: str, text: str) -> None:
        # A refusal or a lost connection is shown to the person in words; the browser notes it for itself as well.
        if kind == "error" and "Failed to load resource" not in text and "ERR_INTERNET_DISCONNECTED" not in text:
            self.faults.append(f"{path}: {text}")


def photo() -> dict[str, Any]:
    """A picture as a camera hands it over."""
    written = BytesIO()
    Image.new("RGB", (640, 480), (120, 90, 60)).save(written, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def too_wide(page: Page) -> bool:
    """Whether one has to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
