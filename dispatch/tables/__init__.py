"""Shapes of the work. What must never happen is forbidden here, not in Python."""

from dispatch.tables.cases import assignment, attachment, incident, incident_class, incident_number
from dispatch.tables.columns import LIVE_SQL, UNDER_WAY_SQL, Xid8
from dispatch.tables.crew import cell_duty, position, responder, responder_skill, shift, shift_break, shift_pattern
from dispatch.tables.events import event, request_key
from dispatch.tables.people import app_user, role_grant, session, sign_in_attempt, sign_in_link
from dispatch.tables.plans import engine_setting, engine_weight, plan, proposal, standby, unassigned

__all__ = [
    "LIVE_SQL",
    "UNDER_WAY_SQL",
    "Xid8",
    "app_user",
    "assignment",
    "attachment",
    "cell_duty",
    "engine_setting",
    "engine_weight",
    "event",
    "incident",
    "incident_class",
    "incident_number",
    "plan",
    "position",
    "proposal",
    "request_key",
    "responder",
    "responder_skill",
    "role_grant",
    "session",
    "shift",
    "shift_break",
    "shift_pattern",
    "sign_in_attempt",
    "sign_in_link",
    "standby",
    "unassigned",
]
