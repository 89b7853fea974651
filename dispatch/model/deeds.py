"""What people do."""

from __future__ import annotations

from enum import StrEnum


class Deed(StrEnum):
    """What people do. `lifecycle` says when, `policy` says who."""

    REPORT = "report"
    CONFIRM = "confirm"
    REJECT = "reject"
    OFFER = "offer"  #: by the engine
    ASSIGN = "assign"  #: by hand
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    DEPART = "depart"
    ARRIVE = "arrive"
    FEED_BACK = "feed_back"
    RETURN = "return"
    CLOSE = "close"
    REOPEN = "reopen"
    EVALUATE = "evaluate"
    RECLASSIFY = "reclassify"
    RELOCATE = "relocate"
    NOTE = "note"
    ATTACH = "attach"
    SEE_GROUND = "see_ground"
    SEE_DESK = "see_desk"
    SEE_CONTACT = "see_contact"
    SEE_TASKS = "see_tasks"
    SEE_COVERAGE = "see_coverage"
    DUTY = "duty"
    POSITION = "position"
    PLAN = "plan"
    CLOSE_ROAD = "close_road"
    SET_SPEEDS = "set_speeds"
    SET_PLANNING = "set_planning"  #: mode, bounds and people on standby
    SET_WEIGHTS = "set_weights"
    LIMIT = "limit"  #: appointment, width of the lane, what comes before
    IMPORT = "import"
    DRAW_GRID = "draw_grid"  #: drafts of divisions, up to proposing them
    APPROVE_GRID = "approve_grid"  #: never by whoever proposed it
    MANAGE_CREW = "manage_crew"
    MANAGE_USERS = "manage_users"
