"""`gridward grid check`, `mend` and `cut`: cells in files, or those of a place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api import messages
from api.cli.console import out, told
from api.cli.words import language, say
from api.machine.errors import MachineError
from api.messages.amounts import amount

if TYPE_CHECKING:
    from gis.grid import Blocks, CodePattern, Fault, Given, Targets

FAULTY = 1  #: exit code where there are faults, or where some are left
TOLD = 20  #: faults told on the terminal; the report has all

Cells = Annotated[Path | None, typer.Argument(help="A file with cells: GeoJSON, GeoPackage, Shapefile, KML ...")]
Whole = Annotated[Path | None, typer.Option("--communities", help="A file with the communities that the cells divide")]
Houses = Annotated[Path | None, typer.Option("--buildings", help="A file with footprints; columns people, households")]
Place = Annotated[str | None, typer.Option(help="A place by its code, number or name, instead of files")]
Report = Annotated[Path | None, typer.Option("--report", help="Write everything found and done to this JSON file")]
Least = Annotated[float | None, typer.Option(help="The least of the measure that a cell should have")]
Most = Annotated[float | None, typer.Option(help="The most of the measure that a cell should have")]
MeasureName = Annotated[str, typer.Option("--measure", help="area (m²), households, people or incidents")]
PatternName = Annotated[str | None, typer.Option("--pattern", help="Codes have to follow: plain, beijing15 ...")]
Code = Annotated[str | None, typer.Option("--code", help="The column with the codes")]
Column = Annotated[str | None, typer.Option("--community", help="The column with the codes of the communities")]
Output = Annotated[Path, typer.Option("--output", "-o", help="Where to: .geojson, .gpkg, .shp, .fgb")]

app = typer.Typer(no_args_is_help=True, help="Check, mend and cut the unit grid (docs/grid.md).")


@app.command("check")
@told
def check(
    file: Cells = None,
    place: Place = None,
    communities: Whole = None,
    buildings: Houses = None,
    measure: MeasureName = "area",
    least: Least = None,
    most: Most = None,
    pattern: PatternName = None,
    code: Code = None,
    community: Column = None,
    report: Report = None,
) -> None:
    """Say what is wrong with cells. Exit code 1 where something is."""
    from gis.grid import check as checked
    from gis.grid.files import report as reported

    given, rejected = _given(file, place, communities, buildings, (code, community))
    given = _judged(given, _targets(measure, None, least, most), _pattern(pattern))
    faults = checked(given)
    _write(report, reported(cells=len(given.cells), faults=faults, plane=given.plane, rejected=rejected))
    _tell(len(given.cells), faults, len(rejected))
    if faults or rejected:
        raise typer.Exit(FAULTY)


@app.command("mend")
@told
def mend(
    file: Annotated[Path, typer.Argument(help="A file with cells: GeoJSON, GeoPackage, Shapefile, KML ...")],
    output: Output,
    communities: Whole = None,
    buildings: Houses = None,
    pattern: PatternName = None,
    code: Code = None,
    community: Column = None,
    report: Report = None,
) -> None:
    """Mend what can be mended and write the cells anew; every mend is listed. Exit code 1 where faults are left."""
    from gis.grid import check as checked
    from gis.grid import mend as mended
    from gis.grid.coding import coded
    from gis.grid.files import report as reported
    from gis.grid.files import write_cells

    given, rejected = _given(file, None, communities, buildings, (code, community))
    follows = _pattern(pattern)
    faults = checked(_judged(given, None, follows))
    done = mended(given, [fault for fault in faults if fault.mends])
    after = _judged(done.given, None, follows)
    after = coded(after, follows) if follows else after
    left = checked(after)
    write_cells(output, after.cells, _plane(after))
    row = reported(
        cells=len(after.cells), faults=faults, plane=given.plane, mends=done.mends, left=left, rejected=rejected
    )
    _write(report, row)
    out.print(say("grid.mended", mends=len(done.mends), cells=len(after.cells), file=output.name), markup=False)
    for how, count in row["ways"].items():
        out.print(f"  {count:>6}  {messages.said('grid_mends', how, {}, language())}", markup=False)
    _tell(len(after.cells), left, len(rejected))
    if left or rejected:
        raise typer.Exit(FAULTY)


@app.command("cut")
@told
def cut(
    output: Output,
    place: Annotated[str | None, typer.Argument(help="A place by its code, number or name; or give files")] = None,
    communities: Whole = None,
    roads: Annotated[Path | None, typer.Option(help="Lines that divide, tagged as in OpenStreetMap")] = None,
    water: Annotated[Path | None, typer.Option(help="Water surfaces")] = None,
    parcels: Annotated[Path | None, typer.Option(help="Parcels whose edges divide")] = None,
    buildings: Houses = None,
    incidents: Annotated[Path | None, typer.Option(help="Points where something happened")] = None,
    measure: MeasureName = "area",
    aim: Annotated[float | None, typer.Option(help="How much of the measure a cell should have")] = None,
    least: Least = None,
    most: Most = None,
    pattern: PatternName = None,
) -> None:
    """Cut a place into cells and write them to a file. Nothing is stored."""
    from dataclasses import replace

    from gis.grid import PLAIN, GivenCell, compile_place
    from gis.grid.coding import coded
    from gis.grid.files import read_points, write_cells
    from gis.grid.given import Given

    blocks = _blocks(place, communities, (roads, water, parcels), buildings)
    blocks = replace(blocks, incidents=tuple(read_points(_there(incidents), blocks.plane))) if incidents else blocks
    follows = _pattern(pattern) or PLAIN
    grid = compile_place(blocks, targets=_targets(measure, aim, least, most), limit=follows.limit)
    cells = [GivenCell(key=f"{c.community} {c.seq}", polygon=c.polygon, community=c.community) for c in grid.cells]
    whole = coded(Given(cells=tuple(cells), communities=blocks.communities), follows)
    write_cells(output, whole.cells, blocks.plane)
    seconds = f"{sum(grid.seconds.values()):.1f}"
    out.print(say("grid.cut", cells=len(cells), cut=len(grid.cut), file=output.name, seconds=seconds), markup=False)


def _given(
    file: Path | None,
    place: str | None,
    communities: Path | None,
    buildings: Path | None,
    columns: tuple[str | None, str | None],
) -> tuple[Given, tuple[tuple[int, str], ...]]:
    """The cells that are meant, with what they are judged by, and rows without a shape."""
    from gis.grid.files import Columns, read_buildings, read_cells, read_communities
    from gis.grid.given import Given

    if place is not None:
        return _stored(place), ()
    if file is None:
        raise MachineError("machine.grid_needed")
    read = read_cells(_there(file), Columns(code=columns[0], community=columns[1]))
    whole = read_communities(_there(communities), read.plane)[1] if communities else ()
    houses = read_buildings(_there(buildings), read.plane) if buildings else ()
    given = Given(cells=read.cells, communities=tuple(whole), buildings=tuple(houses), plane=read.plane)
    return given, read.rejected


def _stored(place: str) -> Given:
    """The division in force of a place. Raises MachineError (place_unknown, place_needed)."""
    from api.cli.geocode import _district, _engine
    from gis.database import begin
    from gis.grid.given import Given, GivenCell
    from gis.store import cells
    from gis.store.blocks import blocks

    with _engine() as (_, engine):
        district = _district(engine, place)
        with begin(engine) as tx:
            known, ground = cells.cells(tx, district), blocks(tx, district)
            outlines = cells.outlines(tx, district)
    rows = [
        GivenCell(key=cell.code, code=cell.code, polygon=ground.plane.to_metres(outlines[cell.id])) for cell in known
    ]
    return Given(cells=tuple(rows), communities=ground.communities, buildings=ground.buildings, plane=ground.plane)


def _blocks(
    place: str | None, communities: Path | None, lines: tuple[Path | None, ...], buildings: Path | None
) -> Blocks:
    from gis.grid import Barrier
    from gis.grid.files import read_barriers, read_buildings, read_communities, read_surfaces
    from gis.grid.model import Blocks

    if communities is None:
        return _ground(place)
    plane, whole = read_communities(_there(communities))
    roads, water, parcels = (_there(file) if file else None for file in lines)
    barriers = read_barriers(roads, plane) if roads else []
    edges = Barrier.around(read_surfaces(parcels, plane)) if parcels else ()
    return Blocks(
        communities=tuple(whole),
        barriers=(*barriers, *edges),
        water=tuple(read_surfaces(water, plane)) if water else (),
        buildings=tuple(read_buildings(_there(buildings), plane)) if buildings else (),
        plane=plane,
    )


def _ground(place: str | None) -> Blocks:
    from api.cli.geocode import _district, _engine
    from gis.database import begin
    from gis.store.blocks import blocks

    with _engine() as (_, engine):
        district = _district(engine, place)
        with begin(engine) as tx:
            return blocks(tx, district)


def _judged(given: Given, targets: Targets | None, pattern: CodePattern | None) -> Given:
    from dataclasses import replace

    return replace(given, targets=targets, pattern=pattern)


def _targets(measure: str, aim: float | None, least: float | None, most: float | None) -> Targets:
    """What is asked for. Raises BadQuestion."""
    from gis.errors import BadQuestion
    from gis.grid import Measure, Targets

    usual = {Measure.AREA: 10_000.0, Measure.HOUSEHOLDS: 400.0, Measure.PEOPLE: 1_000.0, Measure.INCIDENTS: 50.0}
    if measure not in list(Measure):
        raise BadQuestion(field="measure", value=measure, allowed=[each.value for each in Measure])
    chosen = Measure(measure)
    return Targets(measure=chosen, aim=aim or usual[chosen], least=least, most=most)


def _pattern(name: str | None) -> CodePattern | None:
    """A pattern of the reference by its name. Raises BadQuestion."""
    from gis.errors import BadQuestion
    from gis.grid import patterns

    if name is None:
        return None
    known = patterns(Path(__file__).parents[2] / "data" / "reference" / "codes.json")
    if name not in known:
        raise BadQuestion(field="pattern", value=name, allowed=list(known))
    return known[name]


def _plane(given: Given) -> Any:
    if given.plane is None:
        raise MachineError("machine.grid_needed")
    return given.plane


def _there(file: Path) -> Path:
    if not file.is_file():
        raise MachineError("machine.file_absent", file=str(file))
    return file


def _write(file: Path | None, row: object) -> None:
    if file is not None:
        file.write_text(json.dumps(row, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _tell(cells: int, faults: Sequence[Fault], rejected: int) -> None:
    """The first faults as sentences, and how many there are."""
    word = "grid.faulty" if faults or rejected else "grid.sound"
    for fault in faults[:TOLD]:
        out.print(f"  {_sentence(fault)}", markup=False)
    if len(faults) > TOLD:
        out.print(f"  … {say('grid.more', count=len(faults) - TOLD)}", markup=False)
    out.print(say(word, cells=cells, faults=len(faults), rejected=rejected), markup=False)


def _sentence(fault: Fault) -> str:
    params = {
        "cells": ", ".join(fault.cells),
        "area_m2": amount(fault.area_m2),
        "metres": amount(fault.metres),
        "community": fault.community or "",
        "detail": fault.detail or "",
    }
    return messages.said("grid_faults", fault.kind.value, params, language())
