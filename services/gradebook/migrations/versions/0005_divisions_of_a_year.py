"""Terms are of divisions of a year, such as quarters and half-years; a course goes by the terms of one.

Terms and courses that are there get the division that the titles of the terms say, else their lengths; a course of a
year with several goes by the one of its grade. The next import says it better (`services/identity/README.md`).
Both columns have a default, as replicas of an earlier version write rows without them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WORDS = (
    ("четверт", "quarters"), ("quarter", "quarters"), ("триместр", "trimesters"), ("trimest", "trimesters"),
    ("модул", "modules"), ("module", "modules"), ("полугоди", "half-years"), ("half", "half-years"),
    ("семестр", "half-years"), ("semest", "half-years"),
)  # fmt: skip
LENGTHS = ((80, "quarters"), (110, "trimesters"), (220, "half-years"))
#: The order in which a course takes one of several divisions.
OF_SENIORS = ("half-years", "trimesters", "quarters", "modules", "year")
OF_OTHERS = ("quarters", "trimesters", "modules", "half-years", "year")
SENIOR = 10

TERM = sa.table(
    "term", sa.column("school_id", sa.Uuid), sa.column("id", sa.Uuid), sa.column("year_id", sa.Uuid),
    sa.column("title", sa.Text), sa.column("starts_on", sa.Date), sa.column("ends_on", sa.Date),
    sa.column("division", sa.Text),
)  # fmt: skip
COURSE = sa.table(
    "course", sa.column("school_id", sa.Uuid), sa.column("class_id", sa.Uuid), sa.column("year_id", sa.Uuid),
    sa.column("grade", sa.Integer), sa.column("division", sa.Text),
)  # fmt: skip
CLASS_COPY = sa.table(
    "class_copy", sa.column("school_id", sa.Uuid), sa.column("class_id", sa.Uuid), sa.column("grade", sa.Integer)
)


def upgrade() -> None:
    for table in ("term", "course"):
        op.add_column(table, sa.Column("division", sa.Text, nullable=False, server_default=""))
    years: dict[tuple[Any, Any], list[Any]] = defaultdict(list)
    for row in op.get_bind().execute(sa.select(TERM).order_by(TERM.c.starts_on, TERM.c.ends_on, TERM.c.id)):
        years[row.school_id, row.year_id].append(row)
    for (school_id, year_id), terms in years.items():
        divisions = _divided(terms)
        for division, members in divisions.items():
            ids = [row.id for row in members]
            op.execute(
                sa.update(TERM).where(TERM.c.school_id == school_id, TERM.c.id.in_(ids)).values(division=division)
            )
        _courses(school_id, year_id, list(divisions))


def _courses(school_id: Any, year_id: Any, divisions: list[str]) -> None:
    """Let the courses of a year go by the division of their grade."""
    of_class = (
        sa.select(CLASS_COPY.c.grade)
        .where(CLASS_COPY.c.school_id == COURSE.c.school_id, CLASS_COPY.c.class_id == COURSE.c.class_id)
        .scalar_subquery()
    )
    of_year = sa.update(COURSE).where(COURSE.c.school_id == school_id, COURSE.c.year_id == year_id)
    senior = sa.func.coalesce(COURSE.c.grade, of_class, 0) >= SENIOR
    op.execute(of_year.values(division=_first(divisions, OF_OTHERS)))
    op.execute(of_year.where(senior).values(division=_first(divisions, OF_SENIORS)))


def _first(divisions: list[str], order: Sequence[str]) -> str:
    return min(divisions, key=lambda name: (order.index(name.partition(":")[0]), name))


def _divided(terms: Sequence[Any]) -> dict[str, list[Any]]:
    """Division → its terms: those of one word in their titles, in as many divisions as it takes to part overlaps."""
    groups: dict[str, list[list[Any]]] = defaultdict(list)
    for term in terms:
        lanes = groups[_said(term.title)]
        free = [lane for lane in lanes if all(term.starts_on > other.ends_on for other in lane)]
        if free:
            free[0].append(term)
        else:
            lanes.append([term])
    found: dict[str, list[Any]] = {}
    for said, lanes in groups.items():
        for lane in lanes:
            kind = said or _by_length(lane)
            same = sum(name.partition(":")[0] == kind for name in found)
            found[f"{kind}:{same + 1}" if same else kind] = lane
    return found


def _said(title: str) -> str:
    words = title.casefold()
    return next((kind for word, kind in WORDS if word in words), "")


def _by_length(terms: Sequence[Any]) -> str:
    average = sum((term.ends_on - term.starts_on).days + 1 for term in terms) / len(terms)
    return next((kind for most, kind in LENGTHS if average <= most), "year")
