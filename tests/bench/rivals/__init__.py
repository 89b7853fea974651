"""Other engines on the same snapshots, each with several models: per instance its best one counts.

Neither VROOM nor PyVRP knows lateness: work either begins inside a window or is left out. So every model gives each
case a window that closes some minutes after its due time (`windows`), with what leaving it out costs as its priority or
prize; then a second pass, started from the first one's routes, takes the window off whatever was left out, and goes on.
Models differ in those minutes. Each model has the whole CPU budget for itself (VROOM what it takes); the benchmark's
scorer judges, and the best model on the very instance counts.
"""
