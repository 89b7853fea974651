"""A town for each test that asks."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.dispatch import make


@pytest.fixture
def town(database: Engine) -> make.Town:
    """A small district with its people, in a fresh database."""
    return make.town(database)
