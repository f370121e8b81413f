"""Alembic's environment for the gradebook's tables."""

from kernel.data.migrations import run
from services.gradebook.base import Base
from services.gradebook.bundles import tables as _bundles  # noqa: F401  # imported for its tables, as the next ones
from services.gradebook.calendar import tables as _calendar  # noqa: F401  # as above
from services.gradebook.courses import tables as _courses  # noqa: F401  # as above
from services.gradebook.lessons import tables as _lessons  # noqa: F401  # as above
from services.gradebook.marks import tables as _marks  # noqa: F401  # as above
from services.gradebook.people import tables as _people  # noqa: F401  # as above
from services.gradebook.policy import tables as _policy  # noqa: F401  # as above

run(Base.metadata, jobs=True)
