"""What a class gets of the year before."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.gradebook.next_year.rules import Earlier, classes_to_come, next_class_name, next_grade, with_group_names
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


def test_groups_of_an_import_get_numbers() -> None:
    one, two, other = earlier("Англ. 7А гр1"), earlier("Англ. 7А гр2"), earlier("Хор", group="хор")
    assert [each.group_name for each in with_group_names([one, two, other])] == ["1", "2", "хор"]
    assert [each.group_name for each in with_group_names([one])] == [""]
