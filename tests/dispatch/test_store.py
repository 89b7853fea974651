"""Saves replace exactly what was read, and give back what was put in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch import store
from dispatch.errors import Invalid, Stale, Unknown
from dispatch.model import Duty, Interval, Priority
from dispatch.store import keys
from dispatch.store.classes import class_of, put_classes
from dispatch.store.plans import latest_plan
from gis.model import Point
from tests.dispatch import make
from tests.dispatch.make import Town


def test_a_case_comes_back_as_it_was_saved(town: Town) -> None:
    before = town.report(town.dispatcher)
    after = replace(before, version=2, title="改名 — Ünïcode", priority=Priority.LIFE, point=Point(24.931, 60.151))
    with town.desk.begin() as tx:
        store.save_incident(tx, before, after)
        assert store.incident(tx, before.id) == after


def test_a_stale_save_of_a_case_is_refused_with_the_current_version(town: Town) -> None:
    before = town.report(town.dispatcher)
    with town.desk.begin() as tx:
        store.save_incident(tx, before, replace(before, version=2, title="first"))
    with pytest.raises(Stale) as heard, town.desk.begin() as tx:
        store.save_incident(tx, before, replace(before, version=2, title="second"))
    assert heard.value.params == {"what": "incident", "id": before.id, "version": 1, "current": 2}
    with town.engine.connect() as tx:
        assert store.incident(tx, before.id).title == "first"


def test_a_stale_save_of_an_assignment_is_refused(town: Town) -> None:
    before = town.assigned(town.report(town.dispatcher), town.worker).assignment
    longer = Interval(start=before.during.start, end=before.during.end + timedelta(hours=1))
    after = replace(before, version=2, during=longer)
    with town.desk.begin() as tx:
        store.save_assignment(tx, before, after)
        assert store.assignment(tx, before.id) == after
    with pytest.raises(Stale), town.desk.begin() as tx:
        store.save_assignment(tx, before, after)


def test_a_stale_save_of_a_responder_is_refused(town: Town) -> None:
    before = town.responder(town.worker)
    after = replace(before, version=before.version + 1, duty=Duty.BREAK)
    with town.desk.begin() as tx:
        store.save_responder(tx, before, after)
        assert store.responder(tx, before.id) == after
    with pytest.raises(Stale), town.desk.begin() as tx:
        store.save_responder(tx, before, after)


def test_what_is_not_there_is_unknown(town: Town) -> None:
    with town.engine.connect() as tx:
        for ask in (store.incident, store.assignment, store.responder, store.user, store.attachment_body):
            with pytest.raises(Unknown):
                ask(tx, 999_999)


def test_a_version_of_the_class_table_is_never_rewritten(town: Town) -> None:
    with pytest.raises(Invalid), town.desk.begin() as tx:
        put_classes(tx, [make.kind(service_seconds=1), *town.desk.classes.classes[1:]])
    with town.desk.begin() as tx:
        put_classes(tx, [make.kind(version=2, service_seconds=1)])
        assert class_of(tx, "C0101", 2).service_seconds == 1
        assert class_of(tx, "C0101", 1) == make.MANHOLE


def test_old_answers_are_forgotten(town: Town) -> None:
    town.report(town.dispatcher)
    with town.desk.begin() as tx:
        now = keys.clock(tx)
        assert keys.forget_before(tx, now - timedelta(hours=1)) == 0
        assert keys.forget_before(tx, now + timedelta(hours=1)) == 1


def test_there_is_no_plan_before_the_first(town: Town) -> None:
    with town.engine.connect() as tx:
        assert latest_plan(tx, town.district) is None
