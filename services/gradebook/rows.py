"""Makes answers of rows, and the refusal for things that do not exist."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from kernel.errors import NotFound
from kernel.texts import Text

#: An answer's values, as its schema accepts them.
View = dict[str, Any]

#: Names of things in refusals.
_THINGS: Final = {
    "class": Text("class"),
    "classroom": Text("classroom"),
    "course": Text("course"),
    "file": Text("file"),
    "import": Text("import"),
    "kind of work": Text("kind of work"),
    "lesson": Text("lesson"),
    "mark": Text("mark"),
    "opening": Text("opening of lessons"),
    "person": Text("person"),
    "plan": Text("thematic plan"),
    "student": Text("student"),
    "subject": Text("subject"),
    "teacher": Text("teacher"),
    "term": Text("term"),
    "year": Text("academic year"),
}


def missing(what: str, identifier: UUID) -> NotFound:
    """The refusal for a thing that does not exist, or that the actor may not know exists."""
    return NotFound("There is no such {what}.", rule=f"no-such-{what}", what=_THINGS[what], id=identifier)


def picked(row: object, names: Iterable[str]) -> View:
    """The named members of a row."""
    return {name: getattr(row, name) for name in names}
