"""Answers calls about term marks: shows, sets, hands in, checks, locks and explains them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook import term_marks as contract
from contracts.gradebook.term_marks import (
    LAST_MARKS,
    TERM,
    ClassJournalPage,
    ClassTerm,
    ClassTermPage,
    CourseTerm,
    CourseTermPage,
    FigureOfStudent,
    Forecast,
    SetTermMarks,
    StudentId,
    StudentOfCourse,
    TermMarks,
)
from kernel.auth import Actor
from kernel.clock import now
from kernel.data import inbox
from kernel.errors import refusal_of
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.brought.queries import BroughtMark, Elsewhere
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses import views as courses_views
from services.gradebook.courses.rules.teaching import shown_teachers
from services.gradebook.journal import framing
from services.gradebook.journal import rules as journal_rules
from services.gradebook.journal import views as journal_views
from services.gradebook.journal.queries import families
from services.gradebook.marks import views as marks_views
from services.gradebook.marks.rules import marks
from services.gradebook.policy.rules.policy import Place
from services.gradebook.rows import View
from services.gradebook.term_marks import queries as term_marks_queries
from services.gradebook.term_marks.rules import setting, states
from services.gradebook.term_results import (
    class_terms,
    course_terms,
    deciding,
    figures,
    forecasts,
    queries,
    recording,
    views,
)


class TermMarksEntrypoints(Entrypoints):
    """Answers calls about term marks: shows, sets, hands in, checks, locks and explains them."""

    @rpc(TermMarks.course_term_marks)
    def course_term_marks(self, actor: Actor, command: CourseTermPage) -> View:
        """A course's term marks, computed beside set."""
        as_of = journal_rules.moment_asked(command.as_of, now())
        with self.unit_of_work(actor) as session:
            found = _of_course(session, actor, command, as_of=as_of)
            refusal, until = refusal_of(found.check_writable), found.open_until()
        page = found.page
        return {
            "course": courses_views.course(page, courses_queries.teachers_of(page.teachers), found.today),
            "term": _term(page),
            "rows": [_row(found, student_id) for student_id in found.students],
            "states": _states(found),
            "kind": found.kind,
            "kinds": list(found.kinds_of_marks),
            "choices": list(setting.choices(found.policy, Place(page.grade, page.subject))),
            "writable": refusal is None,
            "refusal": views.refusal(refusal),
            "open_until": until,
            "as_of": journal_views.as_of(as_of),
        }

    @rpc(TermMarks.set_term_marks)
    def set_term_marks(self, actor: Actor, command: SetTermMarks) -> View:
        """Set and take back term marks of a course, each by itself."""
        marks.check_each_student_once([one.student_id for one in command.entries])
        with self.unit_of_work(actor) as session:
            found = _of_course(session, actor, command, lock=True)
            found.check_writable()
            window = found.window()
            decided = [deciding.decided(found, window, one) for one in command.entries]
            writes = [one.write for one in decided if one.write is not None]
            saved, rows = recording.set_marks(session, actor, command.course_id, _of(command), writes, found.now)
            steps = deciding.steps_after(found, writes)
            _, more = recording.take_steps(session, actor, _of(command), steps, found.now)
            return inbox.answer(
                session, {"answers": [deciding.answer(found, one, saved) for one in decided]}, *rows, *more
            )

    @rpc(TermMarks.hand_in_term_marks)
    def hand_in_term_marks(self, actor: Actor, command: CourseTerm) -> View:
        """Hand the term marks of a course in: families see them from now on."""
        with self.unit_of_work(actor) as session:
            found = _of_course(session, actor, command, lock=True)
            found.check_writable()
            missing_marks = found.missing()
            states.check_complete(missing_marks.total())
            unseen = [one for one in found.set.values() if one.value is not None and one.first_shown is None]
            recording.show(session, unseen)
            steps = [
                recording.Step(command.course_id, class_id, contract.SET, found.sheet_of(class_id))
                for class_id in sorted(missing_marks)
                if found.state_of(class_id) == contract.OPEN
            ]
            _, rows = recording.take_steps(session, actor, _of(command), steps, found.now)
            news = [
                recording.news_of_hand_in(command.course_id, class_id, _of(command), shown)
                for class_id in sorted(missing_marks)
                if (shown := [one for one in unseen if found.class_of(one.student_id) == class_id])
            ]
            answer = {"states": [*_after(found, steps, actor)]}
            return inbox.answer(session, answer, *recording.recorded(session, *news, rows=rows))

    @rpc(TermMarks.class_term_marks)
    def class_term_marks(self, actor: Actor, command: ClassTermPage) -> View:
        """A class's term marks in all courses."""
        as_of = journal_rules.moment_asked(command.as_of, now())
        with self.unit_of_work(actor) as session:
            found = class_terms.ClassTerm(session, actor, command.class_id, command.term_id, command.kind, as_of=as_of)
        return {
            "class_id": command.class_id,
            "term": found.term._asdict(),
            "terms": [one._asdict() for one in found.terms],
            "kind": found.kind,
            "kinds": list(found.kinds_of_marks),
            "courses": [_column(found, one) for one in found.courses],
            "student_ids": found.students,
            "cells": [_cell(one) for one in found.cells()],
            "may_check": found.may_check and as_of is None,
            "may_lock": actor.has("methodologist") and as_of is None,
            "as_of": journal_views.as_of(as_of),
        }

    @rpc(TermMarks.class_journal)
    def class_journal(self, actor: Actor, command: ClassJournalPage) -> View:
        """A class's marks and means in all courses."""
        with self.unit_of_work(actor) as session:
            found = class_terms.ClassTerm(session, actor, command.class_id, command.term_id, TERM)
        return {
            "class_id": command.class_id,
            "term": found.term._asdict(),
            "terms": [one._asdict() for one in found.terms],
            "courses": [_head(found, one) for one in found.courses],
            "student_ids": found.students,
            "cells": [_journal_cell(one) for one in found.journal()],
        }

    @rpc(TermMarks.check_term_marks)
    def check_term_marks(self, actor: Actor, command: ClassTerm) -> View:
        """Note that the term marks of a class were looked through."""
        with self.unit_of_work(actor) as session:
            found = _of_class(session, actor, command)
            found.check_may_check()
            states.check_any(found.states())
            states.check_checkable(found.states())
            return _all_to(session, actor, found, found.to_check(), contract.CHECKED)

    @rpc(TermMarks.lock_term_marks)
    def lock_term_marks(self, actor: Actor, command: ClassTerm) -> View:
        """Lock the term marks of a class."""
        with self.unit_of_work(actor) as session:
            found = _of_class(session, actor, command)
            states.check_any(found.states())
            states.check_lockable(found.states())
            return _all_to(session, actor, found, found.to_lock(), contract.LOCKED)

    @rpc(TermMarks.student_term_marks)
    def student_term_marks(self, actor: Actor, command: StudentId) -> View:
        """A student's term marks, those that were handed in."""
        student_id, as_of = command.student_id, journal_rules.moment_asked(command.as_of, now())
        with self.unit_of_work(actor) as session:
            found = families.student_of_terms(session, student_id, actor.person_id, as_of)
            row = framing.readable_student(actor, student_id, found, as_of)
            shown = term_marks_queries.shown_to_family(session, student_id, as_of)
        courses = families.courses_of(row)
        titles = {one.id: one.title for one in courses}
        moves = families.moves_of(student_id, courses)
        in_time = sorted(shown, key=lambda one: moves.joined_on(student_id, one.course_id))
        left_for = {one: after.course_id for one in titles if (after := moves.left_for(student_id, one))}
        return {
            "student_id": student_id,
            "terms": [one._asdict() for one in families.terms_of(row)],
            "subjects": views.family(titles, in_time, Elsewhere(row.elsewhere).term_marks, left_for),
            "as_of": journal_views.as_of(as_of),
        }

    @rpc(TermMarks.explained_term_mark)
    def explained_term_mark(self, actor: Actor, command: FigureOfStudent) -> View:
        """What a student's computed term mark is made of."""
        as_of = journal_rules.moment_asked(command.as_of, now())
        with self.unit_of_work(actor) as session:
            found = _of_course(session, actor, command, of=command.student_id, as_of=as_of)
        computed = found.computed(command.student_id)
        return {
            "course_id": command.course_id,
            "title": found.page.title,
            "student_id": command.student_id,
            "term": _term(found.page),
            "kind": found.kind,
            "computed": views.computed(computed),
            "inputs": _inputs(found, command.student_id),
            **views.explanation(computed.explained),
            "as_of": journal_views.as_of(as_of),
        }

    @rpc(TermMarks.forecast_term_mark)
    def forecast_term_mark(self, actor: Actor, command: Forecast) -> View:
        """What a student's term mark would be with further marks, and what a target needs."""
        with self.unit_of_work(actor) as session:
            found = course_terms.CourseTerm(session, actor, command.course_id, command.term_id, of=command.student_id)
        forecast = forecasts.Forecast(found, command.student_id, command.what_if)
        place = found.place(command.student_id)
        return {
            "computed": views.computed(figures.of_term(forecast.term_mark())),
            "needed": None if command.target is None else views.needed(forecast.needed(command.target)),
            "targets": list(setting.targets(found.policy, place)),
            "kinds": marks_views.kinds(marks_views.kinds_in(place, found.kinds_of_work, found.policy).values()),
        }

    @rpc(TermMarks.term_mark_history)
    def term_mark_history(self, actor: Actor, command: StudentOfCourse) -> View:
        """Every state of a student's term mark in a course."""
        with self.unit_of_work(actor) as session:
            found = _of_course(session, actor, command)
            found.check_has(command.student_id)
            rows = term_marks_queries.revisions(
                session, command.course_id, command.term_id, command.kind, command.student_id
            )
        return {"revisions": [dict(row) for row in rows]}


