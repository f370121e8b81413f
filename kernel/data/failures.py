"""Descriptions of failures without personal data, for logs and for callers."""

from __future__ import annotations

import traceback
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel.errors import Fault, LyceumError, Unavailable


def as_lyceum_error(error: BaseException) -> LyceumError:
    """The error that the caller gets: a `LyceumError` unchanged, `Unavailable` for a lost database, else `Fault`."""
    if isinstance(error, LyceumError):
        return error
    if isinstance(error, OperationalError | PoolTimeout) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    ):
        return Unavailable("The database cannot be reached now.", rule="database-away")
    return Fault("Something failed on our side. It was noted; try again later.", rule="internal")


def where(error: BaseException) -> str:
    """The error's class and the innermost lines of our code in its traceback, without its message: that may hold
    personal data.
    """
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "site-packages" not in one.filename][-6:]
    path = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__} at {path or 'nowhere'}"
