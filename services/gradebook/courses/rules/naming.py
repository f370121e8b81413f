"""How subjects, courses and groups are called, and when two are the same (practice)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol
from uuid import UUID

from kernel.errors import Conflict, Invalid
from kernel.names import folded


class Named(Protocol):
    """A thing with a name."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name."""


class Place(NamedTuple):
    """What no two courses of a year share: the subject, the class and the group in it."""

    subject_id: UUID
    class_id: UUID | None
    group_name: str


def one_line(text: str) -> str:
    """A name without blanks around and twice within (practice)."""
    return " ".join(text.split())


def subject_name(text: str, others: Iterable[Named]) -> str:
    """The name of a subject. Refuses an empty one, and that of another subject (practice)."""
    name = one_line(text)
    if not name:
        raise Invalid("Enter the name of the subject.", rule="empty-name", field="name")
    for other in others:
        if folded(other.name) == folded(name):
            raise Conflict(
                "There is a subject “{subject}” already. Where one of the two has no courses, remove that one.",
                rule="subject-exists",
                field="name",
                subject=other.name,
            )
    return name


def proposed_title(subject: str, class_name: str | None, group_name: str) -> str:
    """The title of a course: «Алгебра 7А», «Английский язык 7А, группа 1», «Хор, старшая группа» (practice)."""
    whole = f"{subject} {class_name}" if class_name else subject
    return f"{whole}, {group_name}" if group_name else whole


def title_of_group(title: str, subject: str, class_name: str | None, before: str, after: str) -> str:
    """The title of a course whose group was `before` and is `after`: one that was made follows (practice).

    A title that somebody gave to a whole class gets the group behind it: «Алгебра», «Алгебра, группа 1».
    """
    if title == proposed_title(subject, class_name, before):
        return proposed_title(subject, class_name, after)
    return f"{title}, {after}" if after and not before else title


def check_place_is_free(place: Place, others: Iterable[tuple[Place, str]]) -> None:
    """Refuse a second course of one subject for the same class and group; `others` have their titles (practice)."""
    for other, title in others:
        if other[:2] == place[:2] and folded(other.group_name) == folded(place.group_name):
            raise Conflict(
                "There is a course “{course}” of this subject already. Name the group that this one is for.",
                rule="course-exists",
                field="group_name",
                course=title,
            )


def check_group_is_named(class_id: UUID | None, group_name: str) -> None:
    """Refuse a course of no class whose group has no name: nothing would tell for whom it is (practice)."""
    if class_id is None and not group_name:
        raise Invalid(
            "Choose the class, or name the group across classes.", rule="group-without-name", field="group_name"
        )


def check_subject_is_empty(name: str, courses: int, years: Collection[str]) -> None:
    """Refuse to remove a subject that has courses, or hours in the curriculum of these years (practice)."""
    if courses:
        raise Conflict(
            "“{subject}” has courses ({count}): what was taught in them belongs to it, so it stays.",
            rule="subject-has-courses",
            subject=name,
            count=courses,
        )
    if years:
        raise Conflict(
            "“{subject}” has hours in the curriculum of {years}. Clear them first.",
            rule="subject-has-hours",
            subject=name,
            years=", ".join(sorted(years)),
        )
