"""What is told of divisions: features, faults in words, what became of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from api import messages
from api.messages import Language
from api.messages.amounts import amount
from api.schemas.divisions import DivisionOut
from dispatch.dividing.drawing import Edited, Repaired
from dispatch.dividing.seeing import Cells, Compared, Listed
from dispatch.model import UserId
from gis.grid.given import Fault
from gis.grid.plane import Plane
from gis.model import Division
from gis.store.divided import Shown
from gis.store.drafts import DraftEdit

type Json = dict[str, Any]


def divisions(found: Listed, language: Language) -> list[Json]:
    """Divisions with what they are called."""
    return [_division(one, found, language) for one in found.divisions]


def collection(found: Cells) -> Json:
    """The cells of a division as GeoJSON."""
    return {"type": "FeatureCollection", "features": [_feature(row, found) for row in found.cells]}


def edited(done: Edited, language: Language) -> Json:
    """What an edit did or would do."""
    change, refused = done.change, done.refused
    return {
        "version": done.division.version,
        "cells": {"type": "FeatureCollection", "features": _tried(done)},
        "gone": [] if change is None else list(change.gone),
        "faults": [] if change is None else faults(change.faults, change.plane, {}, language),
        "refused": None if refused is None else _said(refused.code, refused.params, language),
    }


def repaired(done: Repaired, language: Language) -> Json:
    """What mending did or would do."""
    return {
        "version": done.division.version,
        "mends": [
            {
                "fault": one.fault,
                "how": str(one.how),
                "cells": [done.names.get(key, key) for key in one.cells],
                "area_m2": round(one.area_m2, 3),
                "message": messages.said("grid_mends", str(one.how), {}, language),
            }
            for one in done.mended.mends
        ],
        "left": faults(done.mended.left, done.change.plane, {}, language),
    }


def faults(found: Iterable[Fault], plane: Plane | None, codes: Mapping[str, str], language: Language) -> list[Json]:
    """Faults with their place on the map and in words; `codes` are what cells are called, by key."""
    return [
        {
            "key": one.key,
            "kind": str(one.kind),
            "cells": list(one.cells),
            "area": one.community,
            "metres": _rounded(one.metres),
            "area_m2": _rounded(one.area_m2),
            "geometry": _geojson(one.geometry, plane),
            "message": messages.said("grid_faults", str(one.kind), _params(one, codes), language),
            "mends": [str(how) for how in one.mends],
        }
        for one in found
    ]


def history(found: Iterable[DraftEdit], names: Mapping[UserId, str]) -> list[Json]:
    """What was done to a draft."""
    return [
        {
            "seq": one.seq,
            "op": one.kind,
            "at": None if one.made_at is None else one.made_at.astimezone(UTC),
            "by": _actor(one.made_by, names),
            "undone": one.undone,
            "cells": sorted({str(row["key"]) for row in (*one.was, *one.made)}),
        }
        for one in found
    ]


def changes(found: Compared) -> Json:
    """What became of what."""
    names = found.names
    return {
        "cells": [
            {
                "from": [names.get(key, key) for key in group.from_keys],
                "to": [names.get(key, key) for key in group.to_keys],
                "kind": str(group.kind),
            }
            for group in found.groups
        ],
        "conversion": [
            {
                "from": names.get(part.from_key, part.from_key),
                "to": names.get(part.to_key, part.to_key),
                "buildings": part.buildings,
                "people": round(part.people, 2),
                "share": round(part.share, 6),
            }
            for part in found.parts
        ],
    }


def _division(one: Division, found: Listed, language: Language) -> Json:
    told = {name: getattr(one, name) for name in DivisionOut.model_fields if hasattr(one, name)}
    people = {name: _actor(getattr(one, name), found.names) for name in ("made_by", "proposed_by", "approved_by")}
    return (
        told
        | people
        | {
            "state": str(one.state),
            "cells": found.cells.get(one.id, 0),
            "progress": None if one.share is None else {"step": one.step, "share": one.share},
            "error": None if one.error is None else _error(one.error, language),
        }
    )


def _error(error: Mapping[str, object], language: Language) -> Json:
    params = error.get("params")
    known = dict(params) if isinstance(params, Mapping) else {}
    return _said(str(error.get("code")), known, language)


def _said(code: str, params: Mapping[str, object], language: Language) -> Json:
    return {"code": code, "message": messages.problem(code, params, language).message}


def _feature(row: Shown, found: Cells) -> Json:
    of = found.of.get(row.key, ())
    change = "none" if row.cell is not None else "changed" if of else "new"
    who = found.responsible.get(row.cell) if row.cell is not None else found.heirs.get(row.key)
    facts = {name: value for name, value in vars(row).items() if name not in ("geometry", "cell")}
    answerable = None if who is None else {"id": who, "name": found.names.get(who, "")}
    own = facts | {"id": row.cell, "change": change, "of": list(of), "responsible": answerable}
    return {"type": "Feature", "geometry": row.geometry, "properties": own}


def _tried(done: Edited) -> list[Json]:
    """The rows of a change as features."""
    if done.change is None or done.called is None:
        return []
    found = []
    for row in done.change.made:
        names = ("key", "area", "area_m2", "buildings", "people", "households")
        code, seq = (row.code, None) if row.cell is None else done.called.cells[row.cell]
        facts = {name: getattr(row, name) for name in names} | {
            "code": code,
            "seq": seq,
            "area_name": None if row.area is None else done.called.areas.get(row.area),
            "change": "changed" if row.cell is None else "none",
            "of": [],
        }
        found.append({"type": "Feature", "geometry": mapping(row.geom), "properties": facts})
    return found


def _params(one: Fault, codes: Mapping[str, str]) -> Json:
    return {
        "cells": ", ".join(codes.get(key, key) for key in one.cells),
        "area_m2": amount(one.area_m2),
        "metres": amount(one.metres),
        "community": one.community or "",
        "detail": one.detail or "",
    }


def _geojson(geometry: BaseGeometry | None, plane: Plane | None) -> Json | None:
    if geometry is None or geometry.is_empty or plane is None:
        return None
    return dict(mapping(plane.to_degrees(geometry)))


def _actor(key: UserId | None, names: Mapping[UserId, str]) -> Json | None:
    return None if key is None else {"id": key, "name": names.get(key, "")}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
