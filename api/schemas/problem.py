"""How an error looks, and how it stands in the description of the interface."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.schemas.base import Out


class FieldProblem(Out):
    field: str = Field(examples=["point.lon"])
    value: Any = Field(default=None, description="What was sent.")
    message: str


class Problem(Out):
    code: str = Field(description="Stable; programs read this.", examples=["work.stale"])
    message: str = Field(description="A sentence in the caller's language.")
    field: str | None = None
    value: Any = None
    params: dict[str, Any] = Field(default_factory=dict)
    help: str = Field(description="The way out.")
    fields: list[FieldProblem] | None = Field(default=None, description="With code `request.invalid` only.")


class ProblemOut(Out):
    error: Problem


MEANINGS = {
    401: "Nobody is signed in.",
    403: "This person may not do this, or the CSRF token is missing.",
    404: "There is no such thing, or it is out of the caller's scope.",
    409: "Stale, taken, not now, or a key used twice.",
    413: "The file is too large.",
    422: "A field is wrong; `fields` says which, with its value and the way out.",
    429: "Too many requests; `Retry-After` says when.",
    503: "PostgreSQL does not answer; `Retry-After` says when. Nothing was stored.",
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these, and with 503 as every route may."""
    return {status: {"model": ProblemOut, "description": MEANINGS[status]} for status in (*statuses, 503)}
