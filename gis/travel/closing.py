"""Roads that close: the graphs of a place without some of their segments, put in force beside the ones with all.

Every set of closures is customised from the build's own files into a fresh folder, never on top of an earlier set:
customising in place leaves nonsense behind and pulls the files away under a running engine. The fresh folder shares by
hard link what OSRM only reads; what it writes (WRITTEN) is copied, or made anew. Then the index names the folder, in
one step, and engines open it at their next question. Without closures it names none, and they are back on the
contraction.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np
from shapely.geometry.base import BaseGeometry

from gis.errors import TravelUnavailable
from gis.model import Mode
from gis.travel import aside, built, matching, running, segments
from gis.travel.built import Built, Closed
from gis.travel.engine import TravelEngine
from gis.travel.osrm import Osrm
from gis.travel.segments import Ints, Segments

WRITTEN: Final = frozenset(("geometry", "datasource_names"))  #: by osrm-customize, in place
FRESH: Final = frozenset(("hsgr", "mldgr", "cell_metrics"))  #: not wanted, or made anew
FORM: Final = "1"  #: of what such a folder holds; another one means customising anew
LIMIT: Final = 120.0  #: seconds that customising one graph may take
TABLE: Final = "closed.csv"
UPDATED: Final = re.compile(rf"Used (\d+) speeds from .*{TABLE}")  #: "to update n segments" is said for cars alone
NO_ROAD, NO_ROAD_FOR_MODES, NOT_UPDATED = "no_road", "no_road_for_modes", "not_updated"


@dataclass(frozen=True, kw_only=True)
class Closure:
    """What is to be closed for whom. `id` is the caller's."""

    id: int
    geometry: BaseGeometry  #: lines or polygons, WGS 84
    modes: frozenset[Mode]


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What became of one closure: the segments that it takes away, or why it takes none."""

    segments: int
    trouble: str | None = None


@dataclass(frozen=True, kw_only=True)
class Enforced:
    """What is in force now."""

    key: str | None  #: of the set; None: nothing is closed
    changed: bool
    effects: Mapping[int, Effect]  #: by closure
    segments: int  #: of all closures together
    seconds: float


def enforce(folder: Path, wanted: Sequence[Closure]) -> Enforced:
    """Make exactly `wanted` the closures of the graphs in `folder`; nothing happens where they are so already.

    Raises TravelUnavailable with the reasons no_graphs, old_graphs (made before roads could be closed), busy,
    build_failed, build_too_long, engine_missing; what was in force stays in force then.
    """
    began = time.monotonic()
    with built.changing(_there(folder)):
        build = built.read(folder)
        key = _key(build, wanted)
        known = build.closed.key if build.closed else None
        if not wanted and known is None:
            return Enforced(key=None, changed=False, effects={}, segments=0, seconds=0.0)
        plan = _Plan.of(build, wanted)
        after = build if known == key else replace(build, closed=_customised(build, folder, plan, key))
        if known != key:
            built.put_in_force(folder, after)
    return Enforced(
        key=key,
        changed=known != key,
        effects=plan.effects(after.closed),
        segments=plan.count,
        seconds=round(time.monotonic() - began, 3),
    )


@contextmanager
def trial(folder: Path, closures: Sequence[Closure], *, beside: Sequence[Closure] = ()) -> Iterator[TravelEngine]:
    """Roads as they would be with `closures`, for as long as the block runs; what is in force is not touched.

    Nothing else is closed but what is named `beside` them, which may lie on no road without being an error. Raises
    TravelUnavailable as `enforce` does, and with reason="no_road" (or another of the troubles) for one of `closures`.
    """
    build = built.read(folder)
    plan = _Plan.of(build, [*closures, *beside])
    draft = folder / f".trial-{uuid4().hex}"
    draft.mkdir()
    try:
        closed = _into(draft, build, plan, "trial")
        effects = plan.effects(closed)
        if troubles := [trouble for one in closures if (trouble := effects[one.id].trouble)]:
            raise TravelUnavailable(reason=troubles[0])
        home = replace(build, name=os.path.relpath(build.folder, draft), closed=replace(closed, name="."))
        built.write(draft, home)
        yield Osrm(draft)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@dataclass(frozen=True)
class _Plan:
    """Which segments each closure means."""

    roads: Segments
    wanted: Sequence[Closure]
    found: Mapping[int, Ints]

    @classmethod
    def of(cls, build: Built, wanted: Sequence[Closure]) -> _Plan:
        roads = segments.load(build.folder)
        return cls(roads, wanted, {one.id: matching.closed(roads, one.geometry) for one in wanted})

    @property
    def count(self) -> int:
        return len({row for one in self.wanted for row in self._used(one).tolist()})

    def of_mode(self, mode: Mode) -> Ints:
        """All that is closed for one mode, whether its tags admit the mode or not: tags are a guess."""
        found = [self.found[one.id] for one in self.wanted if mode in one.modes]
        return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)

    def effects(self, closed: Closed | None) -> dict[int, Effect]:
        return {one.id: self._effect(one, closed.updated if closed else {}) for one in self.wanted}

    def _effect(self, one: Closure, updated: Mapping[Mode, int]) -> Effect:
        used = len(self._used(one))
        if not len(self.found[one.id]):
            return Effect(segments=0, trouble=NO_ROAD)
        if not used:
            return Effect(segments=0, trouble=NO_ROAD_FOR_MODES)
        if not any(updated.get(mode) for mode in one.modes if len(self.roads.of(mode, self.found[one.id]))):
            return Effect(segments=0, trouble=NOT_UPDATED)
        return Effect(segments=used)

    def _used(self, one: Closure) -> Ints:
        rows = [self.roads.of(mode, self.found[one.id]) for mode in one.modes]
        return np.unique(np.concatenate(rows)) if rows else np.empty(0, dtype=np.int64)


def _there(folder: Path) -> Path:
    if not folder.is_dir():
        raise TravelUnavailable(reason="no_graphs", folder=folder.name)
    return folder


def customised(folder: Path, build: Built, wanted: Sequence[Closure]) -> Closed | None:
    """The graphs of a build in `folder` without the roads that `wanted` closes; None where that is nothing.

    For who is about to put the build in force and holds `built.changing`. Raises TravelUnavailable as `enforce` does.
    """
    return _customised(build, folder, _Plan.of(build, wanted), _key(build, wanted)) if wanted else None


def _key(build: Built, wanted: Sequence[Closure]) -> str | None:
    """The same for the same closures in any order; another for another build."""
    if not wanted:
        return None
    told = sorted(f"{one.geometry.wkb_hex} {' '.join(sorted(one.modes))}" for one in wanted)
    return hashlib.sha256("\n".join([FORM, build.name, *told]).encode()).hexdigest()[:32]


def _customised(build: Built, folder: Path, plan: _Plan, key: str | None) -> Closed | None:
    """The graphs without the segments of `plan`, in a folder of their own; None where nothing is to be closed."""
    if key is None:
        return None
    name = f"closed-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{uuid4().hex[:6]}"
    draft = folder / f".{name}"
    draft.mkdir()
    try:
        made = _into(draft, build, plan, key)
        draft.rename(folder / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return replace(made, name=name, folder=folder / name)


def _into(draft: Path, build: Built, plan: _Plan, key: str) -> Closed:
    updated: dict[Mode, int] = {}
    for mode in Mode:
        rows = plan.of_mode(mode)
        if len(rows) and build.algorithms.get(mode):
            count = _graph(mode, build.base(mode).parent, draft / mode.value, plan.roads.pairs(rows))
            if count:
                updated[mode] = count
                aside.save(plan.roads, rows, mode, draft / mode.value)
            else:
                shutil.rmtree(draft / mode.value)
    return Closed(key=key, name=draft.name, folder=draft, updated=updated)


def _graph(mode: Mode, source: Path, target: Path, pairs: Ints) -> int:
    """Customise one graph without `pairs` of nodes; how many directed segments OSRM knew among them."""
    target.mkdir()
    for file in source.iterdir():
        kind = file.name.removeprefix(f"{built.BASE}.")
        if kind in WRITTEN:
            shutil.copyfile(file, target / file.name)
        elif kind not in FRESH:
            _link(file, target / file.name)
    table = target / TABLE
    table.write_text("".join(f"{u},{v},0\n{v},{u},0\n" for u, v in pairs.tolist()), encoding="ascii")
    try:
        said = running.run(
            mode,
            "osrm-customize",
            [str(target / built.BASE), "--segment-speed-file", str(table)],
            seconds=LIMIT,
        )
    except running.TooLong as error:
        raise TravelUnavailable(mode=mode.value, reason="build_too_long", program=str(error)) from error
    found = UPDATED.search(said)
    return int(found[1]) if found else 0


def _link(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError:  # another file system, or one without links
        shutil.copyfile(file, name)
