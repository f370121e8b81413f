"""Scripts that load one another, at addresses that change with any of them: browsers keep them forever.

What a script imports from beside it is asked for beside its own address, without the hash that a template adds to an
address. So the hash of all scripts is a part of the path. They are sent without comments of whole lines and without
indentation, a third of what they weigh compressed: no script has a text of several lines.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from gateway.door.compression import FOREVER

blueprint = Blueprint("modules", __name__)
ENDPOINT: Final = "modules.static"
_IMPORT: Final = re.compile(r'(?:from|import\() ?"(\.[^"]+\.js)"')
#: A comment that fills its lines, and what stands before a line's first letter.
_SPARED: Final = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n|^[ \t]*//[^\n]*\n|^[ \t]+", re.MULTILINE | re.DOTALL)


@blueprint.route("/modules/<version>/<path:filename>", endpoint="static")
def file(version: str, filename: str) -> Response:
    """A script; of another version the present one, which is not to be kept."""
    path = safe_join(_folder(), filename)
    if path is None or not filename.endswith(".js") or not Path(path).is_file():
        raise NotFound
    answer = Response(_spared(path), mimetype="text/javascript")
    if version == _version(_folder()):
        answer.headers["Cache-Control"] = FOREVER
    return answer


def address(filename: str) -> str:
    """The address of a script."""
    return f"/modules/{_version(_folder())}/{filename}"


def addresses(first: str) -> list[str]:
    """The addresses of a script and of all that it imports, in turn, for the browser to fetch at once."""
    return [address(one) for one in _imported(_folder(), first)]


@cache
def _imported(folder: str, first: str) -> list[str]:
    found = [first]
    for one in found:  # it grows
        place = Path(one).parent
        names = _IMPORT.findall(_spared(f"{folder}/{one}"))
        paths = [Path(os.path.normpath(place / name)).as_posix() for name in names]
        found += sorted({*paths} - {*found})
    return found


@cache
def _spared(path: str) -> str:
    return _SPARED.sub("", Path(path).read_text(encoding="utf-8"))


def _folder() -> str:
    return current_app.static_folder or ""


@cache
def _version(folder: str) -> str:
    found = hashlib.sha256()
    for path in sorted(Path(folder).rglob("*.js")):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]
