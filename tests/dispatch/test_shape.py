"""The one shape that events and screens carry."""

from __future__ import annotations

import json

import pytest

from dispatch import shape
from tests.dispatch import make

pytestmark = pytest.mark.pure


def test_a_case_is_plain_json_without_its_contact() -> None:
    said = shape.incident(make.incident(contact="040 1234567"))
    assert json.loads(json.dumps(said)) == said
    assert "contact" not in said
    assert (said["stage"], said["priority"], said["reported_at"]) == ("filed", 2, "2026-11-22T12:00:00Z")
    assert said["point"] == {"lon": 24.9405, "lat": 60.1605}


def test_an_assignment_is_plain_json() -> None:
    said = shape.assignment(make.assignment())
    assert json.loads(json.dumps(said)) == said
    assert (said["start"], said["end"], said["state"]) == ("2026-11-22T12:00:00Z", "2026-11-22T12:30:00Z", "offered")
