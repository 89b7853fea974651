"""What must hold after the storm: acknowledgements against the database, the event log and what screens heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import text

from dispatch.model import Cursor
from gis.database import Transaction
from tests.faults.callers import Said


def lost(tx: Transaction, acknowledged: Mapping[Said, Iterable[str]]) -> list[str]:
    """Reports that are not stored under every number that was acknowledged."""
    stored = _stored(tx)
    return [
        f"{said} was acknowledged as {number} and is {stored[said] or 'gone'}"
        for said, numbers in acknowledged.items()
        for number in numbers
        if number not in stored[said]
    ]


def doubled(tx: Transaction, acknowledged: Mapping[Said, Iterable[str]]) -> list[str]:
    """Reports that are stored, or were acknowledged, as more than one case."""
    stored = _stored(tx)
    twice = [said for said, numbers in acknowledged.items() if len(set(numbers)) > 1 or sum(stored[said].values()) > 1]
    return [f"{said}: acknowledged {acknowledged[said]}, stored {stored[said]}" for said in twice]


def undone(tx: Transaction, deeds: Iterable[tuple[int, int]]) -> list[str]:
    """Deeds of the field, assignment and version, that were acknowledged and that no event tells."""
    question = (
        "SELECT (body->'assignment'->>'id')::bigint AS id, (body->'assignment'->>'version')::int AS version"
        " FROM event WHERE body ? 'assignment'"
    )
    told = {(row.id, row.version) for row in tx.execute(text(question))}
    return [f"assignment {key} version {version}" for key, version in deeds if (key, version) not in told]


def misheard(tx: Transaction, district: int, began: str, told: Sequence[str]) -> list[str]:
    """Events that a screen did not hear exactly once, in the order of the cursor."""
    rows = tx.execute(
        text("SELECT txid::text::bigint AS txid, seq FROM event WHERE district = :district ORDER BY event.txid, seq"),
        {"district": district},
    )
    since = _cursor(began)
    expected = [str(c) for c in (Cursor(txid=row.txid, seq=row.seq) for row in rows) if c > since]
    heard, due = Counter(told), Counter(expected)
    faults = [f"missed {one}" for one in due - heard] + [f"heard once too often {one}" for one in heard - due]
    return faults or (["heard in another order"] if list(told) != expected else [])


def _cursor(said: str) -> Cursor:
    txid, _, seq = said.partition("-")
    return Cursor(txid=int(txid), seq=int(seq))


def _stored(tx: Transaction) -> dict[Said, Counter[str]]:
    found: dict[Said, Counter[str]] = _Nothing()
    for row in tx.execute(text("SELECT source, request_key, number FROM incident")):
        found.setdefault((row.source, row.request_key), Counter())[row.number] += 1
    return found


class _Nothing(dict[Said, "Counter[str]"]):
    def __missing__(self, key: Said) -> Counter[str]:
        return Counter()
