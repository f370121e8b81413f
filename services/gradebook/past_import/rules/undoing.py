"""When a file of the past may be undone: while nothing later stands on what it brought (practice)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from kernel.errors import Conflict


class Brought(Protocol):
    """A mark that a file brought, as it is now, and the version that it had then."""

    @property
    def version(self) -> int:
        """Its version."""

    @property
    def brought_version(self) -> int:
        """The one that the file brought."""

    @property
    def title(self) -> str:
        """Of its course."""

    @property
    def term(self) -> str | date:
        """Its term, or its day."""


class Later(Protocol):
    """A mark that was set since."""

    @property
    def title(self) -> str:
        """Of its course."""

    @property
    def term(self) -> str:
        """Its term."""


def check_stands(undone_at: datetime | None) -> None:
    """Refuse to undo twice (practice)."""
    if undone_at is not None:
        raise Conflict("This import was undone already.", rule="import-undone", field="import_id")


def check_unchanged(marks: Iterable[Brought]) -> None:
    """Refuse to undo what was changed since: a person's decision stands on it (practice)."""
    for one in marks:
        if one.version != one.brought_version:
            raise Conflict(
                "A mark of “{course}” for “{term}” was changed since: the import cannot be undone as a whole.",
                rule="changed-since",
                field="import_id",
                course=one.title,
                term=one.term,
            )


def check_nothing_later(later: Later | None) -> None:
    """Refuse to undo marks of which a mark of the year or the certificate was made since (practice)."""
    if later is not None:
        raise Conflict(
            "In “{course}” a mark that rests on these was set for “{term}” since: take it back first.",
            rule="rests-on-it",
            field="import_id",
            course=later.title,
            term=later.term,
        )


def check_not_locked(locked: Iterable[Brought]) -> None:
    """Refuse to undo what was locked since (clause 4.2)."""
    for one in locked:
        raise Conflict(
            "The marks of “{course}” for “{term}” were locked since: the import cannot be undone.",
            rule="locked-since",
            field="import_id",
            course=one.title,
            term=one.term,
        )
