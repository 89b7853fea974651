"""Divisions: drawn, checked, proposed, approved, compared."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.identity import Caller, Key, Language, permits
from api.schemas import dividing
from api.schemas import divisions as forms
from api.schemas.problem import refusals
from api.schemas.roads import VersionIn
from api.wiring import House, HouseDep
from dispatch.dividing import deciding, drawing, giving, seeing
from dispatch.model import Deed, User
from gis.errors import BadQuestion
from gis.grid.given import How
from gis.grid.model import Measure, Targets
from gis.model import Division

router = APIRouter(prefix="/api", tags=["divisions"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Other = Annotated[int, Query(alias="with", ge=1, le=2**31 - 1, description="The division that was before.")]
seers, drawers, approvers = permits(Deed.SEE_GROUND), permits(Deed.DRAW_GRID), permits(Deed.APPROVE_GRID)
READ, WRITE = refusals(401, 403, 404), refusals(401, 403, 404, 409, 422)


@router.get("/districts/{district}/divisions", response_model=forms.DivisionsOut, dependencies=[seers], responses=READ)
def divisions(district: Number, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """All divisions: what stands, what is coming, what was."""
    found = seeing.listed(house.engine, who=who, district=house.district(district).id)
    return {"divisions": dividing.divisions(found, language)}


@router.post(
    "/districts/{district}/divisions",
    response_model=forms.DivisionOut,
    status_code=201,
    dependencies=[drawers],
    responses=WRITE,
)
def begin(
    district: Number,
    given: forms.BeginIn,
    who: Caller,
    house: HouseDep,
    language: Language,
    key: Key,
    response: Response,
) -> dict[str, Any]:
    """A draft with the cells of another division; or to be cut, which the worker does (202)."""
    place = house.district(district).id
    if sum(one is not None for one in (given.based_on, given.cut, given.import_)) != 1:
        raise BadQuestion(field="based_on", value=given.based_on, allowed="based_on_or_cut")
    if given.import_ is not None:
        return _told(drawing.draft_of_import(house.engine, who=who, batch=given.import_), who, house, language)
    if given.cut is not None:
        cut = given.cut
        targets = Targets(measure=Measure(cut.measure), aim=cut.aim, least=cut.least, most=cut.most)
        made = drawing.draft_cut(house.engine, who=who, district=place, targets=targets, note=given.note, key=key)
        response.status_code = 202
        return _told(made, who, house, language)
    assert given.based_on is not None  # noqa: S101 - one of the three is there
    made = drawing.draft(house.engine, who=who, district=place, based_on=given.based_on, note=given.note, key=key)
    return _told(made, who, house, language)


@router.get("/divisions/{division}", response_model=forms.DivisionOut, dependencies=[seers], responses=READ)
def division(division: Number, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """One division: how far its cut is, who proposed it."""
    return dividing.divisions(seeing.one(house.engine, who=who, division=division), language)[0]


@router.get("/divisions/{division}/cells", response_model=forms.FeaturesOut, dependencies=[seers], responses=READ)
def cells(division: Number, who: Caller, house: HouseDep) -> dict[str, Any]:
    """The cells as GeoJSON, with what becomes of those in force."""
    return dividing.collection(seeing.cells(house.engine, who=who, division=division))


@router.post("/divisions/{division}/edits", response_model=forms.EditedOut, dependencies=[drawers], responses=WRITE)
def edit(division: Number, given: forms.EditIn, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """Split, merge, move a border, give ground; `dry` tries it and says what would be wrong."""
    done = drawing.edit(
        house.engine, who=who, division=division, version=given.version, wanted=given.wanted(), dry=given.dry
    )
    return dividing.edited(done, language)


@router.get("/divisions/{division}/edits", response_model=forms.HistoryOut, dependencies=[seers], responses=READ)
def edits(division: Number, who: Caller, house: HouseDep) -> dict[str, Any]:
    """What was done to a draft, the oldest first."""
    found, names = seeing.history(house.engine, who=who, division=division)
    return {"edits": dividing.history(found, names)}


@router.post("/divisions/{division}/undo", response_model=forms.EditedOut, dependencies=[drawers], responses=WRITE)
def undo(division: Number, given: VersionIn, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """Take the last edit back."""
    done = drawing.undo(house.engine, who=who, division=division, version=given.version)
    return dividing.edited(done, language)


@router.post("/divisions/{division}/redo", response_model=forms.EditedOut, dependencies=[drawers], responses=WRITE)
def redo(division: Number, given: VersionIn, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """Do again what was undone last."""
    done = drawing.redo(house.engine, who=who, division=division, version=given.version)
    return dividing.edited(done, language)


@router.get("/divisions/{division}/faults", response_model=forms.FaultsOut, dependencies=[seers], responses=READ)
def faults(division: Number, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """What is wrong with a draft, where, and what can be done about it. What stands was proved and has nothing."""
    _, found = drawing.faults(house.engine, who=who, division=division)
    if found is None:
        return {"faults": []}
    codes = {row.key: row.code for row in found.hood.rows.values() if row.code}
    return {"faults": dividing.faults(found.faults, found.hood.plane, codes, language)}


@router.post("/divisions/{division}/mend", response_model=forms.MendedOut, dependencies=[drawers], responses=WRITE)
def mend(division: Number, given: forms.MendIn, who: Caller, house: HouseDep, language: Language) -> dict[str, Any]:
    """Mend some faults or all that can be; `dry` says what would be done."""
    if given.how is not None and given.how not in set(How):
        raise BadQuestion(field="how", value=given.how, allowed=", ".join(How))
    done = drawing.mend(
        house.engine,
        who=who,
        division=division,
        version=given.version,
        keys=None if given.faults == "all" else set(given.faults),
        how=None if given.how is None else How(given.how),
        dry=given.dry,
    )
    return dividing.repaired(done, language)


@router.post("/divisions/{division}/propose", response_model=forms.DivisionOut, dependencies=[drawers], responses=WRITE)
def propose(
    division: Number, given: forms.ProposeIn, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Lay a sound draft before a colleague, with the date from which it shall hold."""
    done = deciding.propose(
        house.engine,
        who=who,
        division=division,
        version=given.version,
        starts=given.starts,
        note=given.note,
        key=key,
    )
    return _told(done, who, house, language)


