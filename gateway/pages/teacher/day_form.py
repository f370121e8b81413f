"""The form of a teacher's day: topic and homework of every lesson, saved together, each lesson for itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import request

from contracts.gradebook.lessons import Lessons
from gateway.door import problems
from gateway.door.asking import carry_out
from gateway.door.problems import Problem
from gateway.pages.frame import forms, reasons
from gateway.pages.teacher import day_homework, planned
from kernel.errors import Refused

#: What the form says of a lesson.
FIELDS: Final = ("topic", "homework", "homework_due")


@dataclass(frozen=True, slots=True)
class Typed:
    """A lesson's fields, those that the form has, and what was shown in them."""

    fields: dict[str, str]
    version: int
    seen: str

    @property
    def is_changed(self) -> bool:
        """Whether the fields hold something else than was shown in them."""
        return _fingerprint(self.fields) != self.seen


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a lesson that was changed in the form: what it is now, or why that was refused.

    Both, where the lesson was saved and the minutes of its homework were refused.
    """

    typed: Typed
    lesson: dict[str, Any] | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Section:
    """A lesson on the page: what its fields show and send."""

    lesson: dict[str, Any]
    typed: Typed
    problem: Problem | None = None
    saved: bool = False


def save() -> dict[str, Outcome]:
    """Save every lesson that was changed in the form of the request, each for itself: lesson → what became of it.

    The lesson whose button takes topics of the plan takes them as well, after what else was typed.
    """
    found = {lesson: _typed(lesson) for lesson in forms.suffixes("topic-")}
    taking = planned.lesson_that_takes()
    return {
        lesson: _saved(lesson, typed)
        for lesson, typed in found.items()
        if typed.is_changed or lesson == taking or day_homework.is_changed(lesson)
    }


def sections(lessons: Iterable[dict[str, Any]], outcomes: Mapping[str, Outcome]) -> list[Section]:
    """The lessons of a day as the page shows them after an attempt to save them."""
    return [_section(lesson, outcomes.get(lesson["id"])) for lesson in lessons]


def lost(lessons: Iterable[dict[str, Any]], outcomes: Mapping[str, Outcome]) -> list[Outcome]:
    """The refusals of lessons that are not among those of the day any more, so that what was typed is still shown."""
    present = {lesson["id"] for lesson in lessons}
    return [one for lesson, one in outcomes.items() if one.problem and lesson not in present]


def _typed(lesson: str) -> Typed:
    present = [name for name in FIELDS if f"{name}-{lesson}" in request.form]
    fields = {name: forms.text(f"{name}-{lesson}") for name in present}
    version = forms.number_or_none(f"version-{lesson}") or 0
    return Typed(fields, version, request.form.get(f"seen-{lesson}", ""))


def _saved(lesson: str, typed: Typed) -> Outcome:
    answer: dict[str, Any] | None = None
    try:
        topics = planned.chosen(lesson)
        if typed.is_changed or topics is not None:
            answer = _described(lesson, typed)
        if topics is not None and answer is not None:
            answer = planned.take(lesson, topics, answer["version"])
        minutes = day_homework.save(lesson)
    except Refused as refusal:
        return Outcome(_begun_from(typed, answer), None, problems.of_refusal(refusal))
    return Outcome(typed, answer, minutes)


def _begun_from(typed: Typed, saved: dict[str, Any] | None) -> Typed:
    """What was typed, to be sent anew: it begins from what this very form has saved of it."""
    return typed if saved is None else replace(typed, version=saved["version"], seen=_shown(saved).seen)


def _described(lesson: str, typed: Typed) -> dict[str, Any]:
    values: dict[str, Any] = dict(typed.fields)
    if "homework_due" in values:
        values["homework_due"] = forms.day(f"homework_due-{lesson}")
    described: dict[str, Any] = carry_out(
        Lessons.describe_lesson,
        part=lesson,
        lesson_id=lesson,
        version=typed.version,
        reason=reasons.typed(f"-{lesson}"),
        **values,
    )
    return described


def _section(lesson: dict[str, Any], outcome: Outcome | None) -> Section:
    """What was typed is kept with the version that it began from, until somebody else's change has been shown."""
    shown = _shown(lesson)
    if outcome is None or outcome.problem is None:
        return Section(lesson, shown, saved=outcome is not None)
    if outcome.problem.field == day_homework.MINUTES:  # topic and homework are as they were sent
        return Section(lesson, shown, outcome.problem)
    if outcome.problem.present is not None:
        present = _shown(outcome.problem.present)
        typed = Typed(outcome.typed.fields, present.version, present.seen)
        return Section({**lesson, **outcome.problem.present}, typed, outcome.problem)  # with its time and room
    return Section(lesson, outcome.typed, outcome.problem)


def _shown(lesson: dict[str, Any]) -> Typed:
    fields = {name: lesson[name] or "" for name in FIELDS}
    return Typed(fields, lesson["version"], _fingerprint(fields))


def _fingerprint(fields: Mapping[str, str]) -> str:
    return forms.fingerprint(*(fields.get(name, "") for name in FIELDS))
