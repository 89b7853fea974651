"""Importing a place: an OSM extract in, a living district out, all of it or nothing.

`import_place` is the use case. It reads and clips (no transaction open), builds the road graphs into a folder of their
own, then stores everything with grid and search keys in one transaction.
"""

from gis.importing.place import ATTRIBUTION, import_place

__all__ = ["ATTRIBUTION", "import_place"]
