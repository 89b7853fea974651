"""Numbers that name rows of the work."""

from __future__ import annotations

type IncidentId = int
type AssignmentId = int
type ResponderId = int
type UserId = int
