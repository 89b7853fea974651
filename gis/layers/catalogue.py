"""The layers: what `data/reference/layers.json` says of them, what their views hold, and which are shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from gis.database import Transaction
from gis.errors import NotFound
from gis.store import published
from gis.store.published import View

TABLE: Final = Path(__file__).resolve().parents[2] / "data" / "reference" / "layers.json"


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer. `geometry` is a name of OGC simple features; `names` and `descriptions` are by language."""

    id: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    geometry: str
    published: bool
    view: View


def layers(tx: Transaction) -> tuple[Layer, ...]:
    """All layers in the order of the table, shown or not."""
    shown, fields = published.switches(tx), published.fields(tx)
    return tuple(
        Layer(
            id=one["id"],
            names=one["names"],
            descriptions=one["descriptions"],
            geometry=one["geometry"],
            published=shown.get(one["id"], False),
            view=View(
                name=one["id"],
                fields=fields[one["id"]],
                srid=one["srid"],
                time=one.get("time", "valid_from"),
                until=one.get("until"),
            ),
        )
        for one in _table()
        if one["id"] in fields
    )


def layer(known: tuple[Layer, ...], key: str) -> Layer:
    """One that is shown. Raises NotFound, for hidden ones too."""
    found = next((one for one in known if one.id == key and one.published), None)
    if found is None:
        raise NotFound(what="layer", id=key[:60])
    return found


@cache
def _table() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(TABLE.read_text(encoding="utf-8")))
