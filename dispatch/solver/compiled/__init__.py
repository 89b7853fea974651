"""The search, compiled with numba: a problem as flat arrays, exact prices of insertions, ruin and recreate.

`columns` names the columns of the tables, `given` lays a problem out, `rows` holds the routes under work, `dice` draws,
`timing` says when things happen on one route, `places` what an insertion costs, `ruin` takes work out, `recreate` puts
it back, `anneal` is the search, `entries` the few functions that Python calls, `jit` how all of them are compiled.
"""
