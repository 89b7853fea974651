"""Three graphs of a place for OSRM, made from its extract into a new folder and put in force in one step.

Each is partitioned first and contracted then: contracting leaves every file alone that customising starts from, so one
set of files serves both, and a road can be closed (`closing`) at the price of a third more space and no second graph.
Partitioning afterwards would renumber the graph under the contraction.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import uuid4

from gis.errors import TravelUnavailable
from gis.model import Mode
from gis.travel import built, calibration, closing, running, segments
from gis.travel.beeline import PACES
from gis.travel.built import Built
from gis.travel.closing import Closure
from gis.travel.osrm import Osrm

type Progress = Callable[[str, float], None]
type Put = Callable[[Sequence[Closure]], None]

PROFILES: Final[Mapping[Mode, str]] = {Mode.WALK: "foot", Mode.CYCLE: "bicycle", Mode.DRIVE: "car"}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds that one program may take for one mode."""

    extract: float = 1800.0
    contract: float = 600.0  #: past it the graph is asked by MLD: slower answers, but quick to prepare


LIMITS: Final = Limits()
NO_ROADS: Final = "There are no edges remaining"  #: osrm-extract, where a profile finds no roads
READ_AT_RUN_TIME: Final = frozenset(
    (
        *("datasource_names", "ebg_nodes", "edges", "fileIndex", "geometry", "icd", "maneuver_overrides", "names"),
        *("nbg_nodes", "properties", "ramIndex", "timestamp", "tld", "tls"),
        *("turn_duration_penalties", "turn_weight_penalties"),
        *("hsgr", "cells", "cell_metrics", "mldgr", "partition"),
    )
)
TO_CUSTOMISE: Final = frozenset(("ebg", "enw", "restrictions", "turn_penalties_index"))


def build(extract: Path, folder: Path, progress: Progress, *, limits: Limits = LIMITS) -> None:
    """Build walk, cycle and drive graphs of `extract` (.osm, .osm.gz, .osm.bz2, .osm.pbf) into `folder`.

    The new build lies beside the old one until it is whole; then `folder/graphs.json` names it and the old one goes.
    `progress` hears a step ("travel.walk" ..., "travel.measure") and the share of the whole that is done, 0 to 1.
    Raises TravelUnavailable(mode, reason, program, said) and leaves the old build in force.
    """
    with beside(extract, folder, progress, limits=limits) as put:
        put(())


@contextmanager
def beside(extract: Path, folder: Path, progress: Progress, *, limits: Limits = LIMITS) -> Iterator[Put]:
    """The same in two steps: the block gets a function that puts the build in force, with roads that are closed.

    A build that is not put in force is gone after the block. Raises TravelUnavailable.
    """
    started = time.monotonic()
    name = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{uuid4().hex[:6]}"
    draft = folder / f".{name}"
    draft.mkdir(parents=True)
    try:
        algorithms = _graphs(extract, draft, progress, limits)
        progress("travel.measure", 0.98)
        segments.save(segments.gather(extract), draft / segments.FILE)
        fresh = Built(name=draft.name, folder=draft, algorithms=algorithms, paces=PACES, seconds=0.0)
        built.write(draft, replace(fresh, folder=draft, name="."))
        paces = calibration.paces(Osrm(draft), calibration.sample(extract))
        seconds = round(time.monotonic() - started, 1)
        progress("travel.measure", 1.0)
        yield lambda closures: _put(folder, replace(fresh, name=name, paces=paces, seconds=seconds), closures)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put(folder: Path, fresh: Built, closures: Sequence[Closure]) -> None:
    """Roads that were closed stay closed: no engine sees the build without them, unless they cannot be matched."""
    with built.changing(folder):
        fresh.folder.rename(folder / fresh.name)
        fresh = replace(fresh, folder=folder / fresh.name)
        with suppress(TravelUnavailable):  # then whoever enforces closures tries again, and says what is wrong
            fresh = replace(fresh, closed=closing.customised(folder, fresh, closures))
        built.put_in_force(folder, fresh)


def whole(folder: Path) -> bool:
    """Whether a build lies in `folder` that can be asked, and its roads closed."""
    try:
        return (built.read(folder).folder / segments.FILE).is_file()
    except TravelUnavailable:
        return False


def _graphs(extract: Path, draft: Path, progress: Progress, limits: Limits) -> dict[Mode, str | None]:
    algorithms: dict[Mode, str | None] = {}
    for mode in Mode:
        progress(f"travel.{mode.value}", len(algorithms) / len(Mode))
        algorithms[mode] = _graph(mode, extract, draft / mode.value, limits)
    if not any(algorithms.values()):
        raise TravelUnavailable(reason="no_roads", file=extract.name)
    return algorithms


def _graph(mode: Mode, extract: Path, folder: Path, limits: Limits) -> str | None:
    """Make one graph in `folder`; the algorithm it is for, None where the extract has no roads for `mode`."""
    folder.mkdir()
    base = folder / built.BASE
    profile = running.profile(PROFILES[mode])
    small = ["--small-component-size", str(_small(extract))]
    try:
        running.run(
            mode, "osrm-extract", ["-p", str(profile), *small, "-o", str(base), str(extract)], seconds=limits.extract
        )
    except running.TooLong as error:
        raise TravelUnavailable(mode=mode.value, reason="build_too_long", program="osrm-extract") from error
    except TravelUnavailable as error:
        if NO_ROADS in str(error.params.get("said")):
            return None
        raise
    algorithm = _prepare(mode, base, limits)
    for file in folder.iterdir():
        if file.name.removeprefix(f"{built.BASE}.") not in READ_AT_RUN_TIME | TO_CUSTOMISE:
            file.unlink()
    return algorithm


def _prepare(mode: Mode, base: Path, limits: Limits) -> str:
    """Contraction hierarchies, three to seven times faster to ask; MLD where those take too long, as on a lattice."""
    try:
        running.run(mode, "osrm-partition", [str(base)], seconds=limits.extract)
        if _contracted(mode, base, limits):
            return "CH"
        running.run(mode, "osrm-customize", [str(base)], seconds=limits.extract)
        return "MLD"
    except running.TooLong as error:
        raise TravelUnavailable(mode=mode.value, reason="build_too_long", program=str(error)) from error


def _contracted(mode: Mode, base: Path, limits: Limits) -> bool:
    try:
        running.run(mode, "osrm-contract", [str(base)], seconds=limits.contract)
    except running.TooLong:
        return False
    return True


def _small(extract: Path) -> int:
    """How many road nodes a piece of network needs to count as large; OSRM's 1000 would call a whole village small."""
    return max(50, min(1000, extract.stat().st_size // 2000))
