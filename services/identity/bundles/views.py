"""Views of imports."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from kernel import jobs
from kernel.data.jobs import JobRow
from kernel.data.jobs import view as job_view
from services.identity.bundles.rules import undoing
from services.identity.bundles.tables import BundleImport, ImportedSchool, ImportUndo
from services.identity.rows import View
from services.identity.schools import views as schools_views


def status(row: BundleImport, state: str) -> str:
    """How an import stands, by its own words and its job's state."""
    return jobs.STOPPED if state == jobs.STOPPED and row.status != "asking" else row.status


def summary(row: BundleImport, state: str, left_out: int, undone: ImportUndo | None, by: UUID | None) -> View:
    """An `ImportSummaryView`. `undone`: where it was undone; `by`: the person who did it."""
    return {
        "id": row.id,
        "status": status(row, state),
        "dry_run": row.dry_run,
        "file_name": row.file_name,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "faults": len(row.faults) + left_out,
        "undo_until": row.undo_until,
        "undone_at": undone.finished_at if undone else None,
        "undone_by": by if undone else None,
    }


def undo(row: ImportUndo, job: JobRow, by: UUID | None, *, names: bool) -> View:
    """An `UndoView`. Without `names`, those of people are left out."""
    return {
        "status": row.status,
        "job": job_view(job),
        "asked_at": row.asked_at,
        "finished_at": row.finished_at,
        "by": by,
        "counts": [{"kind": kind, "gone": gone, "restored": restored} for kind, (gone, restored) in row.counts.items()],
        "obstacles": [_obstacle(one, names=names) for one in row.obstacles],
    }


def _obstacle(one: Mapping[str, Any], *, names: bool) -> View:
    text = undoing.text_of(one["rule"], one["number"])
    shown = one["names"] if names or one["rule"] not in undoing.ABOUT_PEOPLE else []
    return {**one, "names": shown, "message": str(text), "text": text.to_wire()}


def bundle_import(
    row: BundleImport, job: JobRow, schools: Collection[ImportedSchool], undone: View | None = None
) -> View:
    """An `ImportView`; the counts are summed over all its schools. `undone`: its `UndoView`, if there is one."""
    counts: dict[str, list[int]] = {}
    for imported in schools:
        for kind, figures in imported.counts.items():
            counts[kind] = [a + b for a, b in zip(counts.get(kind, [0, 0, 0, 0]), figures)]
    return {
        "id": row.id,
        "status": status(row, job.state),
        "question": row.question,
        "job": job_view(job),
        "version": job.version,
        "dry_run": row.dry_run,
        "file_name": row.file_name,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "schools": [
            schools_views.school(imported.school_id, imported.name, imported.source_id, imported.time_zone)
            for imported in schools
        ],
        "counts": [
            {"kind": kind, **dict(zip(("created", "changed", "unchanged", "removed"), figures))}
            for kind, figures in counts.items()
        ],
        "faults": [*row.faults, *(fault for imported in schools for fault in imported.faults)],
        "remarks": row.remarks or [],
        "undo_until": row.undo_until,
        "undo": undone,
    }
