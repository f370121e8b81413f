"""What was entered in the demo school's past lessons: topics, homework, marks. They are rows: there are thousands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from cli.building import Rows, write_within
from cli.building import marks as building
from cli.demo.load.facts import MARKS_ENTERED, Facts
from cli.demo.model import Lesson, Mark
from contracts.gradebook.homework import FILES, LARGEST_FILE
from kernel.data.rows import update_rows
from kernel.files import kinds
from kernel.files.store import Place, Store, Taken, take
from services.gradebook.homework import tables as homework_tables
from services.gradebook.homework.recording import CHANGED, FILE_ADDED
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables

#: The file that some homework has.
SHEET_NAME: Final = "Карточка с заданиями.txt"
SHEET: Final = """Карточка с заданиями

1. Повторите правило и выпишите его в тетрадь.
2. Приведите два своих примера.
3. Выполните упражнение после параграфа и проверьте себя по ответам в конце учебника.
4. Подумайте, где это может пригодиться в жизни. Ответ подготовьте устно.
"""
#: The version of a lesson that was laid, and then described once.
DESCRIBED: Final = 2


def keep(session: Session, facts: Facts, lessons: Mapping[UUID, Lesson], files: Store) -> None:
    """Save it with its history; `lessons` are those that were laid, by the ids that the generator gave them."""
    place = Place(FILES, facts.school.school.id)
    sheet = take(files, place, [SHEET.encode()], largest=LARGEST_FILE, allowed={kinds.TEXT}, field="file")
    told = [lesson for lesson in lessons.values() if lesson.topic]
    update_rows(session, lessons_tables.Lesson, [{"id": one.id, **_says(one)} for one in told])
    parts = history(facts, told), _homework(facts, told, sheet), marks(facts, facts.school.marks, lessons)
    write_within(session, facts.school.school.id, *parts)


def _says(lesson: Lesson) -> dict[str, Any]:
    return {
        "topic": lesson.topic,
        "homework": lesson.homework,
        "homework_due": lesson.homework_due,
        "version": DESCRIBED,
    }


def history(facts: Facts, lessons: Iterable[Lesson]) -> Rows:
    """That topic and homework of the lessons were entered."""
    return [
        (
            lessons_tables.LessonRevision,
            [{"lesson_id": lesson.id, **_says(lesson), **_entered(facts, lesson)} for lesson in lessons],
        )
    ]


def _homework(facts: Facts, lessons: Iterable[Lesson], sheet: Taken) -> Rows:
    """Minutes and files of homework, with their history: first the minutes, then the file."""
    details: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    files: list[dict[str, Any]] = []
    for lesson in lessons:
        by = _entered(facts, lesson)
        says: dict[str, Any] = {"lesson_id": lesson.id, "minutes": lesson.minutes, "links": []}
        done = [(CHANGED, "")] if lesson.minutes else []
        if lesson.sheet:
            done.append((FILE_ADDED, SHEET_NAME))
            files.append(
                {
                    "id": facts.id_of(f"sheet:{lesson.key}"), "lesson_id": lesson.id, "sha256": sheet.sha256,
                    "name": SHEET_NAME, "media_type": "text/plain", "size": sheet.size,
                    "added_by": by["changed_by"], "added_at": by["changed_at"],
                }
            )  # fmt: skip
        if done:
            details.append({**says, "version": len(done)})
        for version, (what, name) in enumerate(done, start=1):
            revisions.append({**says, "version": version, "tasks": [], "what": what, "file": name, **by})
    return [
        (homework_tables.HomeworkDetail, details),
        (homework_tables.HomeworkRevision, revisions),
        (homework_tables.HomeworkFile, files),
    ]


def _entered(facts: Facts, lesson: Lesson) -> dict[str, Any]:
    """By whom, and when."""
    return {"changed_by": facts.teachers_of(lesson)[0], "changed_at": facts.end_of(lesson)}


def marks(facts: Facts, given: Iterable[Mark], lessons: Mapping[UUID, Lesson]) -> Rows:
    """Marks with their columns and their history; `lessons` are those of the gradebook, by the ids of the generator."""
    works: dict[str, dict[str, Any]] = {}
    rows: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    for mark in given:
        lesson, key = lessons[mark.lesson_id], f"work:{mark.lesson_id}:{mark.kind_id}"
        place = {"id": lesson.id, "course_id": lesson.course_id, "date": lesson.date, "number": lesson.number}
        work = works.setdefault(key, building.work(place, mark.kind_id, facts.id_of(key)))
        says = {"value": mark.value, "comment": mark.comment, "version": 1}
        rows.append({**building.mark(work, place, mark.student_id, mark.value, mark.id), **says})
        by = {"changed_by": facts.teachers_of(lesson)[0], "changed_at": facts.at(mark.set_on, MARKS_ENTERED)}
        revisions.append({"mark_id": mark.id, **says, "reason": "", **by})
    return [
        (marks_tables.Work, list(works.values())),
        (marks_tables.Mark, rows),
        (marks_tables.MarkRevision, revisions),
    ]
