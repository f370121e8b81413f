"""The export of aSc Timetables: cards in a week, and what they refer to."""

import json
from collections import Counter
from datetime import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.result import Reading
from services.gradebook.timetable.readers import timetable
from services.gradebook.timetable.readers.asc_timetables import read_asc_timetables
from services.gradebook.timetable.readers.timetable import Bell, Timetable, TimetableLesson, UnplacedLessons
from tests.examples import examples
from tests.formats.readings import said, whole, with_one_fault
from tests.shared import shared

read = whole(read_asc_timetables)
only_fault = with_one_fault(read_asc_timetables)

LESSON = '<lesson id="L" classids="C1" subjectid="S" teacherids="T1" groupids="G1" periodsperweek="1.0"/>'
CARD = '<card lessonid="L" classroomids="R1" period="1" weeks="1" terms="1" days="10000"/>'


def export(lessons: str = LESSON, cards: str = CARD, encoding: str = "UTF-8", periods: str = "") -> bytes:
    text = f"""<?xml version="1.0" encoding="{encoding}"?>
    <timetable displayname="aSc Timetables 2012 XML">
      <periods>{periods}</periods>
      <subjects><subject id="S" name="Алгебра " short="Алг"/><subject id="S2" name="Труд"/></subjects>
      <teachers><teacher id="T1" name="Осина А. Б."/><teacher id="T2" name="Клён В. Г."/></teachers>
      <classrooms><classroom id="R1" name="каб. 12"/><classroom id="R2" name="каб. 14"/></classrooms>
      <classes><class id="C1" name="5А"/><class id="C2" name="5Б"/></classes>
      <groups>
        <group id="G1" name="Весь класс" classid="C1" entireclass="1"/>
        <group id="G2" name="1 группа" classid="C1" entireclass="0"/>
        <group id="G3" name="2 группа" classid="C1" entireclass="0"/>
        <group id="G4" name="Весь класс" classid="C2" entireclass="1"/>
      </groups>
      <lessons>{lessons}</lessons>
      <cards>{cards}</cards>
    </timetable>"""
    return text.encode(encoding)


def test_a_card_is_a_lesson_of_the_whole_class() -> None:
    assert read(export()).lessons == (
        TimetableLesson("card 1", "5А", "", 1, 1, "", "Алгебра", "Осина А. Б.", "каб. 12"),
    )


def test_windows_1251_is_read_as_it_is_declared() -> None:
    assert read(export(encoding="windows-1251")) == read(export())


@pytest.mark.parametrize(
    ("days", "weekdays"),
    [
        ("10000", [1]),
        ("00001", [5]),
        ("0000001", [7]),
        ("01010", [2, 4]),
        ("10000,00100", [1, 3]),
        ("10000, 10000", [1]),
    ],
)
def test_days_are_bits_and_several_are_several_lessons(days: str, weekdays: list[int]) -> None:
    lesson = LESSON.replace('"1.0"', f'"{len(weekdays)}"')
    lessons = read(export(lesson, CARD.replace("10000", days))).lessons
    assert [one.weekday for one in lessons] == weekdays


@pytest.mark.parametrize("days", ["", "2000", "1000000000", "понедельник", "10000;01000", "00000"])
@pytest.mark.parametrize("period", ["1"])
def test_a_card_without_days_is_a_fault(days: str, period: str) -> None:
    reading = read_asc_timetables(export(LESSON.replace('"1.0"', '"0"'), CARD.replace("10000", days)))
    assert reading.value == Timetable(())
    (fault,) = reading.faults
    assert (fault.place, fault.rule) == ("card 1", "card-without-time")
    assert said(fault) == (
        f"У карточки не указаны день и номер урока (дни «{days}», урок «{period}»).",
        f"The card names no day and period (days “{days}”, period “{period}”).",
    )


@pytest.mark.parametrize("period", ["", "первый", "-1", "100", "1.5"])
def test_a_card_without_period_is_a_fault(period: str) -> None:
    card = CARD.replace('period="1"', f'period="{period}"')
    table, fault = only_fault(export(LESSON.replace('"1.0"', '""'), card))
    assert (table.lessons, fault.rule) == ((), "card-without-time")


def test_a_zeroth_lesson_is_one() -> None:
    assert read(export(cards=CARD.replace('period="1"', 'period="0"'))).lessons[0].number == 0


