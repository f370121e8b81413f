"""Printing's schema, brought up to date by `kernel.data.migrations`."""

from kernel.data.migrations import run
from services.printing.tables import Base

run(Base.metadata)
