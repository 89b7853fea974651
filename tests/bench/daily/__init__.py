"""A whole day, event by event: `stream` draws what is reported and who is there, `known` is what may be known at one
moment, `policies` decide on that alone, `simulation` lets the day happen, `figures` count. Nothing here knows the time.
"""
