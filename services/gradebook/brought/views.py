"""Views of what students brought along."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from services.gradebook.brought.queries import Brought, BroughtMark, Origin
from services.gradebook.exact import plain
from services.gradebook.marks.queries import Kind
from services.gradebook.rows import View


def origin(of: Origin) -> View:
    """Where a mark was set."""
    return of._asdict()


def brought(found: Brought, kinds: Mapping[UUID, Kind]) -> list[View]:
    """What students brought along, by where from; also of courses where they had no mark."""
    return [
        {
            "student_id": student_id,
            "origin": origin(source.origin),
            "marks": [_mark(one, kinds[one.kind_id]) for one in source.marks],
        }
        for student_id, sources in found.sources.items()
        for source in sources
    ]


def _mark(mark: BroughtMark, kind: Kind) -> View:
    return {
        "mark_id": mark.id,
        "date": mark.date,
        "text": mark.value,
        "kind": kind.name,
        "weight": plain(kind.weight),
        "comment": mark.comment,
    }
