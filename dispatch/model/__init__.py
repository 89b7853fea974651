"""Values of the work. Frozen; times aware and UTC, durations in seconds, positions WGS 84."""

from dispatch.model.assignments import BEGUN, LIVE, UNDER_WAY, Assignment, AssignmentState, Purpose
from dispatch.model.cases import OPEN_STAGES, Attachment, Incident, Outcome, Source, Stage
from dispatch.model.classes import CrewRole, Criterion, IncidentClass, Priority
from dispatch.model.deeds import Deed
from dispatch.model.events import Cursor, Event, StoredEvent
from dispatch.model.ids import AssignmentId, IncidentId, ResponderId, UserId
from dispatch.model.people import Grant, Role, User
from dispatch.model.plans import PlanMode, PlanSummary, Proposal, ProposalState, Setting, SetWeight, Waiting
from dispatch.model.responders import Certificate, Duty, Responder, ResponderKind, Vehicle
from dispatch.model.spans import Interval, Pause

__all__ = [
    "BEGUN",
    "LIVE",
    "OPEN_STAGES",
    "UNDER_WAY",
    "Assignment",
    "AssignmentId",
    "AssignmentState",
    "Attachment",
    "Certificate",
    "CrewRole",
    "Criterion",
    "Cursor",
    "Deed",
    "Duty",
    "Event",
    "Grant",
    "Incident",
    "IncidentClass",
    "IncidentId",
    "Interval",
    "Outcome",
    "Pause",
    "PlanMode",
    "PlanSummary",
    "Priority",
    "Proposal",
    "ProposalState",
    "Purpose",
    "Responder",
    "ResponderId",
    "ResponderKind",
    "Role",
    "SetWeight",
    "Setting",
    "Source",
    "Stage",
    "StoredEvent",
    "User",
    "UserId",
    "Vehicle",
    "Waiting",
]
