"""Geocoders of others, asked only where an installation names them, and only after the own register: what each of them
is asked and answers (`services`), over HTTP (`asking`), with patience and memory (`guarding`), behind our own register
(`beyond`)."""

from gis.geocode.outside.beyond import Beyond
from gis.geocode.outside.services import SERVICES, Service

__all__ = ["SERVICES", "Beyond", "Service"]
