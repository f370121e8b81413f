"""Fetches the gradebook's part of a bundle from identity page by page, then writes it in one transaction.

The pages hold the school's whole present state (services/identity/README.md). Rows keep the bundle's ids, so a
repeated import changes nothing. An import ends or withdraws rows that the bundle lacks only where the bundle has
their course: a bundle of this year does not affect last year's courses. A mark corrected in the journal stays
until the bundle gives it a new value. Imported marks are not announced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import structlog
from sqlalchemy import delete, insert, tuple_
from sqlalchemy.orm import Session

from contracts.gradebook.bundles import BundleGradesImported
from contracts.identity.bundles import BundleImported
from kernel.clock import local_date, now
from kernel.data import copies, outbox
from kernel.data.bulk import Count, RehearsedError
from kernel.data.database import UnitOfWork
from kernel.data.received import Received
from kernel.errors import Conflict, Refused
from services.gradebook.bundles import queries
from services.gradebook.bundles.parts import KINDS, Ask, Bundle, fetched
from services.gradebook.bundles.rules.bundle import bundle_mark, bundle_scale, bundle_weight, membership_id
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher, Subject
from services.gradebook.lessons.tables import Lesson, LessonRevision
from services.gradebook.marks.tables import KindOfWork, Mark, MarkRevision, Work
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules.policy import Place
from services.gradebook.policy.rules.scales import Scale, scale_at
from services.gradebook.policy.tables import Setting
from services.gradebook.rows import picked

#: The reason in a mark's history for a change made by an import.
REASON = "import"
#: The name of the default kind of work, for marks that name none.
ANSWER = "Ответ на уроке"
WEIGHT = Decimal(1)


def take_over(unit_of_work: UnitOfWork, ask: Ask, received: Received[BundleImported]) -> None:
    """Write the school's part of the bundle, or rehearse it, and announce the counts or the failure.

    Invalid data are announced as a failure and nothing is written. Other errors are raised, so the event is retried.
    """
    event = received.event
    try:
        bundle = fetched(ask, event.import_id)
    except Conflict as finished:
        if finished.rule != "import-finished":
            raise
        structlog.get_logger().info("import_taken_over_before", import_id=str(event.import_id))
        return
    assert received.tenant_id is not None, "a bundle is one school's"
    writing = Writing(received.tenant_id, bundle)
    failure: Refused | None = None
    try:
        with unit_of_work.once(received) as session:
            writing.write(session)
            _end_rehearsal(event)
            announce(session, event.import_id, writing.counts, None)
            return
    except RehearsedError:
        pass
    except Refused as refused:
        failure = refused
    with unit_of_work.once(received) as session:
        announce(session, event.import_id, {} if failure else writing.counts, failure)


def _end_rehearsal(event: BundleImported) -> None:
    if event.dry_run:
        raise RehearsedError


def announce(session: Session, import_id: UUID, counts: Mapping[str, Count], failure: Refused | None) -> None:
    """Record the event that identity waits for in the outbox."""
    figures = {kind: count.figures() for kind, count in counts.items()}
    sentence, text = (str(failure), {"rule": failure.rule, **failure.text.to_wire()}) if failure else (None, None)
    outbox.record(
        session,
        BundleGradesImported(import_id=import_id, counts=figures, failure=sentence, failure_text=text),
    )


@dataclass
class Writing:
    """Writes one school's bundle, in the order in which rows refer to each other."""

    school_id: UUID
    bundle: Bundle
    moment: datetime = field(default_factory=now)
    counts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})

    @property
    def course_ids(self) -> list[UUID]:
        """The courses that the bundle contains."""
        return [row["id"] for row in self.bundle["courses"]]

    def write(self, session: Session) -> None:
        """Write everything. Raises `Refused` for data that the gradebook cannot keep."""
        policy = policy_queries.policy(session)
        self._sessions(session)
        self._subjects(session)
        self._courses(session)
        self._teachers(session)
        self._members(session, local_date(self.moment, policy.time_zone))
        answer_id = self._kinds(session)
        present = scale_at(policy, Place())
        scale = bundle_scale(self.bundle["works"], present)
        if scale is not present:
            self._setting(session, scale, policy.time_zone)
        self._works(session, answer_id)
        self._marks(session, scale)

    def _save(self, session: Session, cls: type[Any], rows: Iterable[dict[str, Any]]) -> None:
        """Insert rows, or replace those with the same key."""
        complete = [{"school_id": self.school_id, **row} for row in rows]
        if complete:
            session.execute(copies.replacing(session, cls), complete)

    def _append(self, session: Session, cls: type[Any], rows: Iterable[dict[str, Any]]) -> None:
        """Insert rows that are known to be new."""
        complete = [{"school_id": self.school_id, **row} for row in rows]
        if complete:
            session.execute(insert(cls), complete)

    def _merge(
        self,
        session: Session,
        cls: type[Any],
        rows: list[dict[str, Any]],
        names: tuple[str, ...],
        count: Count,
    ) -> None:
        """Insert rows, and update the columns `names` of those that exist and differ."""
        before = queries.known(session, [cls.id, *(getattr(cls, name) for name in names)])
        picked = [{"id": row["id"], **{name: row[name] for name in names}} for row in rows]
        self._save(session, cls, [row for row in picked if count.note(before.get(row["id"]), tuple(row.values()))])

    def _sessions(self, session: Session) -> None:
        rows, count = self.bundle["sessions"], self.counts["sessions"]
        years = [row for row in rows if row["type"] == "year"]
        terms = [row for row in rows if row["type"] == "term"]
        self._merge(session, Year, years, ("title", "starts_on", "ends_on"), count)
        self._merge(session, Term, terms, ("year_id", "title", "starts_on", "ends_on"), count)
        own_years = Term.year_id.in_([row["id"] for row in years])
        gone = set(queries.known(session, [Term.id], own_years)) - {row["id"] for row in terms}
        if gone:
            session.execute(delete(Term).where(Term.id.in_(gone)))
            count.removed += len(gone)

    def _subjects(self, session: Session) -> None:
        self._merge(session, Subject, self.bundle["subjects"], ("name",), self.counts["subjects"])

    def _courses(self, session: Session) -> None:
        names = ("title", "subject_id", "year_id", "class_id", "grade")
        self._merge(session, Course, self.bundle["courses"], names, self.counts["courses"])

    def _teachers(self, session: Session) -> None:
        """Replace the teachers of the bundle's courses. Changes are counted under `members`."""
        count = self.counts["members"]
        before = queries.teachers_of_courses(session, self.course_ids)
        wanted = {(row["id"], teacher_id) for row in self.bundle["courses"] for teacher_id in row["teacher_ids"]}
        count.created += len(wanted - before)
        count.unchanged += len(wanted & before)
        count.removed += len(before - wanted)
        if gone := before - wanted:
            pair = tuple_(CourseTeacher.course_id, CourseTeacher.teacher_id)
            session.execute(delete(CourseTeacher).where(pair.in_(gone)))
        new = [{"course_id": course_id, "teacher_id": teacher_id} for course_id, teacher_id in sorted(wanted - before)]
        self._append(session, CourseTeacher, new)

    def _members(self, session: Session, today: date) -> None:
        """Write memberships. One missing from the bundle ends yesterday or, if it began later, is deleted.

        A bundle without any memberships ends none.
        """
        count = self.counts["members"]
        names = ("course_id", "student_id", "since", "until")
        columns = [CourseMember.id, *(getattr(CourseMember, name) for name in names)]
        before = queries.known(session, columns, CourseMember.course_id.in_(self.course_ids))
        wanted = [{"id": member_id, **row} for member_id, row in _with_ids(self.bundle["members"])]
        self._save(
            session,
            CourseMember,
            [row for row in wanted if count.note(before.get(row["id"]), (row["id"], *(row[name] for name in names)))],
        )
        if not wanted:
            return
        yesterday = today - timedelta(days=1)
        ended, never = [], []
        for member_id in before.keys() - {row["id"] for row in wanted}:
            member = dict(zip(("id", *names), before[member_id], strict=True))
            if member["since"] > yesterday:
                never.append(member_id)
            elif member["until"] is None or member["until"] > yesterday:
                ended.append(member | {"until": yesterday})
        self._save(session, CourseMember, ended)
        if never:
            session.execute(delete(CourseMember).where(CourseMember.id.in_(never)))
        count.removed += len(ended) + len(never)

    def _kinds(self, session: Session) -> UUID:
        """Write kinds of work; weights the bundle does not name stay. Returns the id of the default kind."""
        columns = (KindOfWork.id, KindOfWork.name, KindOfWork.weight, KindOfWork.is_answer)
        before = queries.known(session, columns)
        answers = [kind_id for kind_id, row in before.items() if row[3]]
        answer_id = answers[0] if answers else uuid5(self.school_id, "answer")
        rows = []
        for kind in self.bundle["kinds"]:
            old = before.get(kind["id"])
            weight = bundle_weight(kind["weight"], old[2] if old else WEIGHT)
            row = (kind["id"], kind["name"], weight, kind["id"] == answer_id)
            if self.counts["kinds"].note(old, row):
                rows.append(dict(zip(("id", "name", "weight", "is_answer"), row, strict=True)))
        if not answers:
            rows.append({"id": answer_id, "name": ANSWER, "weight": WEIGHT, "is_answer": True})
        self._save(session, KindOfWork, rows)
        return answer_id

    def _setting(self, session: Session, scale: Scale, time_zone: str) -> None:
        row = {"lowest": int(scale.marks[0].text), "highest": int(scale.marks[-1].text), "time_zone": time_zone}
        self._save(session, Setting, [row])

    def _works(self, session: Session, answer_id: UUID) -> None:
        """Write columns into the first lesson of their course on their day; adds a lesson if there is none."""
        before = queries.imported_works(session, self.course_ids)
        lessons = queries.first_lessons(session, self.course_ids)
        rows, new_lessons = [], []
        for work in self.bundle["works"]:
            place = (work["course_id"], work["date"])
            old = before.get(work["id"])
            if old is not None and (old.course_id, old.date) == place:
                lesson_id = old.lesson_id
            elif place in lessons:
                lesson_id = lessons[place]
            else:
                lesson_id = lessons[place] = uuid5(place[0], place[1].isoformat())
                new_lessons.append({"id": lesson_id, "course_id": place[0], "date": place[1]})
            row = {
                "id": work["id"],
                "lesson_id": lesson_id,
                "kind_id": work["kind_id"] or answer_id,
                "title": work["title"],
                "source_id": work["source_id"],
            }
            if self.counts["works"].note(picked(old, row) if old else None, row):
                rows.append(row)
        self._lessons(session, new_lessons)
        self._save(session, Work, rows)

    def _lessons(self, session: Session, lessons: list[dict[str, Any]]) -> None:
        described = {"topic": "", "homework": "", "homework_due": None, "version": 1}
        self._append(session, Lesson, [{**row, "number": None, **described} for row in lessons])
        history = {**described, "changed_by": None, "changed_at": self.moment}
        self._append(session, LessonRevision, [{"lesson_id": row["id"], **history} for row in lessons])

    def _marks(self, session: Session, scale: Scale) -> None:
        """Write marks with their history. Withdraws marks missing from the bundle in courses that it contains.

        A bundle without any marks withdraws none.
        """
        before = queries.imported_marks(session, self.course_ids)
        works = queries.imported_works(session, self.course_ids)
        wanted = self._accepted_marks(scale)
        count = self.counts["marks"]
        taken_ids = {row.id for row in before.values()}
        rows: list[dict[str, Any]] = []
        for key, (mark_id, *said) in wanted.items():
            old = before.get(key)
            if count.note(old and [old.said, old.said_comment], said):
                new_id = uuid5(mark_id, f"{key[0]}:{key[1]}") if mark_id in taken_ids else mark_id
                state = (old.id if old else new_id, key[1], old.version + 1 if old else 1, said[0], said[1])
                rows.append(_state(works[key[0]], *state))
        for key, old in before.items():
            if key not in wanted and old.said is not None and self.bundle["marks"]:
                rows.append(_state(works[key[0]], old.id, key[1], old.version + 1, None, ""))
                count.removed += 1
        self._save(session, Mark, rows)
        history = {"reason": REASON, "changed_by": None, "changed_at": self.moment}
        revisions = [
            {
                "mark_id": row["id"],
                "version": row["version"],
                "value": row["value"],
                "comment": row["comment"],
                **history,
            }
            for row in rows
        ]
        self._append(session, MarkRevision, revisions)

    def _accepted_marks(self, scale: Scale) -> dict[tuple[UUID, UUID], tuple[UUID, str, str]]:
        """(column, student) → id, value and comment of the bundle's marks. Raises `Invalid`."""
        works = {row["id"]: row for row in self.bundle["works"]}
        grades = {row["id"]: row["grade"] for row in self.bundle["courses"]}
        accepted: dict[tuple[UUID, UUID], tuple[UUID, str, str]] = {}
        for row in self.bundle["marks"]:
            work = works[row["work_id"]]
            said = bundle_mark(row, work["source_id"], grades[work["course_id"]], scale)
            if said is None:
                continue
            key = (row["work_id"], row["student_id"])
            if key in accepted:
                raise Conflict(
                    "Line item {item}: a student has two results in it.",
                    rule="mark-exists",
                    item=work["source_id"],
                )
            accepted[key] = (row["id"], *said)
        return accepted


def _state(
    work: queries.ImportedWork, mark_id: UUID, student_id: UUID, version: int, value: str | None, comment: str
) -> dict[str, Any]:
    return {
        "id": mark_id,
        "work_id": work.id,
        "student_id": student_id,
        "value": value,
        "comment": comment,
        "version": version,
        **picked(work, ("lesson_id", "kind_id", "course_id", "date", "number")),
    }


def _with_ids(members: list[dict[str, Any]]) -> Iterable[tuple[UUID, dict[str, Any]]]:
    """Pair each membership with its id, which depends on its ordinal for the student in the course."""
    seen: dict[tuple[UUID, UUID], int] = {}
    for row in sorted(members, key=lambda row: row["since"]):
        key = (row["course_id"], row["student_id"])
        ordinal = seen[key] = seen.get(key, -1) + 1
        yield membership_id(*key, ordinal), row
