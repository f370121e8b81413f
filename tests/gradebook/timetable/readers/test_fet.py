"""FET projects: activities, their students, times and rooms."""

from collections import Counter
from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.faults import MOST_FAULTS
from formats.result import Reading
from services.gradebook.timetable.readers import timetable
from services.gradebook.timetable.readers.fet import read_fet
from services.gradebook.timetable.readers.timetable import Bell, Timetable, TimetableLesson, UnplacedLessons
from tests.examples import examples
from tests.formats.readings import said, whole, with_one_fault
from tests.shared import shared

read = whole(read_fet)
only_fault = with_one_fault(read_fet)

DAYS = ("Понедельник", "Вторник", "Среда")
HOURS = ("1", "2", "3")
STUDENTS = """
<Year><Name>5А</Name><Group><Name>5А-1</Name><Subgroup><Name>5А-1-м</Name></Subgroup></Group></Year>
<Year><Name>6 классы</Name>
  <Group><Name>6Б</Name><Subgroup><Name>6Б англ</Name></Subgroup></Group><Group><Name>хор</Name></Group></Year>
<Year><Name>7 классы</Name><Group><Name>хор</Name></Group></Year>
"""


def named(tag: str, *names: str) -> str:
    return "".join(f"<{tag}><Name>{name}</Name></{tag}>" for name in names)


def activity(identifier: str = "1", students: str = "5А", duration: str = "1", more: str = "") -> str:
    sets = "".join(f"<Students>{name}</Students>" for name in students.split("|") if name)
    return (
        f"<Activity><Teacher>Осина А. Б.</Teacher><Subject>Алгебра</Subject>{sets}"
        f"<Duration>{duration}</Duration><Id>{identifier}</Id><Active>true</Active>{more}</Activity>"
    )


def start(identifier: str = "1", day: str = "Вторник", hour: str = "2", weight: str = "100", more: str = "") -> str:
    return (
        f"<ConstraintActivityPreferredStartingTime><Weight_Percentage>{weight}</Weight_Percentage>"
        f"<Activity_Id>{identifier}</Activity_Id><Preferred_Day>{day}</Preferred_Day>"
        f"<Preferred_Hour>{hour}</Preferred_Hour>{more}</ConstraintActivityPreferredStartingTime>"
    )


def room(identifier: str = "1", name: str = "12", more: str = "") -> str:
    return (
        f"<ConstraintActivityPreferredRoom><Activity_Id>{identifier}</Activity_Id><Room>{name}</Room>{more}"
        "</ConstraintActivityPreferredRoom>"
    )


def project(
    activities: str = activity(),
    times: str = start(),
    spaces: str = "",
    days: tuple[str, ...] = DAYS,
    hours: tuple[str, ...] = HOURS,
) -> bytes:
    return f"""\ufeff<?xml version="1.0" encoding="UTF-8"?>
    <fet version="5.41.0"><Days_List>{named("Day", *days)}</Days_List><Hours_List>{named("Hour", *hours)}</Hours_List>
    <Students_List>{STUDENTS}</Students_List><Activities_List>{activities}</Activities_List>
    <Time_Constraints_List>{times}</Time_Constraints_List><Space_Constraints_List>{spaces}</Space_Constraints_List>
    </fet>""".encode()


def test_an_activity_is_a_lesson_at_its_starting_time() -> None:
    assert read(project(spaces=room())).lessons == (
        TimetableLesson("activity 1", "5А", "", 2, 2, "", "Алгебра", "Осина А. Б.", "12"),
    )


def test_the_names_of_elements_that_later_versions_use() -> None:
    times = start().replace("Preferred_Day", "Day").replace("Preferred_Hour", "Hour")
    assert read(project(times=times)) == read(project())


def test_an_activity_of_three_hours_is_three_lessons_running() -> None:
    lessons = read(project(activity(duration="3"), start(hour="1"))).lessons
    assert [(lesson.weekday, lesson.number) for lesson in lessons] == [(2, 1), (2, 2), (2, 3)]


def test_an_activity_beyond_the_day_is_noted_and_read_as_far_as_it_goes() -> None:
    table, fault = only_fault(project(activity(duration="2"), start(hour="3")))
    assert [lesson.number for lesson in table.lessons] == [3]
    assert (fault.place, fault.rule) == ("activity 1", "beyond-day")
    assert said(fault) == (
        "Занятие 1 («Алгебра») выходит за последний урок дня.",
        "Activity 1 (“Алгебра”) goes on after the last lesson of the day.",
    )


