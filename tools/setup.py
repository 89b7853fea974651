#!/usr/bin/env python3
"""Set up what is missing: `tools/setup.py run|setup|test|check|bench`, with any Python from 3.9 on."""

from __future__ import annotations

import sys
import time

import node
import place
import python
import system
from steps import LOG, Stop
from words import say

WANTED = {
    "setup": ("environment", "compile", "postgres", "front_end", "place", "warm"),
    "run": ("environment", "compile", "postgres", "front_end", "place", "warm"),
    "test": ("tests", "compile", "postgres", "browser", "gdal", "front_end", "place", "warm"),
    "check": ("tests",),
    "bench": ("bench", "compile", "warm"),
}
WARMING = python.Warming()
STEPS = {
    "environment": python.environment,
    "tests": lambda: python.environment(tests=True),
    "bench": lambda: python.environment(bench=True),
    "postgres": system.postgres,
    "browser": system.browser,
    "gdal": system.gdal,
    "front_end": node.front_end,
    "place": place.fetch,
    "compile": WARMING.begin,
    "warm": WARMING.end,
}


def main(what: str) -> int:
    if what == "help":
        print(say("help"))
        return 0
    begun = time.monotonic()
    try:
        LOG.unlink(missing_ok=True)
        for name in WANTED[what]:
            STEPS[name]()
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"  {say('ready')} ({time.monotonic() - begun:.1f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "help"))
