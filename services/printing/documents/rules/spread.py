"""The spread of the paper journal (domain, §8): marks on the left page, dates, topics and homework on the right.

A spread takes so many lessons; a longer term goes on over further spreads. The mean stands on the last one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from math import ceil
from typing import Any, Final

#: The most lessons to a spread: their columns fill the left page, their topics the right one.
LESSONS: Final = 24
MONTHS: Final = ("январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь",
                 "ноябрь", "декабрь")  # fmt: skip
#: Over a single column.
SHORT_MONTHS: Final = ("янв.", "февр.", "март", "апр.", "май", "июнь", "июль", "авг.", "сент.", "окт.", "нояб.", "дек.")
#: A cell holds several marks of a lesson so, as teachers write them.
BETWEEN: Final = "/"
#: What the fonts of the page lack, smileys above all; the ranges left out here are printed, and tested to be.
UNPRINTABLE: Final = re.compile(
    "[^\t\n -~\u00a0-\u0377\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff\u2000-\u2040\u2044-\u2052"
    "\u2054-\u206f\u2074-\u208e\u20a0-\u20bf\u2100-\u211e\u2190-\u23ff\u2460-\u2606\u2713\u2714\u2717\u2718]"
)
#: Stands for a character that cannot be printed: seen, so that nobody takes the text for whole.
UNKNOWN: Final = "□"

Lesson = Mapping[str, Any]


def printable(text: str) -> str:
    """The text with `UNKNOWN` for what cannot be printed: one smiley must not keep a journal from being bound."""
    return UNPRINTABLE.sub(UNKNOWN, unicodedata.normalize("NFC", text).replace("\ufe0f", ""))


def spreads(lessons: Sequence[Lesson]) -> list[Sequence[Lesson]]:
    """The lessons of each spread, as evenly as they go; one spread without lessons where there are none."""
    if not lessons:
        return [[]]
    size = ceil(len(lessons) / ceil(len(lessons) / LESSONS))
    return [lessons[start : start + size] for start in range(0, len(lessons), size)]


def months(dates: Iterable[date]) -> list[dict[str, Any]]:
    """The head over the days: each month with the number of its columns."""
    columns = [(month, len(list(group))) for month, group in groupby(day.month for day in dates)]
    return [{"name": (MONTHS if many > 1 else SHORT_MONTHS)[month - 1], "columns": many} for month, many in columns]


def cells(marks: Iterable[Mapping[str, Any]], checks: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """(lesson, student) → what stands in the cell: the absence's code, then the marks in order."""
    found: dict[tuple[str, str], list[str]] = {}
    codes = {
        (str(absence["lesson_id"]), str(absence["student_id"])): absence["code"]
        for check in checks for absence in check["absences"]
    }  # fmt: skip
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
    names: Mapping[str, str],
    checks: Iterable[Mapping[str, Any]],
    school: str,
    class_name: str,
) -> dict[str, Any]:
    """What the template prints, as JSON values. `names` are students' and teachers' by id, family name first."""
    filled = cells(page["marks"], checks)
    means = {str(one["student_id"]): (one["mean"]["value"] or "").replace(".", ",") for one in page["means"]}
    students = sorted(
        ((printable(names.get(str(one), "—")), str(one)) for one in page["student_ids"]), key=_by_alphabet
    )
    parts = spreads(page["lessons"])
    return {
        "school": printable(school),
        "class_name": printable(class_name),
        "course": printable(page["course"]["title"]),
        "subject": printable(page["course"]["subject"]),
        "term": printable(page["term"]["title"]),
        "starts_on": _day(page["term"]["starts_on"]),
        "ends_on": _day(page["term"]["ends_on"]),
        "teachers": sorted(printable(names.get(str(one), "—")) for one in page["course"]["teacher_ids"]),
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
                    for name, student in students
                ],
                "lessons": [_described(lesson) for lesson in part],
            }
            for part in parts
        ],
    }


def _by_alphabet(student: tuple[str, str]) -> tuple[str, str]:
    """In Unicode the letter ё follows я; in a list of names it stands with е."""
    name, student_id = student
    return name.lower().replace("ё", "е"), student_id


def _described(lesson: Lesson) -> dict[str, str]:
    return {
        "date": _day(lesson["date"]),
        "topic": printable(lesson["topic"]),
        "homework": printable(lesson["homework"]),
    }


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
