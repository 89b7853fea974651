"""The columns of the tables in `given` and `rows`. Seconds, costs in weighted seconds, -1 for nobody and nothing."""

from __future__ import annotations

HUGE = 10**12  #: cost of leaving locked work out: never worth it
BROKEN = 10**10  #: cost of a promise broken beyond the bound
IMPOSSIBLE = 10**15  #: a price that nobody pays
OPEN = 10**9  #: a bound that does not bind

# Given.task
SERVICE, WEIGHT, TARGET, DONE_WEIGHT, DONE_TARGET, UNSERVED, NEED, HOLDER, LOCKED, PINNED, ODD, SLOTS = range(12)
TASK_COLUMNS = 12

# Given.person
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
PERSON_COLUMNS = 19

# Given.whole
FAIRNESS, MOST_CHANGES, TIED = range(3)

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

# Rows.route
COUNT, STAMP, WORK, COST, ODDS, STALE = range(6)
ROUTE_COLUMNS = 6

# Rows.fact
(TOTAL, BEST, CHANGES, LAST_STAMP, TOUCHED, POOL, ABSENT, STEPS, BETTER, WORSE, TAGGED) = range(11)
FACTS = 11
