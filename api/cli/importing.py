"""`gridward import`: a place from OpenStreetMap, its renewal, or any file of rows into a place."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api import messages
from api.cli import database, geocode
from api.cli.console import out, settings, step, told
from api.cli.words import language, say
from api.machine import cluster
from api.machine.errors import MachineError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from api.settings import Settings
    from gis.importing.deliveries import Plan
    from gis.model import District, DistrictId
    from gis.store.deliveries.batches import Delivery

SHOWN = 5
VERDICTS = ("added", "changed", "same", "gone")
ABOUT = """Bring a file in: an OpenStreetMap extract makes a place or renews one, a change file (.osc.gz) goes on
from it; any other file (GeoPackage, GeoJSON, Shapefile, KML, file geodatabase, CSV, XLSX) is compared with what is
there by its source, and what is new, changed or gone is written. docs/import.md.

Exit code 0: done, with what was left out listed; 1: nothing was changed; 2: the command line was wrong."""

File = Annotated[Path, typer.Argument(help="The file, of whatever kind: it is recognised by what is inside")]
Into = Annotated[str | None, typer.Option(help="The place that it goes into, by code, number or name")]
PlaceName = Annotated[str | None, typer.Option("--place", "--name", help="Make a new place, called so")]
Target = Annotated[str | None, typer.Option(help="What its rows are: address, building, facility, component ...")]
Layer = Annotated[str | None, typer.Option(help="Which layer or sheet")]
Crs = Annotated[str | None, typer.Option(help="EPSG:4490, GCJ-02, BD-09 ...; ' yx' behind it: north comes first")]
Encoding = Annotated[str | None, typer.Option(help="utf-8, gb18030, big5 ...")]
Map = Annotated[list[str] | None, typer.Option("--map", help="column=field, or column:=value for all rows")]
Source = Annotated[str | None, typer.Option(help="What the source is called: its deliveries are compared")]
Partial = Annotated[bool, typer.Option("--partial", help="Not the whole source: what is missing is not gone")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would change")]
ReportFile = Annotated[Path | None, typer.Option("--report", help="Write what became of every row to this JSON file")]
Rejected = Annotated[bool, typer.Option("--rejected", help="List everything that was left out")]


@told
def import_(
    file: File,
    into: Into = None,
    place: PlaceName = None,
    target: Target = None,
    layer: Layer = None,
    crs: Crs = None,
    encoding: Encoding = None,
    mapping: Map = None,
    source: Source = None,
    partial: Partial = False,
    dry_run: DryRun = False,
    report: ReportFile = None,
    rejected: Rejected = False,
) -> None:
    """Say what somebody typed as values, and go."""
    from gis.database import engine_for
    from gis.sources.recognising import recognise

    if not file.exists():
        raise MachineError("machine.file_absent", file=str(file))
    chosen = settings()
    url = cluster.address(chosen)
    kind = recognise(file)
    engine = engine_for(url)
    try:
        if kind.foreign:
            done = _osm(
                engine, chosen, file, changes=kind == "osc", into=into, place=place, dry=dry_run, every=rejected
            )
        else:
            read = {"target": target, "layer": layer, "crs": crs, "encoding": encoding, "whole": not partial}
            plan = _plan(read, mapping or [], source, place)
            done = _rows(engine, chosen, file, plan, into=into, place=place, dry=dry_run, every=rejected)
    finally:
        engine.dispose()
    if report is not None:
        report.write_text(json.dumps(done, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


import_.__doc__ = ABOUT


def _osm(
    engine: Engine,
    chosen: Settings,
    file: Path,
    *,
    changes: bool,
    into: str | None,
    place: str | None,
    dry: bool,
    every: bool,
) -> dict[str, Any]:
    """An extract or a change file."""
    from gis.importing.changing import change
    from gis.importing.renewing import renew

    district = _renewed(engine, file, changes=changes, into=into, place=place)
    if district is None:
        with step(say("up.import", file=file.name)) as told_:
            done = database.bring(chosen, cluster.address(chosen), file, told_, name=place)
        database.show(done, every=every)
        return _place_report(done.file, done.district, dict(done.counts), done.rejected, done.seconds, dry=False)
    with step(say("up.import", file=file.name)) as told_:
        how = change if changes else renew
        renewed = how(engine, file, district=district, folder=chosen.folder, progress=told_, dry=dry)
    kinds: Any = renewed.counts["kinds"]
    for what, counted in kinds.items():
        numbers = " ".join(f"{say(f'import.{verdict}')} {counted.get(verdict, 0):,}" for verdict in VERDICTS)
        out.print(f"    {what}: {numbers}", markup=False)
    _say_dry(dry)
    return _place_report(renewed.file, district, dict(renewed.counts), renewed.rejected, None, dry=dry)


def _renewed(engine: Engine, file: Path, *, changes: bool, into: str | None, place: str | None) -> DistrictId | None:
    """The place that an extract is about; None: a new one. Raises MachineError where a person has to say."""
    from gis.database import begin
    from gis.importing.place import checksum
    from gis.importing.renewing import meant
    from gis.store import districts

    if into is not None or changes:
        return geocode._district(engine, into)
    with begin(engine) as tx:
        nothing_yet = not districts.districts(tx) or districts.made_from(tx, checksum(file)) is not None
    if place is not None or nothing_yet:
        return None
    found = meant(engine, file)
    if found is None:
        return None
    with begin(engine) as tx:
        known = districts.district(tx, found[0])
    share = f"{found[1]:.0%}"
    raise MachineError("machine.place_meant", file=file.name, code=known.code, name=known.name, share=share)


def _place_report(
    file: str, district: int, counts: Mapping[str, Any], rejected: Any, seconds: float | None, *, dry: bool
) -> dict[str, Any]:
    rows = [{"osm_type": r.osm_type, "osm_id": r.osm_id, "reason": r.reason, "detail": r.detail} for r in rejected]
    return {
        "file": file,
        "target": "place",
        "district": district,
        "applied": not dry,
        "counts": dict(counts),
        "rejected": rows,
        "seconds": seconds,
    }


def _plan(read: Mapping[str, Any], mapping: list[str], source: str | None, place: str | None) -> Plan:
    """What was said on the command line. Raises typer.BadParameter."""
    from gis.importing.deliveries import Plan
    from gis.store.deliveries.batches import Origin

    said: dict[str, dict[str, str]] = {}
    for one in mapping:
        column, mark, given = one.partition("=")
        if not mark or not column:
            raise typer.BadParameter(say("import.map", given=one), param_hint="--map")
        constant = column.endswith(":")
        said[column.removesuffix(":")] = {"value": given} if constant else {"field": given}
    origin = Origin(name=source) if source else None
    return Plan(**read, mapping=said or None, origin=origin, more={"name": place} if place else {})


def _rows(
    engine: Engine,
    chosen: Settings,
    file: Path,
    plan: Plan,
    *,
    into: str | None,
    place: str | None,
    dry: bool,
    every: bool,
) -> dict[str, Any]:
    """Any file of rows, without needing the worker."""
    from gis.database import begin
    from gis.importing import deliveries
    from gis.importing.deliveries.working import work_with
    from gis.store import districts
    from gis.store.deliveries import batches

    began = time.monotonic()
    district: District | None = None
    if place is None:
        with begin(engine) as tx:
            district = districts.district(tx, geocode._district(engine, into))
    received = deliveries.inspect(engine, file, name=file.name, district=district)
    with begin(engine) as tx:
        known = deliveries.store(tx, received, district=district.id if district else None, stored=None, by=None)
        known = deliveries.plan(tx, known.id, known.version, _with_mapping(known, plan))
    with step(say("up.import", file=file.name)) as told_:
        work_with(engine, known, file, chosen.folder, told_)
        known = _sound(engine, known.id)
        if not dry:
            with begin(engine) as tx:
                known = deliveries.agree(tx, known.id, known.version)
            work_with(engine, known, file, chosen.folder, told_)
            known = _sound(engine, known.id)
    if dry:
        with begin(engine) as tx:
            deliveries.cancel(tx, known.id, known.version)
    done = _report(engine, known, seconds=time.monotonic() - began, dry=dry)
    _show(done, every=every)
    _say_dry(dry)
    with begin(engine) as tx:
        batches.forget_rows(tx, known.id)
    return done


def _with_mapping(known: Delivery, plan: Plan) -> Plan:
    """What is mapped by hand goes on top of what is proposed."""
    from dataclasses import replace

    from gis.importing.deliveries.planning import proposed

    if plan.mapping is None:
        return plan
    return replace(plan, mapping={**proposed(known, plan), **plan.mapping})


def _sound(engine: Engine, batch: int) -> Delivery:
    """The delivery after a step. Raises what went wrong in it."""
    from gis.database import begin
    from gis.errors import GroundError
    from gis.store.deliveries import batches

    with begin(engine) as tx:
        known = batches.get(tx, batch)
    if known.error is not None:
        raise GroundError(known.error["code"], **known.error["params"])
    return known


def _report(engine: Engine, known: Delivery, *, seconds: float, dry: bool) -> dict[str, Any]:
    from gis.database import begin
    from gis.importing.course import peak_mb
    from gis.store.deliveries import asking

    with begin(engine) as tx:
        left_out = asking.lines(tx, known.id, verdict="rejected", reason=None, after=None, limit=1_000_000)
        mended = asking.lines(tx, known.id, verdict=None, reason="mended", after=None, limit=1_000_000)
    return {
        "file": known.file,
        "format": known.format,
        "layer": known.layer,
        "target": known.target,
        "encoding": known.encoding,
        "crs": known.crs,
        "mapping": dict(known.mapping),
        "source": known.plan["source"]["name"],
        "district": known.district,
        "applied": not dry,
        "counts": dict(known.counts),
        "rejected": [_line(row) for row in left_out],
        "mended": [_line(row) for row in mended],
        "seconds": round(seconds, 2),
        "peak_mb": peak_mb(),
    }


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    message = messages.said("rows", row["reason"], row, language())
    return {name: row[name] for name in ("line", "field", "value", "reason")} | {"message": message}


def _show(done: Mapping[str, Any], *, every: bool) -> None:
    """Counts, then what was left out and why."""
    counts = done["counts"]
    out.print(
        f"  {done['target']}, {done['crs']}" + (f", {done['encoding']}" if done["encoding"] else ""), markup=False
    )
    for verdict in VERDICTS:
        out.print(f"    {counts.get(verdict, 0):>10,}  {say(f'import.{verdict}')}", markup=False)
    rejected = done["rejected"]
    out.print(f"    {len(rejected):>10,}  {say('import.left_out')}", markup=False)
    for row in rejected if every else rejected[:SHOWN]:
        out.print(f"      {say('import.line', line=row['line'])}: {row['message']}", markup=False)
    if not every and len(rejected) > SHOWN:
        out.print(f"      {say('import.more', n=len(rejected) - SHOWN)} (--rejected)", markup=False)


def _say_dry(dry: bool) -> None:
    if dry:
        out.print(f"  {say('import.dry')}", markup=False)
