"""The look of the base map for other programs: a MapLibre style, made from the rules that our own map goes by.

`data/reference/basemap.json` is the one source. Its zooms are those of a map with tiles of 256 pixels; MapLibre counts
tiles of 512, so every zoom is one lower here. No fonts and no signs are fetched from anywhere: without `glyphs` a
program writes with fonts of its own (recent versions of MapLibre GL JS do).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from gis.tiles.squares import DEEPEST

RULES: Final = Path(__file__).resolve().parents[2] / "data" / "reference" / "basemap.json"
FONTS: Final = ["PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", "sans-serif"]
LESS: Final = 1  #: zoom of 256 pixels to zoom of 512
THEMES: Final = ("day", "night")

type Doc = dict[str, Any]
type Box = tuple[float, float, float, float]


@cache
def rules() -> Mapping[str, Any]:
    """The table as it stands."""
    found: Mapping[str, Any] = json.loads(RULES.read_text(encoding="utf-8"))
    return found


def style(theme: str, language: str, *, tiles: str, attribution: str, bounds: Box, cells: str | None = None) -> Doc:
    """A MapLibre style (version 8). `theme` is one of THEMES; `tiles` and `cells` are addresses with {z}, {x}, {y}."""
    table = rules()
    colours: Mapping[str, str] = table["palettes"][theme]
    source = {"type": "vector", "minzoom": 0, "maxzoom": DEEPEST, "bounds": list(bounds), "attribution": attribution}
    sources = {"ground": {**source, "tiles": [tiles]}}
    if cells:
        sources["cells"] = {**source, "tiles": [cells]}
    west, south, east, north = bounds
    return {
        "version": 8,
        "name": f"Gridward {theme} {language}",
        "metadata": {"gridward:theme": theme, "gridward:language": language},
        "center": [(west + east) / 2, (south + north) / 2],
        "zoom": 13,
        "sources": sources,
        "layers": [
            {"id": "background", "type": "background", "paint": {"background-color": colours["ground"]}},
            *_land(table, colours),
            *_roads(table, colours),
            *(_cells(colours) if cells else ()),
            *_names(table, colours, language),
        ],
    }


def _land(table: Mapping[str, Any], colours: Mapping[str, str]) -> Iterable[Doc]:
    last = len(table["land"]) - 1
    for n, one in enumerate(table["land"]):
        if n == 1:
            yield _fill("sea", "water", colours["water"], ["all", _kind(["sea"]), _shaped("Polygon")])
        if n == last:
            yield from _water(table, colours)
        zooms = _zooms(one.get("from"), one.get("until"))
        yield {**_fill(f"land-{n}-{one['colour']}", "land", colours[one["colour"]], _kind(one["kinds"])), **zooms}
    buildings = table["buildings"]
    plain = _fill("buildings", "buildings", colours["building"], None)
    plain["paint"]["fill-opacity"] = ["interpolate", ["linear"], ["zoom"], 14 - LESS, 0.7, 15 - LESS, 1]
    edged = {"id": "building-edges", "type": "line", "paint": {"line-color": colours["buildingEdge"], "line-width": 1}}
    yield {**plain, **_zooms(buildings["from"], None)}
    yield {**_in("buildings"), **edged, **_zooms(buildings["edges"], None)}


def _water(table: Mapping[str, Any], colours: Mapping[str, str]) -> Iterable[Doc]:
    yield _fill("water", "water", colours["water"], ["all", ["!", _kind(["sea"])], _shaped("Polygon")])
    for name, river in (("streams", False), ("rivers", True)):
        chosen = _kind(["river"]) if river else ["!", _kind(["river"])]
        width = table["water"]["river" if river else "stream"]
        yield _line(name, "water", colours["water"], width, ["all", _shaped("LineString"), chosen], round_=True)


def _roads(table: Mapping[str, Any], colours: Mapping[str, str]) -> Iterable[Doc]:
    classes = table["roads"]
    above: list[Any] = ["!", ["to-boolean", ["get", "tunnel"]]]
    yield _line("ferries", "roads", colours["water_label"], [[12, 1]], _kind(["ferry"]), dash=[6, 5], start=12)
    for n, one in enumerate(classes[1:]):
        width = [[zoom, pixels * 0.6] for zoom, pixels in one["width"]]
        chosen = ["all", _kind(one["kinds"]), ["to-boolean", ["get", "tunnel"]]]
        yield _line(f"tunnels-{n}", "roads", colours["casing"], width, chosen, dash=[1, 1], start=max(one["from"], 13))
    paths = table["paths"]
    yield _line("paths", "roads", colours["path"], paths["width"], ["all", _kind(paths["kinds"]), above],
                dash=paths["dash"], start=paths["from"])  # fmt: skip
    for n, one in enumerate(classes):
        width = [[zoom, pixels + 1.4] for zoom, pixels in one["width"]]
        chosen = ["all", _kind(one["kinds"]), above]
        yield _line(f"casings-{n}", "roads", colours[one["casing"]], width, chosen, start=one["cased"])
    for n, one in enumerate(classes):
        chosen = ["all", _kind(one["kinds"]), above]
        yield _line(f"roads-{n}", "roads", colours[one["colour"]], one["width"], chosen, start=one["from"], round_=True)
    rails, border = table["rails"], table["boundary"]
    yield _line("rails", "roads", colours["rail"], rails["width"], ["all", _kind(rails["kinds"]), above],
                start=rails["from"])  # fmt: skip
    yield _line("boundaries", "boundaries", colours["boundary"], [[1, border["width"]]], None, dash=border["dash"],
                opacity=border["opacity"])  # fmt: skip


def _cells(colours: Mapping[str, str]) -> Iterable[Doc]:
    shown = {"source": "cells", "minzoom": 13 - LESS}
    paint = {"line-color": colours["cell"], "line-opacity": 0.7, "line-width": 0.8}
    yield {"id": "cells", "type": "line", "source-layer": "cells", "paint": paint, **shown}
    layout = {"text-field": ["get", "label"], "text-size": 11, "text-font": FONTS}
    ink = {"text-color": colours["cellCode"], "text-halo-color": colours["halo"], "text-halo-width": 1.2}
    codes = {"id": "cell-codes", "type": "symbol", "source-layer": "cell_labels", "layout": layout, "paint": ink}
    yield {**codes, **shown, "minzoom": 16 - LESS}


def _names(table: Mapping[str, Any], colours: Mapping[str, str], language: str) -> Iterable[Doc]:
    """The least important first: what MapLibre draws last is placed first."""
    name = _name(table, language)
    number = ["coalesce", ["get", "number"], ["get", "name"]]
    yield _text("doors", "doors", number, 11, colours["number"], colours, start=18)
    surfaces: list[Any] = ["match", ["get", "kind"], ["park", "garden", "wood", "cemetery"], colours["green_label"],
                           ["water", "lake", "bay"], colours["water_label"], colours["quiet"]]  # fmt: skip
    others = ["!", _kind(["entrance"])]
    yield _text("points", "points", name, 11, surfaces, colours, start=16, chosen=others, ranked=True)
    flowing = _shaped("LineString")
    yield _text("water-names", "water", name, 11, colours["water_label"], colours, start=13, chosen=flowing, along=True)
    for n, one in enumerate(table["roads"]):
        if "names" in one:
            chosen = _kind(one["kinds"])
            yield _text(f"road-names-{n}", "roads", name, 12, colours["label"], colours, start=one["names"],
                        chosen=chosen, along=True)  # fmt: skip
    for kind, (first, last) in sorted(table["places"].items(), key=lambda item: -item[1][0]):
        size = 15 if first <= 9 else 13
        yield _text(f"places-{kind}", "places", name, size, colours["label"], colours, start=first, end=last,
                    chosen=_kind([kind]), ranked=True)  # fmt: skip


def _name(table: Mapping[str, Any], language: str) -> list[Any]:
    """In the chosen language, else as it is called there."""
    return ["coalesce", *(["get", key] for key in table["names"][language]), ["get", "name"]]


def _text(
    name: str,
    layer: str,
    said: list[Any],
    size: float,
    colour: object,
    colours: Mapping[str, str],
    *,
    start: int,
    end: int | None = None,
    chosen: list[Any] | None = None,
    along: bool = False,
    ranked: bool = False,
) -> Doc:
    layout: Doc = {"text-field": said, "text-size": size, "text-font": FONTS}
    layout |= {"symbol-placement": "line"} if along else {"text-max-width": 8}
    layout |= {"symbol-sort-key": ["get", "rank"]} if ranked else {}
    paint = {"text-color": colour, "text-halo-color": colours["halo"], "text-halo-width": 1.3}
    drawn = {"id": name, "type": "symbol", "layout": layout, "paint": paint}
    return {**_in(layer, chosen), **drawn, **_zooms(start, end)}


def _fill(name: str, layer: str, colour: str, chosen: list[Any] | None) -> Doc:
    return {**_in(layer, chosen), "id": name, "type": "fill", "paint": {"fill-color": colour}}


def _line(
    name: str,
    layer: str,
    colour: str,
    width: Sequence[Sequence[float]],
    chosen: list[Any] | None,
    *,
    start: int | None = None,
    dash: Sequence[float] | None = None,
    round_: bool = False,
    opacity: float | None = None,
) -> Doc:
    paint: Doc = {"line-color": colour, "line-width": _grow(width)}
    paint |= {"line-dasharray": list(dash)} if dash else {}
    paint |= {"line-opacity": opacity} if opacity is not None else {}
    layout = {"line-join": "round", **({"line-cap": "round"} if round_ else {})}
    return {**_in(layer, chosen), "id": name, "type": "line", "layout": layout, "paint": paint, **_zooms(start, None)}


def _in(layer: str, chosen: list[Any] | None = None) -> Doc:
    return {"source": "ground", "source-layer": layer, **({"filter": chosen} if chosen else {})}


def _kind(kinds: Sequence[str]) -> list[Any]:
    return ["in", ["get", "kind"], ["literal", list(kinds)]]


def _shaped(kind: str) -> list[Any]:
    return ["in", ["geometry-type"], ["literal", [kind, f"Multi{kind}"]]]


def _zooms(first: int | None, last: int | None) -> Doc:
    """`last` is the last whole zoom at which something is seen; MapLibre's is the first at which it is not."""
    return {
        **({"minzoom": max(0, first - LESS)} if first is not None else {}),
        **({"maxzoom": last + 1 - LESS} if last is not None else {}),
    }


def _grow(stops: Sequence[Sequence[float]]) -> Any:
    if len(stops) == 1:
        return stops[0][1]
    return ["interpolate", ["linear"], ["zoom"], *(part for zoom, px in stops for part in (zoom - LESS, round(px, 2)))]
