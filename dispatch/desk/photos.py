"""Photos of a case, kept without what the camera wrote beside the picture: no position, no name, no serial number."""

from __future__ import annotations

import warnings
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageOps

from dispatch import policy, store
from dispatch.desk.room import Desk
from dispatch.errors import Invalid, NotAnImage, TooLarge
from dispatch.lifecycle import check_stage
from dispatch.model import AssignmentId, Attachment, Deed, Event, Incident, IncidentId, User
from gis.database import Transaction

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2560
FORMATS = ("JPEG", "PNG", "WEBP")


def attach(
    desk: Desk, *, who: User, incident: IncidentId, assignment: AssignmentId | None = None, body: bytes, key: str | None
) -> Attachment:
    """Keep a photo of the case. Raises TooLarge, NotAnImage, NotNow (the case is over), Forbidden."""
    picture = cleaned(body)

    def deed(tx: Transaction) -> Attachment:
        case = store.incident(tx, incident)
        policy.require(who, Deed.ATTACH, case, mine=_is_on(tx, who, case) or case.reported_by == who.id)
        if assignment is not None and store.assignment(tx, assignment).incident != incident:
            raise Invalid(field="assignment", value=assignment, allowed="of_case")
        return keep(tx, case, assignment, who, picture)

    asked = {"incident": incident, "assignment": assignment, "sha256": sha256(body).hexdigest()}
    return desk.once(Attachment, deed, name=Deed.ATTACH, key=key, who=who, asked=asked)


def keep(
    tx: Transaction, case: Incident, assignment: AssignmentId | None, who: User | None, picture: bytes
) -> Attachment:
    """Store a cleaned picture and announce it."""
    check_stage(case, Deed.ATTACH)
    actor = who.id if who else None
    file = store.add_attachment(
        tx, incident=case.id, assignment=assignment, user=actor, media_type="image/jpeg", body=picture
    )
    event = Event(
        kind="incident.attached",
        district=case.district,
        area=case.area,
        incident=case.id,
        assignment=assignment,
        actor=actor,
        body={"file": {"id": file.id, "media_type": file.media_type}},
    )
    store.record(tx, event)
    return file


def cleaned(body: bytes) -> bytes:
    """The picture upright, at most 2560 pixels long, as JPEG without metadata. Raises TooLarge, NotAnImage."""
    if len(body) > MOST_BYTES:
        raise TooLarge(field="file", value=len(body), allowed=MOST_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the bound is ours, and lower
            with Image.open(BytesIO(body), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise TooLarge(field="file", value=opened.width * opened.height, allowed=MOST_PIXELS)
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except TooLarge:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAnImage(field="file", allowed=list(FORMATS)) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    written = BytesIO()
    bare.save(written, "JPEG", quality=85, optimize=True)
    return written.getvalue()


def _is_on(tx: Transaction, who: User, case: Incident) -> bool:
    mine = [a for a in store.assignments_of(tx, [case.id]) if a.responder == who.responder]
    return who.responder is not None and bool(mine)
