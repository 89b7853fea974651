"""One sign-in link per role, for whoever tries the product on this machine."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from api.demo import crew, script
from api.machine import cluster
from api.settings import Settings, is_loopback
from dispatch import accounts
from gis.database import begin, engine_for
from gis.store import districts

LASTS = timedelta(days=30)


def links(settings: Settings) -> list[tuple[str, str]]:
    """(role, address) for the newest place of the demonstration; nothing outside demo mode or beyond loopback."""
    if not settings.demo or not is_loopback(settings.host):
        return []
    engine = engine_for(cluster.address(settings), size=2)
    try:
        return [(role, f"{settings.address}/enter/{token}") for role, _, token in tokens(engine)]
    finally:
        engine.dispose()


def tokens(engine: Engine) -> list[tuple[str, str, str]]:
    """(role, name, token) of the visitors' accounts in the newest place of the demonstration."""
    with begin(engine) as tx:
        places = [one for one in districts.districts(tx) if one.fictional]
    if not places:
        return []
    known = {user.login: user for user in accounts.all_users(engine)}
    made = []
    for role, name in script.visitors().items():
        user = known.get(crew.login(role, places[-1]))
        if user:
            made.append((role.partition("-")[0], name, accounts.make_link(engine, user.id, lasts=LASTS, reusable=True)))
    return made
