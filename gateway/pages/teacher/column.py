"""The form for a column of marks: it shows what is saved, and says which of its rows were changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property
from typing import Any, Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request

from contracts.attendance.checks import Checks
from contracts.attendance.codes import Codes
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from gateway.composed.names import in_list, names_of
from gateway.door.asking import SHORT_TIMEOUT, ask
from gateway.door.problems import Problem
from gateway.pages.frame import forms, kept
from gateway.pages.teacher import kinds
from kernel.clock import now
from kernel.errors import Fault, Invalid

#: The fingerprint of a row without mark and comment: it need not be sent.
_EMPTY: Final = forms.fingerprint("", "")


@dataclass(frozen=True, slots=True)
class Typed:
    """A student's row as it was sent: the fields, and what was shown in them."""

    value: str
    comment: str
    #: The version of the mark that was shown; None where there was none.
    version: int | None
    seen: str
    #: The same of the work that is owed.
    owed: int | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the fields hold something else than was shown in them."""
        return forms.fingerprint(self.value, self.comment) != self.seen

    @property
    def is_emptied(self) -> bool:
        """Whether a mark that was shown, or a place where one was, is to be without a mark."""
        return self.is_changed and (self.version is not None or self.owed is not None) and not self.value


@dataclass(frozen=True, slots=True)
class Sent:
    """The form as it was sent, and why it was refused."""

    kind_id: str | None
    rows: dict[str, Typed]
    problem: Problem | None = None
    #: Student → what is wrong in the student's row.
    faults: Mapping[str, str] = field(default_factory=dict)
    #: The students whose marks would be taken back, which has to be agreed to.
    asked: frozenset[str] = frozenset()

    @property
    def agreed(self) -> bool:
        """Whether it was agreed to, and the marks are still the ones that were named."""
        return self.problem is not None and not self.asked & self.faults.keys()

    @property
    def changes_marks(self) -> bool:
        """Whether something was changed that had been saved before, which needs a reason."""
        return any(row.is_changed and row.version is not None for row in self.rows.values())

    def entries(self) -> list[dict[str, Any]]:
        """The entries of `Marks.set_column`: the rows that were changed."""
        return [
            {
                "student_id": student,
                "value": row.value or None,
                "comment": row.comment,
                "version": row.version,
                **({} if row.owed is None else {"owed_version": row.owed}),
            }
            for student, row in self.rows.items()
            if row.is_changed
        ]


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a student was not in the lesson, or late; `absent` is false for the late."""

    code: str
    name: str
    absent: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A student's row: what is saved, and what its fields show and send."""

    id: str
    text: str
    #: The student's mark of this kind, also one that was taken back.
    mark: dict[str, Any] | None
    #: Further marks of the same kind, which imports brought.
    others: list[dict[str, Any]]
    absence: Absence | None
    fields: Typed
    fault: str | None


#: The time from which families see a column where no other is typed.
MORNING: Final = time(8)


def visible_from() -> datetime | None:
    """The moment that the form names by the school's clock; None where it names no day. Raises `Invalid`."""
    day, typed = forms.day("visible_day"), forms.text("visible_time")
    if day is None:
        return None
    try:
        at = time.fromisoformat(typed) if typed else MORNING
    except ValueError:
        raise Invalid("Write the time as in 14:05.", rule="time", field="visible_time") from None
    return datetime.combine(day, at.replace(tzinfo=None), ZoneInfo(kept.zone()))


def shown_from(visible: str | None) -> tuple[str, str]:
    """Day and time of a moment by the school's clock, as fields hold them; empty where there is none."""
    if visible is None:
        return "", ""
    local = datetime.fromisoformat(visible).astimezone(ZoneInfo(kept.zone()))
    return local.date().isoformat(), local.strftime("%H:%M")


def is_hidden(visible: str | None) -> bool:
    """Whether families do not see a column yet, by the moment from which they do."""
    return visible is not None and datetime.fromisoformat(visible) > now()


def sent() -> Sent:
    """The form of the request."""
    rows = {
        student: Typed(
            forms.text(f"value-{student}"),
            forms.text(f"comment-{student}"),
            forms.number_or_none(f"version-{student}"),
            request.form.get(f"seen-{student}", _EMPTY),
            forms.number_or_none(f"owed-{student}"),
        )
        for student in forms.suffixes("value-")
    }
    return Sent(forms.optional("kind_id"), rows)


def agreed() -> set[str]:
    """The students whose marks are to be taken back, as the form named them and its person agreed."""
    return set(request.form.getlist("named")) if "sure" in request.form else set()


