"""What the homework of lessons has beside its text, on a teacher's day: the minutes are typed there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from flask import request

from contracts.gradebook.homework import Homework
from contracts.gradebook.load import Load
from gateway.door import language, problems
from gateway.door.asking import SHORT_TIMEOUT, ask, carry_out
from gateway.door.problems import Problem
from gateway.pages.frame import forms, reasons
from kernel.errors import Fault, Refused

#: Within so long a course has its next lesson, holidays apart.
_NEXT_LESSON: Final = timedelta(days=14)
#: The field that refusals of the minutes name.
MINUTES: Final = "minutes"


def of_day(day: date) -> dict[str, dict[str, Any]]:
    """Lesson → what its homework has; nothing while that cannot be read, as the day can be filled in without.

    The minutes are those of the form of the request, where it has them and they were not saved.
    """
    try:
        found = ask(Homework.homework_of_day, timeout=SHORT_TIMEOUT, date=day)["lessons"]
    except Fault:
        return {}
    return {one["lesson_id"]: {**one, "typed": _shown(one)} for one in found}


def is_changed(lesson: str) -> bool:
    """Whether the form has other minutes of a lesson than were shown."""
    typed = _typed(lesson)
    return typed is not None and typed != forms.text(f"minutes-seen-{lesson}")


def save(lesson: str) -> Problem | None:
    """Save the minutes of a lesson if they were changed: None, or why that was refused."""
    if not is_changed(lesson):
        return None
    version = forms.number_or_none(f"homework-version-{lesson}") or 0
    try:
        minutes = forms.number(f"minutes-{lesson}")
        changed: dict[str, Any] = {"minutes": minutes, "reason": reasons.typed(f"-{lesson}")}
        carry_out(Homework.set_homework, part=lesson, lesson_id=lesson, version=version, **changed)
    except Refused as refusal:
        return replace(problems.of_refusal(refusal), field=MINUTES, present=None)
    return None


def warning(lesson: Mapping[str, Any]) -> str:
    """What exceeds the school's limits on the day on which the saved homework of a lesson is due; else empty.

    Nothing where that cannot be computed: it hinders nobody.
    """
    try:
        load = ask(Load.homework_load, timeout=SHORT_TIMEOUT, lesson_id=lesson["id"], due=lesson["homework_due"])
    except (Fault, Refused):
        return ""
    return " ".join(load["warnings"][language.code()])


def warnings(lessons: Iterable[Mapping[str, Any]], asked: Collection[str]) -> dict[str, str]:
    """Lesson → `warning`, of those of these lessons that are asked for: the ones that were just saved.

    Of the others a script asks once the page is there, as each costs a call.
    """
    chosen = [one for one in lessons if one["id"] in asked and one["homework"]]
    return {one["id"]: told for one in chosen if (told := warning(one))}


def still_due(lessons: Iterable[Mapping[str, Any]], today: date) -> set[str]:
    """The lessons whose saved homework may be due today or later: without a day it is due at the next lesson."""
    lately = (today - _NEXT_LESSON).isoformat()
    return {
        one["id"]
        for one in lessons
        if one["homework"]
        and (one["homework_due"] >= today.isoformat() if one["homework_due"] else one["date"] >= lately)
    }


def _shown(one: dict[str, Any]) -> str:
    """What the field shows: what is typed, where it is not saved, else what is saved."""
    saved = "" if one["minutes"] is None else str(one["minutes"])
    typed = _typed(one["lesson_id"])
    return saved if typed is None else typed


def _typed(lesson: str) -> str | None:
    return forms.text(f"minutes-{lesson}") if f"minutes-{lesson}" in request.form else None
