"""What went wrong, said without personal data: for logs, and for callers."""

from __future__ import annotations

import traceback
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel.errors import Fault, LyceumError, Unavailable


def as_lyceum_error(error: BaseException) -> LyceumError:
    """The failure as its caller may see it: ours as they are, the database's absence as such, others as a fault."""
    if isinstance(error, LyceumError):
        return error
    if isinstance(error, OperationalError | PoolTimeout) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return Unavailable("The database cannot be reached now.", rule="database-away")
    return Fault("Something failed on our side. It was noted; try again later.", rule="internal")


def where(error: BaseException) -> str:
    """Kind of the error and the lines of ours that led to it. Its message is left out: it may hold data of people."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "site-packages" not in one.filename][-6:]
    path = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__} at {path or 'nowhere'}"
