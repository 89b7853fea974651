"""Who may do what, where."""

from __future__ import annotations

import pytest

from dispatch import policy
from dispatch.errors import Forbidden
from dispatch.model import Deed, Role
from tests.dispatch import make

pytestmark = pytest.mark.pure

CASE = make.incident(area=3)


def test_every_deed_says_who_may_do_it() -> None:
    assert set(Deed) <= set(policy.ROLES) | set(policy.OWN)
    engine_only = {Deed.OFFER}
    assert not [d for d in Deed if d not in engine_only and not (policy.ROLES.get(d) or policy.OWN.get(d))]


def test_a_grant_holds_for_everything_below_its_area() -> None:
    assert policy.allows(make.user(Role.DISPATCHER, area=1, areas=(2, 3)), Deed.CLOSE, CASE)
    assert not policy.allows(make.user(Role.DISPATCHER, area=4, areas=(5,)), Deed.CLOSE, CASE)


def test_a_grant_does_not_reach_into_another_district() -> None:
    assert not policy.allows(make.user(Role.DISPATCHER, area=3), Deed.CLOSE, make.incident(area=3, district=2))


def test_a_case_that_nobody_could_locate_belongs_to_the_whole_district() -> None:
    assert policy.allows(make.user(Role.DISPATCHER, area=9), Deed.RELOCATE, make.incident(area=None))


def test_two_roles_in_two_areas_do_not_mix() -> None:
    """A supervisor there and a planner here is no supervisor here."""
    there, here = make.user(Role.SUPERVISOR, area=8), make.user(Role.PLANNER, area=3)
    both = make.user()
    both = type(both)(**{**vars(both), "grants": there.grants + here.grants})
    assert not policy.allows(both, Deed.CLOSE, CASE)
    assert policy.allows(both, Deed.SEE_DESK, CASE)


@pytest.mark.parametrize("deed", [Deed.ACCEPT, Deed.DECLINE, Deed.DEPART, Deed.ARRIVE, Deed.FEED_BACK])
def test_field_work_is_done_by_whoever_has_it(deed: Deed) -> None:
    mine = make.assignment(responder=7)
    assert policy.allows(make.user(Role.WORKER, responder=7), deed, mine)
    assert not policy.allows(make.user(Role.WORKER, responder=8), deed, mine)
    assert not policy.allows(make.user(Role.DISPATCHER, Role.SUPERVISOR), deed, mine)


def test_a_resident_judges_only_what_they_reported() -> None:
    mine = make.incident(reported_by=1)
    assert policy.allows(make.user(Role.RESIDENT), Deed.EVALUATE, mine)
    assert not policy.allows(make.user(Role.RESIDENT, key=2), Deed.EVALUATE, mine)


def test_the_contact_is_seen_by_the_desk_and_by_whoever_is_on_the_case() -> None:
    worker = make.user(Role.WORKER, responder=7)
    assert policy.allows(make.user(Role.DISPATCHER, area=3), Deed.SEE_CONTACT, CASE)
    assert policy.allows(worker, Deed.SEE_CONTACT, CASE, mine=True)
    assert not policy.allows(worker, Deed.SEE_CONTACT, CASE, mine=False)
    assert not policy.allows(make.user(Role.PLANNER, area=3), Deed.SEE_CONTACT, CASE)


def test_what_is_refused_names_the_deed_and_the_roles() -> None:
    with pytest.raises(Forbidden) as heard:
        policy.require(make.user(Role.PLANNER, area=3), Deed.CLOSE, CASE)
    assert heard.value.params == {"deed": Deed.CLOSE, "role": "planner"}


def test_the_scope_is_every_area_of_the_role_and_nothing_else() -> None:
    assert policy.scope(make.user(Role.DISPATCHER, area=1, areas=(2,)), Deed.SEE_DESK, 1) == {1, 2}
    with pytest.raises(Forbidden):
        policy.scope(make.user(Role.WORKER), Deed.SEE_DESK, 1)
    with pytest.raises(Forbidden):
        policy.scope(make.user(Role.DISPATCHER), Deed.SEE_DESK, 2)


def test_a_worker_sees_the_day_of_nobody_else() -> None:
    worker, colleague = make.user(Role.WORKER, responder=7), make.responder(id=8)
    assert policy.allows(worker, Deed.SEE_TASKS, make.responder(id=7))
    for deed in (Deed.SEE_TASKS, Deed.DUTY, Deed.POSITION):
        assert not policy.allows(worker, deed, colleague)
        assert not policy.allows(make.user(Role.WORKER), deed, colleague)


def test_somebody_without_a_role_may_nothing() -> None:
    assert not [deed for deed in Deed if policy.may(make.user(), deed)]
