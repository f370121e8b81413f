"""Every SELECT of imports, and of the schools that a bundle names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import and_, case, exists, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from kernel.contract import in_parts
from kernel.data.columns import UtcDateTime
from kernel.data.jobs import JobRow
from kernel.jobs import STOPPED
from kernel.names import Name
from services.identity.bundles.rules.roster import FREELY_GIVEN, TEACHER
from services.identity.bundles.rules.taking_over import KnownPerson
from services.identity.bundles.tables import BundleImport, ImportedSchool, ImportPage, ImportUndo
from services.identity.classes.tables import Enrolment
from services.identity.people.tables import Consent, Person, Role
from services.identity.schools.tables import School


class ListedImport(NamedTuple):
    """An import, the state of its job, and who has undone it."""

    row: BundleImport
    state: str
    undo: ImportUndo | None


def bundle_import(session: Session, import_id: UUID) -> BundleImport | None:
    """An import. Whoever changes one locks its job first, so that concurrent changes take turns."""
    return session.get(BundleImport, import_id)


def known_to_bundles(session: Session) -> list[KnownPerson]:
    """Everybody of the school whom a bundle has brought, and everybody else who has not left."""
    own = Role.school_id == Person.school_id, Role.person_id == Person.id, Role.held
    teaches = exists().where(*own, Role.role == TEACHER) & ~exists().where(*own, Role.role.not_in(FREELY_GIVEN))
    chosen = select(
        Person.id, Person.source_id, Person.family_name, Person.given_name, Person.patronymic, Person.email,
        Person.birth_date, Person.account_id, teaches.label("teaches"),
    ).where(or_(Person.source_id.is_not(None), Person.left_on.is_(None)))  # fmt: skip
    return [
        KnownPerson(
            id=row.id,
            source_id=row.source_id,
            name=Name(row.family_name, row.given_name, row.patronymic),
            email=row.email,
            birth_date=row.birth_date,
            has_account=row.account_id is not None,
            teaches=row.teaches,
        )
        for row in session.execute(chosen)
    ]


def imports(session: Session, school_id: UUID | None, after: UUID | None, limit: int) -> Sequence[ListedImport]:
    """At most `limit` imports of a school, or of all where it is None, newest first, after the import `after`."""
    chosen = (
        select(BundleImport, JobRow.state, ImportUndo)
        .join(JobRow, JobRow.id == BundleImport.id)
        .outerjoin(ImportUndo, ImportUndo.import_id == BundleImport.id)
        .order_by(BundleImport.id.desc())
        .limit(limit)
    )
    if school_id is not None:
        chosen = chosen.where(BundleImport.school_id == school_id)
    if after is not None:
        chosen = chosen.where(BundleImport.id < after)
    return [ListedImport(row, state, undo) for row, state, undo in session.execute(chosen)]


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


def needed_files(session: Session, moment: datetime) -> set[str]:
    """The names of the bundles that are still needed: by unfinished imports, and to complete the next delta."""
    needed = BundleImport.finished_at.is_(None), BundleImport.file.is_not(None)
    files = cast("Sequence[str]", session.scalars(select(BundleImport.file).where(*needed)).all())
    written = session.execute(
        select(ImportedSchool.school_id, BundleImport)
        .join(BundleImport, BundleImport.id == ImportedSchool.import_id)
        .where(BundleImport.undo_until.is_not(None), BundleImport.file.is_not(None))
        .order_by(BundleImport.id.desc())
    )
    of_school: dict[UUID, list[BundleImport]] = defaultdict(list)
    for school_id, row in written:
        of_school[school_id].append(row)
    return {*files, *(str(row.file) for rows in of_school.values() for row in _while_needed(rows, moment))}


def _while_needed(newest_first: Sequence[BundleImport], moment: datetime) -> Iterator[BundleImport]:
    """A school's imports back to the last whole one that can no longer be undone."""
    for row in newest_first:
        yield row
        if not row.is_delta and row.undo_until is not None and row.undo_until < moment:
            return


