"""How the tests are shared among several processes: what is dear to start is started once."""

from __future__ import annotations

import re

from xdist.scheduler import LoadScopeScheduling

#: Folders whose tests share what is dear to start: one process takes all of them.
TOGETHER = ("tests/faults", "tests/e2e", "tests/browser")
#: A file of tests that take long and share nothing: any process takes any of them.
APART = ("tests/gateway/rest/test_openapi.py",)
#: Files of such a folder that start systems of their own.
OWN = ("tests/e2e/test_kills.py", "tests/e2e/test_second_start.py", "tests/e2e/test_supervisor.py")
#: The parameter that says which of two systems a test shares: one process may take one, another the other.
SYSTEM = re.compile(r"(?<=[\[-])(run|up)(?=[]-])")
#: What is begun with: it takes minutes.
FIRST = (*TOGETHER, "tests/kernel")


def unit_of(nodeid: str) -> str:
    """What the test belongs to that one process takes whole: a folder, a file, or the test itself."""
    file, _, _ = nodeid.partition("::")
    if file in APART:
        return nodeid
    folder = next((folder for folder in TOGETHER if file.startswith(f"{folder}/")), None)
    if folder is None or file in OWN:
        return file
    system = SYSTEM.search(nodeid)
    return f"{folder} [{system[1]}]" if system else folder


def place(nodeid: str) -> int:
    """Where a test comes in the order."""
    return next((number for number, folder in enumerate(FIRST) if nodeid.startswith(f"{folder}/")), len(FIRST))


class Sharing(LoadScopeScheduling):
    """Gives each process whole units. (xdist's marks of groups need pytest to show changed ids, which it does not.)"""

    def _split_scope(self, nodeid: str) -> str:
        """The method that each of xdist's own schedulers overrides."""
        return unit_of(nodeid)
