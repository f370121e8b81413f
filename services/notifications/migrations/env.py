"""Migrates notifications' schema with `kernel.data.migrations`."""

import services.notifications.copies.tables
import services.notifications.deliveries.tables  # noqa: F401  # both declare their tables on the `Base`
from kernel.data.migrations import run
from services.notifications.base import Base

run(Base.metadata)
