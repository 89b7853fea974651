"""One question over HTTP, one answer in JSON, within a time and a size."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

AGENT: Final = "gridward (community incident desk)"
MOST: Final = 1_000_000  #: bytes of an answer


class Silent(Exception):
    """The service did not answer, or not in its form. `pause` is how long it asks to be left alone, seconds."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pause = pause


def ask(url: str, parameters: Mapping[str, str], *, seconds: float) -> Any:
    """The JSON at `url` with `parameters`. Raises Silent; its reason never holds the address, in which a key stands."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise Silent("scheme")
    request = urllib.request.Request(  # noqa: S310 the scheme is checked above
        f"{url}?{urlencode(parameters)}", headers={"User-Agent": AGENT, "Accept": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310 likewise
            body = answer.read(MOST + 1)
    except urllib.error.HTTPError as error:
        raise Silent(f"http_{error.code}", _pause(error)) from None
    except OSError as error:
        raise Silent("timeout" if isinstance(error, TimeoutError) else "unreachable") from None
    if len(body) > MOST:
        raise Silent("too_long")
    try:
        return json.loads(body)
    except ValueError:
        raise Silent("no_json") from None


def _pause(error: urllib.error.HTTPError) -> float:
    said = error.headers.get("Retry-After", "") if error.headers else ""
    return min(float(said), 3600.0) if said.isdigit() else 60.0 if error.code == 429 else 0.0
