"""Writes what a school's bundle holds besides marks: years, courses, members, kinds, columns with their lessons.

The bundle holds the school's whole present state (services/identity/README.md). Rows keep the bundle's ids, so a
repeated import changes nothing. An import ends rows that the bundle lacks only where the bundle has their course: a
bundle of this year does not affect last year's courses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, insert, tuple_, update
from sqlalchemy.orm import Session

from contracts.identity.bundles import first_day
from kernel.clock import local_date
from kernel.data import copies
from kernel.data.bulk import Count
from kernel.data.traces import Tracer, key_names
from services.gradebook.bundles import queries
from services.gradebook.bundles.parts import KINDS, Bundle
from services.gradebook.bundles.recording.marks import MarksWriting, accepted
from services.gradebook.bundles.recording.traces import TRACES
from services.gradebook.bundles.rules.bundle import (
    LeftOut,
    bundle_scale,
    bundle_weight,
    fault_of_weight,
    gone_terms,
    idle_years,
    membership_id,
)
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.calendar.rules.scale_beginnings import check_scales_begin_between_terms
from services.gradebook.calendar.rules.terms import check_terms_apart
from services.gradebook.calendar.rules.year_calendar import YearCalendar
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher, Subject
from services.gradebook.lessons.tables import Lesson, LessonRevision
from services.gradebook.marks.tables import KindOfWork, Work
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import Scale, scale_at
from services.gradebook.policy.tables import Setting
from services.gradebook.rows import picked

#: The name of the default kind of work, for marks that name none.
ANSWER = "Ответ на уроке"
WEIGHT = Decimal(1)


@dataclass
class Structure:
    """Writes one school's bundle, in the order in which rows refer to each other."""

    school_id: UUID
    import_id: UUID
    bundle: Bundle
    moment: datetime
    #: Kind → what was done so far.
    counts: dict[str, Count]
    #: Rows that the gradebook cannot keep.
    left_out: list[LeftOut] = field(default_factory=list)

    def __post_init__(self) -> None:
        for kind in KINDS:
            self.counts.setdefault(kind, Count())

    @property
    def course_ids(self) -> list[UUID]:
        """The courses that the bundle contains."""
        return [row["id"] for row in self.bundle["courses"]]

    def marks(self, session: Session) -> MarksWriting:
        """What writes the marks that can be kept; the others are in `left_out` then."""
        return self._marks_of(*self._scale(policy_queries.setting_as_policy(session)))

    def write(self, session: Session) -> MarksWriting:
        """Write everything else, and return what writes the marks."""
        policy = policy_queries.setting_as_policy(session)
        scale, other_scale = self._scale(policy)
        writing = self._marks_of(scale, other_scale)
        self._tracer = Tracer(TRACES, session, self.school_id, self.import_id)
        self._sessions(session)
        self._subjects(session)
        self._courses(session)
        self._teachers(session)
        self._members(session, local_date(self.moment, policy.time_zone))
        answer_id = self._kinds(session)
        if scale is not scale_at(policy, Place()):
            self._setting(session, scale, policy.time_zone)
        self._works(session, answer_id)
        self._tracer.save(self.moment)
        return writing

    def _scale(self, policy: Policy) -> tuple[Scale, dict[UUID, LeftOut]]:
        return bundle_scale(self.bundle["works"], scale_at(policy, Place()))

    def _marks_of(self, scale: Scale, other_scale: dict[UUID, LeftOut]) -> MarksWriting:
        wanted, left_out = accepted(self.bundle, scale, other_scale)
        weights = [wrong for kind in self.bundle["kinds"] if (wrong := fault_of_weight(kind)) is not None]
        self.left_out = [*weights, *other_scale.values(), *left_out]
        return MarksWriting(self.school_id, self.import_id, self.moment, wanted, withdraws=bool(self.bundle["marks"]))

    def _save(self, session: Session, cls: type[Any], rows: Iterable[dict[str, Any]], **instead: Any) -> None:
        """Insert rows, or replace those with the same key; `instead` overrides values of the replacement."""
        complete = [{"school_id": self.school_id, **row} for row in rows]
        self._about_to(cls, complete)
        if complete:
            session.execute(copies.replacing(session, cls, **instead), complete)

    def _append(self, session: Session, cls: type[Any], rows: Iterable[dict[str, Any]]) -> None:
        """Insert rows that are known to be new."""
        complete = [{"school_id": self.school_id, **row} for row in rows]
        self._about_to(cls, complete)
        if complete:
            session.execute(insert(cls), complete)

    def _about_to(self, cls: type[Any], rows: Iterable[dict[str, Any]]) -> None:
        """Note what rows are before they are written or deleted, so that the import can be undone."""
        names = key_names(cls)
        self._tracer.about_to(cls, [tuple(row[name] for name in names) for row in rows])

    def _merge(
        self,
        session: Session,
        cls: type[Any],
        rows: list[dict[str, Any]],
        names: tuple[str, ...],
        count: Count,
        **instead: Any,
    ) -> None:
        """Insert rows, and update the columns `names` of those that exist and differ; `instead` as in `_save`."""
        before = queries.known(session, [cls.id, *(getattr(cls, name) for name in names)])
        picked = [{"id": row["id"], **{name: row[name] for name in names}} for row in rows]
        changed = [row for row in picked if count.note(before.get(row["id"]), tuple(row.values()))]
        self._save(session, cls, changed, **instead)

    def _sessions(self, session: Session) -> None:
        """Write years and terms. A changed calendar of a year has a new version: nobody who began before overwrites it.

        Terms that a person entered go where the bundle has their division, and stay where it has not. A year without
        courses is left out where the school keeps one for its days. Raises `Invalid` for a term that would be under way
        when another scale of marks begins.
        """
        rows, count = self.bundle["sessions"], self.counts["sessions"]
        kept = queries.known(session, [Year.id, Year.starts_on, Year.ends_on])
        known = {year_id: (first, last) for year_id, first, last in kept.values()}
        years = [row for row in rows if row["type"] == "year"]
        idle = idle_years(years, {row["year_id"] for row in self.bundle["courses"]}, known)
        years = [row for row in years if row["id"] not in idle]
        terms = [{"division": "", **row} for row in rows if row["type"] == "term" and row["year_id"] not in idle]
        check_terms_apart(terms)
        policies = policy_queries.decided(session)
        calendars = _calendars(session, [row["id"] for row in years if row["id"] in kept]) if len(policies) > 1 else {}
        self._merge(session, Year, years, ("title", "starts_on", "ends_on"), count, version=Year.version + 1)
        before = count.created, count.changed, count.removed
        self._merge(session, Term, terms, ("year_id", "title", "starts_on", "ends_on", "division"), count)
        own_years = [row["id"] for row in years]
        present = queries.known(
            session, [Term.id, Term.year_id, Term.division, Term.by_hand], Term.year_id.in_(own_years)
        )
        gone = gone_terms(present.values(), terms)
        self._about_to(Term, [{"id": term_id} for term_id in gone])
        if gone:
            session.execute(delete(Term).where(Term.id.in_(gone)))
            count.removed += len(gone)
        if before != (count.created, count.changed, count.removed):
            session.execute(update(Year).where(Year.id.in_(own_years)).values(version=Year.version + 1))
            if len(policies) > 1:
                for year_id, after in _calendars(session, own_years).items():
                    earlier = calendars.get(year_id) or replace(after, terms=())
                    check_scales_begin_between_terms(earlier, after, policies, {})

    def _subjects(self, session: Session) -> None:
        """Write subjects. A name that is guessed, because the bundle has none, is for new ones alone."""
        known = set(queries.known(session, [Subject.id]))
        rows = [row for row in self.bundle["subjects"] if not (row.get("guessed") and row["id"] in known)]
        self._merge(session, Subject, rows, ("name",), self.counts["subjects"], version=Subject.version + 1)

    def _courses(self, session: Session) -> None:
        """Write courses. What people say of them beside stays."""
        names = ("title", "subject_id", "year_id", "class_id", "grade", "division")
        courses = [{"division": "", **row} for row in self.bundle["courses"]]
        kept = {name: getattr(Course, name) for name in ("hours_a_week", "group_name", "kept_here")}
        self._merge(session, Course, courses, names, self.counts["courses"], version=Course.version + 1, **kept)

    def _teachers(self, session: Session) -> None:
        """Replace the teachers of the bundle's courses. Changes are counted under `members`.

        One whose time a person has ended stays as it is: whoever was replaced reads what was.
        """
        count = self.counts["members"]
        ended = queries.teachers_of_courses(session, self.course_ids)
        before = set(ended)
        wanted = {(row["id"], teacher_id) for row in self.bundle["courses"] for teacher_id in row["teacher_ids"]}
        count.created += len(wanted - before)
        count.unchanged += len(wanted & before)
        gone = {pair for pair in before - wanted if not ended[pair]}
        count.removed += len(gone)
        pairs = [{"course_id": course_id, "teacher_id": teacher_id} for course_id, teacher_id in gone]
        self._about_to(CourseTeacher, pairs)
        if gone:
            pair = tuple_(CourseTeacher.course_id, CourseTeacher.teacher_id)
            session.execute(delete(CourseTeacher).where(pair.in_(gone)))
        new = [{"course_id": course_id, "teacher_id": teacher_id} for course_id, teacher_id in sorted(wanted - before)]
        self._append(session, CourseTeacher, new)

    def _members(self, session: Session, today: date) -> None:
        """Write memberships. One missing from the bundle ends yesterday or, if it began later, is deleted.

        One that the bundle does not date began today, unless nobody was known in its year before. A bundle without
        any memberships ends none, and none changes in courses whose members people keep.
        """
        count = self.counts["members"]
        names = ("course_id", "student_id", "since", "until")
        columns = [CourseMember.id, *(getattr(CourseMember, name) for name in names)]
        kept = queries.courses_kept_here(session, self.course_ids)
        named = [course_id for course_id in self.course_ids if course_id not in kept]
        before = queries.known(session, columns, CourseMember.course_id.in_(named))
        last_known = max((row[3] for row in before.values()), default=date.min)
        wanted = []
        for member_id, row in _with_ids([one for one in self.bundle["members"] if one["course_id"] not in kept]):
            member = {"id": member_id, **{name: row[name] for name in names}}
            if not row.get("dated", True):
                known = last_known >= row["since"]
                old = before.get(member_id)
                before_this = old[3] if old else None
                member["since"] = first_day(row["since"], row["until"], before_this, today, known=known)
            wanted.append(member)
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
        self._about_to(CourseMember, [{"id": member_id} for member_id in never])
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
            present = old[2] if old else WEIGHT
            weight = present if fault_of_weight(kind) else bundle_weight(kind["weight"], present)
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


def _with_ids(members: list[dict[str, Any]]) -> Iterable[tuple[UUID, dict[str, Any]]]:
    """Pair each membership with its id, which depends on its ordinal for the student in the course."""
    seen: dict[tuple[UUID, UUID], int] = {}
    for row in sorted(members, key=lambda row: row["since"]):
        key = (row["course_id"], row["student_id"])
        ordinal = seen[key] = seen.get(key, -1) + 1
        yield membership_id(*key, ordinal), row


def _calendars(session: Session, year_ids: Iterable[UUID]) -> dict[UUID, YearCalendar]:
    """The calendars of years, as they stand in the session."""
    return {year_id: calendar_queries.year_of(session, year_id) for year_id in year_ids}
