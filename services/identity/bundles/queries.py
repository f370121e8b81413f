"""Every SELECT of imports, and of the schools that a bundle names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import and_, case, literal, or_, select
from sqlalchemy.orm import Session

from kernel.data.columns import UtcDateTime
from kernel.data.jobs import JobRow
from kernel.jobs import STOPPED
from services.identity.bundles.tables import BundleImport, ImportedSchool, ImportPage
from services.identity.schools.tables import School


class ListedImport(NamedTuple):
    """An import and the state of its job."""

    row: BundleImport
    state: str


def bundle_import(session: Session, import_id: UUID) -> BundleImport | None:
    """An import. Whoever changes one locks its job first, so that concurrent changes take turns."""
    return session.get(BundleImport, import_id)


def imports(session: Session, school_id: UUID | None, after: UUID | None, limit: int) -> Sequence[ListedImport]:
    """At most `limit` imports of a school, or of all where it is None, newest first, after the import `after`."""
    chosen = (
        select(BundleImport, JobRow.state)
        .join(JobRow, JobRow.id == BundleImport.id)
        .order_by(BundleImport.id.desc())
        .limit(limit)
    )
    if school_id is not None:
        chosen = chosen.where(BundleImport.school_id == school_id)
    if after is not None:
        chosen = chosen.where(BundleImport.id < after)
    return [ListedImport(row, state) for row, state in session.execute(chosen)]


def left_out(session: Session, import_ids: Collection[UUID]) -> dict[UUID, int]:
    """Import → how many rows the gradebook left out."""
    rows = session.execute(
        select(ImportedSchool.import_id, ImportedSchool.faults).where(ImportedSchool.import_id.in_(import_ids))
    )
    counts: dict[UUID, int] = defaultdict(int)
    for import_id, faults in rows:
        counts[import_id] += len(faults)
    return counts


def unfinished_imports(session: Session, before: datetime, stopped_before: datetime) -> Sequence[BundleImport]:
    """Unfinished imports that were started before a moment; stopped ones, before another."""
    oldest = case((JobRow.state == STOPPED, literal(stopped_before, UtcDateTime)), else_=literal(before, UtcDateTime))
    return session.scalars(
        select(BundleImport)
        .join(JobRow, JobRow.id == BundleImport.id)
        .where(BundleImport.finished_at.is_(None), BundleImport.started_at < oldest)
    ).all()


def needed_files(session: Session) -> Sequence[str]:
    """The names of the bundles that unfinished imports need."""
    needed = BundleImport.finished_at.is_(None), BundleImport.file.is_not(None)
    return cast("Sequence[str]", session.scalars(select(BundleImport.file).where(*needed)).all())


def imported_schools(session: Session, import_id: UUID) -> Sequence[ImportedSchool]:
    """The results of an import in each school, by the school's name."""
    return session.scalars(
        select(ImportedSchool)
        .where(ImportedSchool.import_id == import_id)
        .order_by(ImportedSchool.name, ImportedSchool.school_id)
    ).all()


def import_pages(session: Session, import_id: UUID, kind: str, page: int) -> Sequence[ImportPage]:
    """A page of rows of one kind, and the next page if there is one."""
    return session.scalars(
        select(ImportPage)
        .where(ImportPage.import_id == import_id, ImportPage.kind == kind, ImportPage.page.in_([page, page + 1]))
        .order_by(ImportPage.page)
    ).all()


def schools_known_as(session: Session, source_ids: Collection[str], identifiers: Collection[str]) -> Sequence[School]:
    """Schools with one of these sourcedIds, or with no sourcedId and one of these identifiers."""
    by_identifier = and_(School.source_id.is_(None), School.identifier.in_(identifiers))
    return session.scalars(select(School).where(or_(School.source_id.in_(source_ids), by_identifier))).all()


def imported_school(session: Session, import_id: UUID, school_id: UUID) -> ImportedSchool | None:
    """The result of an import in one school."""
    return session.get(ImportedSchool, (import_id, school_id))
