"""What a person decides about a delivery: how to read it, to write it down, to give it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from gis.database import Transaction
from gis.errors import BadPlan
from gis.importing.deliveries.receiving import CHANGES, CHOSEN, PLACE, as_json, columns_key
from gis.sources import crs as systems
from gis.sources import encodings, proposing
from gis.sources.model import Field, Layer, Shape
from gis.sources.proposing import Source, lacking
from gis.sources.targets import Column, Target, targets
from gis.store.deliveries import batches
from gis.store.deliveries.batches import Delivery, Origin

FOREIGN: Final = (PLACE, CHANGES)
DRAWN: Final = ("cells", "areas")
PLACELESS: Final = "areas"  #: the one target that can do without a district: it makes one


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a delivery shall be read. None: as it was proposed."""

    target: str | None = None
    layer: str | None = None
    encoding: str | None = None
    crs: str | None = None
    mapping: Mapping[str, Mapping[str, str]] | None = None
    origin: Origin | None = None
    whole: bool | None = None
    more: Mapping[str, Any] = field(default_factory=dict)  #: what the target alone needs, such as the name of a place


def plan(tx: Transaction, batch: int, version: int, given: Plan) -> Delivery:
    """Take down how to read a delivery; a job may then read it. Raises BadPlan, NotInThisState, NotFound."""
    known = batches.get(tx, batch)
    target = _target(known, given)
    if target in FOREIGN:
        return _reading(tx, known, version, {"target": target}, dict(known.plan) | dict(given.more))
    shape = targets()[target]
    layer = _layer(known, given)
    mapping = _mapping(known, given, shape, layer)
    crs = _crs(known, given)
    encoding = _encoding(known, given)
    origin = given.origin or Origin(**{**known.plan["source"], "id": None})
    whole = given.whole if given.whole is not None else bool(known.plan.get("whole", True))
    decided: dict[str, Any] = {
        "target": target,
        "layer": layer.name,
        "encoding": encoding,
        "crs": crs,
        "mapping": mapping,
    }
    if known.district is not None:
        kind = batches.DRAWN if target in DRAWN else batches.REGISTER
        origin = Origin(**{**asdict(origin), "kind": kind})
        said = {"target": target, "mapping": mapping, "crs": crs, "whole": whole}
        decided["source"] = batches.keep_origin(tx, known.district, origin, {columns_key(layer): said})
    further = {"source": asdict(origin), "whole": whole, "columns": columns_key(layer), **given.more}
    hows = {**known.inspected, **_hows(known, given)}
    return _reading(tx, known, version, decided | {"inspected": hows}, further)


def agree(tx: Transaction, batch: int, version: int) -> Delivery:
    """Have a compared delivery written into the ground, or tried once more. Raises NotInThisState, NotFound."""
    known = batches.get(tx, batch)
    among = (batches.COMPARED, batches.FAILED) if known.plan.get("compared_at") else (batches.COMPARED,)
    fresh = {"step": "", "share": 0.0, "error": None, "cancel": False, "tries": 0}
    return batches.move(tx, batch, batches.APPLYING, among=among, version=version, **fresh)


def cancel(tx: Transaction, batch: int, version: int) -> Delivery:
    """Give a delivery up; one that is being read stops at its next look. What is being written is past that."""
    known = batches.get(tx, batch, lock=True)
    if known.state == batches.READING:
        batches.ask_to_stop(tx, batch)
    among = (batches.UPLOADED, batches.READING, batches.COMPARED, batches.FAILED)
    return batches.move(tx, batch, batches.CANCELLED, among=among, version=version)


def layers(known: Delivery) -> tuple[Layer, ...]:
    """The layers that were found in the file."""
    return tuple(
        Layer(
            name=one["name"],
            rows=one["rows"],
            geometry=Shape(one["geometry"]) if one["geometry"] else None,
            crs=one["crs"],
            fields=tuple(Field(**{**each, "examples": tuple(each["examples"])}) for each in one["fields"]),
        )
        for one in known.inspected.get("layers", ())
    )


def sources(mapping: Mapping[str, Mapping[str, str]]) -> dict[str, Source]:
    """A stored mapping as values."""
    return {name: Source(field=one.get("field"), value=one.get("value")) for name, one in mapping.items()}


