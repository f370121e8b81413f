"""Alembic's way in to the gradebook's tables."""

from kernel.data.migrations import run
from services.gradebook.tables import Base

run(Base.metadata)
