"""Lays out the spread of the paper journal (domain, §8): marks on the left page; dates, topics, homework on the right.

A spread holds at most `LESSONS` lessons; a longer term takes several spreads. The last one shows the mean, and the
marks that students brought along, which count in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from math import ceil
from typing import Any, Final

from kernel.names import FULL, Name, listed

#: Most lessons of a spread: their columns fill the left page, their topics the right one.
LESSONS: Final = 24
MONTHS: Final = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
#: Names of months over a single column.
SHORT_MONTHS: Final = ("янв.", "февр.", "март", "апр.", "май", "июнь", "июль", "авг.", "сент.", "окт.", "нояб.", "дек.")
#: Separates several marks in a cell, as teachers write them.
BETWEEN: Final = "/"
#: Characters that the page's fonts lack, such as smileys. A test proves that all other characters are printed.
UNPRINTABLE: Final = re.compile(
    "[^\t\n -~\u00a0-\u0377\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff\u2000-\u2040\u2044-\u2052"
    "\u2054-\u206f\u2074-\u208e\u20a0-\u20bf\u2100-\u211e\u2190-\u23ff\u2460-\u2606\u2713\u2714\u2717\u2718]"
)
#: Marks of direction. Nothing printed is written from right to left, and they would turn a line around.
DIRECTIONS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: Replaces a character that cannot be printed. It is visible, so that readers notice the gap.
UNKNOWN: Final = "□"

Lesson = Mapping[str, Any]


def printable(text: str) -> str:
    """The text with `UNKNOWN` for unprintable characters: a smiley must not stop the printing of a journal."""
    straight = DIRECTIONS.sub("", unicodedata.normalize("NFC", text))
    return UNPRINTABLE.sub(UNKNOWN, straight.replace("\ufe0f", ""))


def spreads(lessons: Sequence[Lesson]) -> list[Sequence[Lesson]]:
    """Split lessons evenly into spreads. Without lessons there is one empty spread."""
    if not lessons:
        return [[]]
    size = ceil(len(lessons) / ceil(len(lessons) / LESSONS))
    return [lessons[start : start + size] for start in range(0, len(lessons), size)]


def months(dates: Iterable[date]) -> list[dict[str, Any]]:
    """The header over the days: each month's name with its number of columns."""
    columns = [(month, len(list(group))) for month, group in groupby(day.month for day in dates)]
    return [{"name": (MONTHS if many > 1 else SHORT_MONTHS)[month - 1], "columns": many} for month, many in columns]


def cells(marks: Iterable[Mapping[str, Any]], checks: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """(lesson, student) → text of the cell: the absence's code, then the marks in order."""
    found: dict[tuple[str, str], list[str]] = {}
    codes = {
        (str(absence["lesson_id"]), str(absence["student_id"])): absence["code"]
        for check in checks
        for absence in check["absences"]
    }
    for mark in marks:
        if mark["value"] is not None:
            found.setdefault((str(mark["lesson_id"]), str(mark["student_id"])), []).append(mark["value"])
    return {
        key: " ".join(filter(None, (codes.get(key, ""), BETWEEN.join(found.get(key, ())))))
        for key in codes.keys() | found.keys()
    }


def journal(
    page: Mapping[str, Any],
    *,
    names: Mapping[str, Name],
    checks: Iterable[Mapping[str, Any]],
    school: str,
    class_name: str,
    made_on: date,
) -> dict[str, Any]:
    """The template's data as JSON values. `names` maps ids of students and teachers to names."""
    filled = cells(page["marks"], checks)
    means = {str(one["student_id"]): (one["mean"]["value"] or "").replace(".", ",") for one in page["means"]}
    students = _listed(page["student_ids"], names, FULL)
    parts = spreads(page["lessons"])
    return {
        "made_on": _day(made_on),
        "school": printable(school),
        "class_name": printable(class_name),
        "course": printable(page["course"]["title"]),
        "subject": printable(page["course"]["subject"]),
        "term": printable(page["term"]["title"]),
        "starts_on": _day(page["term"]["starts_on"]),
        "ends_on": _day(page["term"]["ends_on"]),
        "teachers": list(_listed(page["course"]["teacher_ids"], names, FULL).values()),
        "spreads": [
            {
                "months": months(lesson["date"] for lesson in part),
                "days": [str(lesson["date"].day) for lesson in part],
                "last": part is parts[-1],
                "rows": [
                    {
                        "name": name,
                        "cells": [filled.get((str(lesson["id"]), student), "") for lesson in part],
                        "mean": means.get(student, ""),
                    }
                    for student, name in students.items()
                ],
                "lessons": [_described(lesson) for lesson in part],
            }
            for part in parts
        ],
        "brought": [
            _brought(one, name)
            for student, name in students.items()
            for one in page["brought"]
            if str(one["student_id"]) == student and one["marks"]
        ],
    }


def _brought(one: Mapping[str, Any], name: str) -> dict[str, str]:
    """What a student brought along from one place: without it nobody could reckon the mean that is printed."""
    marks = (f"{printable(mark['text'])} ({mark['date']:%d.%m})" for mark in one["marks"])
    return {"name": name, "origin": printable(_origin(one["origin"])), "marks": ", ".join(marks)}


def _origin(one: Mapping[str, Any]) -> str:
    if one["school"]:
        return f"{one['school']} ({one['document']})"
    title, class_name = one["title"], one["class_name"]
    return title if class_name in title else f"{title}, {class_name}"


def _listed(ids: Iterable[Any], names: Mapping[str, Name], least: int) -> dict[str, str]:
    """Id → the printed name, by the alphabet. Cut to what can be printed first: that may make two names alike."""
    return listed({str(one): _printable(names.get(str(one), Name("—"))) for one in ids}, least)


def _printable(name: Name) -> Name:
    family, given, patronymic = map(printable, (name.family, name.given, name.patronymic))
    return replace(name, family=family, given=given, patronymic=patronymic)


def _described(lesson: Lesson) -> dict[str, str]:
    return {
        "date": _day(lesson["date"]),
        "topic": printable(lesson["topic"]),
        "homework": printable(lesson["homework"]),
    }


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
