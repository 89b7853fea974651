"""A coverage as one HTML file to send around: whole without internet.

folium builds the page, but it would fetch Leaflet, jQuery and Bootstrap from elsewhere: none of them is linked here.
Leaflet is put into the page as text from a folder that the caller names, and there are no tiles: water, roads and cells
are drawn from data. Text reaches the page as data or escaped; a street name is no markup.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from branca.element import Element, MacroElement
from jinja2 import Template

from gis.errors import NotFound
from gis.reach import drawing
from gis.reach.model import Band, Coverage
from gis.reach.panel import panel
from gis.reach.script import SCRIPT, STYLE
from gis.reach.words import LANGUAGES, words
from gis.store.reach import Backdrop

#: viridis, light to dark; the last two are also hollow, so that colour is never alone
COLOURS: Mapping[Band, str] = {
    Band.FIRST: "#fde725",
    Band.SECOND: "#5ec962",
    Band.LAST: "#21918c",
    Band.LATE: "#3b528b",
    Band.NO_WAY: "#440154",
}


@dataclass(frozen=True, kw_only=True)
class Leaflet:
    """Leaflet's script and style sheet, as text that stands alone."""

    script: str
    style: str

    @classmethod
    def at(cls, dist: Path) -> Leaflet:
        """From Leaflet's `dist` folder. Raises NotFound where that holds no Leaflet."""
        try:
            script = (dist / "leaflet.js").read_text(encoding="utf-8")
            style = (dist / "leaflet.css").read_text(encoding="utf-8")
        except OSError as error:
            raise NotFound(what="leaflet", id=dist.name) from error
        script = re.sub(r"//# sourceMappingURL=\S+", "", script)
        return cls(script=script.replace("</script", "<\\/script"), style=_with_images(style, dist))


def folium_page(
    coverage: Coverage,
    backdrop: Backdrop,
    leaflet: Leaflet,
    *,
    kind: str,
    language: str = "en",
    title: str | None = None,
) -> str:
    """The page in `language` (en, zh-Hans, zh-Hant). `kind` is what the sources are called in it."""
    import folium  # brings pandas: a second of work that a server which comes up again would do before it answers

    language = language if language in LANGUAGES else "en"
    page = folium.Map(tiles=None, prefer_canvas=True, control_scale=True, zoom_control=True, zoom_snap=0.25)
    page.default_js, page.default_css = [], []
    page.add_child(_Drawing(_data(coverage, backdrop, language)))
    figure: Any = page.get_root()
    head, text = panel(coverage, backdrop, COLOURS, kind=kind, language=language, title=title)
    for part in (f"<title>{escape(head)}</title>", f"<style>{leaflet.style}{STYLE}</style>"):
        figure.header.add_child(_Verbatim(part))
    figure.header.add_child(_Verbatim(f"<script>{leaflet.script}</script>"))
    figure.html.add_child(_Verbatim(text))
    rendered: str = figure.render()
    return rendered.replace("<html>", f'<html lang="{language}">', 1)


def _data(coverage: Coverage, backdrop: Backdrop, language: str) -> dict[str, Any]:
    """What the script draws. Buildings as [lon, lat, band, minutes or null]."""
    minutes = (round(s / 60, 1) if s != float("inf") else None for s in coverage.nearest.seconds.tolist())
    points = zip(coverage.buildings.points, coverage.bands.tolist(), minutes, strict=True)
    return {
        "water": _lines(backdrop.water),
        "roads": _lines(backdrop.roads),
        "streets": _lines(backdrop.streets),
        "cells": drawing.cells(coverage),
        "sources": drawing.sources(coverage),
        "buildings": [[round(p.lon, 5), round(p.lat, 5), band, minute] for p, band, minute in points],
        "colours": [COLOURS[band] for band in Band],
        "words": {key: words(language)[key] for key in ("cell", "people", "min", "band4", "missed")},
        "attribution": backdrop.attribution,
    }


def _lines(geometries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    features = [{"type": "Feature", "properties": {}, "geometry": geometry} for geometry in geometries]
    return {"type": "FeatureCollection", "features": features}


def _with_images(style: str, dist: Path) -> str:
    """The style sheet with its images in it; what is missing is left out."""

    def inlined(match: re.Match[str]) -> str:
        image = dist / match[1]
        if not image.is_file():
            return "none"
        return f"url(data:image/png;base64,{base64.b64encode(image.read_bytes()).decode()})"

    return re.sub(r"url\((images/[\w.-]+)\)", inlined, style)


class _Verbatim(Element):
    """Text that is no template: a name with two braces in it stays a name."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class _Drawing(MacroElement):
    """Draws `data` on the map it is added to."""

    _template = Template(SCRIPT)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types here
        self.data = data