Course = TypeVar("Course", CourseTermPage, CourseTerm, SetTermMarks, StudentOfCourse, FigureOfStudent)


def _of_course(
    session: Session,
    actor: Actor,
    command: Course,
    *,
    of: UUID | None = None,
    lock: bool = False,
    as_of: datetime | None = None,
) -> course_terms.CourseTerm:
    """The course that a command names, with the marks of its kind. Raises `Refused`."""
    return course_terms.CourseTerm(
        session, actor, command.course_id, command.term_id, kind=command.kind, of=of, lock=lock, as_of=as_of
    )


def _of_class(session: Session, actor: Actor, command: ClassTerm) -> class_terms.ClassTerm:
    """The class that a command changes, with the marks of its kind. Raises `Refused`."""
    return class_terms.ClassTerm(session, actor, command.class_id, command.term_id, command.kind, lock=True)


def _of(command: SetTermMarks | CourseTerm) -> recording.Of:
    return recording.Of(command.term_id, command.kind)


def _inputs(found: course_terms.CourseTerm, student_id: UUID) -> list[View]:
    """What a computed mark is made of."""
    if found.kind == contract.TERM:
        rows: list[queries.MarkOfTerm | BroughtMark] = [*found.brought_of(student_id), *found.marks_of(student_id)]
        return views.inputs(found.traced(student_id), rows, found.kinds_of_work, found.origins_of(student_id))
    explained, parts = found.computed(student_id).explained, found.parts_of(student_id)
    return views.inputs_of_year(explained, parts, found.origins_of_values(student_id))


