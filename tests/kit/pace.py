"""How slow this machine is just now: tests of what something may cost hold on busy machines, too.

Where others work on the same processor, a second of CPU does less: caches and cores are shared. A fixed piece of work
is measured beside the one that a test is about, so that the limit is a ratio within one run.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Final
from xml.etree import ElementTree

#: Seconds of CPU that the fixed piece of work takes on a quiet core of the machines that the limits were set on.
QUIET: Final = 0.130
_ROWS: Final = 8_000


def reference() -> float:
    """Do the fixed piece of work, of the kind that readers of files do; the seconds of CPU that it took."""
    row = "<row>" + "".join(f'<c r="{letter}1" t="s"><v>Пестова {letter}</v></c>' for letter in "ABCDEFGH") + "</row>"
    started = time.process_time()
    seen: Counter[str] = Counter()
    for element in ElementTree.fromstring("<sheet>" + row * _ROWS + "</sheet>").iter("c"):
        seen[element.attrib["r"].strip("1") + (element.findtext("v") or "").casefold()] += 1
    assert set(seen.values()) == {_ROWS}
    return time.process_time() - started


def slowness(*measured: float) -> float:
    """How many times as long as on a quiet core the fixed piece of work took, on average; never less than 1."""
    return max(1.0, sum(measured) / len(measured) / QUIET)
