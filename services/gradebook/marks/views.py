"""Views of kinds of work and marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

from services.gradebook.exact import plain
from services.gradebook.marks.queries import MARK_NAMES, Kind, MarkShown, OwedOfCell, SettingOfColumn
from services.gradebook.marks.rules import owed as rules
from services.gradebook.policy.rules.policy import Place, Policy, weight_in
from services.gradebook.rows import View, picked

_OWED: Final = ("lesson_id", "kind_id", "student_id", "due", "version")


def kinds(rows: Iterable[Kind]) -> list[View]:
    """Kinds of work."""
    return [{"id": row.id, "name": row.name, "weight": plain(row.weight), "is_answer": row.is_answer} for row in rows]


def kinds_in(place: Place, kinds: Mapping[UUID, Kind], policy: Policy) -> Mapping[UUID, Kind]:
    """The kinds with what their marks weigh in a place.

    A voted policy says it of those that it names; others keep their own weights, where weights count. The default says
    it of none.
    """
    if not policy.version:
        return kinds
    codes = {kind.name: kind.code for kind in policy.kinds}
    return {kind.id: kind._replace(weight=_weight(place, kind, policy, codes)) for kind in kinds.values()}


def _weight(place: Place, kind: Kind, policy: Policy, codes: Mapping[str, str]) -> Decimal:
    if kind.name in codes:
        return weight_in(policy, place._replace(kind=codes[kind.name]))
    return kind.weight if policy.means.weighted.at(place).value else Decimal(1)


def setting(row: SettingOfColumn) -> View:
    """What was said of a column."""
    return {name: value for name, value in row._asdict().items() if name != "id"}


def owed(works: Iterable[OwedOfCell], day: date) -> list[View]:
    """What is owed of a lesson of a day; works that are no longer owed are left out."""
    return [
        {**picked(one, _OWED), "text": rules.text(one.due, day)} for one in works if one.state == rules.OWED
    ]  # fmt: skip


def mark(row: MarkShown, **changed: Any) -> View:
    """The view of a mark; `changed` overrides columns that changed since the row was read."""
    return picked(row, MARK_NAMES) | changed


def revision(row: Mapping[str, Any], *, as_staff: bool) -> View:
    """A state of a mark; without what is for staff alone, for those who are none."""
    return {**row} if as_staff else {**row, "reason": "", "due_on": None}


def marks(rows: Iterable[MarkShown]) -> list[View]:
    """The views of many marks, of rows whose first columns are `MARK`."""
    return [dict(zip(MARK_NAMES, cast("tuple[Any, ...]", row), strict=False)) for row in rows]
