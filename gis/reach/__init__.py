"""Who is reached in time: coverage by road from facilities or people on duty.

`cover` is the use case, `facilities` gives its sources; `measuring` holds the pure part, `drawing` turns an answer into
GeoJSON and table rows, `page` and `panel` into one HTML file to send around, `words` is what that file says.
"""

from gis.reach.covering import cover, facilities
from gis.reach.model import Band, CellReach, Circle, Coverage, Nearest, Question, Source, Totals

__all__ = [
    "Band",
    "CellReach",
    "Circle",
    "Coverage",
    "Nearest",
    "Question",
    "Source",
    "Totals",
    "cover",
    "facilities",
]
