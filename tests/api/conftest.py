"""One small town for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.api.town import Town, town
from tests.conftest import _database as fresh_database
from tests.conftest import _engine as engine_at


@pytest.fixture(scope="module")
def tiny(module_database: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Tinyville with a crew and one account per role, over HTTP."""
    with town(module_database, tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture(scope="module")
def second_database(server: str, template: str) -> Iterator[Engine]:
    """Another database beside the one of the module's town."""
    with fresh_database(server, "gridward_test", template) as url, engine_at(url) as engine:
        yield engine
