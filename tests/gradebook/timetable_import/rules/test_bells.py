"""What becomes of the school's bells if those of a file are taken."""

from datetime import date, time
from typing import Any

from services.gradebook.bells.rules import bells
from services.gradebook.bells.rules.bells import BellSchedule, YearBells
from services.gradebook.timetable.readers.timetable import Bell
from services.gradebook.timetable_import.rules.bells import BellsPlan, plan_of_bells
from tests.gradebook.calendar.years import row_id, year
from tests.gradebook.timetable_import.rules.lessons import new_ids

DAY = date(2026, 11, 2)
FIRST, SECOND = Bell(1, time(8), time(8, 40)), Bell(2, time(9), time(9, 40))


def kept(title: str = "Обычные", starts: time = time(10), **more: Any) -> BellSchedule:
    said = {"shift": 1, "weekdays": (), "short": False, "valid_from": date(2026, 9, 1), **more}
    return BellSchedule(row_id(title), title, bells=(bells.Bell(1, starts, starts.replace(minute=40)),), **said)


def plan(*ringing: Bell, there: tuple[BellSchedule, ...] = ()) -> BellsPlan:
    return plan_of_bells(ringing, YearBells(year(), there), DAY, "Из файла", new_ids())


def texts(found: BellsPlan) -> list[str]:
    return [str(one.text) for one in found.faults]


def test_where_no_bells_are_kept_those_of_the_file_become_the_usual_ones_of_the_first_shift():
    ((before, after),) = plan(SECOND, FIRST).changes
    assert before is None
    assert (after.title, after.shift, after.weekdays, after.short, after.valid_from) == ("Из файла", 1, (), False, DAY)
    assert after.bells == (bells.Bell(1, time(8), time(8, 40)), bells.Bell(2, time(9), time(9, 40)))


def test_bells_that_ring_already_stand_beside_and_those_of_other_kinds_of_days_stay():
    usual = kept()
    others = (
        kept("Сокращённые", short=True), kept("Вторая смена", shift=2), kept("По субботам", weekdays=(6,)),
        kept("Позже", valid_from=date(2027, 1, 11)),
    )  # fmt: skip
    ((before, after),) = plan(FIRST, there=(usual, *others)).changes
    assert before == usual
    assert (after.title, after.id != usual.id) == ("Обычные", True), "the earlier ones go on until then"
    same_day = kept(valid_from=DAY)
    ((before, after),) = plan(FIRST, there=(usual, same_day)).changes
    assert (before, after.id) == (same_day, same_day.id), "those of the same day are replaced"
    assert plan(FIRST, there=(kept(starts=time(8)),)) == BellsPlan(), "they ring so already"
    assert plan() == BellsPlan()


def test_days_with_bells_of_their_own_have_those_of_all_days_where_they_say_nothing():
    late = [Bell(1, time(8, 5), time(8, 45), weekday) for weekday in (6, 1)]
    usual, own = (one.after for one in plan(FIRST, SECOND, *late, Bell(3, time(12), time(13), 3)).changes[:2])
    assert (usual.weekdays, own.weekdays) == ((), (1, 6))
    assert [(one.number, one.starts) for one in own.bells] == [(1, time(8, 5)), (2, time(9))]
    (alone,) = plan(Bell(3, time(12), time(13), 3)).changes
    assert (alone.after.weekdays, len(alone.after.bells)) == ((3,), 1)


def test_bells_that_cannot_ring_are_refused_by_the_number_of_the_lesson():
    assert texts(plan(Bell(1, time(8), time(7)), SECOND)) == ["Lesson 1 ends before it begins."]
    overlap = Bell(2, time(8, 30), time(9))
    assert texts(plan(FIRST, overlap)) == ["Lesson 2 begins at 08:30, before lesson 1 ends at 08:40."]
    found = plan(FIRST, Bell(2, time(9), None), Bell(2, time(9, 5), None, 6))
    assert texts(found) == ["Lesson 2 has no end in the file."]
    assert [(one.field, one.rule) for one in found.faults] == [("bells", "bell-without-end")]
    overlapping = kept("Выходные", weekdays=(6, 7), valid_from=DAY)
    (fault,) = plan(Bell(1, time(8), time(9), 6), there=(overlapping,)).faults
    assert fault.rule == "bells-twice"
