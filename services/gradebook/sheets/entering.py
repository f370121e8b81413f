"""Carries out entries of cells: each is decided by itself, and what is to be written is written together.

The number of statements does not depend on how many entries there are. All of a request is one transaction: an entry
is saved with its kept answer, or not at all, whenever the service dies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.entries import CONFLICT, REFUSED, SAVED
from contracts.gradebook.sheets import CellEntry, EnterCells, Seen, Sheets, seen_of
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import given
from kernel.data import inbox
from kernel.data.rows import NewRows
from kernel.errors import Conflict, Invalid, Refused, Stale, refusal_of
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.lessons import queries as lessons_queries
from services.gradebook.lessons import recording as lessons_recording
from services.gradebook.marks import deciding, queries, recording
from services.gradebook.marks.rules import cells, columns, marks
from services.gradebook.marks.rules.owed import OWED
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy.rules.known_grade import ClassGrade
from services.gradebook.policy.rules.scales import Scale, scale_at
from services.gradebook.rows import View, missing
from services.gradebook.sheets import views
from services.gradebook.windows.queries import Windows
from services.gradebook.windows.rules.deadlines import Late

OPERATION: Final = repr(Sheets.enter_cells)
#: A lesson and a kind of work; the kind is None for the default one.
ColumnId = tuple[UUID, UUID | None]


@dataclass(slots=True)
class Decision:
    """What becomes of an entry."""

    entry: CellEntry
    state: str = SAVED
    refusal: Refused | None = None
    column: queries.ColumnRow | None = None
    before: queries.MarkInCell | None = None
    write: recording.NewMark | recording.ChangedMark | None = None
    #: What was owed in the cell before, and what becomes of it.
    owed_before: queries.OwedOfCell | None = None
    owes: recording.OwedChange | None = None
    absence: View | None = None


def carry_out(session: Session, actor: Actor, command: EnterCells) -> tuple[list[View], list[NewRows]]:
    """The answers, in the order of the entries, and the rows that `inbox.answer` saves.

    A command that only checks keeps nothing. Raises `NotFound` for a course that the actor may not read.
    """
    lessons_queries.lock_of_course(session, command.course_id, {one.lesson_id for one in command.entries})
    keyed = [inbox.Entry(one.key, given(one)) for one in command.entries]
    kept = {} if command.check else inbox.answers_of(session, OPERATION, actor, keyed)
    fresh = [one for one in command.entries if one.key not in kept]
    decided = _Desk(session, actor, command.course_id, fresh).decided(fresh) if fresh else {}
    written, owed, rows = ({}, {}, []) if command.check else _write(session, actor, list(decided.values()))
    answers = {key: _answer(actor, one, written, owed) for key, one in decided.items()}
    saved = [(one, answers[one.key]) for one in _first_of_each(keyed) if _is_saved(answers.get(one.key))]
    if not command.check:
        rows.append(inbox.answers_to_keep(OPERATION, actor, saved))
    return [_answer_to(one, kept, decided, answers) for one in command.entries], rows


def _is_saved(answer: View | None) -> bool:
    return answer is not None and answer["state"] == SAVED


def _first_of_each(entries: Sequence[inbox.Entry]) -> list[inbox.Entry]:
    return list({one.key: one for one in reversed(entries)}.values())


def _answer_to(
    entry: CellEntry, kept: dict[UUID, Any], decided: dict[UUID, Decision], answers: dict[UUID, View]
) -> View:
    """The answer of an entry: kept, or just made; a key that says two things is refused where it says the second."""
    found, first = kept.get(entry.key), decided[entry.key].entry if entry.key in decided else entry
    if found is inbox.REUSED or (first is not entry and given(first) != given(entry)):
        return _refused(
            entry, Conflict("This key was used for another entry.", rule="idempotency-key-reused", field="key")
        )
    return found if found is not None else answers[entry.key]


class _Ways(NamedTuple):
    """The scale by which cells are read, and why their students get no marks, where they get none."""

    scale: Scale
    refusal: Refused | None


class _Desk:
    """Decides entries of one course: all that they are decided on is selected when it is made."""

    def __init__(self, session: Session, actor: Actor, course_id: UUID, entries: Sequence[CellEntry]) -> None:
        self._session = session
        self._actor = actor
        lesson_ids, student_ids = {one.lesson_id for one in entries}, {one.student_id for one in entries}
        kind_ids = {one.kind_id for one in entries if one.kind_id is not None}
        found = queries.columns_of(session, course_id, lesson_ids, kind_ids, actor.person_id)
        self._columns: dict[ColumnId, queries.ColumnRow] = {(row.id, row.kind_id): row for row in found}
        self._columns |= {(row.id, None): row for row in found if row.is_answer}
        self._lessons = {row.id: row for row in found if self._reads(row)}
        if not self._lessons:
            self._check_reads_course(course_id)
        days = [row.date for row in found]
        self._kept = queries.marks_in_cells(session, course_id, days, set(self._lessons), student_ids) if days else {}
        self._windows = Windows(session)
        self._moved = deciding.Moved(session, self._windows)
        self._members: dict[UUID, dict[UUID, ClassGrade]] = {}
        self._checked: dict[ColumnId, Refused | None] = {}
        self._late: dict[tuple[ColumnId, str], Late] = {}
        self._known: dict[tuple[UUID, UUID | None, ClassGrade], _Ways] = {}
        self._seen: set[queries.CellId] = set()

    def decided(self, entries: Sequence[CellEntry]) -> dict[UUID, Decision]:
        """Key → what becomes of the first entry with the key."""
        found: dict[UUID, Decision] = {}
        for entry in entries:
            if entry.key in found:
                continue
            decision = found[entry.key] = Decision(entry)
            try:
                self._decide(decision)
            except Refused as refusal:
                stale = isinstance(refusal, Stale)
                decision.state = CONFLICT if stale else REFUSED
                decision.refusal, decision.write, decision.owes, decision.absence = refusal, None, None, None
        return found

    def _decide(self, decision: Decision) -> None:
        entry = decision.entry
        column = decision.column = self._column(entry)
        assert column.kind_id is not None, "a column without a kind of work is refused"
        cell = (column.id, column.kind_id, entry.student_id)
        kept = decision.before = self._kept.get(cell)
        owed = decision.owed_before = queries.owed_of(column.owed).get(cell)
        self._check_once(cell)
        seen = seen_of(entry.seen)
        if seen is None:
            raise Invalid("This is no state of a cell that was ever shown.", rule="seen-unreadable", field="seen")
        ways = self._ways(column, deciding.own_grade(self._members_of(column), entry.student_id, kept))
        written = cells.cell_written(entry.text, ways.scale, "text", column.date)
        stands = _stands(kept, written.value, entry.comment)
        saw = seen.owed, "seen"
        owes = deciding.owed_of(entry.student_id, owed, written, saw, marked_now=not stands)
        if not stands or owes is not None:
            self._check_takes_marks(column)
            self._moved.check(column, entry.student_id, "student_id")
            if kept is None:
                marks.check_member(entry.student_id, self._members_of(column), "student_id")
            if (written.value is not None or written.owed is not None) and ways.refusal is not None:
                raise ways.refusal
        if not stands:
            entered = columns.Entered(written.value, entry.comment, _version_seen(seen, kept))
            decision.write = self._write_of(column, kept, entered, entry)
        decision.owes = owes
        if written.absence is not None or seen.absence is not None:
            decision.absence = {"code": written.absence, "seen": seen.absence}

    def _column(self, entry: CellEntry) -> queries.ColumnRow:
        lesson = self._lessons.get(entry.lesson_id)
        if lesson is None:
            raise missing("lesson", entry.lesson_id)
        column = self._columns.get((entry.lesson_id, entry.kind_id))
        if column is None or column.kind_id is None:
            raise queries.no_kind(entry.kind_id)
        return column

    def _check_reads_course(self, course_id: UUID) -> None:
        """Refuse who may not read the course, as if there was none; who stands in reads the lesson alone."""
        course = courses_queries.course(self._session, course_id, self._actor.person_id)
        if not courses_permissions.may_read_course(self._actor, courses_queries.course_ties(course)):
            raise missing("course", course_id)

    def _reads(self, lesson: queries.ColumnRow) -> bool:
        ties = lessons_queries.ties(lesson, self._actor.person_id)
        return courses_permissions.may_read_day(self._actor, ties, lesson.date)

    def _check_once(self, cell: queries.CellId) -> None:
        if cell in self._seen:
            raise Invalid("This cell stands in the request twice.", rule="cell-twice", field="student_id")
        self._seen.add(cell)

    def _members_of(self, column: queries.ColumnRow) -> dict[UUID, ClassGrade]:
        if column.id not in self._members:
            self._members[column.id] = courses_queries.members_of(column.members)
        return self._members[column.id]

    def _check_takes_marks(self, column: queries.ColumnRow) -> None:
        """Raises what stands against all marks of the column, which is found once."""
        key = (column.id, column.kind_id)
        if key not in self._checked:
            self._checked[key] = refusal_of(lambda: deciding.check_takes_marks(self._actor, column, self._windows))
        refusal = self._checked[key]
        if refusal is not None:
            raise refusal

    def _ways(self, column: queries.ColumnRow, own: ClassGrade) -> _Ways:
        """How the cells of students are read whose class is of the grade `own`; found once for all of them."""
        key = (column.id, column.kind_id, own)
        if key not in self._known:
            policy = policy_queries.policy_on(self._session, column, column.date)
            self._known[key] = _Ways(
                scale_at(policy, deciding.place_of_mark(column, policy, own)),
                refusal_of(lambda: deciding.check_gets_marks(column, policy, own, "student_id")),
            )
        return self._known[key]

    def _write_of(
        self, column: queries.ColumnRow, kept: queries.MarkInCell | None, entered: columns.Entered, entry: CellEntry
    ) -> recording.NewMark | recording.ChangedMark | None:
        try:
            write = deciding.write_of(entry.student_id, kept, entered, "", entry.reason.strip())
        except Stale as stale:
            stale.field = "seen"
            raise
        if isinstance(write, recording.NewMark):
            return write._replace(late=self._late_of(column, entry.reason))
        if write is not None:
            marks.change_reason(entry.reason)
        return write

    def _late_of(self, column: queries.ColumnRow, reason: str) -> Late:
        key = ((column.id, column.kind_id), reason)
        if key not in self._late:
            self._late[key] = deciding.late(self._windows, column, reason)
        return self._late[key]


def _stands(kept: queries.MarkInCell | None, value: str | None, comment: str | None) -> bool:
    """Whether this stands in the cell already, whoever wrote it."""
    if kept is None:
        return value is None and not (comment or "").strip()
    return kept.value == value and columns.comment_of(kept, columns.Entered(value, comment, None)) == kept.comment


def _version_seen(seen: Seen, kept: queries.MarkInCell | None) -> int | None:
    """The version that was seen: who saw an empty cell has seen a mark that was taken back."""
    if seen.marks is None and kept is not None and kept.value is None:
        return kept.version
    return seen.marks


def _write(
    session: Session, actor: Actor, decided: Sequence[Decision]
) -> tuple[dict[queries.CellId, View], recording.OwedByCell, list[NewRows]]:
    """Save what the decisions write: the new states by cell, and the rows that `inbox.answer` saves."""
    by_column: defaultdict[ColumnId, list[Decision]] = defaultdict(list)
    for one in decided:
        if (one.write is not None or one.owes is not None) and one.column is not None:
            by_column[one.column.id, one.column.kind_id].append(one)
    changes = [_changes(of_column) for of_column in by_column.values()]
    for change in changes:
        lessons_recording.bring_back(session, change.column)
    saved, owed, rows = recording.set_columns(session, actor, changes)
    return {(state["lesson_id"], state["kind_id"], state["student_id"]): state for state in saved}, owed, rows


def _changes(decided: Sequence[Decision]) -> recording.Changes:
    column = decided[0].column
    assert column is not None, "what writes has a column"
    assert column.kind_id is not None, "and that a kind of work"
    writes = [one.write for one in decided]
    return recording.Changes(
        column,
        column.kind_id,
        [one for one in writes if isinstance(one, recording.NewMark)],
        [one for one in writes if isinstance(one, recording.ChangedMark)],
        [one.owes for one in decided if one.owes is not None],
    )


def _answer(actor: Actor, decision: Decision, written: dict[queries.CellId, View], owed: recording.OwedByCell) -> View:
    shown: View | None = None
    column, before = decision.column, decision.before
    state: View | None = None
    if decision.write is not None and column is not None and column.kind_id is not None:
        state = written.get((column.id, column.kind_id, decision.entry.student_id))
    if state is not None:
        shown = _shown(state["id"], state["value"], state["version"], state["comment"]) | {
            "by": actor.person_id,
            "at": now(),
        }
    elif before is not None:
        shown = _shown(before.id, before.value, before.version, before.comment) | {
            "by": before.changed_by,
            "at": before.changed_at,
        }
    return {
        "key": decision.entry.key,
        "state": decision.state,
        "refusal": decision.refusal and decision.refusal.to_wire(),
        "marks": shown,
        "owed": _owed(decision, owed),
        "absence": decision.absence,
    }


def _owed(decision: Decision, written: recording.OwedByCell) -> View | None:
    """The work that is owed in the cell now."""
    column, student_id = decision.column, decision.entry.student_id
    if column is None or column.kind_id is None:
        return None
    stands = written.get((column.id, column.kind_id, student_id), decision.owed_before)
    return views.owed(stands, column.date) if stands and stands.state == OWED else None


def _shown(mark_id: UUID, value: str | None, version: int, comment: str) -> View:
    return {"mark_id": mark_id, "text": value or "", "version": version, "comment": comment}


def _refused(entry: CellEntry, refusal: Refused) -> View:
    return {
        "key": entry.key,
        "state": REFUSED,
        "refusal": refusal.to_wire(),
        "marks": None,
        "owed": None,
        "absence": None,
    }
