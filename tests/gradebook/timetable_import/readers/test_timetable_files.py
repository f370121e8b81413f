"""A file of a timetable is told by its content, whatever program wrote it."""

from __future__ import annotations

import pytest

from cli.building.fet import fet
from contracts.gradebook.timetable_import import MOST_NAMES
from services.gradebook.timetable_import.readers.timetable_files import read_timetable_file
from tests.formats.made import docx_of
from tests.formats.readings import said, whole, with_one_fault
from tests.gradebook.timetable.readers.test_asc_timetables import export
from tests.gradebook.timetable_import.files import sheet
from tests.shared import shared

read = whole(read_timetable_file)
only_fault = with_one_fault(read_timetable_file)


def rules(content: bytes) -> list[str]:
    reading = read_timetable_file(content)
    assert reading.value is None
    return [fault.rule for fault in reading.faults]


def test_each_program_is_known_by_what_it_writes() -> None:
    (lesson,) = read(b"\xef\xbb\xbf\n" + fet([("5А", "Алгебра", "Осина А. Б.", 2, 3, "12")])).lessons
    assert (lesson.class_name, lesson.subject, lesson.teacher, lesson.room) == ("5А", "Алгебра", "Осина А. Б.", "12")
    (lesson,) = read(export(encoding="utf-16")).lessons
    assert (lesson.class_name, lesson.room) == ("5А", "каб. 12")
    assert {one.class_name for one in read(sheet()).lessons} == {"5А", "5Б"}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"<html/>", "not-a-timetable"),
        (b"<calendar year='2026'/>", "not-a-timetable"),
        (b"<broken", "xml-broken"),
        (b"no table at all", "not-a-container"),
        (fet([]), "not-a-timetable"),
        (sheet([["Номер", "Тема"], [1, "Дроби"]]), "not-a-timetable"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_sentence(content: bytes, rule: str) -> None:
    assert rules(content)[-1:] == [rule]


@pytest.mark.parametrize(
    "content", [b'"""A program."""\nimport os\n', b"%PDF-1.4\n", b"<!DOCTYPE html><p>", b"<root/>", docx_of([["А"]])]
)
def test_a_file_that_can_be_no_timetable_is_told_which_kinds_there_are(content: bytes) -> None:
    (fault,) = read_timetable_file(content).faults
    assert said(fault) == (
        "Это не файл расписания. Расписание бывает таблицей XLSX, выгрузкой из «aSc Расписания» (XML) "
        "или проектом FET.",
        "This is no file of a timetable: that is a spreadsheet (XLSX), an export of aSc Timetables (XML) or a project "
        "of FET.",
    )


def test_of_an_old_file_only_the_kind_that_a_timetable_may_have_is_named() -> None:
    (fault,) = read_timetable_file(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").faults
    assert fault.rule == "old-format"
    assert "DOCX" not in "".join(said(fault))


def test_a_lesson_has_one_classroom_or_it_is_told_that_none_was_taken() -> None:
    cards = '<card lessonid="L" classroomids="R1,R2" period="1" weeks="1" terms="1" days="10000"/>'
    lesson = '<lesson id="L" classids="C1,C2" subjectid="S" teacherids="T1" groupids="G1,G4" periodsperweek="1.0"/>'
    timetable, fault = only_fault(export(lesson, cards))
    assert [one.room for one in timetable.lessons] == ["", ""]
    assert (fault.place, fault.rule, said(fault)) == (
        "card 1", "several-classrooms",
        (
            "У урока несколько кабинетов («каб. 12, каб. 14»): ни один не записан.",
            "The lesson has several classrooms (“каб. 12, каб. 14”): none of them was taken.",
        ),
    )  # fmt: skip


def test_a_number_that_no_bell_has_and_a_lesson_without_a_subject_are_left_out_and_told() -> None:
    card = '<card lessonid="L" classroomids="R1" period="{period}" weeks="1" terms="1" days="10000"/>'
    cards = card.format(period=20) + card.format(period=21)
    timetable, fault = only_fault(export(cards=cards).replace(b'"1.0"', b'"2.0"'))
    assert [one.number for one in timetable.lessons] == [20]
    assert (fault.rule, said(fault)[0]) == ("number-too-high", "Номер урока 21 больше 20: урок пропущен.")
    lesson = '<lesson id="L" classids="C1" subjectid="" teacherids="T1" groupids="G1" periodsperweek="1.0"/>'
    assert rules(export(lesson)) == ["lesson-without-subject", "lesson-without-name", "not-a-timetable"]


def test_names_are_on_one_line_and_no_longer_than_ours() -> None:
    (lesson,) = read(fet([("5А", "Англ.\n  яз.", "Осина\tА. Б.", 1, 1, " 12 ")])).lessons
    assert (lesson.subject, lesson.teacher, lesson.room) == ("Англ. яз.", "Осина А. Б.", "12")
    twice = [("5А", "я" * 121, "А", 1, number, "12") for number in (1, 2)]
    timetable, fault = only_fault(fet(twice))
    assert {one.subject for one in timetable.lessons} == {"я" * 120}
    assert (fault.place, fault.rule, said(fault)[0]) == (
        "activity 1", "name-too-long", "Название длиннее 120 знаков: взято начало.",
    )  # fmt: skip


def test_more_names_than_a_school_has_are_no_timetable_of_one() -> None:
    def subjects(count: int) -> bytes:
        return fet([("5А", f"Предмет {at}", "А", at % 5 + 1, at % 8 + 1, "12") for at in range(count)])

    assert len(read(subjects(MOST_NAMES)).lessons) == MOST_NAMES
    assert rules(subjects(MOST_NAMES + 1)) == ["too-many-names"]


@pytest.mark.parametrize(
    ("name", "lessons"),
    [
        ("school_ru_5-11_raspisanie.xlsx", 1736),
        ("timetable-ru.fet", 2),
        ("Hopwood.fet", 168),
        ("lightdi_asctt2012.xml", 1187),
    ],
)
def test_files_of_real_schools_are_read(name: str, lessons: int) -> None:
    reading = read_timetable_file(shared(f"timetables/{name}").read_bytes())
    assert reading.value is not None
    assert len(reading.value.lessons) == lessons
