"""Whether an import would end or replace so much that somebody is to confirm it first. Pure.

A bundle of another school, of last year or of a few people is a bundle in good form. What it lacks is ended, so taken
without a question it would end a school.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

#: Of people, classes or enrolments, this share may end without a question, and any that are fewer than `FEW`.
SHARE: Final = 0.1
FEW: Final = 2


@dataclass(frozen=True, slots=True)
class Ending:
    """How many things of a kind an import ends, and how many there are before it."""

    ended: int
    present: int

    @property
    def is_much(self) -> bool:
        """Whether that is more than happens in a week."""
        return self.ended >= FEW and self.ended > SHARE * self.present


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody is to confirm, in numbers; `name` is the school's new name, if it changes."""

    people: int
    classes: int
    enrolments: int
    #: People who would leave while namesakes with the same day of birth come: the system that wrote the bundle has
    #: changed its ids, and their accounts, consents and marks would stay with those who left.
    replaced: int
    name: str | None

    def to_wire(self) -> dict[str, Any]:
        """As `contracts.identity.bundles.QuestionView` has it."""
        return asdict(self)


def question_of(endings: Mapping[str, Ending], replaced: int, name: str | None) -> Question | None:
    """The question, if there is one. `endings`: of people, classes and enrolments."""
    if not (replaced or name or any(ending.is_much for ending in endings.values())):
        return None
    ended = {kind: ending.ended for kind, ending in endings.items()}
    return Question(ended["people"], ended["classes"], ended["enrolments"], replaced, name)


def together(questions: Iterable[Question]) -> Question | None:
    """The question about several schools of a bundle."""
    asked = list(questions)
    if not asked:
        return None
    return Question(
        sum(one.people for one in asked),
        sum(one.classes for one in asked),
        sum(one.enrolments for one in asked),
        sum(one.replaced for one in asked),
        ", ".join(one.name for one in asked if one.name) or None,
    )
