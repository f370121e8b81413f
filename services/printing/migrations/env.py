"""Printing's schema, brought up to date by `kernel.migrations`."""

from kernel.migrations import run
from services.printing.tables import Base

run(Base.metadata)