@pytest.mark.parametrize("duration", ["", "0", "-2", "два", "1.5", "100"])
def test_a_duration_that_is_none_is_one_hour(duration: str) -> None:
    assert len(read(project(activity(duration=duration), start(hour="1"))).lessons) == 1


@pytest.mark.parametrize(
    ("students", "audience"),
    [
        ("5А", [("5А", "")]),
        ("5А-1", [("5А", "5А-1")]),
        ("5А-1-м", [("5А", "5А-1-м")]),
        ("6 классы", [("6 классы", "")]),
        ("6Б", [("6Б", "")]),
        ("6Б англ", [("6Б", "6Б англ")]),
        ("хор", [("6 классы", "хор"), ("7 классы", "хор")]),
        ("6Б|5А|6Б", [("6Б", ""), ("5А", "")]),
    ],
)
def test_sets_of_students_are_classes_and_their_groups(students: str, audience: list[tuple[str, str]]) -> None:
    assert [(one.class_name, one.group) for one in read(project(activity(students=students))).lessons] == audience


def test_several_teachers_are_joined_each_once() -> None:
    more = "<Teacher> Клён В. Г. </Teacher><Teacher>Осина А. Б.</Teacher><Teacher/>"
    assert read(project(activity(more=more))).lessons[0].teacher == "Осина А. Б., Клён В. Г."


def test_an_activity_without_time_is_unplaced_and_not_lost() -> None:
    table, fault = only_fault(project(activity(students="хор", duration="2"), times=""))
    assert table.lessons == ()
    assert table.unplaced == tuple(
        UnplacedLessons("activity 1", year, "хор", "Алгебра", "Осина А. Б.", Decimal(2))
        for year in ("6 классы", "7 классы")
    )
    assert (fault.place, fault.rule) == ("activity 1", "unplaced")
    assert said(fault) == (
        "Занятие 1 («Алгебра») не поставлено в расписание.",
        "Activity 1 (“Алгебра”) has no place in the timetable.",
    )


@pytest.mark.parametrize("times", [start(weight="95"), start(more="<Active>false</Active>"), start("2")])
def test_a_wish_and_what_is_switched_off_are_no_time(times: str) -> None:
    table, fault = only_fault(project(times=times))
    assert (table.lessons, fault.rule) == ((), "unplaced")


def test_a_time_without_weight_is_certain() -> None:
    assert len(read(project(times=start(weight=""))).lessons) == 1


def test_an_inactive_activity_is_no_part_of_the_timetable() -> None:
    inactive = activity("2").replace("<Active>true", "<Active>False")
    assert read(project(activity() + inactive, start() + start("2"))) == read(project())


@pytest.mark.parametrize(("day", "hour"), [("Суббота", "1"), ("Вторник", "9"), ("", "")])
def test_a_time_that_the_lists_do_not_hold_is_noted(day: str, hour: str) -> None:
    reading = read_fet(project(times=start(day=day, hour=hour)))
    assert reading.value is not None
    assert [fault.rule for fault in reading.faults] == ["unknown-time", "unplaced"]
    assert reading.faults[0].place == "activity 1"
    assert said(reading.faults[0]) == (
        f"Дня «{day}» или часа «{hour}» нет в списках файла.",
        f"The file's lists have no day “{day}” or hour “{hour}”.",
    )


def test_unknown_students_are_noted_and_the_known_ones_are_read() -> None:
    table, fault = only_fault(project(activity(students="8В|5А")))
    assert [lesson.class_name for lesson in table.lessons] == ["5А"]
    assert (fault.place, fault.rule) == ("activity 1", "unknown-students")
    assert said(fault) == (
        "Класса или группы «8В» нет в списке учеников; занятие 1 для них пропущено.",
        "The list of students has no class or group “8В”; activity 1 is left out for them.",
    )


def test_an_activity_without_students_is_noted() -> None:
    table, fault = only_fault(project(activity(students="")))
    assert table.lessons == ()
    assert (fault.place, fault.rule) == ("activity 1", "activity-without-students")
    assert said(fault) == (
        "У занятия 1 («Алгебра») нет учеников; оно пропущено.",
        "Activity 1 (“Алгебра”) has no students; it is left out.",
    )


