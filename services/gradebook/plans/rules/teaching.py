"""Where a course stands in its plan, and which topic its next lesson takes (clauses 3.2, 4.2; practice)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from enum import Enum
from typing import Final
from uuid import UUID

from services.gradebook.plans.rules.topics import is_reserve

#: How a course differs from its plan: it leaves a topic out, or teaches it in one lesson with the topic before it.
DROPPED: Final = "dropped"
JOINED: Final = "joined"
MEASURES: Final = (DROPPED, JOINED)
_LESSON: Final = Decimal(1)


class Standing(Enum):
    """What became of a topic in a course."""

    PASSED = "passed"
    #: Some of its lessons were held, and no later topic was begun.
    BEGUN = "begun"
    #: A later topic was taken first.
    SKIPPED = "skipped"
    #: The teacher left it out, to catch up.
    DROPPED = "dropped"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Planned:
    """A topic of a course's plan: `covered` is the number of lessons that have covered it, `measure` may be empty."""

    id: UUID
    section: str
    topic: str
    hours: Decimal
    control: str = ""
    homework: str = ""
    covered: int = 0
    measure: str = ""

    @property
    def lessons(self) -> int:
        """The lessons that it takes."""
        return int(self.hours.to_integral_value(ROUND_CEILING))

    @property
    def is_reserve(self) -> bool:
        """Whether its hours are kept back for what takes longer (practice)."""
        return is_reserve(self.topic, self.section)


@dataclass(frozen=True, slots=True)
class Offered:
    """A topic that a lesson may take: its lesson number `lesson` of `of`."""

    topic: Planned
    lesson: int
    of: int


def standings(topics: Sequence[Planned], *, began_late: bool = False) -> list[Standing]:
    """What became of each topic of a course, in the plan's order (practice).

    A topic is passed once its hours were held, or once a later one was begun. Where the journal `began_late`, topics
    before the first one that it knows were passed before.
    """
    known = [place for place, one in enumerate(topics) if one.covered]
    first, front = (known[0], known[-1]) if known else (-1, -1)
    return [_standing(one, place, first if began_late else -1, front) for place, one in enumerate(topics)]


def _standing(topic: Planned, place: int, since: int, front: int) -> Standing:
    if topic.covered:
        return Standing.PASSED if topic.covered >= topic.hours or place < front else Standing.BEGUN
    if topic.measure == DROPPED:
        return Standing.DROPPED
    if place > front:
        return Standing.AHEAD
    return Standing.PASSED if place < since else Standing.SKIPPED


def offer(topics: Sequence[Planned], *, began_late: bool = False) -> list[Offered]:
    """The topics that the next lesson of a course takes; none where the plan is at its end (practice).

    It goes on with a topic that was begun, else begins the next one. Topics that the teacher joined with it, and those
    that fill the lesson up, as two of half an hour do, come with it.
    """
    standing = standings(topics, began_late=began_late)
    rest = [one for one, stands in zip(topics, standing) if stands in (Standing.BEGUN, Standing.AHEAD)]
    found: list[Offered] = []
    left = _LESSON
    for one in rest:
        remaining = one.hours - one.covered
        if found and one.measure != JOINED and remaining > left:
            break
        found.append(Offered(one, one.covered + 1, one.lessons))
        if remaining > _LESSON:
            break
        left = max(left - remaining, Decimal(0))
    return found


def after(topics: Sequence[Planned], taken: Iterable[UUID]) -> list[Planned]:
    """The topics after one more lesson that covers those `taken` (practice)."""
    covered = set(taken)
    return [replace(one, covered=one.covered + 1) if one.id in covered else one for one in topics]


def topic_text(topics: Iterable[str], most: int) -> str:
    """What a lesson's topic says when it takes these topics: one after the other, at most `most` characters.

    Source: practice.
    """
    return ". ".join(text.rstrip(". ") for text in topics)[:most]


def matched(taught: Sequence[tuple[UUID, str]], topics: Sequence[Planned]) -> list[tuple[UUID, UUID]]:
    """The lessons, in order, whose own words are those of a topic: pairs of lesson and topic (practice).

    Of several topics with the same words each takes as many lessons as it has hours, the last one all that follow.
    """
    left = {one.id: one.lessons for one in topics}
    by_words: dict[str, list[UUID]] = {}
    for one in topics:
        by_words.setdefault(_words(one.topic), []).append(one.id)
    pairs = []
    for lesson_id, text in taught:
        same = by_words.get(_words(text), [])
        if not same:
            continue
        topic_id = next((one for one in same if left[one] > 0), same[-1])
        left[topic_id] -= 1
        pairs.append((lesson_id, topic_id))
    return pairs


def _words(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split()).rstrip(".")
