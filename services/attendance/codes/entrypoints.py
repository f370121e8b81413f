"""Entry point of absence codes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from contracts.attendance.codes import Codes
from kernel.auth import Actor
from kernel.contract import Empty
from kernel.running.entrypoints import Entrypoints, rpc
from services.attendance.codes import rules


class CodesEntrypoints(Entrypoints):
    """The school's dictionary of absence codes."""

    @rpc(Codes.codes)
    def codes(self, actor: Actor, command: Empty) -> dict[str, Any]:
        """Absence codes of the school; every school uses the default dictionary so far."""
        return {"codes": [asdict(code) for code in rules.DEFAULT]}
