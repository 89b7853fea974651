"""Deliveries: any file of rows, looked into, read as somebody says, compared with the ground, then written into it.

`receiving` looks and proposes, `planning` takes down what a person decided, `reading` and `carrying` are what the
worker does. Each step leaves the delivery in a state from which it can go on or be taken up again.
"""

from gis.importing.deliveries.carrying import carry_out
from gis.importing.deliveries.planning import Plan, agree, cancel, plan
from gis.importing.deliveries.reading import read_and_compare
from gis.importing.deliveries.receiving import Received, inspect, store

__all__ = [
    "Plan",
    "Received",
    "agree",
    "cancel",
    "carry_out",
    "inspect",
    "plan",
    "read_and_compare",
    "store",
]
