"""The columns of the tables in `given` and `rows`. Seconds, costs in weighted seconds, -1 for nobody and nothing."""

from __future__ import annotations

HUGE = 10**12  #: cost of leaving locked work out: never worth it
BROKEN = 10**10  #: cost of a promise broken beyond the bound
IMPOSSIBLE = 10**15  #: a price that nobody pays
OPEN = 10**9  #: a bound that does not bind

# Given.task; after these columns what it takes of every good
SERVICE, WEIGHT, TARGET, DONE_WEIGHT, DONE_TARGET, UNSERVED = range(6)
(
    NEED,  #: column of Given.person: when the certificates end that this work needs
    LO,  #: the first moment at which the work may begin
    HI,  #: the last one
    HOLDER,  #: free work that is promised to somebody able
    LOCKED,
    PINNED,
    ODD,  #: does not follow the simple rules of time: locked, or several appointments
    SLOTS,  #: how many appointments
    CREW,
    LEAD,  #: the task that stands for the crew
    TIE,  #: whether it is tied to other tasks
    ABLES,  #: how many people may have it
) = range(6, 18)
SLOT, ABLE, MATES, AFTER, WAITS, BETWEEN = range(18, 24)  #: where in Given.lists
TASK_COLUMNS = 24

# Given.person; after these columns how much of every good they can carry, then the ends of certificates
(
    MODE,
    START,
    END_NODE,
    WINDOWS,
    FIRST_START,
    LAST_END,
    OVERTIME,
    OVERTIME_COST,
    REST,
    BREAKS,
    MAX_TASKS,
    MAX_WORK,
    WORKED,
    AREA,
    SIMPLE,
    KIND,
    LIMIT,  #: when the last work has to be over
    HOME,  #: when the person has to be back
    BEGUN,
) = range(19)
SHIFT, PAUSE, PACE = range(19, 22)  #: where in Given.lists; PACE -1: the matrix holds at every hour
PERSON_COLUMNS = 22

# Given.whole
FAIRNESS, MOST_CHANGES, TIED, GOODS, AREA_COUNT = range(5)
COVERS = 5  #: what crews have to hold among them, each a row of `cover`
AREAS, COVER, DUTY = range(6, 9)  #: where in Given.lists; the last: where in Rows.fact

# Rows.stop: one stop of one route; stop 0 is the start, the one after the last task the end of the route
(
    TASK,
    BEGIN,  #: of the work; at the end of the route when the person is free, or back
    END,  #: the moment the person is free afterwards
    LEG,  #: seconds of way from the stop before
    SLOPE,  #: cost of one second of delay of BEGIN, this stop and all after it
    LINEAR,  #: the largest delay of BEGIN for which the cost is SLOPE times the delay
    ROOM,  #: the largest delay of BEGIN that breaks no rule
    WAIT,  #: seconds between arrival and BEGIN: a delay that costs nothing
    PAID,  #: cost from the start of the route to this stop
    PAUSED,  #: breaks taken by then
    WINDOW,  #: the window of this work
    EXCUSED,  #: the next break may be late
) = range(12)
STOP_COLUMNS = 12

# Rows.route; after these columns the load of every good. The first two are of the step under way
TOUCH, MARK, COUNT, STAMP, WORK, COST, ODDS, STALE = range(8)
LOADS = 8

# Rows.task; the columns from POOLED on are lists of their own, as long as `fact` says
WHO, TAGGED, MISSED, LOW, HIGH, KEPT_LOW, KEPT_HIGH, OLD_LOW, OLD_HIGH, POOLED, KEY, OUT = range(12)
ROW_COLUMNS = 12

# Rows.fact; after these the people left in each area, then whom each row of `cover` counts on
TOTAL, BEST, CHANGES, LAST_STAMP, TOUCHED, POOL, ABSENT, STEPS, BETTER, DICE = range(10)
FACTS = 10
