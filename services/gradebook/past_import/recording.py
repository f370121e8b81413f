"""Saves what a file of the past brings: subjects, courses, marks, what names meant; and takes it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.term_marks import OPEN, SET
from kernel.auth import Actor
from kernel.data.rows import NewRows
from services.gradebook.courses import recording as courses_recording
from services.gradebook.courses.rules.membership import Changes
from services.gradebook.lessons import recording as lessons_recording
from services.gradebook.marks import recording as marks_recording
from services.gradebook.past_import.queries import BroughtDayMark, BroughtMark, Found, ImportRow, SheetPlace
from services.gradebook.past_import.rules.plans import Course, Plan
from services.gradebook.past_import.tables import PastDayMark, PastImport, PastTermMark
from services.gradebook.rows import View
from services.gradebook.term_marks.rules import states
from services.gradebook.term_results import recording as term_results_recording
from services.gradebook.term_results.queries import Sheet
from services.gradebook.term_results.recording import Of, Step, TakenOver


class Source(NamedTuple):
    """What was taken: a file of a class and a year, by what families read beside its marks."""

    year_id: UUID
    class_id: UUID
    class_name: str
    file: str
    document: str


def new_things(session: Session, actor: Actor, plan: Plan, year_id: UUID, starts_on: date) -> None:
    """Make the subjects and courses to which marks are added, and let students join courses by them."""
    made = plan.made_courses
    subjects = {one.subject_id for one in made}
    courses_recording.new_subjects(
        session, actor, {key: name for key, name in plan.means.new.items() if key in subjects}
    )
    begun = {course_id: dict.fromkeys(sorted(them), starts_on) for course_id, them in plan.members.items()}
    rows = [_course_row(one, year_id) for one in made]
    new = {one.id: begun.pop(one.id) for one in made}
    courses_recording.new_courses(session, actor, rows, {}, new)
    joining = [(course_id, student, since) for course_id, them in begun.items() for student, since in them.items()]
    courses_recording.changed_members(session, actor.tenant, Changes(joining, [], []))


def _course_row(one: Course, year_id: UUID) -> dict[str, Any]:
    kept = {name: getattr(one, name) for name in ("id", "title", "subject_id", "class_id", "grade", "division")}
    return {**kept, "year_id": year_id, "group_name": "", "hours_a_week": None}


def taken(
    session: Session, actor: Actor, source: Source, plan: Plan, found: Found, moment: datetime
) -> tuple[UUID, list[NewRows]]:
    """Save the marks that are added, and the import: its id, and the rows that `inbox.answer` saves."""
    import_id = uuid7()
    marks = [
        TakenOver(at.course_id, at.term_id, at.kind, at.student_id, one.text, found.set.get(at))
        for at, one, _ in plan.added_terms
    ]
    saved, rows = term_results_recording.take_over(session, actor, marks, source.document, moment)
    of_days, more = _taken_of_days(session, actor, plan, found, source.document)
    school = {"school_id": actor.tenant}
    nobody = {"undone_by": None, "undone_at": None}
    header = {"id": import_id, **source._asdict(), "taken_by": actor.person_id, "taken_at": moment, **nobody}
    of_import = {**school, "import_id": import_id}
    return import_id, [
        *rows,
        *more,
        NewRows(PastImport, [header], school),
        NewRows(PastTermMark, [{"term_mark_id": one["id"], "version": one["version"]} for one in saved], of_import),
        NewRows(PastDayMark, [{"mark_id": one["id"], "version": one["version"]} for one in of_days], of_import),
    ]


def _taken_of_days(
    session: Session, actor: Actor, plan: Plan, found: Found, document: str
) -> tuple[list[View], list[NewRows]]:
    """Save the marks of days, in lessons that are made where the courses have none."""
    days = found.days
    if not plan.added_days or days.kind_id is None:
        return [], []
    made = _made_lessons(plan, found)
    lessons_recording.laid_lessons(session, actor.tenant, list(made.values()), [], [])
    numbers = {one.id: one.number for them in days.lessons.values() for one in them}
    numbers |= {row["id"]: row["number"] for row in made.values()}
    marks = []
    for at, one in plan.added_days:
        lesson_id = one.lesson or made[at.course_id, at.on, at.nth]["id"]
        before = days.answers.get((lesson_id, at.student_id))
        stood = None if before is None else (before.id, before.version)
        number = numbers[lesson_id]
        marks.append(marks_recording.TakenOver(lesson_id, at.course_id, at.on, number, at.student_id, one.text, stood))
    return marks_recording.take_over(session, actor, days.kind_id, days.works, marks, document)


def _made_lessons(plan: Plan, found: Found) -> dict[tuple[UUID, date, int], dict[str, Any]]:
    """The rows of lessons that are made: without number where the day has none yet, else behind the last one."""
    made: dict[tuple[UUID, date, int], dict[str, Any]] = {}
    numbers = {key: [one.number for one in them] for key, them in found.days.lessons.items()}
    for course_id, on, nth in plan.new_lessons:
        of_day = numbers.setdefault((course_id, on), [])
        number = max((one or 0 for one in of_day), default=0) + 1 if of_day else None
        of_day.append(number)
        made[course_id, on, nth] = {"id": uuid7(), "course_id": course_id, "date": on, "number": number}
    return made


def handed_in(
    session: Session,
    actor: Actor,
    class_id: UUID,
    complete: Mapping[SheetPlace, bool],
    sheets: Mapping[SheetPlace, Sheet],
    moment: datetime,
) -> list[NewRows]:
    """Let the marks of a class be handed in where nobody misses one any more; those that were checked are so again."""
    steps: defaultdict[Of, list[Step]] = defaultdict(list)
    for (course_id, term_id, kind), is_complete in sorted(complete.items()):
        before = sheets.get((course_id, term_id, kind))
        state = before.state if before else OPEN
        after = SET if state == OPEN and is_complete else states.after_marks(state, int(not is_complete))
        if after != state:
            steps[Of(term_id, kind)].append(Step(course_id, class_id, after, before))
    return _steps(session, actor, steps, moment)


def undone(
    session: Session,
    actor: Actor,
    one: ImportRow,
    marks: Sequence[BroughtMark],
    days: Sequence[BroughtDayMark],
    sheets: Mapping[SheetPlace, Sheet],
    moment: datetime,
) -> list[NewRows]:
    """Take back what a file brought: the rows that `inbox.answer` saves. Courses, lessons and members stay."""
    done = {"undone_by": actor.person_id, "undone_at": moment}
    session.execute(
        update(PastImport).where(PastImport.id == one.id).values(**done),
        execution_options={"synchronize_session": False},
    )
    rows = term_results_recording.take_back(session, actor, marks, one.document, moment)
    rows += marks_recording.take_back(session, actor, days, one.document)
    steps: defaultdict[Of, list[Step]] = defaultdict(list)
    for course_id, term_id, kind in sorted({(mark.course_id, mark.term_id, mark.kind) for mark in marks}):
        before = sheets.get((course_id, term_id, kind))
        if before is not None and before.state != OPEN:
            steps[Of(term_id, kind)].append(Step(course_id, one.class_id, OPEN, before))
    return [*rows, *_steps(session, actor, steps, moment)]


def _steps(session: Session, actor: Actor, steps: Mapping[Of, Collection[Step]], moment: datetime) -> list[NewRows]:
    rows: list[NewRows] = []
    for of, them in steps.items():
        rows += term_results_recording.take_steps(session, actor, of, them, moment)[1]
    return rows
