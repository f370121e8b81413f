"""What a process that waits has loaded: parsers and other large packages come with the first who needs them."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

from tests.kernel.processes import ROOT

_SERVICES: Final = """
from contracts import SERVICES
from services import service_class
for name in SERVICES:
    service_class(name)
"""
#: Command → what it imports before it serves.
LOADED_BY: Final = {
    "run": "import kernel.running.runner, cli.embedded, cli.live, gateway.app" + _SERVICES,
    "service": "import kernel.running.runner" + _SERVICES,
    "gateway": "import gateway.serving, gateway.app",
    "live": "import cli.live",
}
#: Packages that few requests need, each of them megabytes.
LATER: Final = {
    "alembic",  # migrations have a process of their own
    "boto3",
    "css_inline",
    "dateutil",
    "defusedxml",
    "dns",  # names are looked up by the system's resolver
    "icalendar",
    "pikepdf",
    "psycopg",  # comes with an engine of PostgreSQL
    "pyexpat",
    "typst",
    "xml",
    "zxcvbn",
}
#: Modules of ours that come with the file that they read.
READERS: Final = (
    "formats.workbook",
    "services.gradebook.past_import.readers",
    "services.gradebook.calendar.readers",
    "services.gradebook.control_works.readers",
    "services.gradebook.plans.readers",
    "services.gradebook.timetable.readers.fet",
    "services.gradebook.timetable.readers.timetable_sheet",
)


@pytest.mark.parametrize("command", LOADED_BY)
def test_a_process_that_waits_has_loaded_no_parsers(command: str) -> None:
    program = f"{LOADED_BY[command]}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert loaded & {"services.gradebook.service", "gateway.app"}, "it imports what the command does"
    assert sorted({*LATER, *READERS} & loaded) == []