def test_a_card_of_no_lesson_is_a_fault_and_the_others_are_read() -> None:
    table, fault = only_fault(export(cards=CARD.replace('"L"', '"X"') + CARD))
    assert [lesson.place for lesson in table.lessons] == ["card 2"]
    assert (fault.place, fault.rule) == ("card 1", "card-without-lesson")
    assert said(fault) == (
        "Карточка ссылается на урок «X», которого в файле нет.",
        "The card refers to the lesson “X”, which is not in the file.",
    )


@pytest.mark.parametrize(
    ("classes", "groups", "audience"),
    [
        ("C1", "G1", [("5А", "")]),
        ("C1", "", [("5А", "")]),
        ("C1", "G2", [("5А", "1 группа")]),
        ("C1", "G3,G2", [("5А", "2 группа"), ("5А", "1 группа")]),
        ("C1,C2", "G1,G4", [("5А", ""), ("5Б", "")]),
        ("C2, C1", "G2", [("5Б", ""), ("5А", "1 группа")]),
        ("C1,C1", "G1", [("5А", "")]),
    ],
)
def test_classes_and_groups_of_a_lesson(classes: str, groups: str, audience: list[tuple[str, str]]) -> None:
    lesson = LESSON.replace('"C1"', f'"{classes}"').replace('"G1"', f'"{groups}"')
    assert [(one.class_name, one.group) for one in read(export(lesson)).lessons] == audience


def test_several_teachers_and_rooms_are_joined() -> None:
    content = export(LESSON.replace('"T1"', '"T1,T2"'), CARD.replace('"R1"', '"R2,R1"'))
    (lesson,) = read(content).lessons
    assert (lesson.teacher, lesson.room) == ("Осина А. Б., Клён В. Г.", "каб. 14, каб. 12")


def test_a_lesson_without_teacher_and_room_has_none() -> None:
    (lesson,) = read(export(LESSON.replace('"T1"', '""'), CARD.replace('"R1"', '""'))).lessons
    assert (lesson.teacher, lesson.room) == ("", "")


def test_attributes_that_are_missing_say_nothing() -> None:
    lesson = '<lesson id="L" classids="C1" subjectid="S"/>'
    expected = TimetableLesson("card 1", "5А", "", 1, 1, "", "Алгебра", "", "")
    assert read(export(lesson, '<card lessonid="L" period="1" days="10000"/>')).lessons == (expected,)
    table, fault = only_fault(export('<lesson id="L" classids="C1"/>', '<card lessonid="L" period="1" days="1"/>'))
    assert (table.lessons[0].subject, fault.place, fault.rule) == ("", "lesson L", "lesson-without-subject")
    assert said(fault) == (
        "У урока не указан предмет; он прочитан без названия.",
        "The lesson names no subject; it is read without a title.",
    )
    without_days = read_asc_timetables(export(lesson, '<card lessonid="L" period="1"/>'))
    assert said(without_days.faults[0])[1] == "The card names no day and period (days “”, period “1”)."
    without_period = read_asc_timetables(export(lesson, '<card lessonid="L" days="1"/>'))
    assert said(without_period.faults[0])[1] == "The card names no day and period (days “1”, period “”)."
    without_lesson = read_asc_timetables(export(lesson, '<card period="1" days="1"/>'))
    assert said(without_lesson.faults[0])[1] == "The card refers to the lesson “”, which is not in the file."


@pytest.mark.parametrize(
    ("weeks", "hours", "week"),
    [
        ("1", "1", ""),
        ("11", "1", ""),
        ("10", "0.5", "1"),
        ("01", "0.5", "2"),
        ("10,01", "1", ""),
        ("", "1", ""),
        ("00", "1", ""),
    ],
)
def test_weeks_are_bits_too(weeks: str, hours: str, week: str) -> None:
    content = export(LESSON.replace('"1.0"', f'"{hours}"'), CARD.replace('weeks="1"', f'weeks="{weeks}"'))
    table = read(content)
    assert [lesson.week for lesson in table.lessons] == [week]
    assert table.unplaced == ()


def test_a_lesson_of_every_other_week_is_half_an_hour_a_week() -> None:
    table, fault = only_fault(export(cards=CARD.replace('weeks="1"', 'weeks="10"')))
    assert table.unplaced == (UnplacedLessons("lesson L", "5А", "", "Алгебра", "Осина А. Б.", Decimal("0.5")),)
    assert said(fault) == (
        "Предмет «Алгебра»: уроков в неделю, которым не нашлось места в расписании, – 0,5.",
        "Subject “Алгебра”: lessons a week that have no place in the timetable: 0.5.",
    )


