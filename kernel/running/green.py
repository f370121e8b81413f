"""Patches the process for eventlet on import. Import it before anything that makes threads, locks or sockets."""

from __future__ import annotations

import importlib
import os

# names are looked up in threads instead (`kernel.running.resolving`)
os.environ["EVENTLET_NO_GREENDNS"] = "yes"
importlib.import_module("eventlet").monkey_patch()
importlib.import_module("kernel.running.resolving").install()
# psycopg otherwise waits for PostgreSQL in C, where eventlet cannot run other green threads.
os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"

#: Lets importers assert that the process is patched.
PATCHED = True
