"""Alembic's environment for the gradebook's tables."""

from kernel.data.migrations import run
from services.gradebook.base import Base
from services.gradebook.bells import tables as _bells  # noqa: F401  # imported for its tables, as the next ones
from services.gradebook.brought import tables as _brought  # noqa: F401  # as above
from services.gradebook.bundles import tables as _bundles  # noqa: F401  # as above
from services.gradebook.calendar import tables as _calendar  # noqa: F401  # as above
from services.gradebook.calendar_feeds import tables as _calendar_feeds  # noqa: F401  # as above
from services.gradebook.classrooms import tables as _classrooms  # noqa: F401  # as above
from services.gradebook.courses import tables as _courses  # noqa: F401  # as above
from services.gradebook.homework import tables as _homework  # noqa: F401  # as above
from services.gradebook.lessons import tables as _lessons  # noqa: F401  # as above
from services.gradebook.marks import tables as _marks  # noqa: F401  # as above
from services.gradebook.past_import import tables as _past_import  # noqa: F401  # as above
from services.gradebook.people import tables as _people  # noqa: F401  # as above
from services.gradebook.plans import tables as _plans  # noqa: F401  # as above
from services.gradebook.policy import tables as _policy  # noqa: F401  # as above
from services.gradebook.term_marks import tables as _term_marks  # noqa: F401  # as above
from services.gradebook.timetable import tables as _timetable  # noqa: F401  # as above
from services.gradebook.timetable_import import tables as _timetable_import  # noqa: F401  # as above
from services.gradebook.windows import tables as _windows  # noqa: F401  # as above

run(Base.metadata, jobs=True)