def _states(found: course_terms.CourseTerm) -> list[View]:
    return [
        views.state(found.page.id, class_id, count, found.sheet_of(class_id), contract.OPEN)
        for class_id, count in sorted(found.missing().items())
    ]


def _after(found: course_terms.CourseTerm, steps: Sequence[recording.Step], actor: Actor) -> list[View]:
    """The states of a course's classes after steps were taken."""
    taken = {one.class_id: _taken(one, actor, found.now) for one in steps}
    return [taken.get(one["class_id"]) or one for one in _states(found)]


def _taken(step: recording.Step, actor: Actor, moment: datetime) -> View:
    return {
        "course_id": step.course_id,
        "class_id": step.class_id,
        "state": step.state,
        "missing": 0,
        "changed_by": actor.person_id,
        "changed_at": moment,
    }


def _all_to(
    session: Session,
    actor: Actor,
    found: class_terms.ClassTerm,
    courses: Sequence[queries.CourseOfClass],
    state: str,
) -> View:
    """Take a class's marks in these courses to a state."""
    moment, class_id, of = now(), found.row.class_id, recording.Of(found.term.id, found.kind)
    steps = [recording.Step(one.id, class_id, state, found.sheet_of(one.id)) for one in courses]
    _, rows = recording.take_steps(session, actor, of, steps, moment)
    news = [recording.news_of_lock(class_id, of)] if state == contract.LOCKED and steps else []
    answer = {"states": [_taken(one, actor, moment) for one in steps]}
    return inbox.answer(session, answer, *recording.recorded(session, *news, rows=rows))


def _term(page: queries.PageRow) -> View:
    return {
        "id": page.term_id,
        "title": page.term_title,
        "starts_on": page.term_starts_on,
        "ends_on": page.term_ends_on,
        "division": page.division,
    }


def _row(found: course_terms.CourseTerm, student_id: UUID) -> View:
    mark = found.set.get(student_id)
    return {
        "student_id": student_id,
        "class_id": found.class_of(student_id),
        "left_on": found.left_on.get(student_id),
        "computed": views.computed(found.computed(student_id)),
        "mark": mark and views.term_mark(mark),
        "refusal": views.refusal(found.refusal_of_student(student_id)),
    }


def _head(found: class_terms.ClassTerm, course: queries.CourseOfClass) -> View:
    teachers = courses_queries.teachers_of(course.teachers)
    return {"course_id": course.id, "title": course.title, "teacher_ids": shown_teachers(teachers, found.today)}


def _column(found: class_terms.ClassTerm, course: queries.CourseOfClass) -> View:
    return {
        **_head(found, course),
        "state": found.state_of(course.id),
        "missing": found.missing(course.id),
    }


def _cell(cell: class_terms.Cell) -> View:
    value = cell.mark.value if cell.mark else None
    return {
        "student_id": cell.student_id,
        "course_id": cell.course.id,
        "value": value,
        "computed": cell.computed.text,
        "mean": cell.computed.mean,
        "explained": bool(value and cell.mark and cell.mark.reason),
        "left": cell.left,
    }


def _journal_cell(cell: class_terms.JournalCell) -> View:
    last = cell.marks[-LAST_MARKS:]
    return {
        "student_id": cell.student_id,
        "course_id": cell.course.id,
        "mean": cell.computed.mean,
        "computed": cell.computed.text,
        "value": cell.mark.value if cell.mark else None,
        "last": [one._asdict() for one in last],
        "earlier": len(cell.marks) - len(last),
        "marks": cell.attention.marks,
        "least": cell.attention.least,
        "needs": cell.attention.needs,
        "left": cell.left,
    }
