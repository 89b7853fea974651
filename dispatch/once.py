"""One transaction per use case, and one answer per request.

A phone repeats what it got no answer to, and two servers may hold the same request at once. Whoever claims the key
first does the deed; the other waits for that commit and says the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, cast

from pydantic import TypeAdapter
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from dispatch.errors import KeyReused, Stale, Taken
from dispatch.model import User
from dispatch.store import keys
from gis.database import Transaction
from gis.database import begin as transaction

ATTEMPTS = 5
EXCLUSION, UNIQUE, DEADLOCK, SERIALIZATION = "23P01", "23505", "40P01", "40001"
ONE_UNDER_WAY, ONE_PER_INCIDENT, ONE_PER_KEY = (
    "assignment_one_under_way_idx",
    "assignment_one_per_incident_idx",
    "incident_source_request_key_key",
)

_CODECS: dict[Any, TypeAdapter[Any]] = {}


class Contended(Taken):
    """Two transactions wanted one person's time at once. A second try sees what the first one left."""


def once[Answer](
    engine: Engine,
    kind: type[Answer],
    deed: Callable[[Transaction], Answer],
    *,
    name: str,
    key: str | None,
    who: User | None,
    asked: Mapping[str, Any],
) -> Answer:
    """Do `deed` in one transaction. The same `key` of the same person gives the first answer again and does nothing.

    `asked` is what makes two requests the same. Raises KeyReused when it differs, Taken where the responder is bound,
    Stale where somebody else was there first; what merely collided is tried again.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _attempt(engine, kind, deed, name=name, key=key, actor=_actor(who), digest=_digest(asked))
        except Contended:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _attempt[Answer](
    engine: Engine,
    kind: type[Answer],
    deed: Callable[[Transaction], Answer],
    *,
    name: str,
    key: str | None,
    actor: str,
    digest: bytes,
) -> Answer:
    with begin(engine) as tx:
        if key is None:
            return deed(tx)
        first = keys.claim(tx, actor=actor, key=key, deed=name, digest=digest)
        if first is not None:
            return cast(Answer, _codec(kind).validate_python(first["answer"]))
        answer = deed(tx)
        keys.answer(tx, actor=actor, key=key, said={"answer": _codec(kind).dump_python(answer, mode="json")})
        return answer


@contextmanager
def begin(engine: Engine) -> Iterator[Transaction]:
    """One transaction; what the database forbids comes out as an error of the work."""
    try:
        with transaction(engine) as tx:
            yield tx
    except DBAPIError as error:
        raise _meant(error) or error from error


def _meant(error: DBAPIError) -> Exception | None:
    code = getattr(error.orig, "pgcode", None)
    diagnosis = getattr(error.orig, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None)
    detail = getattr(diagnosis, "message_detail", None) or ""
    numbers = re.findall(r"=\((\d+)", detail)
    what = int(numbers[0]) if numbers else None
    if code in (EXCLUSION, DEADLOCK, SERIALIZATION):
        return Contended(responder=what)
    if constraint == ONE_UNDER_WAY:
        return Taken(responder=what)
    if code == UNIQUE and constraint == ONE_PER_INCIDENT:
        return Stale(what="incident", id=what, version=None, current=None)
    if code == UNIQUE and constraint == ONE_PER_KEY:
        return KeyReused(key=detail.rpartition(", ")[2].partition(")")[0])
    return None


def _actor(who: User | None) -> str:
    return "public" if who is None else str(who.id)


def _digest(asked: Mapping[str, Any]) -> bytes:
    return sha256(json.dumps(asked, sort_keys=True, default=str).encode()).digest()


def _codec(kind: Any) -> TypeAdapter[Any]:
    if kind not in _CODECS:
        _CODECS[kind] = TypeAdapter(kind)
    return _CODECS[kind]
