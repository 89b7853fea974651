"""The work in PostGIS: questions and deeds as functions named for what they ask or do, inside the caller's transaction.

Every save replaces exactly the version that was read. `record` is the only way that anything is announced.
"""

from dispatch.store.assignments import (
    add_assignment,
    assignment,
    assignments_of,
    live_assignment,
    live_assignments,
    live_crew,
    live_in_district,
    live_since,
    offers,
    save_assignment,
)
from dispatch.store.attachments import add_attachment, attachment_body, attachments
from dispatch.store.events import changes, record, timeline
from dispatch.store.incidents import (
    add_incident,
    incident,
    incident_by_key,
    incident_by_tracking,
    incidents_by_id,
    incidents_in_scope,
    next_number,
    save_incident,
    unlocated,
)
from dispatch.store.responders import (
    add_responder,
    responder,
    responders,
    responders_by_id,
    save_responder,
    set_home_cell,
)
from dispatch.store.users import user, user_by_login

__all__ = [
    "add_assignment",
    "add_attachment",
    "add_incident",
    "add_responder",
    "assignment",
    "assignments_of",
    "attachment_body",
    "attachments",
    "changes",
    "incident",
    "incident_by_key",
    "incident_by_tracking",
    "incidents_by_id",
    "incidents_in_scope",
    "live_assignment",
    "live_assignments",
    "live_crew",
    "live_in_district",
    "live_since",
    "next_number",
    "offers",
    "record",
    "responder",
    "responders",
    "responders_by_id",
    "save_assignment",
    "save_incident",
    "save_responder",
    "set_home_cell",
    "timeline",
    "unlocated",
    "user",
    "user_by_login",
]
