"""The use cases: one transaction, one policy, one transition, one save, one event each. What is slow happens before.

`reporting` takes reports in, `cases` are the dispatcher's words on a case, `assigning` sends by hand, `field` is what
responders do, `photos` keeps pictures, `following` is the resident's view, `watching` answers what screens ask.
"""

from dispatch.desk.assigning import Travel, assign, withdraw
from dispatch.desk.cases import close, confirm, evaluate, note, reclassify, reject, relocate, reopen, return_
from dispatch.desk.field import Fix, accept, arrive, decline, depart, feed_back, positions, set_duty
from dispatch.desk.following import attach_public, evaluate_public, follow
from dispatch.desk.kinds import KINDS
from dispatch.desk.photos import attach
from dispatch.desk.reporting import Locate, Report, Reported, locate_again, report
from dispatch.desk.room import Desk
from dispatch.desk.unanswered import recall
from dispatch.desk.watching import Allowed, Day, Detail, Snapshot, Task, day, detail, my_tasks, photo, snapshot

__all__ = [
    "KINDS",
    "Allowed",
    "Day",
    "Desk",
    "Detail",
    "Fix",
    "Locate",
    "Report",
    "Reported",
    "Snapshot",
    "Task",
    "Travel",
    "accept",
    "arrive",
    "assign",
    "attach",
    "attach_public",
    "close",
    "confirm",
    "day",
    "decline",
    "depart",
    "detail",
    "evaluate",
    "evaluate_public",
    "feed_back",
    "follow",
    "locate_again",
    "my_tasks",
    "note",
    "photo",
    "positions",
    "recall",
    "reclassify",
    "reject",
    "relocate",
    "reopen",
    "report",
    "return_",
    "set_duty",
    "snapshot",
    "withdraw",
]
