"""A town for each test that asks."""

from tests.dispatch.conftest import town

__all__ = ["town"]
