"""Files of timetables: a spreadsheet, an export of aSc Timetables or a project of FET, whichever it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from contracts.gradebook.bells import HIGHEST_NUMBER
from contracts.gradebook.timetable_import import LONGEST_NAME, MOST_NAMES
from formats.faults import Faults
from formats.result import Fault, Reading, refused
from kernel.phrases import Phrase
from services.gradebook.timetable.readers.asc_timetables import read_asc_timetables
from services.gradebook.timetable.readers.fet import read_fet
from services.gradebook.timetable.readers.timetable import NOT_A_TIMETABLE, Timetable, TimetableLesson
from services.gradebook.timetable.readers.timetable_sheet import read_timetable_sheet
from services.gradebook.timetable_import.rules.names import names_in

#: What begins a file of XML, after blanks and a byte order mark.
_XML: Final = (b"<", "<".encode("utf-16-le"), "<".encode("utf-16-be"))
_MARKS: Final = b"\xef\xbb\xbf\xff\xfe\xfe\xff \t\r\n"
_BLANKS: Final = re.compile(r"\s+")
#: The longest names of groups that courses have.
_LONGEST_GROUP: Final = 60

CUT = Phrase(
    ru="Название длиннее {most} знаков: взято начало.",
    en="The name has more than {most} characters: its beginning was taken.",
)
NUMBER_TOO_HIGH = Phrase(
    ru="Номер урока {number} больше {most}: урок пропущен.",
    en="The lesson has the number {number}, which is higher than {most}: it is left out.",
)
NO_NAME = Phrase(
    ru="У урока нет класса или предмета: он пропущен.", en="The lesson has no class or no subject: it is left out."
)
SEVERAL_ROOMS = Phrase(
    ru="У урока несколько кабинетов («{rooms}»): ни один не записан.",
    en="The lesson has several classrooms (“{rooms}”): none of them was taken.",
)
TOO_MANY_NAMES = Phrase(
    ru="В файле больше {most} разных классов, предметов, учителей или кабинетов: это не расписание одной школы.",
    en="More than {most} classes, subjects, teachers or classrooms: it is not the timetable of one school.",
)
OTHER_KIND = Phrase(
    ru="Это не файл расписания. Расписание бывает таблицей XLSX, выгрузкой из «aSc Расписания» (XML) или проектом FET.",
    en="This is no file of a timetable: that is a spreadsheet (XLSX), an export of aSc Timetables (XML) or a project "
    "of FET.",
)
OLD_FORMAT = Phrase(
    ru="Файл старого формата (XLS или DOC). Откройте таблицу расписания и сохраните её как XLSX.",
    en="The file has the old format (XLS or DOC). Open the spreadsheet of the timetable and save it as XLSX.",
)
_NO_PROGRAM: Final = frozenset({"not-fet", "not-asc-timetables"})
#: Rules of files that are no spreadsheet at all → what is told instead: a timetable may have other kinds, but not all.
_NO_SHEET: Final = {"not-a-container": OTHER_KIND, "not-a-workbook": OTHER_KIND, "old-format": OLD_FORMAT}
_HTML: Final = (b"<!doctype html", b"<html")


def read_timetable_file(content: bytes) -> Reading[Timetable]:
    """Read a timetable of a kind that its content tells: names on one line, lessons that a school can have.

    Lessons without a class or a subject, or of a number beyond those of bells, are left out with a fault. Of several
    classrooms of one lesson none is taken, as a lesson has one.
    """
    reading = _read(content)
    if reading.value is None:
        return reading
    faults = Faults()
    faults.extend(reading.faults)
    lessons = tuple(_taken(reading.value.lessons, faults))
    if not lessons:
        return Reading(None, (*faults.all(), Fault("", "not-a-timetable", NOT_A_TIMETABLE(), fatal=True)))
    counts: defaultdict[str, int] = defaultdict(int)
    for kind, _ in names_in(lessons):
        counts[kind] += 1
    if max(counts.values()) > MOST_NAMES:
        return refused("too-many-names", TOO_MANY_NAMES(most=MOST_NAMES))
    bells = tuple(one for one in reading.value.bells if one.number <= HIGHEST_NUMBER)
    return Reading(replace(reading.value, lessons=lessons, bells=bells), faults.all())


def _read(content: bytes) -> Reading[Timetable]:
    begins = content.lstrip(_MARKS)
    if not begins.startswith(_XML):
        return _read_sheet(content)
    if begins[:20].lower().startswith(_HTML):
        return refused("not-a-timetable", OTHER_KIND())
    for read in (read_fet, read_asc_timetables):
        reading = read(content)
        if not any(fault.rule in _NO_PROGRAM for fault in reading.faults):
            return reading
    return refused("not-a-timetable", OTHER_KIND())


def _read_sheet(content: bytes) -> Reading[Timetable]:
    reading = read_timetable_sheet(content)
    for fault in reading.faults:
        if reading.value is None and fault.rule in _NO_SHEET:
            return refused(fault.rule, _NO_SHEET[fault.rule]())
    return reading


def _taken(lessons: Sequence[TimetableLesson], faults: Faults) -> Iterator[TimetableLesson]:
    told: set[str] = set()
    for lesson in lessons:
        if lesson.number > HIGHEST_NUMBER:
            reason = NUMBER_TOO_HIGH(number=lesson.number, most=HIGHEST_NUMBER)
            faults.add(lesson.place, "number-too-high", reason)
            continue
        texts = {name: _BLANKS.sub(" ", getattr(lesson, name)).strip() for name in _LONGEST}
        if not texts["class_name"] or not texts["subject"]:
            faults.add(lesson.place, "lesson-without-name", NO_NAME())
            continue
        if ", " in texts["room"]:
            if lesson.place not in told:
                faults.add(lesson.place, "several-classrooms", SEVERAL_ROOMS(rooms=texts["room"][:_LONGEST_GROUP]))
            told.add(lesson.place)
            texts["room"] = ""
        for name, longest in _LONGEST.items():
            if len(texts[name]) > longest:
                if texts[name] not in told:
                    faults.add(lesson.place, "name-too-long", CUT(most=longest))
                told.add(texts[name])
                texts[name] = texts[name][:longest].strip()
        yield replace(
            lesson,
            class_name=texts["class_name"],
            subject=texts["subject"],
            teacher=texts["teacher"],
            room=texts["room"],
            group=texts["group"],
        )


#: Names of a lesson, and how long each may be here.
_LONGEST: Final = {"class_name": 60, "subject": 120, "room": 60, "group": _LONGEST_GROUP, "teacher": LONGEST_NAME * 10}
