"""The catalogues and what is asked of them. See the package for how a sentence is filled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal, cast, get_args

type Params = Mapping[str, object]
Language = Literal["en", "zh-Hans", "zh-Hant"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """What went wrong and the way out."""

    message: str
    help: str


def problem(code: str, params: Params, language: Language) -> Sentence:
    """What a person is told about an error: where there is a sentence for its `reason`, that one.

    An unknown code is said as its nearest known ancestor, else as `error`.
    """
    known = _catalogue(language)["errors"]
    closer = f"{code}.{params.get('reason')}"
    found = next(known[name] for name in (closer, *_ancestors(code), "error") if name in known)
    filled = {**params, "code": code}
    return Sentence(
        message=_fill(found["message"], filled, language),
        help=_fill(found["help"], filled, language),
    )


def event(kind: str, params: Params, language: Language) -> str:
    """One line of a timeline. An unknown kind is said by its own name: the record must not have holes."""
    return _fill(_catalogue(language)["timeline"].get(kind, kind), params, language)


def rule(code: str, passed: bool, params: Params, language: Language) -> str:
    """Why somebody is fit or not, rule by rule."""
    said = _catalogue(language)["rules"].get(code)
    return _fill(said["passed" if passed else "failed"], params, language) if said else code


def waiting(reason: str, params: Params, language: Language) -> str:
    """Why an open case has nobody."""
    return _fill(_catalogue(language)["unassigned"].get(reason, reason), params, language)


def said(section: str, code: str, params: Params, language: Language) -> str:
    """One sentence of a section (parts, planning, remedies ...); the code itself where the section does not know it."""
    return _fill(_catalogue(language)[section].get(code, code), params, language)


def degraded(what: str, params: Params, language: Language) -> str:
    """What works less well at the moment."""
    return _fill(_catalogue(language)["degraded"].get(what, what), params, language)


def invalid(kind: str, params: Params, language: Language) -> str:
    """What is wrong with one field; `kind` is pydantic's name of the fault."""
    known = _catalogue(language)["invalid"]
    return _fill(known.get(kind, known["other"]), params, language)


def word(vocabulary: str, value: str, language: Language) -> str:
    """One word, such as stage `handling`; the value itself where the vocabulary does not know it."""
    return cast(str, _catalogue(language)["words"].get(vocabulary, {}).get(value, value))


def page(name: str, language: Language) -> Mapping[str, str]:
    """The words of a page that the server itself draws."""
    return cast(Mapping[str, str], _catalogue(language)["pages"][name])


def codes(section: str, language: Language) -> frozenset[str]:
    """Everything that `section` (errors, timeline, rules, unassigned, degraded ...) can say."""
    return frozenset(_catalogue(language)[section])


def speaks(accepted: str) -> bool:
    """Whether one of the languages asked for is one of ours."""
    return any(tag.startswith(("zh", "en")) for tag in _by_preference(accepted))


def language_of(accepted: str | None) -> Language:
    """The first language of an Accept-Language header, or of a plain tag, that we speak; English otherwise."""
    for tag in _by_preference(accepted or ""):
        if tag.startswith(TRADITIONAL):
            return "zh-Hant"
        if tag.startswith("zh"):
            return "zh-Hans"
        if tag.startswith("en"):
            return "en"
    return "en"


def _by_preference(accepted: str) -> list[str]:
    weighted = []
    for part in accepted.lower().split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((-float(weight or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for _, tag in sorted(weighted, key=lambda pair: pair[0])]


def _ancestors(code: str) -> list[str]:
    """work.not_now.begun -> itself, work.not_now, work."""
    parts = code.split(".")
    return [".".join(parts[:n]) for n in range(len(parts), 0, -1)]


@cache
def _catalogue(language: Language) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads((Path(__file__).parent / f"{language}.json").read_text("utf-8")))


class _Words(Formatter):
    """Fills a sentence; what is missing is left out rather than raised: a sentence must never hide the error itself."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:  # noqa: ARG002  the signature is Formatter's
        value = kwargs.get(key) if isinstance(key, str) else None
        if isinstance(value, list | tuple | set | frozenset):
            return ", ".join(word(str(key), str(one), self.language) for one in value)
        return word(str(key), str(value), self.language) if isinstance(value, str) else value

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            return "–"
        if format_spec in FORMS:
            return FORMS[format_spec](value, self.language)
        return str(value)


def _fill(sentence: str, params: Params, language: Language) -> str:
    return _Words(language).vformat(sentence, (), dict(params))


def _duration(value: Any, language: Language) -> str:
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return str(value)
    units = _catalogue(language)["units"]
    if seconds < 60:
        return cast(str, units["seconds"].format(round(seconds)))
    if seconds < 5400:
        return cast(str, units["minutes"].format(round(seconds / 60)))
    return cast(str, units["hours"].format(f"{seconds / 3600:.1f}".removesuffix(".0")))


def _length(value: Any, language: Language) -> str:
    try:
        metres = float(value)
    except (TypeError, ValueError):
        return str(value)
    units = _catalogue(language)["units"]
    if metres < 1000:
        return cast(str, units["metres"].format(round(metres)))
    return cast(str, units["kilometres"].format(f"{metres / 1000:.1f}"))


def _moment(value: Any, _: Language) -> str:
    return str(value).replace("T", " ")[:16]


FORMS = {"duration": _duration, "length": _length, "moment": _moment}
