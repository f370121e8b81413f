"""The spread of the paper journal (domain, §8): marks on the left page, dates, topics and homework on the right.

A spread takes so many lessons; a longer term goes on over further spreads. The mean stands on the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

#: Lessons to a spread: their columns fill the left page, their topics the right one.
LESSONS: Final = 24
MONTHS: Final = ("январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь",
                 "ноябрь", "декабрь")  # fmt: skip
#: A cell holds several marks of a lesson so, as teachers write them.
BETWEEN: Final = "/"

Lesson = Mapping[str, Any]


def spreads(lessons: Sequence[Lesson]) -> list[Sequence[Lesson]]:
    """The lessons of each spread; one without lessons where there are none."""
    parts = [lessons[start : start + LESSONS] for start in range(0, len(lessons), LESSONS)]
    return parts or [[]]


def months(dates: Iterable[date]) -> list[dict[str, Any]]:
    """The head over the days: each month with the number of its columns."""
    return [
        {"name": MONTHS[month - 1], "columns": len(list(group))} for month, group in groupby(day.month for day in dates)
    ]


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
    means = {str(one["student_id"]): one["mean"]["value"] or "" for one in page["means"]}
    students = sorted((names.get(str(one), "—"), str(one)) for one in page["student_ids"])
    parts = spreads(page["lessons"])
    return {
        "school": school,
        "class_name": class_name,
        "course": page["course"]["title"],
        "subject": page["course"]["subject"],
        "term": page["term"]["title"],
        "starts_on": _day(page["term"]["starts_on"]),
        "ends_on": _day(page["term"]["ends_on"]),
        "teachers": ", ".join(names.get(str(one), "—") for one in page["course"]["teacher_ids"]),
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
                "lessons": [
                    {"date": _day(lesson["date"]), "topic": lesson["topic"], "homework": lesson["homework"]}
                    for lesson in part
                ],
            }
            for part in parts
        ],
    }


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
