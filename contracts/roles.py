"""Roles that people hold in a school, and the sets of callers that methods name. Roles are defined here only.

The gateway and the services both ask the method who may call it (`kernel.contract.Callers`); `docs/access.md` is made
from it. The permissions of a service decide relations: whether this teacher teaches that course.
"""

from __future__ import annotations

from typing import Final

from kernel.contract import Callers, holders

#: Roles a person can hold in a school (regulation, clause 2.1).
ROLES: Final = ("director", "deputy", "methodologist", "teacher", "plan_head", "parent", "student")
#: Runs the installation. The role is held outside any school and sees no child's data.
OPERATOR: Final = "operator"

OPERATORS: Final[Callers] = holders(OPERATOR)
DIRECTORS: Final[Callers] = holders("director")
METHODOLOGISTS: Final[Callers] = holders("methodologist")
TEACHERS: Final[Callers] = holders("teacher")
PARENTS: Final[Callers] = holders("parent")
STUDENTS: Final[Callers] = holders("student")
FAMILIES: Final[Callers] = PARENTS | STUDENTS
#: Appoint staff and answer for the school (clause 4.1).
ADMINISTRATION: Final[Callers] = DIRECTORS | holders("deputy")
#: Keep the school's data and read all of it (domain, §2).
KEEPERS: Final[Callers] = ADMINISTRATION | METHODOLOGISTS
#: Users of the journal itself: students and parents have no access to it (clause 2.1).
JOURNAL: Final[Callers] = KEEPERS | TEACHERS
STAFF: Final[Callers] = JOURNAL | holders("plan_head")
MEMBERS: Final[Callers] = STAFF | FAMILIES