class Page:
    """What the page of a lesson's column shows."""

    def __init__(self, lesson_id: UUID, wanted: str | None = None, form: Sent | None = None) -> None:
        """Of the kind `wanted`, or of that of a `form` that was sent, whose changed fields it keeps."""
        self.lesson: dict[str, Any] = ask(Lessons.lesson, lesson_id=lesson_id)
        given_marks = ask(Marks.lesson_marks, lesson_id=lesson_id)
        self.marks: list[dict[str, Any]] = given_marks["marks"]
        self.may_write: bool = given_marks["may_write"]
        #: Whether the visitor enters the lesson's absences as its teacher.
        self.enters_absences: bool = given_marks.get("enters_absences", False)
        self.kinds = kinds.in_choice(ask(Marks.kinds)["kinds"])
        given = {mark["kind_id"] for mark in self.marks if mark["value"] is not None}
        if form is not None:
            wanted = form.kind_id or next((kind["id"] for kind in self.kinds), None)
        self.kind = kinds.chosen(self.kinds, given, wanted)
        self.given = [kind for kind in self.kinds if kind["id"] in given]
        self.form = form or Sent(None, {})
        settings = {one["kind_id"]: one for one in given_marks.get("settings", ())}
        #: What was said of the column; None where nothing was.
        self.setting: dict[str, Any] | None = settings.get(self.kind["id"]) if self.kind else None
        self.visible_from: str | None = self.setting["visible_from"] if self.setting else None
        #: Student → the work of the column that the student owes.
        self.owed: dict[str, dict[str, Any]] = {
            one["student_id"]: one
            for one in given_marks.get("owed", ())
            if self.kind and one["kind_id"] == self.kind["id"]
        }
        windows = {one["kind_id"]: one for one in given_marks.get("windows", ())}
        #: Whether marks of the kind are closed, opened or late.
        self.window: dict[str, Any] = windows.get(self.kind["id"], self.lesson) if self.kind else self.lesson

    @cached_property
    def by_student(self) -> dict[str, list[dict[str, Any]]]:
        """Student → the student's marks of the kind; the first is the one to be changed."""
        found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for mark in self.marks:
            if self.kind and mark["kind_id"] == self.kind["id"]:
                found[mark["student_id"]].append(mark)
        return found

    def emptied(self) -> frozenset[str]:
        """The students of the form whose marks would be taken back."""
        return frozenset(
            student
            for student, row in self.form.rows.items()
            if row.is_emptied and any(mark["value"] is not None for mark in self.by_student.get(student, [])[:1])
        )

    @cached_property
    def rows(self) -> list[Row]:
        """The rows: the lesson's students, and whoever else has a mark or was typed one, by name."""
        typed = {student for student, row in self.form.rows.items() if row.is_changed}
        people = names_of({*self.lesson["student_ids"], *self.by_student, *self.owed, *typed})
        return [self._row(one["id"], one["text"]) for one in in_list(people.values())]

    @cached_property
    def checks(self) -> list[dict[str, Any]] | None:
        """The lesson's check, none before it was made; None while attendance is away."""
        try:
            found = ask(Checks.lesson_checks, timeout=SHORT_TIMEOUT, lesson_ids=[self.lesson["id"]])["checks"]
            return cast("list[dict[str, Any]]", found)
        except Fault:
            return None

    @cached_property
    def absences(self) -> dict[str, Absence]:
        """Student → why the student was not there, or late, as far as attendance says it."""
        noted = [absence for check in self.checks or () for absence in check["absences"]]
        names = _names_of_codes() if noted else {}
        return {
            one["student_id"]: Absence(one["code"], names.get(one["code"], ""), one["counts_as_absent"])
            for one in noted
        }

    def _row(self, student: str, text: str) -> Row:
        given = self.by_student.get(student, [])
        mark, others = next(iter(given), None), given[1:]
        fields, fault = self._fields(student, mark), self.form.faults.get(student)
        return Row(student, text, mark, others, self.absences.get(student), fields, fault)

    def _fields(self, student: str, mark: dict[str, Any] | None) -> Typed:
        """What was typed is kept with the version that it began from, until somebody else's change has been shown."""
        typed, problem = self.form.rows.get(student), self.form.problem
        if typed is None or not typed.is_changed:
            return _shown(mark, self.owed.get(student))
        if problem is None or problem.present is None:
            return typed
        present = {one["student_id"]: one for one in problem.present["marks"]}
        now = _shown(present.get(student), self.owed.get(student))
        return Typed(typed.value, typed.comment, now.version, now.seen, now.owed)


def _shown(mark: dict[str, Any] | None, owed: dict[str, Any] | None) -> Typed:
    """What the fields of a saved mark show, and of the work that is owed beside it."""
    value, comment, version = "", "", None
    if mark is not None:
        version, value = mark["version"], mark["value"] or ""
        # a field of one line shows no line ends
        comment = " ".join(mark["comment"].splitlines()) if mark["value"] is not None else ""
    if owed is not None:
        value = f"{value} {owed['text']}".strip()
    return Typed(value, comment, version, forms.fingerprint(value, comment), owed["version"] if owed else None)


def _names_of_codes() -> dict[str, str]:
    """Absence code → its name; none while attendance is away."""
    try:
        return {code["code"]: code["name"] for code in ask(Codes.codes, timeout=SHORT_TIMEOUT)["codes"]}
    except Fault:
        return {}
