"""One search in an index: from the names that stand in a text to houses (`houses`, `beside`), `crossings`, landmarks
(`landmarks`) and sorts of them (`sorts`). `state` is what they share, `search` the order in which they ask."""

from gis.geocode.searching.search import Search
from gis.geocode.searching.state import HOUSES, place

__all__ = ["HOUSES", "Search", "place"]
