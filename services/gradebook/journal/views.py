"""Views of the journal page, the diary and a student's marks."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.gradebook.journal import LEFT_OUT, THEN, TODAY
from services.gradebook.bells import views as bells_views
from services.gradebook.bells.rules.bells import Times
from services.gradebook.brought import views as brought_views
from services.gradebook.brought.queries import Brought, BroughtMark, Origin
from services.gradebook.exact import plain
from services.gradebook.homework.queries import files_of, tasks_of
from services.gradebook.homework.rules import done
from services.gradebook.homework.rules.due import due_day
from services.gradebook.journal.moves import Moves
from services.gradebook.journal.queries.diary import DiaryLesson
from services.gradebook.journal.queries.families import CourseTime, FamilyMark, OwedByStudent
from services.gradebook.journal.queries.pages import MarkOfPage
from services.gradebook.lessons import views as lessons_views
from services.gradebook.marks import views as marks_views
from services.gradebook.marks.rules import owed as owed_rules
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.rows import View, picked
from services.gradebook.term_marks import computing
from services.gradebook.term_marks import views as term_marks_views
from services.gradebook.term_marks.computing import Kinds, Weight

_DIARY_LESSON = ("course_id", "title", "number", "topic", "homework", "homework_due")
_DUE_HOMEWORK = ("course_id", "title", "homework")


def as_of(moment: datetime | None) -> View | None:
    """What an answer says as of a moment; None of one that says what is."""
    if moment is None:
        return None
    return {"moment": moment, "then": list(THEN), "today": list(TODAY), "left_out": list(LEFT_OUT)}


def journal_means(
    student_ids: Iterable[UUID],
    marks: Iterable[MarkOfPage],
    brought: Brought,
    kinds: Kinds,
    policy: Policy,
    place: Place = computing.EVERYWHERE,
) -> list[View]:
    """Each student's mean on a journal page, without the long explanation, which the student's own page has."""
    by_student: dict[UUID, list[MarkOfPage]] = {student_id: [] for student_id in student_ids}
    for row in marks:
        by_student[row.student_id].append(row)
    by, weights = computing.Ruled(policy, place), computing.weights(kinds, policy)
    found = []
    for student_id, rows in by_student.items():
        came_along = computing.brought_series(brought.marks_of(student_id), weights)
        mean = term_marks_views.mean_of((*came_along, *computing.series(rows, weights)), by)
        found.append({"student_id": student_id, "mean": mean})
    return found


def means_of_rows(
    rows: Iterable[tuple[str, Iterable[tuple[str, str, bool]]]],
    brought: Brought,
    kinds: Kinds,
    policy: Policy,
    place: Place,
) -> list[View]:
    """The same of rows of marks: student, and texts, ids of kinds of work and whether they only help; ids as texts."""
    by, weights = computing.Ruled(policy, place), computing.weights(kinds, policy)
    by_text = {str(kind): weight for kind, weight in weights.items()}
    came_along = {str(one): computing.brought_series(brought.marks_of(one), weights) for one in brought.sources}
    return [
        term_marks_views.mean_of(
            (
                *came_along.get(student, ()),
                *((text, computing.in_column(by_text[kind], helps)) for text, kind, helps in row),
            ),
            by,
        )
        for student, row in rows
    ]


def diary_mark(row: FamilyMark, kinds: Kinds) -> View:
    """The view of a mark for the student's family."""
    kind = kinds[row.kind_id]
    return {
        "id": row.id,
        "value": row.value,
        "kind": kind.name,
        "weight": plain(kind.weight),
        "comment": row.comment,
        "changed": row.previous is not None,
        "previous": row.previous,
    }