def earlier_files(session: Session, import_id: UUID, school_id: UUID | None) -> list[str] | None:
    """The names of the bundles that a delta completes, oldest first: the last whole one and the deltas after it.

    Those of a school, or of operators where it is None. None if there is no whole one.
    """
    of_these = BundleImport.school_id.is_(None)
    if school_id is not None:
        of_school = select(ImportedSchool.import_id).where(ImportedSchool.school_id == school_id)
        of_these = BundleImport.id.in_(of_school)
    undone = select(ImportUndo.import_id).where(ImportUndo.status == "done")
    rows = session.execute(
        select(BundleImport.file, BundleImport.is_delta)
        .where(of_these, BundleImport.id < import_id, BundleImport.undo_until.is_not(None))
        .where(BundleImport.id.not_in(undone))
        .order_by(BundleImport.id.desc())
    )
    files: list[str] = []
    for file, is_delta in rows:
        files.append(str(file))
        if not is_delta:
            return files[::-1]
    return None


def is_being_written(session: Session, import_id: UUID, school_id: UUID | None) -> bool:
    """Whether an earlier import of the school, or of operators, has been written in part only."""
    of_these = BundleImport.school_id.is_(None) if school_id is None else ImportedSchool.school_id == school_id
    return (
        session.scalar(
            select(BundleImport.id)
            .join(ImportedSchool, ImportedSchool.import_id == BundleImport.id)
            .where(of_these, BundleImport.id < import_id, BundleImport.finished_at.is_(None), ~BundleImport.dry_run)
            .limit(1)
        )
        is not None
    )


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


def undo_of(session: Session, import_id: UUID) -> ImportUndo | None:
    """The last attempt to undo an import."""
    return session.get(ImportUndo, import_id)


def undo_of_job(session: Session, job_id: UUID) -> ImportUndo | None:
    """The attempt that a job carries out; None where a later one has taken its place."""
    return session.scalar(select(ImportUndo).where(ImportUndo.job_id == job_id))


def lock_schools(session: Session, school_ids: Collection[UUID]) -> None:
    """Lock these schools: imports are written, and undone, in turn."""
    session.scalars(select(School.id).where(School.id.in_(school_ids)).order_by(School.id).with_for_update()).all()


def undos_going_on(session: Session, before: datetime) -> Sequence[ImportUndo]:
    """What is being looked at or undone since before a moment."""
    return session.scalars(
        select(ImportUndo).where(ImportUndo.status.in_(("looking", "undoing")), ImportUndo.asked_at < before)
    ).all()


def schools_being_undone(session: Session, school_ids: Collection[UUID]) -> Sequence[UUID]:
    """Those of the schools of which an import is being undone. Locks them all, as undoing does when it begins."""
    lock_schools(session, school_ids)
    return session.scalars(
        select(ImportedSchool.school_id)
        .join(ImportUndo, ImportUndo.import_id == ImportedSchool.import_id)
        .where(ImportUndo.status == "undoing", ImportedSchool.school_id.in_(school_ids))
    ).all()


def names(session: Session, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """Person → name."""
    rows = [
        row
        for ids in in_parts(person_ids)
        for row in session.execute(select(Person.id, Person.family_name, Person.given_name).where(Person.id.in_(ids)))
    ]
    return {row.id: f"{row.family_name} {row.given_name}" for row in rows}


def with_accounts(session: Session, person_ids: Collection[UUID]) -> Iterator[Person]:
    """Those of the people who have an account."""
    for ids in in_parts(person_ids):
        yield from session.scalars(select(Person).where(Person.id.in_(ids), Person.account_id.is_not(None)))


def consents_since(session: Session, pairs: Collection[tuple[UUID, UUID]], moment: datetime) -> Sequence[Consent]:
    """Consents and withdrawals of these (guardian, student) pairs, recorded after a moment."""
    ordered = sorted(pairs)
    return [
        consent
        for start in range(0, len(ordered), 500)
        for consent in session.scalars(
            select(Consent).where(
                tuple_(Consent.guardian_id, Consent.student_id).in_(ordered[start : start + 500]),
                Consent.since > moment,
            )
        )
    ]


def enrolments_of(session: Session, student_ids: Collection[UUID]) -> Sequence[Enrolment]:
    """Every enrolment of these students."""
    return [
        enrolment
        for ids in in_parts(student_ids)
        for enrolment in session.scalars(select(Enrolment).where(Enrolment.student_id.in_(ids)))
    ]


def person_of_account(session: Session, school_id: UUID | None, account_id: UUID | None) -> UUID | None:
    """The person that an account is in a school; None for an operator."""
    if school_id is None or account_id is None:
        return None
    return session.scalar(select(Person.id).where(Person.school_id == school_id, Person.account_id == account_id))
