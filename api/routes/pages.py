"""The built front end. Every page is the same file; the browser knows which one it shows."""

import html
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from api import messages
from api.answers import Refused
from api.identity import public
from api.wiring import HouseDep

router = APIRouter(include_in_schema=False)

FOREVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"


@router.get("/{path:path}", dependencies=[public])
def page(path: str, request: Request, house: HouseDep) -> Response:
    """A file of the build, or the page that all addresses of the product share."""
    folder = house.settings.web
    if path == "api" or path.startswith("api/"):
        raise Refused(404, "request.not_found")
    file = _inside(folder, path)
    if file is not None:
        return FileResponse(file, headers={"Cache-Control": FOREVER if path.startswith("assets/") else ALWAYS_ASK})
    if path.startswith("assets/") or Path(path).suffix:
        raise Refused(404, "request.not_found")
    index = folder / "index.html"
    if not index.is_file():
        return _not_built(request)
    return FileResponse(index, headers={"Cache-Control": ALWAYS_ASK})


def _inside(folder: Path, path: str) -> Path | None:
    """The file that `path` names in `folder`; None where there is none or it would lead out."""
    if not path or "\0" in path:
        return None
    file = (folder / path).resolve()
    return file if file.is_relative_to(folder.resolve()) and file.is_file() else None


def _not_built(request: Request) -> Response:
    words = messages.page("not_built", messages.language_of(request.headers.get("accept-language")))
    said = {name: html.escape(text) for name, text in words.items()}
    body = f"<title>Gridward</title><h1>{said['title']}</h1><p>{said['text']}</p><p>{said['help']}</p>"
    return HTMLResponse(f"<!doctype html><meta charset=utf-8>{body}", 503, {"Retry-After": "30"})
