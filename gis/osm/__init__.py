"""What an OSM extract says: read it, class its tags, choose the place, clip to it, count.

Pure of SQL. `reading` turns a file into things (tags and a geometry), `tags`, `facilities` and `features` say what
they are, `place` and `hierarchy` find the place and its communities, `clipping` and `grounding` keep and join what lies
in it, `drawing` makes the base map of it, `people` estimates who lives there. `gis.importing` pours the outcome into
the database.
"""
