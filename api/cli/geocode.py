"""`gridward geocode` and `gridward register`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from api.cli.console import out, settings, told
from api.cli.words import say
from api.machine import cluster
from api.machine.errors import MachineError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from api.settings import Settings
    from gis.model import DistrictId, Place

PLACE_HELP = "The place by its code, its number or its name; needed where there are several"


@told
def geocode(
    query: Annotated[str | None, typer.Argument(help="What somebody typed; leave it out with --batch")] = None,
    batch: Annotated[Path | None, typer.Option(help='A file with one {"query": ...} per line; - for stdin')] = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="Answers to each query")] = 5,
    place: Annotated[str | None, typer.Option(help=PLACE_HELP)] = None,
) -> None:
    """Find addresses: one JSON line per query, in order, as they are answered."""
    from gis.geocode.register import REGISTERS, Register

    with _engine() as (chosen, engine):
        district = _district(engine, place)
        register = Register(engine, chosen.folder / REGISTERS)
        for text in _queries(query, batch):
            places = register.search(text, district=district, limit=limit)
            line = {"query": text, "answers": [_answer(found) for found in places]}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


@told
def register(
    file: Annotated[Path, typer.Argument(help="A CSV with lon, lat and address (or street and number)")],
    place: Annotated[str | None, typer.Option(help=PLACE_HELP)] = None,
) -> None:
    """Pour a register of addresses into a place, instead of the register before; addresses of the map stay."""
    from gis.geocode.register import REGISTERS
    from gis.geocode.shelf import Shelf
    from gis.importing.registering import import_register

    if not file.is_file():
        raise MachineError("machine.file_absent", file=str(file))
    with _engine() as (chosen, engine):
        district = _district(engine, place)
        done = import_register(engine, file, district)
        Shelf(engine, chosen.folder / REGISTERS).of(district)
    counts = {"addresses": done.addresses, "names": done.names, "rejected": len(done.rejected)}
    out.print(say("register.done", **counts), markup=False)
    for row in done.rejected:
        out.print(f"  {row.osm_id}: {say(f'register.{row.reason}')} {row.detail}".rstrip(), markup=False)


class _engine:  # noqa: N801 - read as a word in `with`
    """The settings and an engine for a command, closed after it."""

    def __enter__(self) -> tuple[Settings, Engine]:
        from gis.database import engine_for

        chosen = settings()
        self.engine = engine_for(cluster.address(chosen))
        return chosen, self.engine

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()


def _district(engine: Engine, place: str | None) -> DistrictId:
    """The district that is meant. Raises MachineError (place_unknown, place_needed)."""
    from gis.database import begin
    from gis.store import districts

    with begin(engine) as tx:
        known = districts.districts(tx)
    names = ", ".join(f"{each.code} ({each.name})" for each in known)
    if place is None:
        if len(known) != 1:
            raise MachineError("machine.place_needed", places=names)
        return known[0].id
    for each in known:
        called = (str(each.id), each.code, each.name, *each.names.values())
        if place.casefold() in {name.casefold() for name in called}:
            return each.id
    raise MachineError("machine.place_unknown", place=place, places=names)


def _queries(query: str | None, batch: Path | None) -> Iterator[str]:
    if batch is None:
        yield query or ""
        return
    if str(batch) == "-":
        yield from _texts(sys.stdin)
        return
    if not batch.is_file():
        raise MachineError("machine.file_absent", file=str(batch))
    with batch.open(encoding="utf-8") as stream:
        yield from _texts(stream)


def _texts(stream: TextIO) -> Iterator[str]:
    """What is asked on each line: an object with `query`, a JSON text, or the line itself."""
    for line in stream:
        if not (bare := line.strip()):
            continue
        try:
            asked = json.loads(bare)
        except ValueError:
            asked = bare
        yield str(asked.get("query", "")) if isinstance(asked, dict) else asked if isinstance(asked, str) else bare


def _answer(place: Place) -> dict[str, object]:
    point = {"lon": place.point.lon, "lat": place.point.lat} if place.point else {"lon": None, "lat": None}
    return {
        **point,
        "label": place.label,
        "kind": place.kind,
        "score": place.score,
        "found": place.found.value,
        "accuracy_m": place.accuracy_m,
        "cell": place.cell_code,
    }
