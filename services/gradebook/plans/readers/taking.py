"""Takes the rows of a plan's file as topics of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.gradebook.plans import LONGEST, MOST_TOPICS
from formats.result import Fault
from kernel.phrases import Phrase
from services.gradebook.plans.readers.plan_rows import PlanRow
from services.gradebook.plans.readers.thematic_plan import Meaning, Plan, SeenColumn, read_named
from services.gradebook.plans.rules.topics import Topic

CUT = Phrase(
    ru="Текст длиннее {most} знаков: взято начало.",
    en="The text has more than {most} characters: its beginning was taken.",
)
TOO_MANY = Phrase(
    ru="В плане больше {most} тем: остальные не взяты.",
    en="The plan has more than {most} topics: the rest was not taken.",
)
_TEXTS: Final = ("section", "topic", "content", "control", "homework")


@dataclass(frozen=True, slots=True)
class Read:
    """What a file became: topics with their places, the columns of its table, and its faults. No topics: refused."""

    topics: list[Topic]
    places: list[str]
    columns: tuple[SeenColumn, ...]
    faults: list[Fault]


def read_topics(content: bytes, named: Mapping[str, Meaning | None]) -> Read:
    """The topics of a plan's file, with its columns as people have `named` them beyond their headings."""
    reading, columns = read_named(content, named)
    if reading.value is None:
        return Read([], [], columns, list(reading.faults))
    topics, faults = taken_topics(reading.value)
    return Read(topics, [row.place for row in reading.value.rows], columns, [*reading.faults, *faults])


def taken_topics(plan: Plan) -> tuple[list[Topic], list[Fault]]:
    """The topics of a file's plan, and a fault for each text that had to be cut."""
    faults: list[Fault] = []
    topics = [_topic(row, faults) for row in plan.rows[:MOST_TOPICS]]
    if len(plan.rows) > MOST_TOPICS:
        faults.append(Fault(plan.rows[MOST_TOPICS].place, "too-many-topics", TOO_MANY(most=MOST_TOPICS)))
    return topics, faults


def _topic(row: PlanRow, faults: list[Fault]) -> Topic:
    texts = {}
    for name in _TEXTS:
        text = getattr(row, name)
        texts[name] = text[: LONGEST[name]].strip()
        if len(text) > LONGEST[name]:
            faults.append(Fault(row.place, "text-too-long", CUT(most=LONGEST[name])))
    return Topic(id=None, hours=row.hours, **texts)