def test_more_than_two_weeks_are_taken_for_every_week_and_noted() -> None:
    table, fault = only_fault(export(cards=CARD.replace('weeks="1"', 'weeks="100"')))
    assert [lesson.week for lesson in table.lessons] == [""]
    assert (fault.place, fault.rule) == ("card 1", "many-weeks")
    assert said(fault) == (
        "Чередование недель больше двух не поддерживается: урок записан на каждую неделю (недели «100»).",
        "A cycle of more than two weeks is not supported: the lesson is taken for every week (weeks “100”).",
    )


def test_a_lesson_of_some_terms_is_noted() -> None:
    table, fault = only_fault(export(cards=CARD.replace('terms="1"', 'terms="10"')))
    assert len(table.lessons) == 1
    assert (fault.place, fault.rule) == ("card 1", "some-terms")
    assert said(fault) == (
        "Урок по предмету «Алгебра» стоит не во всех учебных периодах; он записан на весь год.",
        "The lesson of “Алгебра” is not held in all terms; it is taken for the whole year.",
    )


@pytest.mark.parametrize("terms", ["", "1", "11", "10,01"])
def test_a_lesson_of_all_terms_is_not(terms: str) -> None:
    assert len(read(export(cards=CARD.replace('terms="1"', f'terms="{terms}"'))).lessons) == 1


def test_lessons_that_the_week_owes_are_listed() -> None:
    lesson = LESSON.replace('"1.0"', '"3.0"').replace('"C1"', '"C1,C2"')
    table, fault = only_fault(export(lesson, CARD + CARD.replace("10000", "01000")))
    assert len(table.lessons) == 4
    assert table.unplaced == tuple(
        UnplacedLessons("lesson L", name, "", "Алгебра", "Осина А. Б.", Decimal(1)) for name in ("5А", "5Б")
    )
    assert (fault.place, fault.rule) == ("lesson L", "unplaced")


@pytest.mark.parametrize("hours", ["много", "-3", "1.0.0"])
def test_hours_that_are_no_number_owe_nothing(hours: str) -> None:
    assert read(export(LESSON.replace('"1.0"', '""'))).unplaced == ()
    table, fault = only_fault(export(LESSON.replace('"1.0"', f'"{hours}"')))
    assert (table.unplaced, fault.place, fault.rule) == ((), "lesson L", "bad-hours")
    assert said(fault) == (
        f"Число уроков в неделю «{hours}» не читается: сколько из них не поставлено, не известно.",
        f"The number of lessons a week “{hours}” cannot be read: how many have no place is not known.",
    )


def test_hours_with_a_comma_are_read() -> None:
    (owed,) = only_fault(export(LESSON.replace('"1.0"', '"2,5"')))[0].unplaced
    assert owed.hours == Decimal("1.5")


def test_a_lesson_of_no_class_is_left_out_and_noted() -> None:
    table, fault = only_fault(export(LESSON.replace('"C1"', '""').replace('"G1"', '""')))
    assert table.lessons == ()
    assert (fault.place, fault.rule) == ("lesson L", "lesson-without-class")
    assert said(fault) == (
        "Предмет «Алгебра» не относится ни к одному классу; его уроки пропущены.",
        "The subject “Алгебра” belongs to no class; its lessons are left out.",
    )


@pytest.mark.parametrize(
    ("attribute", "lost"), [("subjectid", "subject"), ("teacherids", "teacher"), ("classroomids", "room")]
)
def test_what_the_file_does_not_hold_is_noted(attribute: str, lost: str) -> None:
    values = {"subjectid": '"S"', "teacherids": '"T1"', "classroomids": '"R1"'}
    lesson = LESSON.replace(f"{attribute}={values[attribute]}", f'{attribute}="X"')
    card = CARD.replace(f"{attribute}={values[attribute]}", f'{attribute}="X"')
    table, fault = only_fault(export(lesson, card))
    assert getattr(table.lessons[0], lost) == ""
    assert (fault.place, fault.rule) == ("card 1" if lost == "room" else "lesson L", "unknown-reference")
    assert said(fault) == (
        "В файле нет записи «X», на которую здесь есть ссылка.",
        "The file has no entry “X”, which is referred to here.",
    )


def test_an_unknown_class_is_noted_and_the_others_are_read() -> None:
    table, fault = only_fault(export(LESSON.replace('"C1"', '"X,C2"')))
    assert [lesson.class_name for lesson in table.lessons] == ["5Б", "5А"]
    assert fault.rule == "unknown-reference"


