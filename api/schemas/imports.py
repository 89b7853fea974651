"""Deliveries on their way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from api import messages
from api.messages import Language
from api.schemas.base import In, Line, Moment, Number, Out, Words
from gis.importing.deliveries import Plan
from gis.sources.targets import targets
from gis.store.deliveries.batches import Delivery, Origin

GONE = "gone"


class FieldOut(Out):
    name: str
    type: str
    examples: list[str]


class LayerOut(Out):
    name: str
    rows: int | None
    geometry: str | None
    fields: list[FieldOut]
    crs: str | None


class ColumnOut(Out):
    column: str
    required: bool
    type: str
    allowed: list[str] | None


class SourceOut(Out):
    id: int | None
    name: str
    licence: str
    attribution: str
    accuracy_m: float | None


class CountsOut(Out):
    added: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    rejected: dict[str, int] = Field(default_factory=dict, description="By the code of the reason.")
    kinds: dict[str, Any] | None = Field(default=None, description="Of OpenStreetMap: the same by kind of thing.")
    division: int | None = Field(default=None, description="The draft that cells became.")
    more: dict[str, Any] = Field(default_factory=dict, description="What the target alone counts: cells, mends ...")


class ErrorOut(Out):
    code: str
    params: dict[str, Any]
    message: str
    help: str


class BatchOut(Out):
    id: int
    district: int | None
    version: int
    state: str = Field(description="uploaded, reading, compared, applying, applied, cancelled, failed")
    step: str
    share: float
    file: str
    bytes: int
    format: str | None
    layers: list[LayerOut]
    layer: str | None
    encoding: str | None
    encoding_how: str | None
    crs: str | None
    crs_how: str = Field(description="said (by the file), found, remembered, chosen, unknown: then it must be said")
    target: str | None
    target_how: str
    mapping: dict[str, dict[str, str]] = Field(description='Column to {"field": name} or {"value": constant}.')
    mapping_how: str
    targets: dict[str, list[ColumnOut]]
    source: SourceOut
    whole: bool
    counts: CountsOut
    error: ErrorOut | None
    created_at: Moment
    changed_at: Moment


class BatchesOut(Out):
    batches: list[BatchOut]


class SourceIn(In):
    name: Line
    licence: Words = ""
    attribution: Words = ""
    accuracy_m: float | None = Field(default=None, ge=0, le=100_000)


class MappedIn(In):
    field: str | None = Field(default=None, max_length=300)
    value: str | None = Field(default=None, max_length=300)


class PlanIn(In):
    """How to read a file. What is left out stays as it was proposed."""

    version: Number
    target: str | None = Field(default=None, max_length=40)
    layer: str | None = Field(default=None, max_length=300)
    encoding: str | None = Field(default=None, max_length=40)
    crs: str | None = Field(default=None, max_length=4000)
    mapping: dict[str, MappedIn] | None = Field(default=None, max_length=100)
    source: SourceIn | None = None
    whole: bool | None = Field(default=None, description="The file is the whole source: what is missing is gone.")
    name: Line | None = Field(default=None, description="What a place of its own is called.")

    def value(self) -> Plan:
        """As the use case takes it."""
        mapping = None
        if self.mapping is not None:
            mapping = {name: one.model_dump(exclude_none=True) for name, one in self.mapping.items()}
        return Plan(
            target=self.target,
            layer=self.layer,
            encoding=self.encoding,
            crs=self.crs,
            mapping=mapping,
            origin=Origin(**self.source.model_dump()) if self.source else None,
            whole=self.whole,
            more={"name": self.name} if self.name else {},
        )


class SampleOut(Out):
    features: dict[str, Any]
    bounds: list[float] | None
    outside: int
    suggestion: str | None
    crs: str
    mapping: dict[str, dict[str, str]]


class RowOut(Out):
    at: int = Field(description="Its place in the order; what comes next is behind it.")
    line: int | None = Field(description="As a person counts who opens the file; null for what is not in it.")
    verdict: str
    source_key: str | None
    reason: str | None
    field: str | None
    value: str | None
    message: str | None
    fields: dict[str, Any]
    was: dict[str, Any] | None
    geometry: dict[str, Any] | None


class RowsOut(Out):
    rows: list[RowOut]
    next: int | None


class MapOut(Out):
    type: str = "FeatureCollection"
    features: list[dict[str, Any]]
    sampled: bool = Field(description="There are more than are shown.")


def told(known: Delivery, language: Language) -> dict[str, Any]:
    """A delivery as it is answered."""
    names = ("id", "district", "version", "state", "step", "share", "file", "bytes", "format", "layer", "encoding")
    more = ("crs", "target", "mapping", "created_at", "changed_at")
    counted = dict(known.counts)
    usual = {
        name: counted.pop(name)
        for name in ("added", "changed", "same", "gone", "rejected", "kinds", "division")
        if name in counted
    }
    return {
        **{name: getattr(known, name) for name in (*names, *more)},
        "layers": known.inspected.get("layers", []),
        "encoding_how": known.inspected.get("encoding_how"),
        **{how: known.inspected.get(how, "unknown") for how in ("crs_how", "target_how", "mapping_how")},
        "targets": columns(known),
        "source": {**known.plan.get("source", {"name": "", "licence": "", "attribution": ""}), "id": known.source},
        "whole": bool(known.plan.get("whole", True)),
        "counts": {**usual, "more": counted},
        "error": wrong(known, language),
    }


def columns(known: Delivery) -> dict[str, list[dict[str, Any]]]:
    """What the rows of this file may become."""
    if known.target in ("place", "changes"):
        return {known.target: []}
    possible = [one for one in targets().values() if (one.target == "areas") == (known.district is None)]
    return {
        one.target: [
            {"column": c.column, "required": c.required, "type": c.type, "allowed": list(c.allowed) or None}
            for c in one.columns
        ]
        for one in possible
    }


def wrong(known: Delivery, language: Language) -> dict[str, Any] | None:
    """Why it failed, said."""
    if known.error is None:
        return None
    said = messages.problem(known.error["code"], known.error["params"], language)
    return {**known.error, "message": said.message, "help": said.help}


def row(found: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """One line as it is answered."""
    said = messages.said("rows", found["reason"], found, language) if found["reason"] else None
    return {**found, "at": found["line"], "line": None if found["line"] < 0 else found["line"], "message": said}
