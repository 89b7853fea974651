"""A file that comes in a form, written to the disk as it comes: neither memory nor a second copy is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from api.answers import Refused
from gis.errors import BadSource

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MB = 1024 * 1024


async def take(request: Request, into: Path, *, most: int, field: str = "file") -> str:
    """Write the file in `field` of a multipart request to `into`; its name as it was sent.

    Raises Refused for what is no such form, BadSource (too_big) as soon as more than `most` bytes came.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise Refused(422, "request.no_file", field=field)
    into.parent.mkdir(parents=True, exist_ok=True)
    with into.open("wb") as stream:
        taking = _Taking(stream, field.encode(), most)
        parser = MultipartParser(options[b"boundary"], taking.callbacks())
        try:
            async for part in request.stream():
                await run_in_threadpool(parser.write, part)
        except FormParserError as error:
            raise Refused(422, "request.no_file", field=field) from error
    if taking.name is None:
        raise Refused(422, "request.no_file", field=field)
    return taking.name


class _Taking:
    """Hears the parts of a form and writes down the one that is wanted."""

    def __init__(self, stream: BinaryIO, field: bytes, most: int) -> None:
        self._stream, self._field, self._most = stream, field, most
        self.name: str | None = None
        self._taken = 0
        self._header = self._value = b""
        self._wanted = False

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
        }

    def _begin(self) -> None:
        self._header = self._value = b""
        self._wanted = False

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, said = parse_options_header(self._value)
            self._wanted = said.get(b"name") == self._field and b"filename" in said and self.name is None
            if self._wanted:
                self.name = said[b"filename"].decode("utf-8", "replace").replace("\x00", "")[:200] or "file"
        self._header = self._value = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._wanted:
            return
        self._taken += end - start
        if self._taken > self._most:
            raise BadSource(file=self.name, reason="too_big", found=self._taken // MB, allowed=self._most // MB)
        self._stream.write(data[start:end])
