"""Migrates attendance's schema with `kernel.data.migrations`."""

import services.attendance.absences.tables
import services.attendance.checks.tables
import services.attendance.copies.tables  # noqa: F401  # these three declare their tables on the `Base`
from kernel.data.migrations import run
from services.attendance.base import Base

run(Base.metadata)
