"""The demonstration: a fictional crew, fictional callers, and people who move along real roads.

A client like any other: it goes through the same use cases as the browser, and only ever touches places that were
imported for a demonstration. `crew` settles people in a place, `links` signs visitors in, `callers` report, `walking`
and `acting` are what the crew does, `stream` is the process that runs all of it.
"""