def test_a_group_brings_its_class_with_it() -> None:
    table = read(export(LESSON.replace('"G1"', '"G2,G4"')))
    assert [(lesson.class_name, lesson.group) for lesson in table.lessons] == [("5А", "1 группа"), ("5Б", "")]


def test_an_unknown_group_is_noted() -> None:
    table, fault = only_fault(export(LESSON.replace('"G1"', '"G2,G9"')))
    assert [(lesson.class_name, lesson.group) for lesson in table.lessons] == [("5А", "1 группа")]
    assert (fault.place, fault.rule) == ("lesson L", "unknown-reference")


def test_identifiers_are_those_of_their_kind() -> None:
    """As in files of 2008, where each kind counts from `*1`."""
    alike = export().decode()
    for identifier in ("S", "T1", "R1", "C1", "G1", "L"):
        alike = alike.replace(f'"{identifier}"', '"*1"')
    assert read(alike.encode()) == read(export())


@pytest.mark.parametrize(
    ("options", "day", "weekday"), [("", "0", 1), ("", "4", 5), ("idprefix:X,daynumbering1", "4", 4)]
)
def test_days_of_2008_are_numbers(options: str, day: str, weekday: int) -> None:
    old = export(cards=CARD.replace('days="10000"', f'day="{day}"')).replace(
        b"displayname", f'options="{options}" displayname'.encode()
    )
    assert [lesson.weekday for lesson in read(old).lessons] == [weekday]


@pytest.mark.parametrize(("options", "day"), [("", "7"), ("daynumbering1", "0"), ("", "пн"), ("", "")])
def test_days_of_2008_that_are_none_are_noted(options: str, day: str) -> None:
    cards = CARD.replace('days="10000"', f'day="{day}"')
    old = export(LESSON.replace('"1.0"', '""'), cards).replace(
        b"displayname", f'options="{options}" displayname'.encode()
    )
    table, fault = only_fault(old)
    assert (table.lessons, fault.rule) == ((), "card-without-time")
    assert f"(дни «{day}», урок «1»)" in said(fault)[0]


def test_bells_are_those_of_periods() -> None:
    periods = (
        '<period period="0" starttime="7:30" endtime="8:10"/><period period="1" starttime="08:30" endtime=""/>'
        '<period period="2" starttime="25:00" endtime="9:00"/><period period="три" starttime="9:00" endtime="9:40"/>'
    )
    assert read(export(periods=periods)).bells == (Bell(0, time(7, 30), time(8, 10)), Bell(1, time(8, 30), None))


@pytest.mark.parametrize(
    "content", [b"<fet/>", b"<timetable/>", b"<calendar><cards/></calendar>", b"<timetable><lessons/></timetable>"]
)
def test_other_xml_is_refused(content: bytes) -> None:
    reading = read_asc_timetables(content)
    assert reading.refused
    (fault,) = reading.faults
    assert (fault.place, fault.rule, fault.fatal) == ("", "not-asc-timetables", True)
    assert said(fault) == ("В файле не найдено расписание уроков.", "No timetable was found in the file.")


def test_what_is_no_xml_is_refused() -> None:
    reading = read_asc_timetables(b"PK\x03\x04")
    assert reading.refused
    assert [fault.rule for fault in reading.faults] == ["xml-broken"]


def test_a_week_of_too_many_lessons_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert timetable.MOST_LESSONS == 50_000
    monkeypatch.setattr(timetable, "MOST_LESSONS", 2)
    lesson = LESSON.replace('"1.0"', '"3"')
    assert read_asc_timetables(export(lesson, CARD * 2)).value is not None
    reading = read_asc_timetables(export(lesson, CARD * 3))
    assert reading.refused
    (fault,) = reading.faults
    assert fault.rule == "too-many-lessons"
    assert said(fault) == (
        "В расписании больше 2 уроков в неделю: это не расписание одной школы.",
        "The timetable has more than 2 lessons a week: it is not the timetable of one school.",
    )


def test_too_many_unplaced_lessons_are_refused_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timetable, "MOST_LESSONS", 1)
    lesson = LESSON.replace('"C1"', '"C1,C2"')
    assert [fault.rule for fault in read_asc_timetables(export(lesson, "")).faults] == ["too-many-lessons"]


@pytest.mark.slow
def test_a_file_of_cards_that_all_teach_everyone_is_refused_in_time() -> None:
    classes = ",".join(["C1", "C2"] + [f"X{n}" for n in range(50_000)])
    content = export(LESSON.replace('"C1"', f'"{classes}"'), CARD * 40_000)
    reading = read_asc_timetables(content)
    assert [fault.rule for fault in reading.faults] == ["too-many-lessons"]