def diary_days(
    monday: date,
    lessons: Sequence[DiaryLesson],
    courses: Sequence[CourseTime],
    marks: Iterable[FamilyMark],
    kinds: Mapping[UUID, Kinds],
    times: Times,
) -> list[View]:
    """Seven days with the student's lessons, marks, and the homework that is due on them.

    `kinds` are those of each course, with their weights there, `lessons` those of `queries.diary`. Lessons in
    which the student only has a mark are included; those of courses that are the student's have the times of their
    bells. Homework stands at the first lesson of its course on the day, or beside the lessons if the course has none
    then.
    """
    years = {row.id: row.year_id for row in courses}
    spans = _spans(courses)
    by_lesson: dict[UUID, list[View]] = {}
    for row in marks:
        by_lesson.setdefault(row.lesson_id, []).append(diary_mark(row, kinds[row.course_id]))
    days: dict[date, View] = {day: {"date": day, "lessons": [], "due_homework": []} for day in _week(monday)}
    due = _due_homework(lessons, days, spans)
    for lesson in lessons:
        if lesson.date not in days:
            continue
        was_in_course = _was_in_course(spans, lesson.course_id, lesson.date)
        if was_in_course or lesson.id in by_lesson:
            year_id = years.get(lesson.course_id)
            course_id, place = lesson.course_id, (lesson.date, lesson.number, lesson.class_id, lesson.grade)
            bell = times.of(year_id, course_id, *place) if year_id is not None else None
            days[lesson.date]["lessons"].append(
                {
                    "lesson_id": lesson.id,
                    **picked(lesson, _DIARY_LESSON),
                    **lessons_views.standing(lesson),
                    **lessons_views.origin(lesson),
                    **bells_views.times(bell),
                    "shifts_differ": times.differ(course_id, lesson.class_id),
                    **(_beside(lesson) if was_in_course else {}),
                    "due_on": _due_day(lesson),
                    "due_homework": due.pop((lesson.course_id, lesson.date), []),
                    "marks": by_lesson.get(lesson.id, []),
                }
            )
    for (_, day), given in due.items():
        days[day]["due_homework"] += given
    return list(days.values())


def _week(monday: date) -> list[date]:
    return [monday + timedelta(days=offset) for offset in range(7)]


def _due_homework(
    lessons: Iterable[DiaryLesson], days: Container[date], spans: Mapping[UUID, Sequence[CourseTime]]
) -> dict[tuple[UUID, date], list[View]]:
    """Course and day → the homework that is due then, in the order in which it was given.

    Who is in the course on the day has it to do, whoever was in it when it was given. The student's own task stands
    beside the homework if both are due on one day.
    """
    found: dict[tuple[UUID, date], list[View]] = {}
    for lesson in lessons:
        for day in _due_days(lesson):
            if day in days and _was_in_course(spans, lesson.course_id, day):
                given = {"lesson_id": lesson.id, "given_on": lesson.date, **_due_on(lesson, day)}
                found.setdefault((lesson.course_id, day), []).append(given)
    return found


def _due_days(lesson: DiaryLesson) -> list[date]:
    """The days on which something of a lesson is due: the homework, the student's own task; one day for both once."""
    day, own = _due_day(lesson), lesson.task_due
    return [one for one in (day, own if own != day else None) if one is not None]


def _due_on(lesson: DiaryLesson, day: date) -> View:
    """What a lesson gave that is due on one of its days: the homework, the student's own task or both."""
    shown = {**picked(lesson, _DUE_HOMEWORK), **_beside(lesson)}
    if day != _due_day(lesson):
        shown.pop("minutes", None)
        return {**shown, "homework": ""}
    if day != lesson.task_due:
        shown.pop("personal", None)
    return shown


def _beside(lesson: DiaryLesson) -> View:
    """What a lesson's homework has beside its text, and the tick; most have nothing, and say nothing of it."""
    found: View = {}
    if lesson.minutes is not None:
        found["minutes"] = lesson.minutes
    if lesson.links:
        found["links"] = lesson.links
    if lesson.files:
        found["files"] = [file._asdict() for file in files_of(lesson.files)]
    if lesson.task is not None:
        found["personal"] = {"text": lesson.task, "due": lesson.task_due}
    if lesson.homework or lesson.task is not None:
        files = [file.id for file in files_of(lesson.files)]
        found["to_do"] = done.fingerprint(lesson.homework, lesson.task, lesson.links or (), files)
    if lesson.done_at is not None:
        found |= {"done_at": lesson.done_at, "changed_since": lesson.fingerprint != found.get("to_do")}
    return found


