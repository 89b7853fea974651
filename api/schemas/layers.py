"""Layers and how they go out."""

from __future__ import annotations

from pydantic import Field

from api.schemas.base import In, Out
from gis.layers.catalogue import Layer
from gis.layers.exporting import FORMATS


class FieldOut(Out):
    name: str
    type: str


class LayerOut(Out):
    id: str
    title: str
    description: str
    geometry: str
    rows: int | None = Field(description="Absent where there are too many to count.")
    fields: list[FieldOut]
    formats: list[str]
    url: str = Field(description="Of the OGC API.")
    tiles: str | None = Field(description="TileJSON.")

    @classmethod
    def of(cls, layer: Layer, rows: int | None, language: str, root: str) -> LayerOut:
        url = f"{root}/ogc/collections/{layer.id}"
        return cls(
            id=layer.id,
            title=layer.names[language],
            description=layer.descriptions[language],
            geometry=layer.geometry,
            rows=rows,
            fields=[FieldOut(name=name, type=kind) for name, kind in layer.view.fields.items()],
            formats=list(FORMATS),
            url=url,
            tiles=f"{url}/tiles/WebMercatorQuad?f=tilejson",
        )


class LayersOut(Out):
    layers: list[LayerOut]


class SwitchIn(In):
    published: bool