def test_a_real_export_is_read_whole() -> None:
    reading = read_asc_timetables(shared("timetables/lightdi_asctt2012.xml").read_bytes())
    assert reading.value is not None
    lessons = reading.value.lessons
    assert len(lessons) == 1187
    assert {lesson.week for lesson in lessons} == {""}
    assert Counter(lesson.weekday for lesson in lessons) == {1: 206, 2: 293, 3: 255, 4: 273, 5: 160}
    assert {lesson.number for lesson in lessons} == set(range(1, 16))
    assert len({lesson.class_name for lesson in lessons}) <= 47
    assert all(lesson.subject and lesson.group == "" for lesson in lessons)
    assert len(reading.value.bells) == 15
    assert len(reading.value.unplaced) == 17
    assert sum(one.hours for one in reading.value.unplaced) == 8 * 2 + 5 * 4 + 3 * 3 + 1
    assert Counter(fault.rule for fault in reading.faults) == {"unplaced": 17}


def case_export(case: dict[str, Any], encoding: str) -> bytes:
    lessons = "".join(
        LESSON.replace('"L"', f'"{name}"').replace('"1.0"', '"0"')
        for name in sorted({card[0] for card in case["cards"]})
    )
    cards = "".join(
        f'<card lessonid="{name}" period="{period}" days="{days}" classroomids="" weeks="1" terms="1"/>'
        for name, period, days in case["cards"]
    )
    return export(lessons, cards, encoding)


def test_days_and_groups_that_another_importer_is_tested_with() -> None:
    cases = json.loads(shared("cases/asc_xml_ru.json").read_bytes())
    of_days = [case for case in cases["cases"] if "cards" in case]
    assert len(of_days) == 1
    for case in of_days:
        lessons = read(case_export(case, cases["encoding"])).lessons
        assert [lesson.weekday for lesson in lessons] == case["expect_days"]
        assert [lesson.number for lesson in lessons] == [card[1] for card in case["cards"]]
    groups = {case["group"]: case["expect"] for case in cases["cases"] if "group" in case}
    assert groups['entireclass=0, "1 группа"'] == 'subgroup "1 группа"'
    assert [lesson.group for lesson in read(export(LESSON.replace('"G1"', '"G2"'))).lessons] == ["1 группа"]
    assert groups["entireclass=1"] == "no subgroup"
    assert [lesson.group for lesson in read(export()).lessons] == [""]


@given(st.binary(max_size=300))
def test_no_bytes_raise(content: bytes) -> None:
    assert isinstance(read_asc_timetables(content), Reading)


TEXT = st.text("0123456789,.:-Lабв\u0000<>&\"'", max_size=8)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT), max_size=5))
@settings(max_examples=examples(100))
def test_no_values_of_attributes_raise(cards: list[tuple[str, ...]]) -> None:
    escaped = [[value.translate({0: "", 60: "&lt;", 38: "&amp;", 34: "&quot;"}) for value in card] for card in cards]
    content = export(
        "".join(f'<lesson id="{a}" classids="{b}" subjectid="{c}" periodsperweek="{d}"/>' for a, b, c, d, _ in escaped),
        "".join(f'<card lessonid="{a}" days="{b}" period="{c}" weeks="{d}" terms="{e}"/>' for a, b, c, d, e in escaped),
    )
    reading = read_asc_timetables(content)
    assert reading.value is not None
    assert len(reading.value.lessons) <= 7 * 9 * len(cards)


@given(st.binary(max_size=20), st.integers(0, 1500), st.integers(0, 40))
@settings(max_examples=examples(100))
def test_no_damage_to_an_export_raises(noise: bytes, at: int, cut: int) -> None:
    whole = export()
    assert isinstance(read_asc_timetables(whole[:at] + noise + whole[at + cut :]), Reading)


def test_p14_different_bells_of_one_period_are_told_and_the_first_is_kept() -> None:
    periods = '<period period="1" starttime="8:30" endtime="9:10"/><period period="1" starttime="9:00" endtime="9:30"/>'
    table, fault = only_fault(export(periods=periods + '<period period="1" starttime="8:30" endtime="9:10"/>'))
    assert table.bells == (Bell(1, time(8, 30), time(9, 10)),)
    assert (fault.place, fault.rule) == ("period 1", "bells-differ")
    assert said(fault) == (
        "Время урока 1 указано дважды и по-разному: взято первое.",
        "The time of lesson 1 is given twice, differently: the first was taken.",
    )
