"""The style for other programs: made from the rules of our own map, whole, and nothing fetched from outside."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gis.store.basemap import LAYERS
from gis.tiles.styling import THEMES, rules, style

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
VALIDATOR = Path(__file__).resolve().parents[2] / "web" / "node_modules" / ".bin" / "gl-style-validate"
HERE = (9.0, 47.0, 10.0, 48.0)
PROPERTIES = {
    "background": {"background-color"},
    "fill": {"fill-color", "fill-opacity"},
    "line": {"line-color", "line-width", "line-opacity", "line-dasharray", "line-join", "line-cap"},
    "symbol": {"text-field", "text-size", "text-font", "text-max-width", "symbol-placement", "symbol-sort-key",
               "text-color", "text-halo-color", "text-halo-width"},
}  # fmt: skip

pytestmark = pytest.mark.pure


def made(theme: str = "day", language: str = "en", cells: bool = True) -> dict[str, Any]:
    address = "http://here/{z}/{x}/{y}.mvt"
    return style(theme, language, tiles=address, cells=address if cells else None, attribution="©", bounds=HERE)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_validator_of_maplibre_finds_nothing(theme: str, language: str, tmp_path: Path) -> None:
    if not VALIDATOR.exists():
        pytest.skip("needs gl-style-validate: `make setup` brings it")
    file = tmp_path / "style.json"
    file.write_text(json.dumps(made(theme, language)), encoding="utf-8")
    done = subprocess.run([VALIDATOR, file], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("theme", THEMES)
def test_every_layer_draws_what_the_tiles_hold_with_properties_that_exist(theme: str) -> None:
    found = made(theme)
    layers = found["layers"]
    assert len({one["id"] for one in layers}) == len(layers) > 40
    for one in layers:
        assert {*one.get("paint", {}), *one.get("layout", {})} <= PROPERTIES[one["type"]], one["id"]
        assert one["type"] == "background" or one["source"] in found["sources"]
        if one.get("source") == "ground":
            assert one["source-layer"] in LAYERS
        assert one.get("minzoom", 0) < one.get("maxzoom", 24), one["id"]


def test_nothing_is_fetched_from_elsewhere() -> None:
    text = json.dumps(made())
    assert set(re.findall(r"https?://[^/\"]+", text)) == {"http://here"}
    assert not {"glyphs", "sprite"} & made().keys()


def test_names_come_in_the_chosen_language_and_else_as_they_are_called_there() -> None:
    fields = {
        language: next(
            one["layout"]["text-field"] for one in made(language=language)["layers"] if one["id"] == "points"
        )
        for language in LANGUAGES
    }
    assert fields["en"] == ["coalesce", ["get", "name:en"], ["get", "name"]]
    assert fields["zh-Hant"][1] == ["get", "name:zh-Hant"]
    assert all(field[-1] == ["get", "name"] for field in fields.values())


def test_zooms_are_one_lower_than_on_a_map_of_small_tiles() -> None:
    layers = {one["id"]: one for one in made()["layers"]}
    motorway = rules()["roads"][-1]
    assert layers[f"roads-{len(rules()['roads']) - 1}"]["minzoom"] == motorway["from"] - 1
    assert layers["doors"]["minzoom"] == 17


def test_cells_are_left_out_where_nobody_asked() -> None:
    assert "cells" not in made(cells=False)["sources"]
    assert not [one for one in made(cells=False)["layers"] if one["id"].startswith("cell")]
