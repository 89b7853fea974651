"""What can go wrong with the work. Every error carries a stable code and its parameters, never a finished sentence."""


class WorkError(Exception):
    """Root of the tree. `code` names the sentence that the door says; `params` fill it."""

    code = "work.error"

    def __init__(self, code: str | None = None, /, **params: object) -> None:
        self.code = code or type(self).code
        self.params = params
        super().__init__(f"{self.code} {params}" if params else self.code)


class Unknown(WorkError):
    """No such incident, assignment, responder, user. Params: what, id."""

    code = "work.unknown"


class Forbidden(WorkError):
    """This person may not do this. Params: deed, role."""

    code = "work.forbidden"


class SamePerson(Forbidden):
    """Verified by someone else than whoever did the work. Params: deed, responder."""

    code = "work.same_person"


class NotNow(WorkError):
    """The deed does not fit the stage or state. Params: deed, stage."""

    code = "work.not_now"


class Stale(WorkError):
    """Somebody else changed it meanwhile. Params: what, id, version (that was sent), current."""

    code = "work.stale"


class Taken(WorkError):
    """The responder is bound at that time. Params: responder."""

    code = "work.taken"


class Gone(WorkError):
    """The responder has left. Params: responder."""

    code = "work.gone"


class KeyReused(WorkError):
    """One idempotency key, two different requests. Params: key."""

    code = "work.key_reused"


class Invalid(WorkError):
    """A value outside what is allowed. Params: field, value, allowed."""

    code = "work.invalid"


class NoReason(Invalid):
    """The deed needs a reason. Params: field, deed."""

    code = "work.no_reason"


class NoCriterion(Invalid):
    """No filing and no closing without a criterion of the class. Params: field, value, allowed (codes)."""

    code = "work.no_criterion"


class NotAnImage(Invalid):
    """The file is no picture that can be read. Params: field, allowed."""

    code = "work.not_an_image"


class TooLarge(Invalid):
    """The file is too large. Params: field, value, allowed (bytes or pixels)."""

    code = "work.too_large"


class Unauthenticated(WorkError):
    """Nobody is signed in, or the password is wrong."""

    code = "work.unauthenticated"


class TooMany(WorkError):
    """Too many attempts. Params: retry_after (s)."""

    code = "work.too_many"


class OwnProposal(Forbidden):
    """Approved by someone else than whoever made or proposed it. Params: deed."""

    code = "work.own_proposal"


class Unsound(Invalid):
    """A division with faults cannot be proposed. Params: field, value (how many), allowed, kinds."""

    code = "work.unsound"


class Apart(Invalid):
    """The cells of one person do not hang together. Params: field, value, allowed, responder, cells (codes apart)."""

    code = "work.apart"
