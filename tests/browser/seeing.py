"""What axe finds on a page: faults that keep somebody from reading or using it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.conftest import ROOT

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")
#: What lies on the map is drawn, and has its list beside it.
RUN = """async () => {
  const found = await axe.run({ exclude: [".ground-map"] }, { resultTypes: ["violations"] });
  return found.violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html) }));
}"""


def serious(page: Page) -> list[dict[str, Any]]:
    """Serious and critical findings: the rule, and where it is broken. Skips where axe is not installed."""
    if not AXE.exists():
        pytest.skip("needs axe-core: `make setup` installs it")
    page.evaluate(AXE.read_text("utf-8"))  # not as a script tag: the pages allow none of others
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [one for one in found if one["impact"] in SERIOUS]
