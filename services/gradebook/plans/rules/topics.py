"""The rows of a thematic plan: what a topic may be, its hours, and how two versions of a plan differ."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from kernel.errors import Conflict, FieldFault, Invalid
from kernel.texts import Text

#: The most hours of one topic: a larger number is a section's total or an error.
MOST_HOURS: Final = Decimal(40)
HALF: Final = Decimal("0.5")
_NUMBER: Final = re.compile(r"\d{1,3}([.,]\d{1,2})?", re.ASCII)
#: «Резерв», «Резервный урок», «Резерв учебного времени».
_RESERVE: Final = re.compile(r"\b(резерв|reserve)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Topic:
    """A row of a plan; `id` is None for one that is new. `hours` are lessons, in halves."""

    id: UUID | None
    section: str
    topic: str
    hours: Decimal
    content: str = ""
    control: str = ""
    homework: str = ""

    @property
    def is_reserve(self) -> bool:
        """Whether the hours are kept back for what takes longer: its words say so (practice)."""
        return is_reserve(self.topic, self.section)


class WholePlan(NamedTuple):
    """A plan with its topics, in order."""

    subject_id: UUID
    grade: int
    title: str
    topics: tuple[Topic, ...]


def is_reserve(topic: str, section: str) -> bool:
    """Whether a topic's words, or those of its section, say that it is a reserve (practice)."""
    return _RESERVE.search(topic) is not None or _RESERVE.search(section) is not None


def hours_of(text: str) -> Decimal | None:
    """Hours as people write them, `2` or `0,5`; None unless halves above 0, up to `MOST_HOURS` (practice)."""
    written = text.strip()
    if not _NUMBER.fullmatch(written):
        return None
    hours = Decimal(written.replace(",", "."))
    return hours if 0 < hours <= MOST_HOURS and hours % HALF == 0 else None


def written(hours: Decimal) -> str:
    """Hours as answers tell them: `2`, `0.5` (practice)."""
    return format(hours.normalize(), "f")


def checked_topics(given: Sequence[Mapping[str, Any]]) -> list[Topic]:
    """The topics of a command, without surrounding blanks (clause 4.2).

    Raises `Invalid` with a fault for each wrong field.
    """
    faults: list[FieldFault] = []
    topics = [_topic(row, f"topics.{index}", faults) for index, row in enumerate(given)]
    if faults:
        first = faults[0]
        raise Invalid.of(first.text, rule=first.rule, field=first.field, faults=tuple(faults))
    return topics


def _topic(row: Mapping[str, Any], place: str, faults: list[FieldFault]) -> Topic:
    hours = hours_of(row["hours"])
    texts = {name: row[name].strip() for name in ("section", "topic", "content", "control", "homework")}
    if not texts["topic"]:
        faults.append(FieldFault.of(f"{place}.topic", "topic-empty", Text("The topic is missing.")))
    if hours is None:
        problem = Text("Hours are half lessons: 0.5 to {most}.", {"most": int(MOST_HOURS)})
        faults.append(FieldFault.of(f"{place}.hours", "hours", problem))
    return Topic(id=row["id"], hours=hours or Decimal(1), **texts)


@dataclass(frozen=True, slots=True)
class Differences:
    """How many topics a change of a plan added, changed or moved, and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


def differences(before: Sequence[Topic], after: Sequence[Topic]) -> Differences:
    """How two versions of a plan differ. One with another place among those that stay was changed (practice)."""
    known, kept = {one.id: one for one in before}, [one for one in after if one.id is not None]
    staying = {one.id for one in kept}
    order = [one.id for one in before if one.id in staying]
    changed = sum(one != known[one.id] or one.id != there for one, there in zip(kept, order))
    return Differences(len(after) - len(kept), changed, len(before) - len(kept))


def known_topics(before: Sequence[Topic], after: Sequence[Topic]) -> list[Topic]:
    """The topics `after`, where those of the plan keep their ids, each once: any other is a new topic (practice)."""
    left = {one.id for one in before}
    found = []
    for one in after:
        found.append(one if one.id in left else renewed(one))
        left.discard(one.id)
    return found


def renewed(topic: Topic) -> Topic:
    """The topic as a new one, as a copied plan has it (practice)."""
    return replace(topic, id=None)


def check_none_taught(before: Sequence[Topic], after: Sequence[Topic], taught: Collection[UUID]) -> None:
    """Refuse to leave out topics that lessons have covered: plan and fact could no longer be compared (practice)."""
    staying = {one.id for one in after}
    gone = [one.topic for one in before if one.id in taught and one.id not in staying]
    if gone:
        raise Conflict(
            "These topics were taught already and stay in the plan: {topics}.", rule="topic-taught", topics=gone[:5]
        )
