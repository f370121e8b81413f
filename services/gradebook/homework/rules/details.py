"""What homework has beside its text: links, minutes, personal tasks, names of files (clauses 1.4, 3.2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Final, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from kernel.errors import Invalid
from services.gradebook.windows.rules.deadlines import Duty

#: Characters that some system does not take in the name of a file.
_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|]')
#: Unicode categories of what nobody sees in a name: control characters, and those that turn its direction round.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LONGEST_NAME: Final = 100
SCHEMES: Final = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page; without a title its address stands for it."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """What one student has to do until a day."""

    student_id: UUID
    text: str
    due: date


@dataclass(frozen=True, slots=True)
class Details:
    """What a lesson's homework has beside its text; tasks are sorted by student."""

    minutes: int | None = None
    links: tuple[Link, ...] = ()
    tasks: tuple[Task, ...] = ()

    def __bool__(self) -> bool:
        return self != Details()


def links_are_news(before: Details, after: Details) -> bool:
    """Whether there are links that everybody of the lesson is told of (clause 1.4)."""
    return bool(set(after.links) - set(before.links))


def with_news(before: Details, after: Details) -> list[UUID]:
    """The students who have a personal task that they had not, or another one (clause 1.4)."""
    return [one.student_id for one in after.tasks if one not in before.tasks]


class TaskForm(Protocol):
    """A task for some students, as it was asked for."""

    @property
    def student_ids(self) -> Sequence[UUID]:
        """For whom."""

    @property
    def text(self) -> str:
        """What is to do."""

    @property
    def due(self) -> date | None:
        """Until when; None: with the homework."""


def first_entry(text: str, before: Details, files: Collection[object]) -> list[Duty]:
    """The duty that a file, a link, a task or minutes do of a lesson that had no homework in any form (clause 3.2).

    That is to give homework. What comes beside homework that was there is no duty, as no change of its `text` is.
    """
    return [] if text or before or files else [Duty.HOMEWORK]


def checked_link(url: str, title: str, field: str) -> Link:
    """A link to a page of the web, without surrounding blanks. Raises `Invalid` for any other (practice).

    Addresses of other schemes may run something (`javascript:`) or lead into the reader's own computer (`file:`).
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        known = parts.scheme.lower() in SCHEMES and bool(parts.hostname) and parts.username is None
    except ValueError:
        known = False
    if not known or not url.isprintable() or " " in url:
        raise Invalid(
            "“{url}” is no address of a page: it begins with https:// or http://.",
            rule="link",
            field=field,
            url=url[:100],
        )
    return Link(url, " ".join(title.split()))


def safe_name(name: str) -> str:
    """The name of a file as families get it: without folders and unseen characters, its ending kept (practice).

    A name of which nothing is left is `file`.
    """
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    seen = "".join(" " if one.isspace() else one for one in plain if unicodedata.category(one) not in _UNSEEN)
    path = PurePosixPath(" ".join(_NOT_IN_NAMES.sub(" ", seen).split()).strip(" .") or "file")
    ending = path.suffix[:20]
    stem = path.name.removesuffix(path.suffix)[: LONGEST_NAME - len(ending)].strip(" .")
    return f"{stem or 'file'}{ending}"


def check_file(rule: str, name: str) -> None:
    """Refuse a file by the rule that `readers.attachments` found; an empty one refuses nothing (practice)."""
    if rule == "file-kind":
        raise Invalid(
            "“{name}” is of a kind that is not taken. Taken are documents (PDF, DOCX, DOC, XLSX, XLS, PPTX, PPT, ODT, "
            "ODS, ODP, TXT, CSV), pictures (JPG, PNG, GIF) and sound (MP3, M4A, OGG, WAV), no archives and no "
            "programs.",
            rule=rule,
            field="file",
            name=name,
        )
    if rule == "file-ending":
        raise Invalid(
            "“{name}” is not what its ending says: its content is of another kind, or damaged. Save it anew in the "
            "program that made it.",
            rule=rule,
            field="file",
            name=name,
        )
    if rule == "file-macros":
        raise Invalid(
            "“{name}” holds macros, which are programs. Save it without them.", rule=rule, field="file", name=name
        )
    if rule == "file-bomb":
        raise Invalid(
            "“{name}” takes far more room unpacked than it seems to. Such files are not taken.",
            rule=rule,
            field="file",
            name=name,
        )
    if rule:
        raise Invalid(
            "“{name}” cannot be opened: it is damaged or under a password.", rule=rule, field="file", name=name
        )


def tasks_of(
    forms: Iterable[TaskForm], members: Collection[UUID], lesson_date: date, usual: date | None
) -> tuple[Task, ...]:
    """Personal tasks, one for each student, sorted (domain, §10; practice).

    They are for `members` of the lesson, due after it: on the day that is given, else on the `usual` one, that of the
    homework or of the next lesson. Raises `Invalid`.
    """
    found: dict[UUID, Task] = {}
    for index, form in enumerate(forms):
        place = f"tasks.{index}"
        due = form.due or usual
        if due is None:
            raise Invalid(
                "Say until when: the course has no further lesson yet.", rule="task-without-due", field=f"{place}.due"
            )
        if due <= lesson_date:
            raise Invalid(
                "Homework is due after {date}, the day of the lesson.",
                rule="homework-due-too-early",
                field=f"{place}.due",
                date=lesson_date,
            )
        for student_id in form.student_ids:
            if student_id not in members:
                raise Invalid("Choose students of this lesson.", rule="not-in-lesson", field=f"{place}.student_ids")
            if student_id in found:
                raise Invalid(
                    "A student has one task of this lesson: put both into one text.",
                    rule="task-twice",
                    field=f"{place}.student_ids",
                )
            found[student_id] = Task(student_id, form.text.strip(), due)
    return tuple(sorted(one for one in found.values() if one.text))
