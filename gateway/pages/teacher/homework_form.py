"""The form of a lesson's homework: links, minutes, personal tasks, a private note, files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from flask import request

from contracts.gradebook.homework import Homework
from gateway.composed import homework as composed
from gateway.door import problems
from gateway.door.asking import carry_out
from gateway.door.problems import Problem
from gateway.pages.frame import forms, reasons
from kernel.errors import Refused

_URL: Final = re.compile(r"\S+://\S+")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A row of the form: a task for some students."""

    student_ids: Sequence[str]
    text: str
    due: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What the fields show, the version that it began from, and what was shown at first."""

    minutes: str
    links: str
    tasks: Sequence[TaskRow]
    note: str
    version: int
    seen: str
    seen_note: str

    @property
    def print(self) -> str:
        """The fingerprint of what belongs to the homework."""
        rows = [f"{one.text}\1{one.due}\1{' '.join(sorted(one.student_ids))}" for one in self.tasks if one.text]
        return forms.fingerprint(self.minutes, self.links, *sorted(rows))


@dataclass(slots=True)
class Outcome:
    """What became of a form: refusals, each in the words of what it is about, and the present state where that was
    changed by somebody else.
    """

    problems: list[Problem] = field(default_factory=list)
    changed: bool = False

    @property
    def present(self) -> dict[str, Any] | None:
        """What is saved now, where somebody else changed it first."""
        return next((one.present for one in self.problems if one.present is not None), None)


def shown(found: Mapping[str, Any], note: str) -> Typed:
    """The fields as they are saved; tasks in the same words until the same day are one row."""
    rows: dict[tuple[str, str], list[str]] = {}
    for one in found["tasks"]:
        rows.setdefault((one["text"], one["due"]), []).append(one["student_id"])
    tasks = [TaskRow(students, text, due) for (text, due), students in rows.items()]
    links = "\n".join(f"{one['title']} {one['url']}".strip() for one in found["links"])
    minutes = "" if found["minutes"] is None else str(found["minutes"])
    typed = Typed(minutes, links, tasks, note, found["version"], "", forms.fingerprint(note))
    return _seen(typed, typed.print)


def typed() -> Typed:
    """The fields as they were sent."""
    numbers = sorted({name for name in forms.suffixes("task-text-") if name.isdecimal()}, key=int)
    tasks = [
        TaskRow(
            request.form.getlist(f"task-students-{one}"), forms.text(f"task-text-{one}"), forms.text(f"task-due-{one}")
        )
        for one in numbers
    ]
    return Typed(
        forms.text("minutes"),
        forms.text("links"),
        tasks,
        forms.text("note"),
        forms.number_or_none("version") or 0,
        request.form.get("seen", ""),
        request.form.get("seen-note", ""),
    )


def again(was: Typed, present: Typed) -> Typed:
    """What was typed, to be sent anew: it begins from the present state, which its person has been shown."""
    return Typed(was.minutes, was.links, was.tasks, was.note, present.version, present.seen, was.seen_note)


def save(lesson_id: UUID, sent: Typed) -> Outcome:
    """Save what was changed, each part for itself, add the files, and do what the button says."""
    outcome = Outcome()
    if "links" in request.form and sent.print != sent.seen:
        _attempt(outcome, lambda: _save_homework(lesson_id, sent))
    if forms.fingerprint(sent.note) != sent.seen_note:
        _attempt(outcome, lambda: carry_out(Homework.set_note, lesson_id=lesson_id, text=sent.note))
    for number, file in enumerate(request.files.getlist("files")):
        if file.filename:
            _attempt(outcome, lambda: composed.add_file(lesson_id, file, reasons.typed(), f"file {number}"))  # noqa: B023  # called at once
    for name, method in (("remove", Homework.remove_file), ("restore", Homework.restore_file)):
        if file_id := forms.text(name):
            _attempt(outcome, lambda: carry_out(method, file_id=forms.identifier(file_id, name)))  # noqa: B023  # as above
    return outcome


def _attempt(outcome: Outcome, do: Any) -> None:
    try:
        do()
        outcome.changed = True
    except Refused as refusal:
        outcome.problems.append(problems.of_refusal(refusal))


def _save_homework(lesson_id: UUID, sent: Typed) -> None:
    tasks = [
        {"student_ids": one.student_ids, "text": one.text, "due": one.due or None} for one in sent.tasks if one.text
    ]
    carry_out(
        Homework.set_homework,
        lesson_id=lesson_id,
        minutes=forms.number("minutes"),
        links=links_of(sent.links.splitlines()),
        tasks=tasks,
        version=sent.version,
        reason=reasons.typed(),
    )


def links_of(lines: Iterable[str]) -> list[dict[str, str]]:
    """A link for each line: its address, and the words beside it. A line without an address is one that is refused."""
    found = []
    for line in filter(None, map(str.strip, lines)):
        address = _URL.search(line)
        url = address[0] if address else line
        found.append({"url": url, "title": " ".join(line.replace(url, " ", 1).split()) if address else ""})
    return found


def _seen(one: Typed, seen: str) -> Typed:
    return Typed(one.minutes, one.links, one.tasks, one.note, one.version, seen, one.seen_note)
