"""What an import did to the gradebook's rows, what stands in the way of undoing that, and putting it back.

Marks are never overwritten: their history says which import wrote a version. A mark in a column that stays gets a
further version with the value from before; one in a column that the import made goes with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.data.rows import insert_rows, update_rows
from kernel.data.traces import Key, Touched, Traces, put
from kernel.obstacles import Obstacles
from services.gradebook.base import Base
from services.gradebook.bundles import queries
from services.gradebook.bundles.rules.bundle import IMPORTED, UNDONE
from services.gradebook.bundles.tables import BundleTrace
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher, Subject
from services.gradebook.lessons.tables import Lesson, LessonRevision
from services.gradebook.marks.tables import KindOfWork, Mark, MarkRevision, Work
from services.gradebook.policy.tables import Setting

#: The time zone of a setting is not an import's: identity's events renew it. Nor is the version of a year, which grows
#: with whatever is kept of its days.
TRACES: Final = Traces(BundleTrace, {Setting: ("lowest", "highest"), Year: ("title", "starts_on", "ends_on")}, Base)
#: What an import did, by kind.
KINDS: Final = {
    Year: "sessions",
    Term: "sessions",
    Subject: "subjects",
    Course: "courses",
    CourseTeacher: "members",
    CourseMember: "members",
    KindOfWork: "kinds",
    Setting: "scale",
    Lesson: "lessons",
    Work: "works",
}
#: What stands in the way is called, by the table of what was changed or added.
RULES: Final = {
    Lesson: "lessons",
    LessonRevision: "lessons",
    Work: "columns",
    Mark: "marks",
    MarkRevision: "marks",
}
#: Marks of one INSERT.
CHUNK: Final = 1000


@dataclass
class Undoing:
    """Undoes the gradebook's part of an import in one school, in a session bound to it."""

    session: Session
    school_id: UUID
    import_id: UUID
    obstacles: Obstacles = field(default_factory=Obstacles)

    def __post_init__(self) -> None:
        self.touched = TRACES.touched(self.session, self.import_id)
        self.marks = queries.touched_marks(self.session, self.import_id)

    @property
    def traced(self) -> bool:
        """Whether there is anything that the import did."""
        return bool(self.touched or self.marks)

    def counts(self) -> dict[str, tuple[int, int]]:
        """Kind → gone, restored."""
        counts: dict[str, list[int]] = {}
        for one in self.touched:
            if one.cls in KINDS:
                counts.setdefault(KINDS[one.cls], [0, 0])[0 if one.before is None else 1] += 1
        for mark in self.marks:
            counts.setdefault("marks", [0, 0])[0 if mark.first == 1 else 1] += 1
        return {kind: (gone, restored) for kind, (gone, restored) in counts.items()}

    def created(self, cls: type[Any]) -> list[Key]:
        """The keys of the rows of a table that the import made."""
        return [one.key for one in self.touched if one.cls is cls and one.before is None]

    @property
    def lessons(self) -> list[UUID]:
        """The lessons that the import made."""
        return [key[0] for key in self.created(Lesson)]

    def look(self, checked: Collection[UUID]) -> Obstacles:
        """What stands in the way. `checked`: lessons of the import in which absences were checked."""
        self._later = TRACES.later(self.session, self.import_id)
        self._changed_rows()
        for cls in dict.fromkeys(one.cls for one in self.touched):
            self._leaning(cls)
        self._changed_marks()
        names = queries.lesson_names(self.session, list(checked))
        for lesson_id in checked:
            self.obstacles.add("checks", lesson_id, names.get(lesson_id, ""))
        return self.obstacles

    def undo(self, moment: datetime) -> None:
        """Put everything back, and keep what goes for `put_back`."""
        going = {key[0] for key in self.created(Work)}
        self._restore([mark for mark in self.marks if mark.work_id not in going], moment)
        marks = queries.marks_in_works(self.session, sorted(going))  # of nobody else: nothing stands in the way
        kept = self._kept(Mark, [(mark.id,) for mark in marks])
        kept += self._kept(MarkRevision, [key for one in kept for key in self._versions(one)])
        TRACES.append(self.session, self.school_id, self.import_id, kept, moment)
        put(self.session, self.school_id, [_with_scale(one) for one in (*self.touched, *kept)])
        self._renew_years()

    def put_back(self, moment: datetime) -> None:
        """Undo the undoing. What a person has changed in the moments between stays as that person left it."""
        changed = {(one.cls, one.key) for one in TRACES.changed(self.session, self.touched, back=False)}
        again = [_with_scale(one) for one in self.touched if (one.cls, one.key) not in changed or one.cls is Setting]
        put(self.session, self.school_id, again, back=False)
        self._renew_years()
        standing = queries.undone_marks(self.session, self.import_id)
        values = queries.revisions(self.session, [(mark_id, version - 1) for mark_id, version in standing])
        self._write(
            [(mark_id, version, values[mark_id, version - 1]) for mark_id, version in standing], IMPORTED, moment
        )
        kept = BundleTrace.of_table.in_((Mark.__tablename__, MarkRevision.__tablename__))
        TRACES.forget(self.session, BundleTrace.cause_id == self.import_id, kept)

    def _renew_years(self) -> None:
        """Give years a new version where the import had written calendars: who read them before overwrites nothing."""
        if any(one.cls in {Year, Term} for one in self.touched):
            self.session.execute(update(Year).values(version=Year.version + 1))

    def _add(self, cls: type[Any], key: Key, thing: Any, name: str) -> None:
        """Note an obstacle; where a later import made it, that import is what stands in the way."""
        later = self._later.get((cls, key))
        if later is not None:
            self.obstacles.add("later-import", (cls, key), str(later))
        else:
            self.obstacles.add(RULES.get(cls, "journal"), thing, name)

    def _changed_rows(self) -> None:
        changed = TRACES.changed(self.session, self.touched)
        overlapping = [one for one in self.touched if (one.cls, one.key) in self._later]
        names = self._names_of_lessons([*changed, *overlapping])
        for one in (*overlapping, *changed):
            lesson_id = self._lesson_of(one.cls, one.key)
            name = names.get(lesson_id, "") if lesson_id else _name_of(one)
            self._add(one.cls, one.key, lesson_id or (one.cls, one.key), name)

    def _leaning(self, cls: type[Any]) -> None:
        """Rows that refer to what the import made, and that it did not write itself."""
        own = {(one.cls, one.key) for one in self.touched}
        leaned = {one.key: _name_of(one) for one in self.touched if one.cls is cls}
        found = [
            (other, key, on)
            for other, key, on in TRACES.standing_on(self.session, cls, self.created(cls))
            if (other, key) not in own and other not in (Mark, MarkRevision)  # told with the other marks
        ]
        lessons = {key[0]: key[0] for other, key, _ in found if other in (Lesson, LessonRevision)}
        lessons |= queries.lessons_of_works(self.session, [key[0] for other, key, _ in found if other is Work])
        names = queries.lesson_names(self.session, list(lessons.values()))
        for other, key, on in found:
            lesson_id = lessons.get(key[0]) if other in RULES else None
            name = names.get(lesson_id, "") if lesson_id else leaned[on]
            self._add(other, key, lesson_id if other is not Work and lesson_id else (other, key), name)

    def _changed_marks(self) -> None:
        """Marks of the import that somebody changed, and marks of others in what it made."""
        for mark in self.marks:
            if not mark.as_left:
                self._add_mark(mark.mark_id, mark.title, mark.date, mark.present_import_id)
        own = {mark.mark_id for mark in self.marks}
        works = [key[0] for key in self.created(Work)]
        members = [key[0] for key in self.created(CourseMember)]
        for row in (*queries.marks_in_works(self.session, works), *queries.marks_of_members(self.session, members)):
            if row.id not in own and not row.taken_back:
                self._add_mark(row.id, row.title, row.date, row.import_id)

    def _add_mark(self, mark_id: UUID, title: str, day: date, import_id: UUID | None) -> None:
        if import_id is not None:
            self.obstacles.add("later-import", mark_id, str(import_id))
        else:
            self.obstacles.add("marks", mark_id, f"{title}, {day.isoformat()}")

    def _names_of_lessons(self, rows: Iterable[Touched]) -> dict[UUID, str]:
        wanted = [lesson_id for one in rows if (lesson_id := self._lesson_of(one.cls, one.key)) is not None]
        return queries.lesson_names(self.session, wanted)

    def _lesson_of(self, cls: type[Any], key: Key) -> UUID | None:
        """The lesson that a row is about."""
        if cls is Lesson or cls is LessonRevision:
            return UUID(str(key[0]))
        return self._columns.get(key[0]) if cls is Work else None

    @cached_property
    def _columns(self) -> dict[UUID, UUID]:
        return queries.lessons_of_works(self.session, [one.key[0] for one in self.touched if one.cls is Work])

    def _versions(self, mark: Touched) -> list[Key]:
        """The keys of a mark's history."""
        assert mark.after is not None, "it is there"
        return [(mark.key[0], version) for version in range(1, mark.after["version"] + 1)]

    def _kept(self, cls: type[Any], keys: Sequence[Key]) -> list[Touched]:
        """Rows that are about to go, as what the import made."""
        return [Touched(cls, key, None, row) for key, row in TRACES.present(self.session, cls, keys).items()]

    def _restore(self, marks: Sequence[queries.TouchedMark], moment: datetime) -> None:
        """A further version of each mark, with the value from before the import; none where there was no mark."""
        wanted = [(mark.mark_id, mark.first - 1) for mark in marks if mark.first > 1]
        values = queries.revisions(self.session, wanted)
        self._write(
            [
                (mark.mark_id, mark.version, values.get((mark.mark_id, mark.first - 1), (None, "")))
                for mark in marks
            ],
            UNDONE,
            moment,
        )  # fmt: skip

    def _write(self, marks: Sequence[tuple[UUID, int, tuple[str | None, str]]], reason: str, moment: datetime) -> None:
        """The next versions of marks."""
        for start in range(0, len(marks), CHUNK):
            rows = [
                {"id": mark_id, "value": value, "comment": comment, "version": version + 1}
                for mark_id, version, (value, comment) in marks[start : start + CHUNK]
            ]
            update_rows(self.session, Mark, rows)
            common = {"school_id": self.school_id, "reason": reason, "changed_by": None, "changed_at": moment}
            history = [
                {**common, "mark_id": row["id"], **{name: row[name] for name in ("value", "comment", "version")}}
                for row in rows
            ]
            insert_rows(self.session, MarkRevision, [{**one, "import_id": self.import_id} for one in history])


def _name_of(one: Touched) -> str:
    """What a row is called at school."""
    state = one.after or one.before or {}
    return str(state.get("title") or state.get("name") or "")


def _with_scale(one: Touched) -> Touched:
    """A school keeps its setting, which also holds its time zone: instead of going it gets the usual scale."""
    if one.cls is not Setting or one.before is not None:
        return one
    usual = {
        column.name: column.default.arg for column in Setting.__table__.columns if column.name in ("lowest", "highest")
    }
    return one._replace(before=usual)
