"""A school into which a bundle was imported."""

from __future__ import annotations

import pytest

from tests.identity.conftest import School
from tests.identity.small_bundle import SmallBundle


@pytest.fixture
def imported(imports, service) -> School:
    """A school after the import of the small bundle by its methodologist."""
    school = School(service)
    done = imports.run(school.methodologist, SmallBundle().zip())
    assert (done["status"], done["faults"]) == ("done", [])
    return school
