"""Renders a document, in a process of its own: `python -m services.printing.documents.render` takes JSON, gives a PDF.

typst holds up whatever calls it and keeps memory for each document: the process ends with the document. The fonts
inside typst's own package are used and no others: Libertinus Serif has Cyrillic. A warning, such as of a missing
font, is a failure: it would show on paper.
"""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import pikepdf
import typst

TEMPLATES: Final = Path(__file__).parent / "templates"
STANDARD: Final = "a-2b"
#: Seconds that a document may take; a page takes less than one.
LONGEST: Final = 120


class NotRendered(RuntimeError):
    """The document could not be made; the message says why, without what was to be printed."""


def rendered(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of a template and its data, made in a process of its own. Raises `NotRendered`."""
    command = [sys.executable, "-m", "services.printing.documents.render", template, str(LONGEST)]
    done = subprocess.run(  # noqa: S603  # our own module, by our own interpreter
        command, input=json.dumps(data).encode(), capture_output=True, check=False
    )
    if done.returncode == -signal.SIGALRM:
        raise NotRendered(f"It took longer than {LONGEST} seconds.")
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise NotRendered(f"The renderer ended with status {done.returncode}: {said[:300]}")
    return done.stdout


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of a template and its data. Raises `NotRendered` for a warning too."""
    made, warnings = typst.compile_with_warnings(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        format="pdf",
        sys_inputs={template: json.dumps(data)},
        ignore_system_fonts=True,
        pdf_standards=STANDARD,
        timestamp=int(time.time()),
        pdf_tags=False,  # thousands of cells: tags make the file twenty times larger
    )
    if warnings:
        raise NotRendered(f"{len(warnings)} warnings, the first: {warnings[0].message}")
    assert isinstance(made, bytes)
    return made


def pages_of(document: bytes) -> int:
    """The number of pages of a PDF."""
    with pikepdf.open(io.BytesIO(document)) as opened:
        return len(opened.pages)


def main() -> None:
    """The process: it ends itself when its time is over, whatever typst is doing and whoever waits for it."""
    template, longest = sys.argv[1:]
    signal.setitimer(signal.ITIMER_REAL, float(longest))
    sys.stdout.buffer.write(pdf(template, json.load(sys.stdin)))


if __name__ == "__main__":
    main()
