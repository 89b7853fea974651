"""What may follow what. Pure: a case and a deed give the next case, or an error that says why not.

`table` is the guarded table of transitions, `case` moves a case alone, `work` a case together with the assignment of
the one who goes, `chain` keeps the windows of one person's tasks from overlapping.
"""

from dispatch.lifecycle.case import (
    begins_filed,
    close,
    confirm,
    evaluate,
    file,
    offer,
    purpose_of,
    reclassify,
    reject,
    relocate,
    reopen,
    return_,
    usual,
)
from dispatch.lifecycle.chain import rechain, window_after
from dispatch.lifecycle.table import LEGAL, TRANSITIONS, Transition, check_reason, check_stage
from dispatch.lifecycle.work import (
    LEGAL_STATES,
    OUTCOMES,
    Work,
    accept,
    arrive,
    check_responder,
    decline,
    depart,
    feed_back,
    withdraw,
)

__all__ = [
    "LEGAL",
    "LEGAL_STATES",
    "OUTCOMES",
    "TRANSITIONS",
    "Transition",
    "Work",
    "accept",
    "arrive",
    "begins_filed",
    "check_reason",
    "check_responder",
    "check_stage",
    "close",
    "confirm",
    "decline",
    "depart",
    "evaluate",
    "feed_back",
    "file",
    "offer",
    "purpose_of",
    "rechain",
    "reclassify",
    "reject",
    "relocate",
    "reopen",
    "return_",
    "usual",
    "window_after",
    "withdraw",
]