def allowed(*rooms: str) -> str:
    names = "".join(f"<Preferred_Room>{name}</Preferred_Room>" for name in rooms)
    tag = "ConstraintActivityPreferredRooms"
    return f"<{tag}><Activity_Id>1</Activity_Id>{names}</{tag}>"


@pytest.mark.parametrize(
    ("spaces", "name"),
    [
        ("", ""),
        (allowed("8 К"), "8 К"),
        (allowed("8 К", "9 К"), ""),
        (room() + allowed("8 К"), "12"),
        (room(more="<Active>false</Active>"), ""),
        (room("2"), ""),
    ],
)
def test_the_room_is_the_one_given_or_the_only_one_allowed(spaces: str, name: str) -> None:
    assert read(project(spaces=spaces)).lessons[0].room == name


@pytest.mark.parametrize(
    ("days", "places"),
    [
        (("Пн", "Вт"), [(1, ""), (2, "")]),
        (("Среда", "Понедельник"), [(3, ""), (1, "")]),
        (("Monday", "Saturday"), [(1, ""), (6, "")]),
        (("А-Среда", "А-Пятница", "В-Среда", "В-Пятница"), [(3, "1"), (5, "1"), (3, "2"), (5, "2")]),
        (("Пн 1 нед", "Вт 1 нед", "Пн 2 нед"), [(1, "1"), (2, ""), (1, "2")]),
        (("Mon A", "Mon B", "Tue A", "Tue B"), [(1, "1"), (1, "2"), (2, "1"), (2, "2")]),
        (("Пн-1", "Вт-1", "Пн-2", "Вт-2"), [(1, "1"), (2, "1"), (1, "2"), (2, "2")]),
        (("Чёт-Пн", "Нечёт-Пн"), [(1, "1"), (1, "2")]),
    ],
)
def test_days_are_weekdays_and_weeks(days: tuple[str, ...], places: list[tuple[int, str]]) -> None:
    activities = "".join(activity(str(n)) for n in range(len(days)))
    times = "".join(start(str(n), day=day) for n, day in enumerate(days))
    lessons = read(project(activities, times, days=days)).lessons
    assert [(lesson.weekday, lesson.week) for lesson in lessons] == places


def test_an_unplaced_hour_of_two_weeks_is_half_an_hour_a_week() -> None:
    table, _ = only_fault(project(times="", days=("А-Среда", "В-Среда")))
    assert table.unplaced[0].hours == Decimal("0.5")


@pytest.mark.parametrize(
    ("hours", "numbers"),
    [
        (("0", "1", "2"), [0, 1, 2]),
        (("1 урок", "2 урок"), [1, 2]),
        (("3. урок", "4. урок"), [3, 4]),
        (("0 пара", "1 пара"), [0, 1]),
        (("0 (7:50-8:30)", "1 (8:30-9:15)"), [0, 1]),
        (("0. 7:50", "1. 8:30", "2. 9.20"), [0, 1, 2]),
        (("0 урок, 07.50 – 08.30", "1 урок, 08.30 – 09.10"), [0, 1]),
        (("08:30", "09:20"), [1, 2]),
        (("8-9:00", "9-10:00"), [1, 2]),
        (("8 - 8.45", "9 - 9.45"), [1, 2]),
        (("8.30 - 9.10", "9.20 - 10.00"), [1, 2]),
        (("8:30", "9:20"), [1, 2]),
        (("2", "1"), [1, 2]),
        (("1", "1а"), [1, 2]),
        (("утро", "1"), [1, 2]),
    ],
)
def test_hours_are_numbers_by_name_or_by_position(hours: tuple[str, ...], numbers: list[int]) -> None:
    activities = "".join(activity(str(n)) for n in range(len(hours)))
    times = "".join(start(str(n), hour=hour) for n, hour in enumerate(hours))
    assert [lesson.number for lesson in read(project(activities, times, hours=hours)).lessons] == numbers


def test_bells_are_the_hours_that_are_times_of_the_day() -> None:
    hours = ("9.30 - 11.00", "11:15", "вечером")
    table = read(project(times=start(hour="11:15"), hours=hours))
    assert table.bells == (Bell(1, time(9, 30), time(11, 0)), Bell(2, time(11, 15), None))
    assert table.lessons[0].number == 2