@router.post(
    "/divisions/{division}/approve", response_model=forms.DivisionOut, dependencies=[approvers], responses=WRITE
)
def approve(
    division: Number, given: VersionIn, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Let it come into force at its date; never by whoever made or proposed it."""
    done = deciding.approve(house.engine, who=who, division=division, version=given.version, key=key)
    return _told(done, who, house, language)


@router.post(
    "/divisions/{division}/reject", response_model=forms.DivisionOut, dependencies=[approvers], responses=WRITE
)
def reject(
    division: Number, given: forms.ReasonIn, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Send it back, with the reason."""
    done = deciding.reject(
        house.engine, who=who, division=division, version=given.version, reason=given.reason, key=key
    )
    return _told(done, who, house, language)


@router.post(
    "/divisions/{division}/withdraw", response_model=forms.DivisionOut, dependencies=[drawers], responses=WRITE
)
def withdraw(
    division: Number, given: VersionIn, who: Caller, house: HouseDep, language: Language, key: Key
) -> dict[str, Any]:
    """Take a proposal or a plan back."""
    done = deciding.withdraw(house.engine, who=who, division=division, version=given.version, key=key)
    return _told(done, who, house, language)


@router.post("/divisions/{division}/drop", status_code=204, dependencies=[drawers], responses=WRITE)
def drop(division: Number, given: VersionIn, who: Caller, house: HouseDep, key: Key) -> None:
    """Throw a draft away."""
    deciding.drop(house.engine, who=who, division=division, version=given.version, key=key)


@router.get("/divisions/{division}/changes", response_model=forms.ChangesOut, dependencies=[seers], responses=READ)
def changes(division: Number, before: Other, who: Caller, house: HouseDep) -> dict[str, Any]:
    """What became of what, and how numbers are converted: by people, not by area."""
    return dividing.changes(seeing.compared(house.engine, who=who, division=division, other=before))


@router.get(
    "/districts/{district}/duties",
    response_model=forms.DutiesOut,
    dependencies=[permits(Deed.SEE_DESK)],
    responses=READ,
)
def duties(district: Number, who: Caller, house: HouseDep) -> dict[str, Any]:
    """Who answers for which cell in force; null where nobody does."""
    found = giving.duties(house.engine, who=who, district=house.district(district).id)
    return {"duties": [{"cell": cell, "responder": held} for cell, held in sorted(found.items())]}


@router.put(
    "/districts/{district}/duties",
    response_model=forms.DutiesOut,
    dependencies=[permits(Deed.MANAGE_CREW)],
    responses=WRITE,
)
def give_duties(district: Number, given: forms.DutiesIn, who: Caller, house: HouseDep, key: Key) -> dict[str, Any]:
    """Make somebody answer for cells; refused where anybody's cells would not hang together."""
    place = house.district(district).id
    giving.give(house.engine, who=who, district=place, responder=given.responder, given=set(given.cells), key=key)
    return duties(district, who, house)


def _told(found: Division, who: User, house: House, language: Language) -> dict[str, Any]:
    return dividing.divisions(seeing.one(house.engine, who=who, division=found.id), language)[0]
