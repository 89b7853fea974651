"""The door: HTTP, command line, identity, settings, wiring. Knows no SQL and no business rule."""
