"""What can go wrong on the ground. Every error carries a stable code and its parameters, never a finished sentence."""


class GroundError(Exception):
    """Root of the tree. `code` names the sentence that the door says; `params` fill it."""

    code = "ground.error"

    def __init__(self, code: str | None = None, /, **params: object) -> None:
        self.code = code or type(self).code
        self.params = params
        super().__init__(f"{self.code} {params}" if params else self.code)


class NotFound(GroundError):
    """No such district, cell, building, facility, address."""

    code = "ground.not_found"


class OutsidePlace(GroundError):
    """A position that lies outside the district. Params: lon, lat, district."""

    code = "ground.outside_place"


class BadExtract(GroundError):
    """A file that is no OSM extract, or is truncated. Params: file, reason."""

    code = "ground.bad_extract"


class BadRegister(GroundError):
    """A register of addresses that cannot be read. Params: file, reason (columns, unreadable)."""

    code = "ground.bad_register"


class BadSource(GroundError):
    """A file that cannot be taken in. Params: file, reason; found and allowed where something is too much."""

    code = "ground.bad_source"


class BadPlan(GroundError):
    """A delivery cannot be read as it was said. Params: field, value, reason; allowed."""

    code = "ground.bad_plan"


class NotInThisState(GroundError):
    """A delivery is not where this could be done to it. Params: id, state, reason (state, version, overtaken)."""

    code = "ground.not_in_this_state"


class BadGeometry(GroundError):
    """A geometry that cannot be mended. Params: what, reason."""

    code = "ground.bad_geometry"


class GridBroken(GroundError):
    """Cells that gap, overlap or leave a building out. Params: gaps, overlaps, strays."""

    code = "ground.grid_broken"


class SequenceFull(GroundError):
    """More cells in a community than its code has digits for. Params: community, limit."""

    code = "ground.sequence_full"


class TravelUnavailable(GroundError):
    """The road engine cannot answer. Params: mode, reason."""

    code = "ground.travel_unavailable"


class NoWay(GroundError):
    """No road leads through these stops, or one of them is out of reach of the roads. Params: mode."""

    code = "ground.no_way"


class BadQuestion(GroundError):
    """A parameter outside what the question allows. Params: field, value, allowed."""

    code = "ground.bad_question"


class BadShape(BadQuestion):
    """A drawn geometry that nothing can be closed by. Params: reason, field, value, allowed; at (lon, lat)."""

    code = "ground.bad_shape"


class EditRefused(BadQuestion):
    """An edit of cells that the rules do not let be made. Params: reason (see `gis.grid.editing`), cell or cells."""

    code = "ground.edit_refused"


class Stopped(GroundError):
    """Somebody gave up what was being done; nothing of it is stored."""

    code = "ground.stopped"


class Overtaken(GroundError):
    """The ground is not as it was when a change of it was looked at. Params: file."""

    code = "ground.overtaken"
