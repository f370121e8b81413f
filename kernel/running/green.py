"""Patches the process for eventlet when it is imported: before anything that makes threads, locks or sockets."""

from __future__ import annotations

import importlib
import warnings

# known and decided (docs/decisions.md): it need not be said at every start
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
importlib.import_module("eventlet").monkey_patch()

#: That this module was imported.
PATCHED = True
