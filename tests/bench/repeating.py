"""A place many times over in one file: `python -m tests.bench.repeating EXTRACT TIMES TARGET`.

Every copy has ids of its own and lies beside the one before, so the file is a country made of one place.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import osmium

APART = 10**11  #: ids between two copies
GAP = 0.02  #: degrees between two copies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extract", type=Path)
    parser.add_argument("times", type=int)
    parser.add_argument("target", type=Path)
    chosen = parser.parse_args()
    repeat(chosen.extract, chosen.times, chosen.target)


def repeat(extract: Path, times: int, target: Path) -> Path:
    """Write `extract` so many times into `target`, in the order that extracts have."""
    west, east = 180.0, -180.0
    for node in _objects(extract, osmium.osm.NODE):
        west, east = min(west, node.lon), max(east, node.lon)
    step = east - west + GAP
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for kind in (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION):
            for copy in range(times):
                for thing in _objects(extract, kind):
                    writer.add(_moved(thing, copy * APART, copy * step))
    return target


def _moved(thing: Any, ids: int, east: float) -> Any:
    if isinstance(thing, osmium.osm.Node):
        return thing.replace(id=thing.id + ids, location=(thing.lon + east, thing.lat))
    if isinstance(thing, osmium.osm.Way):
        return thing.replace(id=thing.id + ids, nodes=[node.ref + ids for node in thing.nodes])
    members = [(member.type, member.ref + ids, member.role) for member in thing.members]
    return thing.replace(id=thing.id + ids, members=members)


def _objects(extract: Path, kind: Any) -> Iterator[Any]:
    return iter(osmium.FileProcessor(str(extract), kind))


if __name__ == "__main__":
    main()
