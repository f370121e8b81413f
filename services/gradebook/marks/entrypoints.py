"""Answers calls about marks: lists kinds of work, posts and changes marks, shows their history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.lessons import LessonId
from contracts.gradebook.marks import (
    ChangeColumn,
    ChangeMark,
    ColumnEntry,
    MarkId,
    Marks,
    NewMark,
    PostMark,
    PostMarks,
    SetColumn,
)
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import Empty, given
from kernel.data import inbox
from kernel.data.rows import NewRows
from kernel.errors import Invalid, Refused, Stale, together
from kernel.running.entrypoints import Entrypoints, every, rpc
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.lessons import queries as lessons_queries
from services.gradebook.lessons import recording as lessons_recording
from services.gradebook.marks import deciding, permissions, queries, recording, views
from services.gradebook.marks.rules import cells, columns, marks, owed
from services.gradebook.people import queries as people_queries
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules import first_grade
from services.gradebook.policy.rules.known_grade import ClassGrade
from services.gradebook.policy.rules.policy import Place, Policy, place_of
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.rows import View, missing
from services.gradebook.windows import queries as windows_queries
from services.gradebook.windows import views as windows_views
from services.gradebook.windows.queries import Windows
from services.gradebook.windows.rules.deadlines import IN_TIME

#: Seconds from one look for works that are due soon to the next, and for columns that families see now.
REMINDING: Final = 600
ANNOUNCING: Final = 60


class MarksEntrypoints(Entrypoints):
    """Answers calls about marks: lists kinds of work, posts and changes marks, shows their history."""

    @rpc(Marks.kinds)
    def kinds(self, actor: Actor, command: Empty) -> View:
        """Kinds of work; any member of the school may read them."""
        with self.unit_of_work(actor) as session:
            setting = policy_queries.setting(session)
            policy = policy_queries.policy_on(session, setting, policy_queries.today_of(setting))
            found = {kind.id: kind for kind in queries.kinds(session)}
        return {"kinds": views.kinds(views.kinds_in(Place(), found, policy).values())}

    @rpc(Marks.post_mark)
    def post_mark(self, actor: Actor, command: PostMark) -> View:
        """Post one mark."""
        with self.unit_of_work(actor) as session:
            (posted,), rows = _post(session, actor, command, {"": command}, recording.news_of_mark)
            return inbox.answer(session, posted, *rows)

    @rpc(Marks.post_marks)
    def post_marks(self, actor: Actor, command: PostMarks) -> View:
        """Post a column of marks in a constant number of statements."""
        entries = {f"marks.{index}.": entry for index, entry in enumerate(command.marks)}
        with self.unit_of_work(actor) as session:
            posted, rows = _post(session, actor, command, entries, recording.news_of_column)
            return inbox.answer(session, {"marks": posted}, *rows)

    @rpc(Marks.lesson_marks)
    def lesson_marks(self, actor: Actor, command: LessonId) -> View:
        """The marks of a lesson, for those who may read the lesson."""
        with self.unit_of_work(actor) as session:
            lesson = queries.lesson_with_kinds(session, command.lesson_id, actor.person_id)
            ties = lessons_queries.ties(lesson, actor.person_id)
            if not courses_permissions.may_read_day(actor, ties, lesson.date):
                raise missing("lesson", lesson.id)
            found = queries.marks_of_lesson(session, lesson.id)
            windows = _windows(session, lesson)
            policy = policy_queries.policy_on(session, lesson, lesson.date)
            by_policy = policy.keeping.teachers_enter_absences.at(Place(lesson.grade, lesson.subject)).value
        return {
            "marks": views.marks(found),
            "may_write": courses_permissions.may_write_course(actor, ties),
            "windows": windows,
            "settings": [views.setting(one) for one in queries.settings_of(lesson.settings).values()],
            "owed": views.owed(queries.owed_of(lesson.owed).values(), lesson.date),
            "enters_absences": courses_permissions.enters_absences(actor, ties, by_policy),
        }

    @rpc(Marks.set_column)
    def set_column(self, actor: Actor, command: SetColumn) -> View:
        """Set, change and take back marks of a column in a constant number of statements."""
        students = [entry.student_id for entry in command.marks]
        with self.unit_of_work(actor) as session:
            column, policy, windows = _column_to_write(session, actor, command)
            marks.check_each_student_once(students)
            kind_id = queries.kind_of_column(column, command.kind_id)
            kept = queries.marks_of_kind(session, column.id, kind_id, students)
            moved = deciding.Moved(session, windows)
            decided = _decided(column, kind_id, policy, kept, command, moved)
            late = deciding.late(windows, column, command.reason) if decided.new else IN_TIME
            new = [mark._replace(late=late) for mark in decided.new]
            written = recording.Changes(column, kind_id, new, decided.changed, decided.owed)
            saved, owing, rows = recording.set_columns(session, actor, [written])
            now_there = {row.student_id: views.mark(row) for row in kept.values()}
            now_there |= {view["student_id"]: view for view in saved}
            shown = [now_there[student] for student in students if student in now_there]
            owing = queries.owed_of(column.owed) | owing
            places = [(column.id, kind_id, student) for student in students]
            still_owed = views.owed([owing[place] for place in places if place in owing], column.date)
            return inbox.answer(session, {"marks": shown, "owed": still_owed}, *rows)

    @rpc(Marks.change_column)
    def change_column(self, actor: Actor, command: ChangeColumn) -> View:
        """Say how a column's marks count and from when families see them; the history keeps what was said before."""
        with self.unit_of_work(actor) as session:
            lessons_queries.lock(session, command.lesson_id)
            column = queries.column(session, command.lesson_id, actor.person_id, command.kind_id)
            deciding.check_takes_marks(actor, column, Windows(session))
            kind_id = queries.kind_of_column(column, command.kind_id)
            kept = queries.settings_of(column.settings).get((column.id, kind_id))
            if command.seen != (kept.version if kept else None):
                present = kept and views.setting(kept)
                raise Stale("Someone changed this first.", rule="stale", field="seen", present=present)
            before = (kept.only_if_helps, kept.visible_from) if kept else (False, None)
            if (command.only_if_helps, command.visible_from) == before:
                raise Invalid("Nothing changes.", rule="nothing-changes")
            columns.check_visible_from(command.visible_from, now())
            place = kept.id if kept else uuid7(), column.id, kind_id
            version = kept.version + 1 if kept else 1
            new = queries.SettingOfColumn(*place, command.only_if_helps, command.visible_from, version)
            return inbox.answer(session, views.setting(new), *recording.changed_setting(session, actor, new, kept))

    @rpc(Marks.change_mark)
    def change_mark(self, actor: Actor, command: ChangeMark) -> View:
        """Change or withdraw a mark of a course of the actor's; the history keeps the old value."""
        with self.unit_of_work(actor) as session:
            row = queries.mark(session, command.mark_id, actor.person_id, lock=True)
            ties = lessons_queries.ties(row, actor.person_id)
            courses_permissions.check_writes_course(actor, ties, missing("mark", row.id))
            windows, lesson = Windows(session), windows_queries.held(row, row.lesson_id)
            windows.check(lesson, "mark_id", row.kind)
            if not row.stays:
                deciding.Moved(session, windows).check_student(lesson, row.course_id, row.student_id, "mark_id")
            if row.version != command.version:
                raise Stale("Someone changed the mark first.", rule="stale", field="version", present=views.mark(row))
            value = command.value
            if value is not None:
                policy = policy_queries.policy_on(session, row, row.date)
                place = place_of(policy, row.grade, row.subject, row.kind)
                value = cells.mark_text(value, scale_at(policy, place), day=row.date)
                first_grade.check_marked(policy, place, courses_queries.grade_of(row), "value")
            comment = str(given(command).get("comment", row.comment)).strip()
            marks.check_mark_changes((row.value, row.comment), (value, comment))
            reason = marks.change_reason(command.reason)
            return inbox.answer(session, recording.changed_mark(session, actor, row, value, comment, reason))

    @every(seconds=ANNOUNCING)
    def announce_shown_columns(self) -> None:
        """Announce the marks of columns that families did not see before and do by now, each column once."""
        with self.unit_of_work.everywhere() as session:
            schools = queries.schools_to_tell(session)
        for school_id in schools:
            with self.unit_of_work.of(school_id) as session:
                recording.announced(session)

    @every(seconds=REMINDING)
    def remind_of_owed_works(self) -> None:
        """Announce what is due on the next day, from the morning of each school's clock on; each once for its date."""
        with self.unit_of_work.everywhere() as session:
            schools = queries.schools_with_dates(session)
        for school_id, zone in schools:
            days = owed.reminded_now(now().astimezone(ZoneInfo(zone)))
            if days is not None:
                with self.unit_of_work.of(school_id) as session:
                    recording.reminded(session, queries.to_remind_of(session, *days))

    @rpc(Marks.mark_history)
    def mark_history(self, actor: Actor, command: MarkId) -> View:
        """Every version of a mark; those who may read the mark may read them.

        Families read what was written for them: not why it was changed, nor whether it came late.
        """
        with self.unit_of_work(actor) as session:
            row = queries.mark(session, command.mark_id, actor.person_id)
            ties, student = (
                lessons_queries.ties(row, actor.person_id),
                people_queries.student_ties(row, actor.person_id),
            )
            if not permissions.may_read_mark(actor, row.student_id, row.date, ties, student):
                raise missing("mark", row.id)
            as_staff = permissions.reads_mark_as_staff(actor, row.date, ties, student)
            if not (row.is_shown or as_staff):
                raise missing("mark", row.id)
            revisions = queries.revisions_of(session, row.id)
            window = windows_views.of_marks(Windows(session), windows_queries.held(row, row.lesson_id), row.kind)
        return {
            "mark_id": row.id,
            "title": row.title,
            "kind": row.kind,
            "date": row.date,
            "revisions": [views.revision(dict(one), as_staff=as_staff) for one in revisions],
            "closed": window["closed"],
            "opened_until": window["opened_until"],
        }


