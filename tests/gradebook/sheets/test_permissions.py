"""Who sees the grid of a course beside those who may read its journal."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kernel.auth import Actor
from services.gradebook.sheets.permissions import reads_as_head


@pytest.mark.parametrize(
    ("role", "heads", "reads"),
    [("plan_head", True, True), ("plan_head", False, False), ("teacher", True, False), ("parent", True, False)],
)
def test_the_head_of_the_subjects_association_reads_it_while_holding_the_role(
    role: str, heads: bool, reads: bool
) -> None:
    assert reads_as_head(Actor(uuid4(), uuid4(), roles=frozenset({role})), heads=heads) is reads
