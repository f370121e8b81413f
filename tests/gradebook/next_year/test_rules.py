"""What a class gets of the year before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

import pytest

from kernel.errors import Invalid
from services.gradebook.bells.rules.bells import Bell, BellSchedule, YearBells
from services.gradebook.next_year.rules import (
    Coming,
    Earlier,
    bells_to_come,
    check_years,
    classes_to_come,
    fingerprint,
    hours_to_come,
    next_class_name,
    next_grade,
    plans_to_come,
    with_group_names,
)
from services.gradebook.plans.rules.topics import WholePlan
from tests.gradebook.calendar.years import divided

CLASS, ALGEBRA = uuid4(), uuid4()


QUARTERS, TRIMESTERS, BOTH = divided("quarters"), divided("trimesters"), divided("quarters", "half-years")


def earlier(title: str = "Алгебра 7А", group: str = "", grade: int | None = 7, **more: Any) -> Earlier:
    said: dict[str, Any] = {
        "id": uuid4(), "subject_id": ALGEBRA, "subject": "Алгебра", "title": title, "group_name": group, "grade": grade,
        "division": "quarters", "hours_a_week": None, "class_id": CLASS, "class_name": "7А", "class_grade": 7,
        "teachers": (), "students": (),
    }  # fmt: skip
    return Earlier(**{**said, **more})


@pytest.mark.parametrize(
    ("name", "grade", "present", "coming"),
    [
        ("7А", 7, 7, "8А"), ("9 «Б»", 9, 9, "10 «Б»"), ("1-2", 1, 1, "2-2"), ("Лицейский", 7, 7, "Лицейский"),
        ("8А", 7, 8, "8А"), ("11А", 11, 11, "11А"), ("71", 7, 7, "71"), ("Хор", None, None, "Хор"),
    ],
)  # fmt: skip
def test_a_class_is_called_by_its_next_grade(name: str, grade: int | None, present: int | None, coming: str) -> None:
    assert next_class_name(name, grade, present) == coming


def test_the_last_grade_leaves_and_no_grade_stays_none() -> None:
    assert [next_grade(grade) for grade in (1, 10, 11, None)] == [2, 11, None, None]
    (place,) = classes_to_come([earlier(grade=11, class_name="11А", class_grade=11)], set(), QUARTERS, set())
    assert (place.leaves, place.courses) == (True, [])


def test_a_course_goes_on_where_the_next_grade_has_its_subject_or_nothing_is_planned_for_it() -> None:
    def titles(planned: set[tuple[UUID, int]]) -> tuple[list[str], list[str]]:
        (place,) = classes_to_come([earlier()], set(), QUARTERS, planned)
        return [one.title for one in place.courses], place.left_out

    assert titles({(ALGEBRA, 8)}) == (["Алгебра 8А"], [])
    assert titles({(ALGEBRA, 7)}) == (["Алгебра 8А"], [])
    assert titles({(uuid4(), 8)}) == ([], ["Алгебра 7А"])


def test_what_is_there_is_not_copied_again_however_its_group_is_written() -> None:
    (place,) = classes_to_come([earlier(group="группа 1")], {(ALGEBRA, CLASS, "Группа 1")}, QUARTERS, set())
    assert (place.there, place.courses) == (1, [])


def test_grade_ten_goes_by_half_years_and_others_by_the_terms_that_they_had() -> None:
    ninth = earlier(grade=9, class_name="9А", class_grade=9)
    assert [place.courses[0].division for place in classes_to_come([ninth], set(), BOTH, set())] == ["half-years"]
    assert [place.courses[0].division for place in classes_to_come([earlier()], set(), BOTH, set())] == ["quarters"]
    assert [place.courses[0].division for place in classes_to_come([earlier()], set(), TRIMESTERS, set())] == [
        "trimesters"
    ]


def test_a_title_of_ones_own_keeps_its_words_and_takes_the_classs_new_name() -> None:
    (place,) = classes_to_come([earlier("Матем. кружок 7А")], set(), QUARTERS, set())
    assert [one.title for one in place.courses] == ["Матем. кружок 8А"]


def test_a_title_that_was_made_keeps_the_words_of_its_group() -> None:
    made = earlier("Алгебра 7А, 7А-1", group="7А-1")
    (place,) = classes_to_come([made], set(), QUARTERS, set())
    assert [one.title for one in place.courses] == ["Алгебра 8А, 7А-1"]
    across = earlier("Хор, 7А", group="7А", class_id=None, class_name="", class_grade=None, subject="Хор")
    (place,) = classes_to_come([across], set(), QUARTERS, set())
    assert [one.title for one in place.courses] == ["Хор, 7А"]


def test_a_class_that_an_import_has_moved_up_already_keeps_its_name() -> None:
    moved = earlier(class_name="7 кадетский", class_grade=8)
    (place,) = classes_to_come([moved], set(), QUARTERS, set())
    assert (place.next_name, place.next_grade) == ("7 кадетский", 8)


def test_all_courses_that_are_there_are_counted() -> None:
    there = {(ALGEBRA, CLASS, "1"), (ALGEBRA, CLASS, "2")}
    (place,) = classes_to_come([earlier(group="1"), earlier(group="2")], there, QUARTERS, set())
    assert (place.there, place.courses) == (2, [])


def test_classes_stand_in_the_order_of_their_grades() -> None:
    tenth = earlier(class_id=uuid4(), class_name="10Б", class_grade=10, grade=10)
    choir = earlier(class_id=None, class_name="", class_grade=None, grade=None)
    found = classes_to_come([choir, tenth, earlier()], set(), QUARTERS, set())
    assert [one.next_name for one in found] == ["8А", "11Б", ""]


def test_a_division_of_ones_own_that_the_later_year_has_too_stays() -> None:
    (place,) = classes_to_come([earlier(division="half-years")], set(), BOTH, set())
    assert [one.division for one in place.courses] == ["half-years"]


def test_groups_of_an_import_get_numbers() -> None:
    one, two, other = earlier("Англ. 7А гр1"), earlier("Англ. 7А гр2"), earlier("Хор", group="хор")
    assert [each.group_name for each in with_group_names([one, two, other])] == ["1", "2", "хор"]
    assert [each.group_name for each in with_group_names([one])] == [""]


def schedule(title: str, since: date, *weekdays: int, shift: int = 1, short: bool = False) -> BellSchedule:
    return BellSchedule(uuid4(), title, shift, weekdays, short, since, (Bell(1, time(8, 30), time(9, 10)),))


AUTUMN, MARCH = date(2026, 9, 1), date(2027, 3, 1)
LATER = YearBells(replace(QUARTERS, starts_on=date(2027, 9, 1)))


def test_bells_of_each_kind_come_as_they_ring_last_and_from_the_first_day_on() -> None:
    given = [
        schedule("С марта", MARCH), schedule("Осенние", AUTUMN), schedule("Сокращённые", AUTUMN, short=True),
        schedule("Понедельник", AUTUMN, 1), schedule("Вторая смена", AUTUMN, shift=2),
    ]  # fmt: skip
    coming = bells_to_come(YearBells(QUARTERS, tuple(given)), LATER)
    assert [one.title for one in coming] == ["С марта", "Понедельник", "Сокращённые", "Вторая смена"]
    assert {one.valid_from for one in coming} == {date(2027, 9, 1)}
    assert {one.bells for one in coming} == {given[0].bells}


def test_a_year_that_has_bells_gets_none() -> None:
    there = replace(LATER, schedules=(schedule("Свои", date(2027, 9, 1)),))
    assert bells_to_come(YearBells(QUARTERS, (schedule("Осенние", AUTUMN),)), there) == []


def test_plans_and_hours_come_where_the_later_year_lacks_them() -> None:
    plans = [
        WholePlan(ALGEBRA, grade, title, ()) for grade, title in ((7, "Алгебра"), (7, "Углублённая"), (8, "Алгебра"))
    ]
    assert plans_to_come(plans, {(ALGEBRA, 7, "Алгебра")}) == plans[1:]
    assert plans_to_come(plans, set()) == plans
    assert hours_to_come({(ALGEBRA, 7): 3, (ALGEBRA, 8): 4}, {(ALGEBRA, 7): 2}) == {(ALGEBRA, 8): 4}


def test_only_a_later_year_is_prepared() -> None:
    check_years(QUARTERS, replace(QUARTERS, id=uuid4(), starts_on=date(2027, 9, 1)))
    for other in (QUARTERS, replace(QUARTERS, starts_on=date(2027, 9, 1)), replace(QUARTERS, id=uuid4())):
        with pytest.raises(Invalid) as refused:
            check_years(QUARTERS, other)
        assert str(refused.value) == "Choose a year that begins after the other."
        assert (refused.value.rule, refused.value.field) == ("year-not-later", "to_year_id")


def test_whatever_would_be_copied_otherwise_is_noticed_and_the_order_of_hours_is_not() -> None:
    classes = classes_to_come([earlier()], set(), QUARTERS, set())
    seven, eight, other = ((ALGEBRA, 7), "3"), ((ALGEBRA, 8), "4"), ((CLASS, 7), "3")
    bells, plan = [schedule("Обычные", AUTUMN)], WholePlan(ALGEBRA, 7, "Алгебра", ())
    seen = Coming(classes, dict([seven, eight, other]), bells, [plan])
    assert fingerprint(replace(seen, hours=dict([other, eight, seven]))) == fingerprint(seen)
    others = [
        replace(seen, classes=[]), replace(seen, hours=dict([seven])), replace(seen, bells=[]), replace(seen, plans=[]),
    ]  # fmt: skip
    assert len({fingerprint(one) for one in (seen, *others)}) == 5
    assert len(fingerprint(seen)) == 64
