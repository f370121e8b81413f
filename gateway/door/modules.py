"""Scripts that load one another, at addresses that change with any of them: browsers keep them forever.

What a script imports from beside it is asked for beside its own address, without the hash that a template adds to an
address. So the hash of all scripts is a part of the path.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, current_app, send_from_directory
from werkzeug.exceptions import NotFound

from gateway.door.compression import FOREVER

blueprint = Blueprint("modules", __name__)
ENDPOINT = "modules.static"


@blueprint.route("/modules/<version>/<path:filename>", endpoint="static")
def file(version: str, filename: str) -> Response:
    """A script; of another version the present one, which is not to be kept."""
    if not filename.endswith(".js"):
        raise NotFound
    answer = send_from_directory(_folder(), filename)
    if version == _version(_folder()):
        answer.headers["Cache-Control"] = FOREVER
    return answer


def address(filename: str) -> str:
    """The address of a script."""
    return f"/modules/{_version(_folder())}/{filename}"


def addresses(folder: str, *others: str) -> list[str]:
    """The addresses of all scripts of a folder, and of others, for the browser to fetch at once."""
    root = Path(_folder())
    found = sorted(path.relative_to(root).as_posix() for path in (root / folder).glob("*.js"))
    return [address(one) for one in (*found, *others)]


def _folder() -> str:
    return current_app.static_folder or ""


@cache
def _version(folder: str) -> str:
    found = hashlib.sha256()
    for path in sorted(Path(folder).rglob("*.js")):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]
