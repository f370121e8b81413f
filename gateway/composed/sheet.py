"""The journal's grid: the gradebook's marks with attendance's absences and identity's names.

Neither of the two asks the other about a cell: what is entered goes first to the gradebook, which reads the text, then
what it says of absences to attendance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from marshmallow import fields, validate

from contracts.attendance.checks import Checks
from contracts.entries import CONFLICT, REFUSED, SAVED
from contracts.gradebook.sheets import Seen, SheetColumnView, SheetFrameView, SheetRowView, Sheets
from gateway.composed.names import names_of, texts
from gateway.composed.refusals import WhyView, why
from gateway.door.asking import SHORT_TIMEOUT, ask, carry_out
from kernel.contract import View, in_parts
from kernel.errors import Fault, LyceumError
from kernel.names import GIVEN, INITIALS

#: What became of an entry whose marks are saved and whose absence is not, as attendance is away.
UNAVAILABLE: Final = "unavailable"
#: A lesson and a student.
Cell = tuple[str, str]


class ColumnOfSheetView(SheetColumnView):
    """A column of the grid."""

    class Meta:
        """Without what is told in the caller's language."""

        exclude = ("refusal",)

    checked = fields.Bool(
        required=True,
        allow_none=True,
        metadata={"description": "Null while attendance is away, and as of an earlier moment."},
    )
    why = fields.Nested(WhyView, required=True, allow_none=True)


class RowOfSheetView(SheetRowView):
    """A student of the grid."""

    class Meta:
        """Without what is told in the caller's language."""

        exclude = ("refusal",)

    name = fields.Str(required=True, metadata={"description": "Empty where the caller may not see it."})
    why = fields.Nested(WhyView, required=True, allow_none=True)
    missed = fields.Int(required=True, allow_none=True)
    late = fields.Int(required=True, allow_none=True)


class SheetView(SheetFrameView):
    """The grid of a course for a term.

    `missing` names the parts that are left out because their service is away; the rest is complete.
    """

    columns = fields.List(fields.Nested(ColumnOfSheetView), required=True)
    rows = fields.List(fields.Nested(RowOfSheetView), required=True)
    cells = fields.List(
        fields.List(fields.Raw()),
        required=True,
        metadata={
            "description": "The cells in which something stands: row, column, text, seen state, mark id, comment, "
            "and what an import brought beside it."
        },
    )
    owed = fields.List(
        fields.List(fields.Raw(allow_none=True)),
        required=True,
        metadata={"description": "Works that are owed: row, column, the date, null where none was said."},
    )
    missing = fields.List(fields.Str(validate=validate.OneOf(["absences"])), required=True)


class CellView(View):
    """What stands in a cell."""

    text = fields.Str(required=True)
    marks = fields.Str(required=True, metadata={"description": "Marks, and work that is owed: `2 .12.09`."})
    absence = fields.Str(required=True, allow_none=True)
    absence_known = fields.Bool(required=True, metadata={"description": "False where attendance was not asked."})
    seen = fields.Str(required=True, allow_none=True)
    mark_id = fields.UUID(required=True, allow_none=True)
    comment = fields.Str(required=True)
    by = fields.UUID(required=True, allow_none=True, metadata={"description": "Who changed it last."})
    by_name = fields.Str(
        required=True, metadata={"description": "The name, where the entry was not saved; else empty."}
    )
    at = fields.DateTime(required=True, allow_none=True)


class EntryAnswerView(View):
    """What became of an entry."""

    key = fields.UUID(required=True)
    state = fields.Str(required=True, validate=validate.OneOf((SAVED, CONFLICT, REFUSED, UNAVAILABLE)))
    cell = fields.Nested(CellView, required=True, allow_none=True)
    problem = fields.Nested(WhyView, required=True, allow_none=True)


class EntriesView(View):
    """An answer for each entry, in order."""

    answers = fields.List(fields.Nested(EntryAnswerView), required=True)


# --- the page --------------------------------------------------------------------------------------


def page(course_id: UUID, term_id: UUID, as_of: datetime | None = None) -> dict[str, Any]:
    """The grid of a course for a term, with names and absences. `missing` holds `absences` while attendance is away.

    As the record stood at a moment, it is without absences, for which attendance is not asked.
    """
    return page_and_names(course_id, term_id, as_of)[0]