def _post(
    session: Session, actor: Actor, command: PostMark | PostMarks, entries: dict[str, NewMark], news: recording.News
) -> tuple[list[View], list[NewRows]]:
    """All `entries` as marks, with the rows that save them; their keys are prefixes of field names in refusals."""
    column, policy, windows = _column_to_write(session, actor, command)
    students = [entry.student_id for entry in entries.values()]
    marks.check_each_student_once(students)
    members = courses_queries.members_of(column.members)
    scales, moved = deciding.Scales(column, policy), deciding.Moved(session, windows)
    accepted: list[recording.NewMark] = []
    refusals: list[Refused] = []
    for prefix, entry in entries.items():
        try:
            moved.check(column, entry.student_id, prefix + "student_id")
            accepted.append(_accepted(scales, members, prefix, entry))
        except Invalid as refusal:
            refusals.append(refusal)
    if refusals:
        raise together(refusals)
    kind_id = queries.kind_of_column(column, command.kind_id)
    if column.work_id is not None:
        fields = {entry.student_id: f"{prefix}student_id" for prefix, entry in entries.items()}
        marks.check_column_is_free(fields, queries.marks_in_column(session, column.work_id, students))
    late = deciding.late(windows, column, command.reason)
    accepted = [mark._replace(late=late) for mark in accepted]
    return recording.new_marks(session, actor, column, kind_id, accepted, news)


