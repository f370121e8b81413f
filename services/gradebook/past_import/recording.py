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
from services.gradebook.past_import.queries import BroughtMark, ImportRow, SheetPlace
from services.gradebook.past_import.rules.plans import Course, Plan
from services.gradebook.past_import.tables import PastImport, PastTermMark
from services.gradebook.term_marks.queries import SetMark
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
    session: Session, actor: Actor, source: Source, plan: Plan, before: Mapping[Any, SetMark], moment: datetime
) -> tuple[UUID, list[NewRows]]:
    """Save the marks that are added, and the import: its id, and the rows that `inbox.answer` saves."""
    import_id = uuid7()
    marks = [TakenOver(one.at.course_id, one.at.term_id, one.at.kind, one.at.student_id, one.text, before.get(one.at))
             for one in plan.added]  # fmt: skip
    saved, rows = term_results_recording.take_over(session, actor, marks, source.document, moment)
    school = {"school_id": actor.tenant}
    nobody = {"undone_by": None, "undone_at": None}
    header = {"id": import_id, **source._asdict(), "taken_by": actor.person_id, "taken_at": moment, **nobody}
    brought = [{"term_mark_id": one["id"], "version": one["version"]} for one in saved]
    return import_id, [
        *rows,
        NewRows(PastImport, [header], school),
        NewRows(PastTermMark, brought, {**school, "import_id": import_id}),
    ]


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
    sheets: Mapping[SheetPlace, Sheet],
    moment: datetime,
) -> list[NewRows]:
    """Take back what a file brought: the rows that `inbox.answer` saves. Courses, subjects and members stay."""
    done = {"undone_by": actor.person_id, "undone_at": moment}
    session.execute(
        update(PastImport).where(PastImport.id == one.id).values(**done),
        execution_options={"synchronize_session": False},
    )
    rows = term_results_recording.take_back(session, actor, marks, one.document, moment)
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
