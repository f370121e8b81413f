"""Patches the process for eventlet on import. Import it before anything that makes threads, locks or sockets."""

from __future__ import annotations

import importlib
import warnings

# a known and accepted warning (docs/decisions.md), not worth repeating at every start
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
importlib.import_module("eventlet").monkey_patch()

#: Lets importers assert that the process is patched.
PATCHED = True
