"""Migrates printing's schema with `kernel.data.migrations`."""

import services.printing.documents.tables  # noqa: F401  # declares its tables on the `Base`
from kernel.data.migrations import run
from services.printing.base import Base

run(Base.metadata, jobs=True)