def _due_day(lesson: DiaryLesson) -> date | None:
    return due_day(lesson.homework, lesson.homework_due, lesson.next_lesson)


def _spans(courses: Iterable[CourseTime]) -> dict[UUID, list[CourseTime]]:
    """Course → when the student is in it."""
    found: dict[UUID, list[CourseTime]] = {}
    for row in courses:
        found.setdefault(row.id, []).append(row)
    return found


def _was_in_course(spans: Mapping[UUID, Sequence[CourseTime]], course_id: UUID, day: date) -> bool:
    return any(row.since <= day and (row.until is None or day <= row.until) for row in spans.get(course_id, ()))


def subjects(
    titles: Mapping[UUID, str],
    places: Mapping[UUID, Place],
    marks: Iterable[FamilyMark],
    kinds: Kinds,
    policy: Policy,
    moves: Moves,
) -> list[View]:
    """A student's courses by title, with marks and explained means; courses without marks are included.

    Marks of courses that the student left, and those of other schools, stand where they count.
    """
    own = [course_id for course_id in titles if moves.counts_in(course_id) == course_id]
    by_course: dict[UUID, list[FamilyMark]] = {course_id: [] for course_id in own}
    for row in marks:
        by_course[moves.counts_in(row.course_id)].append(row)
    weights = computing.weights(kinds, policy)
    return [
        subject(
            course_id,
            titles[course_id],
            by_course[course_id],
            marks_views.kinds_in(places[course_id], kinds, policy),
            weights,
            computing.Ruled(policy, places[course_id]),
            moves,
        )
        for course_id in sorted(own, key=lambda one: (titles[one], one))
    ]


def subject(
    course_id: UUID,
    title: str,
    marks: Sequence[FamilyMark],
    kinds: Kinds,
    weights: Mapping[UUID, Weight],
    by: computing.Ruled,
    moves: Moves,
) -> View:
    """A course with a student's marks that count in it, those of other schools first, and their explained mean."""
    elsewhere = moves.elsewhere.get(course_id, [])
    series = (*computing.brought_series(elsewhere, weights), *computing.series(marks, weights))
    shown = [
        *(_brought_mark(row, kinds, moves.origins[row.id]) for row in elsewhere),
        *(_dated_mark(row, kinds, moves.origin_of(row.course_id)) for row in marks),
    ]
    return {
        "course_id": course_id,
        "title": title,
        "marks": shown,
        "mean": term_marks_views.explained_mean_of(series, by),
    }


def _dated_mark(row: FamilyMark, kinds: Kinds, origin: Origin | None) -> View:
    return {**diary_mark(row, kinds), "date": row.date, "origin": origin and brought_views.origin(origin)}


def _brought_mark(row: BroughtMark, kinds: Kinds, origin: Origin) -> View:
    kind = kinds[row.kind_id]
    return {
        "id": row.id,
        "value": row.value,
        "kind": kind.name,
        "weight": plain(kind.weight),
        "comment": row.comment,
        "changed": False,
        "previous": None,
        "date": row.date,
        "origin": brought_views.origin(origin),
    }


def owed(works: Iterable[OwedByStudent], today: date) -> list[View]:
    """What a student owes, and what of it should have been handed in."""
    return [{**one._asdict(), "overdue": owed_rules.is_overdue(one.due, today)} for one in works]


def homework_notice(row: Mapping[str, Any]) -> View:
    """What a letter about homework may tell; of the tasks each family is told its own."""
    return {
        **row,
        "links": row["links"] or [],
        "files": [file.name for file in files_of(row["files"])],
        "tasks": [picked(one, ("student_id", "text", "due")) for one in tasks_of(row["tasks"] or ())],
    }
