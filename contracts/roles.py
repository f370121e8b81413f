"""Roles that people hold."""

from __future__ import annotations

from typing import Final

#: Roles a person can hold in a school (domain, clause 2.1). `operator` is held outside any school.
ROLES: Final = ("director", "deputy", "methodologist", "teacher", "plan_head", "parent", "student")
STAFF: Final = frozenset({"director", "deputy", "methodologist", "teacher", "plan_head"})
OPERATOR: Final = "operator"
