"""Which place a request is about, and whether it is one of the caller's."""

from typing import Annotated

from fastapi import Depends, Path
from fastapi.concurrency import run_in_threadpool

from api.identity import Caller
from api.wiring import HouseDep
from dispatch import policy
from dispatch.model import Deed
from gis.model import District

Key = Annotated[int, Path(ge=1, le=2**31 - 1)]


async def _any(district: Key, house: HouseDep) -> District:
    """A thread only where PostgreSQL has to be asked."""
    known = house.known(district)
    return known if known is not None else await run_in_threadpool(house.district, district)


def _mine(district: Key, house: HouseDep, who: Caller) -> District:
    found = house.district(district)
    policy.require(who, Deed.SEE_GROUND, found.id)
    return found


AnyPlace = Annotated[District, Depends(_any)]  #: for doors that are open to everybody
MyPlace = Annotated[District, Depends(_mine)]  #: Forbidden where the caller has nothing to do
