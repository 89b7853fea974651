"""How a record is told."""

from __future__ import annotations

from typing import Any

import pytest

from api.schemas.saying import folded
from dispatch.model import Event, StoredEvent
from tests.dispatch.make import NOON

pytestmark = pytest.mark.pure


def told(seq: int, kind: str, assignment: int = 1, **more: Any) -> StoredEvent:
    event = Event(kind=kind, district=1, incident=1, assignment=assignment, **more)
    return StoredEvent(txid=seq, seq=seq, at=NOON, event=event)


def test_of_plans_that_replace_one_another_the_last_is_told_and_nothing_else_is_left_out() -> None:
    shift = "assignment.shifted"
    record = [
        told(1, "assignment.offered"),
        *(told(n, shift) for n in (2, 3, 4)),
        told(5, "assignment.accepted"),
        told(6, shift),
        told(7, shift, assignment=2),
        told(8, shift, assignment=2),
        told(9, "incident.noted"),
        told(10, "incident.noted"),
    ]
    assert [one.seq for one in folded(record)] == [1, 4, 5, 6, 8, 9, 10]
