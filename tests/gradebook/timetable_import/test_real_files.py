"""Files of real schools, taken into a school that has nothing: a week of any class agrees with its sheet."""

from __future__ import annotations

import io
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cli.building.fet import large_school
from contracts.gradebook.classrooms import Classrooms
from tests.gradebook.timetable_import.conftest import Importing
from tests.shared import shared

#: (weekday, number) → the lessons there: the subject as the sheet writes it, without blanks, and the classroom.
Week = dict[tuple[int, int], set[tuple[str, str]]]

HEADING = re.compile(r'(\d+) "(.)" класс(?: \((.+)\))?')
DAYS = ("ПОНЕДЕЛЬНИК", "ВТОРНИК", "СРЕДА", "ЧЕТВЕРГ", "ПЯТНИЦА", "СУББОТА")
SHEET = "timetables/school_ru_5-11_raspisanie.xlsx"
#: Three rooms of two groups: the reader cannot tell them apart, and says so.
THREE_ROOMS = "415/416/332"


def plain(text: object) -> str:
    return re.sub(r"[\s\xa0]", "", str(text)).casefold()


def cells(text: str, rooms: str) -> Iterator[tuple[str, str]]:
    """The lessons of a cell and the cell of classrooms beside it."""
    own = [plain(room) for room in rooms.split("/")] if rooms and rooms != THREE_ROOMS else [""]
    subjects = text.split("/")
    if len(subjects) == len(own) > 1:
        yield from zip(map(plain, subjects), own)
    elif rooms == THREE_ROOMS:
        yield from ((plain(subject), "") for subject in subjects)
    else:
        yield from ((plain(text), room) for room in own)


def weeks_of(content: bytes) -> dict[str, Week]:
    """Class → its week, read by another reader in the plainest way: a day and a number hold until the next one."""
    found: defaultdict[str, Week] = defaultdict(lambda: defaultdict(set))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        rows = [[_text(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for column, heading in enumerate(rows[0]):
            named = HEADING.fullmatch(heading)
            if named:
                # one heading stands above the numbers of its class instead of its subjects
                _read_column(rows, column + rows[1][column].isdigit(), found[named[1] + named[2]])
    return found


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) else str(cell).strip()


def _read_column(rows: list[list[str]], column: int, week: Week) -> None:
    day = number = 0
    for row in rows[1:]:
        if row[0] in DAYS:
            day, number = DAYS.index(row[0]) + 1, 0
        number = int(row[column - 1]) if row[column - 1].isdigit() else number
        rooms = row[column + 1] if column + 1 < len(row) else ""
        if row[column]:
            week[day, number].update(cells(row[column], rooms))


def week_of(importing: Importing, class_id: str, rooms: dict[str, str]) -> Week:
    """A class's week as the timetable has it."""
    week: Week = defaultdict(set)
    found = importing.timetable(class_id=class_id)
    subjects = {one["id"]: one["subject"] for one in found["courses"]}
    for one in found["entries"]:
        room = plain(rooms.get(one["classroom_id"], ""))
        week[one["weekday"], one["number"]].add((plain(subjects[one["course_id"]]), room))
    return week


@pytest.mark.slow
def test_a_week_of_any_class_of_an_empty_school_agrees_with_the_sheet(importing: Importing) -> None:
    content = shared(SHEET).read_bytes()
    file = importing.hand_in(content)
    read = importing.read(file)
    assert {(one["kind"], one["found"]) for one in read["names"]} == {
        ("class", "unknown"), ("subject", "unknown"), ("classroom", "unknown"),
    }  # fmt: skip
    classes = importing.classes(*(one["name"] for one in read["names"] if one["kind"] == "class"))
    done = importing.take(file, importing.new(read), group_name="группа {number}")
    assert (len(classes), done["subjects"], done["classrooms"], done["version"]) == (35, 77, 50, 1)
    rooms = {one["id"]: one["name"] for one in importing.call(Classrooms.classrooms)["classrooms"]}
    expected = weeks_of(content)
    assert expected.keys() == classes.keys()
    for name, class_id in classes.items():
        assert week_of(importing, class_id, rooms) == expected[name], name
    again = importing.read(file)
    assert (again["open"], again["counts"]["staying"], again["counts"]["added"]) == (0, done["added"], 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["timetable-ru.fet", "a large school"])
def test_a_project_of_a_large_school_is_shown_within_three_seconds(importing: Importing, name: str) -> None:
    content = large_school() if name == "a large school" else shared(f"timetables/{name}").read_bytes()
    began = time.process_time()
    file = importing.hand_in(content)
    read = importing.read(file)
    assert time.process_time() - began < 3
    assert not read["refused"]
    importing.classes(*(one["name"] for one in read["names"] if one["kind"] == "class"))
    began = time.process_time()
    read = importing.read(file, importing.new(read))
    assert time.process_time() - began < 3
    assert read["counts"]["added"] == sum(one["lessons"] for one in read["names"] if one["kind"] == "class")
