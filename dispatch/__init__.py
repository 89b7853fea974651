"""The work: incidents, responders, assignments, deadlines, plans.

Knows nothing of HTTP, JSON or browsers. `lifecycle` and `policy` are the rules, `desk`, `accounts` and `crew` the use
cases (one transaction each), `feed` the event cursor, `candidates` and `planning` who goes where, `solver` the
optimiser.
"""
