"""A small town behind a real server, and a real Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from tests.api.town import Town, town
from tests.browser.screens import Screens
from tests.conftest import ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def pages() -> Path:
    """The built front end; built now if nobody did, or if its sources changed since."""
    if chosen := os.environ.get("GRIDWARD_WEB"):
        return Path(chosen)
    web = ROOT / "web"
    built = web / "dist" / "index.html"
    newest = max(path.stat().st_mtime for path in (web / "src").rglob("*") if path.is_file())
    if not built.exists() or built.stat().st_mtime < newest:
        npm = shutil.which("npm")
        if not npm or not (web / "node_modules").is_dir():
            pytest.skip("needs the built front end: `make setup` builds it")
        subprocess.run([npm, "run", "build"], cwd=web, check=True, timeout=300, capture_output=True)
    return built.parent


@pytest.fixture(scope="module")
def tiny(module_database: Engine, tmp_path_factory: pytest.TempPathFactory, pages: Path) -> Iterator[Town]:
    """Tinyville with a crew and one account per role, with its pages."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "dist").symlink_to(pages)
    with town(module_database, folder) as found:
        yield found


@pytest.fixture
def screens(chromium: Browser, tiny: Town) -> Iterator[Screens]:
    """Screens that are closed at the end; a script error on any of them fails the test."""
    opened = Screens(chromium, tiny)
    yield opened
    opened.close()