def _column_to_write(
    session: Session, actor: Actor, command: PostMark | PostMarks | SetColumn
) -> tuple[queries.ColumnRow, Policy, Windows]:
    """The column, which nobody else can write to now, its day's policy and its windows.

    Raises `Refused` if the actor may not write to it.
    """
    lessons_queries.lock(session, command.lesson_id)
    column = queries.column(session, command.lesson_id, actor.person_id, command.kind_id)
    windows = Windows(session)
    deciding.check_takes_marks(actor, column, windows)
    lessons_recording.bring_back(session, column)
    return column, policy_queries.policy_on(session, column, column.date), windows


def _windows(session: Session, row: queries.LessonWithKinds) -> list[View]:
    """Of each kind of work, whether the lesson's marks are closed, opened or late."""
    windows, lesson, kinds = Windows(session), windows_queries.held(row, row.id), queries.kinds_of(row.kinds)
    return [{"kind_id": one.id, **windows_views.of_marks(windows, lesson, one.name)} for one in kinds.values()]


def _decided(
    column: queries.ColumnRow,
    kind_id: UUID,
    policy: Policy,
    kept: Mapping[UUID, queries.MarkOfKind],
    command: SetColumn,
    moved: deciding.Moved,
) -> deciding.Decided:
    """What a command sets and changes. Raises one `Refused` for all that stands against it."""
    members, scales = courses_queries.members_of(column.members), deciding.Scales(column, policy)
    in_lesson = queries.owed_of(column.owed)
    found = deciding.Decided([], [], [])
    refusals: list[Refused] = []
    for index, entry in enumerate(command.marks):
        before = kept.get(entry.student_id)
        places = before, in_lesson.get((column.id, kind_id, entry.student_id))
        try:
            decided, owes = _entered(scales, members, places, f"marks.{index}.", entry, command.reason.strip())
            if decided is not None or owes is not None:
                moved.check(column, entry.student_id, f"marks.{index}.student_id")
        except (Invalid, Stale) as refusal:
            refusals.append(refusal)
            continue
        found.add(decided, owes)
    if found.changed:
        try:
            marks.change_reason(command.reason)
        except Invalid as refusal:
            refusals.append(refusal)
    if refusals:
        refused = together(columns.in_order(refusals))
        if isinstance(refused, Stale):
            refused.params["present"] = {"marks": [views.mark(row) for row in kept.values()]}
        raise refused
    return found


