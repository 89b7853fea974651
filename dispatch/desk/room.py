"""The desk: the database, and the class table in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from dispatch.classes import ClassTable, table
from dispatch.errors import Stale
from dispatch.model import Incident, IncidentClass, User
from dispatch.once import begin, once
from dispatch.store.classes import class_of, put_classes
from gis.database import Transaction


@dataclass(frozen=True)
class Desk:
    """What every use case is given first."""

    engine: Engine
    classes: ClassTable = field(default_factory=table)

    def __post_init__(self) -> None:
        with begin(self.engine) as tx:
            put_classes(tx, self.classes.classes)

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """One transaction."""
        with begin(self.engine) as tx:
            yield tx

    def once[Answer](
        self,
        kind: type[Answer],
        deed: Callable[[Transaction], Answer],
        *,
        name: str,
        key: str | None,
        who: User | None,
        asked: Mapping[str, Any],
    ) -> Answer:
        """Do `deed` in one transaction, once per key (see `dispatch.once`)."""
        return once(self.engine, kind, deed, name=name, key=key, who=who, asked=asked)

    def class_of(self, tx: Transaction, case: Incident) -> IncidentClass:
        """The class of a case as it was when it was filed."""
        if case.class_version == self.classes.version:
            return self.classes.get(case.class_code)
        return class_of(tx, case.class_code, case.class_version)


def check_version(case: Incident, version: int | None) -> None:
    """Stale when the caller saw another version than this; None: the caller has seen none."""
    if version is not None and version != case.version:
        raise Stale(what="incident", id=case.id, version=version, current=case.version)
