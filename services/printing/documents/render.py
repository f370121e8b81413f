"""Renders a document in its own process: `python -m services.printing.documents.render` reads JSON and writes a PDF.

typst blocks its caller and keeps memory after each document, so each document gets a new process. It uses only the
fonts of typst's package, whose Libertinus Serif has Cyrillic. A warning, such as a missing font, is a failure: it
would show on paper.
"""

from __future__ import annotations

import hashlib
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

TEMPLATES: Final = Path(__file__).parent / "templates"
STANDARD: Final = "a-2b"
#: The field of the data that tells the day on which the document is made.
MADE_ON: Final = "made_on"
#: Time limit of a document, in seconds; a page takes less than one.
LONGEST: Final = 120


class NotRendered(RuntimeError):
    """Rendering failed. The message gives the cause without the printed data."""


def rendered(template: str, data: dict[str, Any]) -> bytes:
    """Render a template and its data to PDF in a new process. Raises `NotRendered`."""
    command = [sys.executable, "-P", "-m", "services.printing.documents.render", template, str(LONGEST)]
    done = subprocess.run(  # noqa: S603  # our own module, by our own interpreter
        command, input=json.dumps(data).encode(), capture_output=True, check=False
    )
    if done.returncode == -signal.SIGALRM:
        raise NotRendered(f"It took longer than {LONGEST} seconds.")
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise NotRendered(f"The renderer ended with status {done.returncode}: {said[:300]}")
    return done.stdout


def fingerprint(template: str, data: dict[str, Any]) -> str:
    """The SHA-256 of what a document is made of, but for the day on which it is made.

    Documents of the same fingerprint say the same.
    """
    source = (TEMPLATES / f"{template}.typ").read_bytes()
    told = {name: value for name, value in data.items() if name != MADE_ON}
    return hashlib.sha256(source + json.dumps(told, sort_keys=True).encode()).hexdigest()


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """Render a template and its data to PDF in this process. Raises `NotRendered` for warnings."""
    import typst  # in the process that makes the document alone: it takes seven megabytes

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
    import pikepdf  # where a document is made alone: it takes four megabytes

    with pikepdf.open(io.BytesIO(document)) as opened:
        return len(opened.pages)


def main() -> None:
    """Run the rendering process. A timer kills it at the time limit, even if typst hangs or the caller is gone."""
    template, longest = sys.argv[1:]
    signal.setitimer(signal.ITIMER_REAL, float(longest))
    sys.stdout.buffer.write(pdf(template, json.load(sys.stdin)))


if __name__ == "__main__":
    main()