def page_and_names(
    course_id: UUID, term_id: UUID, as_of: datetime | None = None
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The page, and the names of its students and teachers by their ids, all of them asked for at once."""
    found = ask(Sheets.sheet, course_id=course_id, term_id=term_id, **moment(as_of))
    marks, columns, students = found.pop("marks"), found["columns"], found["rows"]
    owed = found.pop("owed", [])
    checks = None if as_of else _checks({column["lesson_id"] for column in columns})
    before = _absences_before(course_id, term_id) if found["brought"] and checks is not None else {}
    if before is None:
        checks = None
    teachers = {*found["course"]["teacher_ids"], *(column["substitute_id"] for column in columns)} - {None}
    known = names_of({row["student_id"] for row in students} | teachers)
    ids = [row["student_id"] for row in students]
    names = texts({student: known[student] for student in ids if student in known}, GIVEN)
    order = {student: row for row, student in enumerate([*names, *(one for one in ids if one not in names)])}
    place = [order[student] for student in ids]
    absences = [absence for check in checks or () for absence in check["absences"]]
    checked = None if checks is None else {check["lesson_id"] for check in checks}
    sheet = {
        **found,
        "columns": [_column(column, checked) for column in columns],
        "rows": _rows(students, order, names, None if checks is None else absences, before or {}),
        "cells": _cells(marks, place, columns, order, absences, owed),
        "owed": sorted([place[row], column, due] for row, column, _, _, due in owed),
        "shades": [[place[row], *shade] for row, *shade in found["shades"]],
        "missing": ["absences"] if checks is None and not as_of else [],
    }
    return sheet, known


def moment(as_of: datetime | None) -> dict[str, Any]:
    """The moment of a call that takes one; left out otherwise, as an earlier version of the gradebook takes none."""
    return {} if as_of is None else {"as_of": as_of}


def _checks(lesson_ids: set[str]) -> list[dict[str, Any]] | None:
    """The checks of these lessons; None while attendance is away."""
    try:
        return [
            check
            for ids in in_parts(lesson_ids)
            for check in ask(Checks.lesson_checks, timeout=SHORT_TIMEOUT, lesson_ids=ids)["checks"]
        ]
    except Fault:
        return None


def _absences_before(course_id: UUID, term_id: UUID) -> dict[str, dict[str, Any]] | None:
    """Student → how often absent and late before the course was joined; None while attendance is away."""
    try:
        found = ask(Checks.absences_before, timeout=SHORT_TIMEOUT, course_id=course_id, term_id=term_id)
    except Fault:
        return None
    return {one["student_id"]: one for one in found["students"]}


def _column(column: dict[str, Any], checked: set[str] | None) -> dict[str, Any]:
    refusal = column.pop("refusal")
    return {
        **column,
        "checked": None if checked is None else column["lesson_id"] in checked,
        "why": refusal and why(refusal),
    }


def _rows(
    students: list[dict[str, Any]],
    order: dict[str, int],
    names: dict[str, str],
    absences: list[dict[str, Any]] | None,
    before: dict[str, dict[str, Any]],
) -> list[dict[str, Any]]:
    missed = Counter(one["student_id"] for one in absences or () if one["counts_as_absent"])
    late = Counter(one["student_id"] for one in absences or () if one.get("late"))
    missed.update({student: one["missed"] for student, one in before.items()})
    late.update({student: one["late"] for student, one in before.items()})
    away = absences is None
    rows = [
        {
            **row,
            "name": names.get(row["student_id"], ""),
            "why": row["refusal"] and why(row["refusal"]),
            "missed": None if away else missed[row["student_id"]],
            "late": None if away else late[row["student_id"]],
        }
        for row in students
    ]
    for row in rows:
        del row["refusal"]
    return sorted(rows, key=lambda row: order[row["student_id"]])


def _cells(
    marks: list[list[Any]],
    place: list[int],
    columns: list[dict[str, Any]],
    order: dict[str, int],
    absences: Iterable[dict[str, Any]],
    owed: list[list[Any]],
) -> list[list[Any]]:
    """The cells in order: marks and owed works, with the absence in the first column of its lesson."""
    first = {column["lesson_id"]: number for number, column in enumerate(columns) if column["first"]}
    absent: dict[tuple[int, int], dict[str, Any]] = {
        (order[one["student_id"]], first[one["lesson_id"]]): one for one in absences if one["student_id"] in order
    }
    owes = {(place[row], column): (text, version) for row, column, text, version, _ in owed}
    cells = []
    for row, column, text, version, mark_id, comment, more in marks:
        at = place[row], column
        absence = absent.pop(at, None) if absent else None
        owing = owes.pop(at, None) if owes else None
        if absence is None and owing is None:
            cells.append([*at, text, f"m{version}", mark_id, comment, more])
        else:
            cells.append([*at, *_text_and_seen(absence, (text, version), owing), mark_id, comment, more])
    for at in absent.keys() | owes.keys():
        cells.append([*at, *_text_and_seen(absent.get(at), None, owes.get(at)), None, "", ""])
    return sorted(cells, key=lambda cell: (cell[0], cell[1]))


def _text_and_seen(
    absence: dict[str, Any] | None, marks: tuple[str, int] | None, owed: tuple[str, int] | None
) -> tuple[str, str | None]:
    """The text of a cell, an absence before marks before what is owed, and the state that is seen with it."""
    parts = (absence["code"] if absence else "", marks[0] if marks else "", owed[0] if owed else "")
    absent = absence.get("version", 1) if absence else None
    seen = Seen(marks[1] if marks else None, absent, owed[1] if owed else None)
    return " ".join(filter(None, parts)), seen.text


# --- entries ---------------------------------------------------------------------------------------


def enter(course_id: UUID, entries: list[dict[str, Any]], check: bool = False) -> dict[str, Any]:  # a field of the form
    """Change many cells of a course, each by itself: marks, and the absences of those who may enter them.

    While attendance is away the marks are saved, and the entries that name an absence are `unavailable`. To `check`
    them writes nothing, and attendance is not asked.
    """
    send = ask if check else carry_out
    answers = send(Sheets.enter_cells, course_id=course_id, entries=entries, check=check)["answers"]
    absences = {} if check else _enter_absences(entries, answers)
    names = _names({by for one in (*answers, *absences.values()) for by in _authors(one)})
    return {"answers": [_answer(one, absences.get(one["key"]), names) for one in answers]}


def _enter_absences(entries: list[dict[str, Any]], answers: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Key → attendance's answer to what entries say of absences, whose marks stand; `unavailable` while it is away."""
    wanted = {
        str(entry["key"]): {
            "key": entry["key"],
            "lesson_id": entry["lesson_id"],
            "student_id": entry["student_id"],
            "code": answer["absence"]["code"],
            "seen": answer["absence"]["seen"],
        }
        for entry, answer in zip(entries, answers, strict=True)
        if answer["absence"] is not None
    }
    if not wanted:
        return {}
    try:
        found = carry_out(Checks.enter_absences, entries=list(wanted.values()))["answers"]
    except Fault as fault:
        away = {"state": UNAVAILABLE, "refusal": fault.to_wire(), "absence": None}
        return {key: {"key": key, **away} for key in wanted}
    except LyceumError as refusal:
        refused = {"state": REFUSED, "refusal": refusal.to_wire(), "absence": None}
        return {key: {"key": key, **refused} for key in wanted}
    return {one["key"]: one for one in found}


def _authors(answer: dict[str, Any]) -> list[str]:
    """Who wrote what stands in the way of an entry; whoever saved one knows it."""
    shown = answer.get("marks") or answer.get("absence") or {}
    return [shown["by"]] if answer["state"] != SAVED and shown.get("by") else []


def _names(person_ids: set[str]) -> dict[str, str]:
    """Id → name; nobody's while identity is away: what was saved is told all the same."""
    try:
        return texts(names_of(person_ids), INITIALS) if person_ids else {}
    except Fault:
        return {}


def _answer(answer: dict[str, Any], absence: dict[str, Any] | None, names: dict[str, str]) -> dict[str, Any]:
    """The answer of an entry: that of its marks, and that of its absence if the marks stand."""
    last = answer if absence is None else absence
    known = absence is not None and absence["state"] != UNAVAILABLE
    marks, standing = answer["marks"], absence and absence["absence"]
    in_the_way = standing if absence is not None and absence["state"] != SAVED else None
    return {
        "key": answer["key"],
        "state": last["state"],
        "cell": _cell(marks, standing, answer.get("owed"), known=known)
        | _author(in_the_way or _latest(marks, standing), names),
        "problem": last["refusal"] and why(last["refusal"]),
    }


def _cell(
    marks: dict[str, Any] | None, absence: dict[str, Any] | None, owed: dict[str, Any] | None, *, known: bool
) -> dict[str, Any]:
    text, code = (marks or {}).get("text", ""), (absence or {}).get("code")
    seen = Seen(
        marks["version"] if marks and text else None,
        absence["version"] if absence and code else None,
        owed["version"] if owed else None,
    )
    said = " ".join(filter(None, (text, owed["text"] if owed else "")))
    return {
        "text": " ".join(filter(None, (code, said))),
        "marks": said,
        "absence": code,
        "absence_known": known,
        "seen": seen.text,
        "mark_id": marks and marks["mark_id"],
        "comment": marks["comment"] if marks else "",
    }


def _latest(*parts: dict[str, Any] | None) -> dict[str, Any]:
    return max((one for one in parts if one and one["at"]), key=lambda one: str(one["at"]), default={})


def _author(part: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    by = part.get("by")
    return {"by": by, "by_name": names.get(by or "", ""), "at": part.get("at")}
