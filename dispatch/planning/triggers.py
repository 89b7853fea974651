"""What is worth a new plan."""

from __future__ import annotations

from dispatch.model import Event

#: What the engine says itself, and what changes nobody's time or place to be.
IDLE = frozenset(
    {
        "plan.made",
        "assignment.offered",
        "assignment.shifted",
        "assignment.accepted",
        "incident.noted",
        "incident.attached",
        "incident.evaluated",
        "road.closed",  # changes nobody's way before the road engine goes by it: then roads.changed is told
        "road.changed",
        "road.reopened",
        "division.drafted",  # what stands is told as division.standing
        "division.cut_asked",
        "division.cut",
        "division.cut_failed",
        "division.proposed",
        "division.planned",
        "division.rejected",
        "division.withdrawn",
        "division.dropped",
        "division.failed",
    }
)


def worth_planning(event: Event) -> bool:
    """Whether `event` may change who should go where. What is new and unknown is worth it."""
    if event.kind == "assignment.withdrawn":
        return event.reason != "replanned"
    return event.kind not in IDLE