@pytest.mark.parametrize("content", [b"<timetable><cards/></timetable>", b"<fet/>", b"<x><Activities_List/></x>"])
def test_other_xml_is_refused(content: bytes) -> None:
    reading = read_fet(content)
    assert reading.refused
    (fault,) = reading.faults
    assert (fault.place, fault.rule, fault.fatal) == ("", "not-fet", True)
    assert said(fault) == ("В файле не найдено расписание уроков.", "No timetable was found in the file.")


def test_the_capital_letters_of_early_versions_are_read() -> None:
    content = project().replace(b"<fet version", b"<FET version").replace(b"</fet>", b"</FET>")
    assert read(content) == read(project())


def test_what_is_no_xml_is_refused() -> None:
    assert [fault.rule for fault in read_fet(b"FET").faults] == ["xml-broken"]


def test_more_than_two_weeks_of_days_are_refused() -> None:
    names = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс")
    days = (*(f"{name} {week} нед" for week in "12" for name in names), "День 15")
    assert read(project(times=start(day="Вс 2 нед"), days=days[:14])).lessons[0].weekday == 7
    reading = read_fet(project(days=days))
    (fault,) = reading.faults
    assert reading.refused
    assert fault.rule == "too-many-days"
    assert said(fault) == (
        "В файле больше 14 дней или 30 уроков в дне; такое расписание не читается.",
        "The file has more than 14 days or 30 lessons a day; such a timetable is not read.",
    )


def test_more_lessons_a_day_than_there_can_be_are_refused() -> None:
    hours = tuple(f"Час {n}" for n in range(31))
    assert read(project(times=start(hour="Час 29"), hours=hours[:30])).lessons[0].number == 30
    assert [fault.rule for fault in read_fet(project(hours=hours)).faults] == ["too-many-days"]


@pytest.mark.slow
def test_a_project_in_which_everyone_shares_everything_is_refused_in_time() -> None:
    shared = "".join(f"<Year><Name>{n}</Name><Group><Name>все</Name></Group></Year>" for n in range(20_000))
    content = project(activity(students="все") * 4_000).replace(STUDENTS.encode(), shared.encode())
    assert [fault.rule for fault in read_fet(content).faults] == ["too-many-lessons"]


def test_a_week_of_too_many_lessons_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timetable, "MOST_LESSONS", 2)
    assert len(read(project(activity(duration="2"), start(hour="1"))).lessons) == 2
    assert read_fet(project(activity(duration="3"), start(hour="1"))).refused


def shared_file(name: str) -> bytes:
    path = shared(f"timetables/{name}")
    return path.read_bytes()


def test_a_real_project_with_its_times_is_read_whole() -> None:
    reading = read_fet(shared_file("Hopwood.fet"))
    assert reading.value is not None
    lessons = reading.value.lessons
    assert len({lesson.place for lesson in lessons}) == 162
    assert len(lessons) == 168
    assert Counter(lesson.weekday for lesson in lessons) == {1: 35, 2: 32, 3: 44, 4: 33, 5: 24}
    assert {lesson.number for lesson in lessons} <= {1, 2, 3, 4, 5}
    assert all(lesson.subject and lesson.class_name and lesson.teacher for lesson in lessons)
    assert sum(not lesson.room for lesson in lessons) == 1
    assert [bell.number for bell in reading.value.bells] == [1, 2, 3, 4, 5]
    assert len(reading.value.unplaced) == 1
    assert [fault.rule for fault in reading.faults] == ["unplaced"]


@pytest.mark.slow
def test_a_real_project_before_it_was_solved_lists_what_has_no_time() -> None:
    reading = read_fet(shared_file("timetable-ru.fet"))
    assert reading.value is not None
    assert [(lesson.weekday, lesson.number, lesson.week) for lesson in reading.value.lessons] == [
        (2, 3, "1"),
        (2, 4, "1"),
    ]
    places = {lesson.place for lesson in reading.value.lessons} | {one.place for one in reading.value.unplaced}
    assert len(places) == 562
    assert len(reading.value.unplaced) == 561
    assert len(reading.faults) == MOST_FAULTS + 1
    assert {fault.rule for fault in reading.faults} == {"unplaced", "more-faults"}


@given(st.binary(max_size=300))
def test_no_bytes_raise(content: bytes) -> None:
    assert isinstance(read_fet(content), Reading)


