"""Views of imports."""

from __future__ import annotations

from collections.abc import Collection

from kernel import jobs
from kernel.data.jobs import JobRow
from kernel.data.jobs import view as job_view
from services.identity.bundles.tables import BundleImport, ImportedSchool
from services.identity.rows import View
from services.identity.schools import views as schools_views


def status(row: BundleImport, state: str) -> str:
    """How an import stands, by its own words and its job's state."""
    return jobs.STOPPED if state == jobs.STOPPED and row.status != "asking" else row.status


def summary(row: BundleImport, state: str, left_out: int) -> View:
    """An `ImportSummaryView`."""
    return {
        "id": row.id,
        "status": status(row, state),
        "dry_run": row.dry_run,
        "file_name": row.file_name,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "faults": len(row.faults) + left_out,
    }


def bundle_import(row: BundleImport, job: JobRow, schools: Collection[ImportedSchool]) -> View:
    """An `ImportView`; the counts are summed over all its schools."""
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
    }
