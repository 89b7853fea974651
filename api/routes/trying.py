"""Roads as they would be: for a question that is only tried, nothing in force is touched."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from api.answers import Refused
from api.messages import Language
from api.schemas import roads
from api.wiring import House
from gis.database import begin
from gis.errors import TravelUnavailable
from gis.model import District, Mode
from gis.store import closures, districts
from gis.travel import drawn
from gis.travel.closing import Closure, trial
from gis.travel.engine import TravelEngine

AROUND = 30.0  #: metres around a point that names no radius


@contextmanager
def closed(
    house: House, place: District, drawings: Sequence[Mapping[str, Any]], language: Language
) -> Iterator[TravelEngine | None]:
    """The roads of `place` without those under the drawings (GeoJSON geometries); None where nothing is drawn.

    What is closed now stays closed. Raises BadShape; Refused where roads cannot be closed here, and why.
    """
    if not drawings:
        yield None
        return
    wanted = [
        Closure(id=-k, geometry=_shape(one, place), modes=frozenset(Mode)) for k, one in enumerate(drawings, start=1)
    ]
    with begin(house.engine) as tx:
        graphs = districts.graphs(tx, place.id)
        standing = closures.to_close(closures.live(tx, place.id, datetime.now(UTC)))
    folder = house.settings.folder / (graphs or f"graphs/none-{place.id}")
    try:
        with trial(folder, wanted, beside=standing) as then:
            yield then
    except TravelUnavailable as error:
        said = roads.trouble(str(error.params.get("reason")), language)
        raise Refused(422, "request.no_trial", field="close", reason=said["message"] if said else "") from error


def _shape(given: Mapping[str, Any], place: District) -> Any:
    radius = given.get("radius_m", AROUND) if given.get("type") == "Point" else None
    return drawn.shape(given, radius_m=radius, within=place.clip)