@given(st.binary(max_size=20), st.integers(0, 2500), st.integers(0, 80))
@settings(max_examples=examples(150))
def test_no_damage_to_a_project_raises(noise: bytes, at: int, cut: int) -> None:
    whole = project(spaces=room())
    assert isinstance(read_fet(whole[:at] + noise + whole[at + cut :]), Reading)


def half_days(days: tuple[str, ...], mode: str = "", hours: tuple[str, ...] = HOURS) -> Reading[Timetable]:
    """A lesson in the second hour of each day."""
    activities = "".join(activity(str(n)) for n in range(len(days)))
    times = "".join(start(str(n), day=day, hour=hours[1]) for n, day in enumerate(days))
    content = project(activities, times, days=days, hours=hours).decode()
    return read_fet(content.replace("<Days_List>", f"<Mode>{mode}</Mode><Days_List>").encode())


@pytest.mark.parametrize(
    ("days", "mode", "places"),
    [
        (("Пн утро", "Пн день", "Вт утро", "Вт день"), "Mornings-Afternoons", [(1, 2), (1, 5), (2, 2), (2, 5)]),
        (("Пн", "ПН", "Вт", "ВТ"), "Mornings-Afternoons", [(1, 2), (1, 5), (2, 2), (2, 5)]),
        (("Пн утро", "Пн вечер"), "", [(1, 2), (1, 5)]),
        (("Пн день", "Пн утро"), "", [(1, 5), (1, 2)]),
        (("Monday m", "Monday s", "Tuesday m", "Tuesday s"), "", [(1, 2), (1, 5), (2, 2), (2, 5)]),
        (("Mon AM", "Tue AM", "Mon PM", "Tue PM"), "", [(1, 2), (2, 2), (1, 5), (2, 5)]),
        (("Пн 1", "Пн 2", "Вт 1", "Вт 2"), "", [(1, 2), (1, 5), (2, 2), (2, 5)]),
        (("Пн 1 смена", "Пн 2 смена", "Сб 1 смена"), "", [(1, 2), (1, 5), (6, 2)]),
        (("Пн до обеда", "Пн после обеда"), "", [(1, 2), (1, 5)]),
    ],
)
def test_p17_halves_of_a_day_are_one_weekday_whose_numbers_go_on(
    days: tuple[str, ...], mode: str, places: list[tuple[int, int]]
) -> None:
    reading = half_days(days, mode)
    assert reading.value is not None
    assert [(one.weekday, one.number) for one in reading.value.lessons] == places
    assert {one.week for one in reading.value.lessons} == {""}


def test_p17_an_activity_goes_on_to_the_end_of_its_half_and_no_further() -> None:
    days = ("Пн утро", "Пн день")
    content = project(activity(duration="3"), start(day="Пн день", hour="2"), days=days)
    table, fault = only_fault(content)
    assert [one.number for one in table.lessons] == [5, 6]
    assert fault.rule == "beyond-day"


def test_p17_times_that_both_halves_share_are_no_bells_of_either() -> None:
    reading = half_days(("Пн утро", "Пн день"), hours=("8:30", "9:20"))
    assert reading.value is not None
    assert reading.value.bells == ()
    (fault,) = reading.faults
    assert (fault.place, fault.rule) == ("", "bells-of-halves")
    assert said(fault) == (
        "Дни разделены на половины, а время уроков у них общее: звонки не взяты.",
        "Days are divided into halves that share the times of their hours: bells were not taken.",
    )


@pytest.mark.parametrize(
    "days",
    [
        tuple(f"День {n}" for n in range(1, 11)),
        ("Day 1", "Day 2"),
        ("Среда", "Первый"),
        ("Пн", "Пн*"),
        ("Пн 1", "Пн 2"),
        ("Пн", "Вт", "Пн 2", "Пн 3"),
    ],
)
def test_p17_days_that_are_no_weekdays_are_refused_and_never_counted_off(days: tuple[str, ...]) -> None:
    """«Пн 1» and «Пн 2» alone may be halves or weeks: nothing decides."""
    reading = half_days(days)
    assert reading.refused
    (fault,) = reading.faults
    assert (fault.rule, fault.fatal) == ("days-not-weekdays", True)
    names = ", ".join(days)
    assert said(fault) == (
        f"Дни в файле – не дни недели ({names}): назовите их в FET днями недели, половинами дня или неделями.",
        f"The file's days are no days of the week ({names}): name them in FET by weekdays, also with halves or weeks.",
    )
