"""Who heads the association of a subject (clause 4.2)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from kernel.errors import Invalid

#: The role of the heads of subject associations (domain, §2).
HEAD: Final = "plan_head"


def check_heads(roles: Collection[str], wanted: Collection[UUID], present: Collection[UUID]) -> None:
    """Refuse subjects for a person with these roles who is no head of an association (clause 4.2).

    Of the `present` subjects of somebody who was one, some may be taken away.
    """
    if HEAD not in roles and not (present and set(wanted) <= set(present)):
        raise Invalid(
            "This person is no head of a subject association: the director gives the role on the page “People”.",
            rule="no-head",
            field="person_id",
        )