def _entered(
    scales: deciding.Scales,
    members: Mapping[UUID, ClassGrade],
    places: tuple[queries.MarkOfKind | None, queries.OwedOfCell | None],
    prefix: str,
    entry: ColumnEntry,
    reason: str,
) -> tuple[recording.NewMark | recording.ChangedMark | None, recording.OwedChange | None]:
    """The mark and the owed work to be written beside those in `places`; None of what the entry leaves as it is.

    Raises `Invalid` and `Stale`.
    """
    kept, owes = places
    if kept is None:
        marks.check_member(entry.student_id, members, prefix + "student_id")
    written = cells.EMPTY
    if entry.value is not None:
        own = deciding.own_grade(members, entry.student_id, kept)
        written = scales.written(own, prefix, entry.value)
    entered = columns.Entered(written.value, entry.comment, entry.version)
    write = deciding.write_of(entry.student_id, kept, entered, prefix, reason)
    seen = entry.owed_version, f"{prefix}owed_version"
    return write, deciding.owed_of(entry.student_id, owes, written, seen, marked_now=write is not None)


def _accepted(
    scales: deciding.Scales, members: Mapping[UUID, ClassGrade], prefix: str, entry: NewMark
) -> recording.NewMark:
    """The mark to be written. Raises `Invalid`."""
    student_id = entry.student_id
    marks.check_member(student_id, members, prefix + "student_id")
    value = scales.mark_text(members[student_id], prefix, entry.value)
    return recording.NewMark(student_id, value, entry.comment.strip())