def _reading(tx: Transaction, known: Delivery, version: int, decided: dict[str, Any], plan: dict[str, Any]) -> Delivery:
    plan.pop("compared_at", None)
    fresh = {"step": "", "share": 0.0, "error": None, "cancel": False, "tries": 0, "counts": {}, "plan": plan}
    among = (batches.UPLOADED, batches.COMPARED, batches.FAILED)
    return batches.move(tx, known.id, batches.READING, among=among, version=version, **decided, **fresh)


def _target(known: Delivery, given: Plan) -> str:
    target = given.target or known.target
    allowed = [known.target] if known.target in FOREIGN else [*targets()]
    if known.district is None and known.target not in FOREIGN:
        allowed = [PLACELESS]
    elif known.district is not None and known.target not in FOREIGN:
        allowed.remove(PLACELESS)
    if target is None:
        raise BadPlan(field="target", value=None, reason="nothing", allowed=allowed)
    if target not in allowed:
        raise BadPlan(field="target", value=target, allowed=allowed)
    return target


def _layer(known: Delivery, given: Plan) -> Layer:
    wanted = given.layer or known.layer
    found = layers(known)
    for one in found:
        if one.name == wanted:
            return one
    raise BadPlan(field="layer", value=wanted, allowed=[one.name for one in found])


def _mapping(known: Delivery, given: Plan, target: Target, layer: Layer) -> dict[str, Any]:
    """The mapping, every column and field of which exists and every required column of which is there."""
    wanted = given.mapping if given.mapping is not None else proposed(known, given)
    mapping = {name: {key: text for key, text in one.items() if text} for name, one in wanted.items()}
    mapping = {name: one for name, one in mapping.items() if one}
    fields = {one.name for one in layer.fields}
    for name, one in mapping.items():
        column = target.column(name)
        if column is None:
            known_columns = [each.column for each in target.columns]
            raise BadPlan(field="mapping", value=name, reason="column", allowed=known_columns)
        if "field" in one and one["field"] not in fields:
            raise BadPlan(field=name, value=one["field"], reason="field", allowed=sorted(fields))
        _check_constant(column, one.get("value"))
    if missing := lacking(sources(mapping), target, shaped=layer.geometry is not None):
        column = target.column(missing[0])
        allowed = list(column.allowed) if column and column.allowed else sorted(fields)
        raise BadPlan(field=missing[0], value=None, reason="required", allowed=allowed)
    return mapping


def proposed(known: Delivery, given: Plan) -> Mapping[str, Any]:
    """The mapping that goes with the target and the layer that a person chose, as far as it can be guessed."""
    target, layer = _target(known, given), _layer(known, given)
    if (target, layer.name) == (known.target, known.layer):
        return known.mapping
    return as_json(proposing.mapping(layer, targets()[target]))


def _check_constant(column: Column, value: str | None) -> None:
    if value is not None and column.allowed and value not in column.allowed:
        raise BadPlan(field=column.column, value=value, allowed=list(column.allowed))


def _crs(known: Delivery, given: Plan) -> str:
    if given.crs is None:
        if known.crs is None or known.inspected.get("crs_how") == "unknown":
            raise BadPlan(field="crs", value=known.crs, reason="crs", allowed=list(systems.USUAL))
        return known.crs
    found = systems.named(given.crs)
    if found is None:
        raise BadPlan(field="crs", value=given.crs, allowed=list(systems.USUAL))
    return found


def _encoding(known: Delivery, given: Plan) -> str | None:
    if known.encoding is None:
        return None
    if given.encoding is not None and not encodings.knows(given.encoding):
        raise BadPlan(field="encoding", value=given.encoding, allowed=["utf-8", "gb18030", "big5hkscs"])
    return given.encoding or known.encoding


def _hows(known: Delivery, given: Plan) -> dict[str, str]:
    """What a person decided otherwise than it was proposed."""
    said: dict[str, tuple[object, object]] = {
        "crs_how": (given.crs, known.crs),
        "encoding_how": (given.encoding, known.encoding),
        "target_how": (given.target, known.target),
        "mapping_how": (given.mapping, known.mapping),
    }
    return {how: CHOSEN for how, (now, before) in said.items() if now is not None and now != before}
