"""What was found and done, as rows for a report in JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from gis.grid.given import Fault, Mend
from gis.grid.plane import Plane


def fault_row(fault: Fault, plane: Plane | None) -> dict[str, Any]:
    """One fault; its shape in degrees where `plane` is known."""
    shape = None
    if fault.geometry is not None and plane is not None and not fault.geometry.is_empty:
        shape = shapely.geometry.mapping(
            shapely.set_precision(plane.to_degrees(fault.geometry), 1e-9, mode="pointwise")
        )
    return {
        "key": fault.key,
        "kind": fault.kind.value,
        "cells": list(fault.cells),
        "community": fault.community,
        "building": fault.building,
        "area_m2": fault.area_m2,
        "metres": fault.metres,
        "detail": fault.detail,
        "mends": [how.value for how in fault.mends],
        "geometry": shape,
    }


def mend_row(mend: Mend) -> dict[str, Any]:
    """One mend."""
    return {
        "fault": mend.fault,
        "kind": mend.kind.value,
        "how": mend.how.value,
        "cells": list(mend.cells),
        "area_m2": mend.area_m2,
    }


def report(
    *,
    cells: int,
    faults: Sequence[Fault],
    plane: Plane | None,
    mends: Sequence[Mend] = (),
    left: Sequence[Fault] | None = None,
    rejected: Sequence[tuple[int, str]] = (),
) -> Mapping[str, Any]:
    """What `gridward grid check` and `mend` leave behind: counts first, then row by row."""
    found: dict[str, Any] = {
        "cells": cells,
        "faults": len(faults),
        "kinds": dict(sorted(Counter(fault.kind.value for fault in faults).items())),
        "rejected": [{"line": line, "reason": reason} for line, reason in rejected],
        "found": [fault_row(fault, plane) for fault in faults],
    }
    if left is not None:
        found["mends"] = [mend_row(mend) for mend in mends]
        found["ways"] = dict(sorted(Counter(mend.how.value for mend in mends).items()))
        found["left"] = [fault_row(fault, plane) for fault in left]
    return found
