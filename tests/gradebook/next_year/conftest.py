"""The school of the tests of courses."""

from tests.gradebook.courses.conftest import made

__all__ = ["made"]
