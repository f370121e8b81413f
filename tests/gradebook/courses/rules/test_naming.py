"""How subjects and courses are called, and what is taken where nobody says it."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from kernel.errors import Conflict, Invalid
from services.gradebook.calendar.rules.year_calendar import GradeWeek
from services.gradebook.courses.rules import hours, making, naming
from services.gradebook.courses.rules.hours import Cell
from services.gradebook.courses.rules.making import Sibling
from services.gradebook.courses.rules.naming import Place
from services.gradebook.courses.rules.teaching import Teaching, shown_teachers, teaches_on
from tests.gradebook.calendar.years import divided
from tests.kit.people import TODAY

SUBJECT, CLASS = uuid4(), uuid4()


def sibling(division: str = "quarters", grade: int | None = 7) -> Sibling:
    return Sibling(uuid4(), SUBJECT, "", "Алгебра 7А", division, grade)


@pytest.mark.parametrize("group", ["Группа 1", "группа  1", "ГРУППА 1"])
def test_a_group_is_the_same_however_it_is_written(group: str) -> None:
    taken = [(Place(SUBJECT, CLASS, "группа 1"), "Английский 7А, группа 1")]
    with pytest.raises(Conflict, match="Английский 7А, группа 1"):
        naming.check_place_is_free(Place(SUBJECT, CLASS, group), taken)
    naming.check_place_is_free(Place(SUBJECT, CLASS, "группа 2"), taken)
    naming.check_place_is_free(Place(uuid4(), CLASS, group), taken)
    naming.check_place_is_free(Place(SUBJECT, None, group), taken)


def test_titles_are_made_of_subject_class_and_group() -> None:
    assert naming.proposed_title("Алгебра", "7А", "") == "Алгебра 7А"
    assert naming.proposed_title("Хор", None, "старшие") == "Хор, старшие"


def test_a_new_course_is_of_the_grade_of_most_of_its_siblings_else_of_the_class() -> None:
    assert making.usual_grade([sibling(grade=8), sibling(grade=8), sibling(grade=7)], 7) == 8
    assert making.usual_grade([sibling(grade=None)], 7) == 7
    assert making.usual_grade([], None) is None


@pytest.mark.parametrize(
    ("divisions", "grade", "taken"),
    [
        ({"quarters", "half-years"}, 9, "quarters"),
        ({"quarters", "half-years"}, 10, "half-years"),
        ({"quarters", "half-years"}, None, "quarters"),
        ({"half-years:2", "trimesters"}, 11, "half-years:2"),
        ({"own"}, 5, "own"),
        (set(), 5, ""),
    ],
)
def test_without_siblings_the_grade_says_the_terms(divisions: set[str], grade: int | None, taken: str) -> None:
    assert making.usual_division([], divided(*divisions), grade) == taken


def test_a_new_course_goes_by_the_terms_of_most_of_its_siblings() -> None:
    known = [sibling("half-years"), sibling("half-years"), sibling("quarters"), sibling("gone"), *[sibling("gone")] * 3]
    assert making.usual_division(known, divided("quarters", "half-years"), 7) == "half-years"
    said = divided("quarters", "trimesters", grades={7: GradeWeek(7, "trimesters", 5)})
    assert making.usual_division([], said, 7) == "trimesters", "the methodologist has said so"


@pytest.mark.parametrize(
    ("text", "weekly"),
    [("2", "2"), ("0.5", "0.5"), ("1,25", "1.25"), ("40", "40"), ("", None), (" ", None), (None, None), ("0", None)],
)
def test_hours_are_read_with_comma_or_point(text: str | None, weekly: str | None) -> None:
    assert hours.hours_a_week(text, "hours") == (None if weekly is None else Decimal(weekly))


@pytest.mark.parametrize("text", ["-1", "41", "40.5", "1.255", "2 ч", "100", "1e1", "½"])
def test_what_is_no_number_of_hours_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        hours.hours_a_week(text, "hours")
    assert refusal.value.field == "hours"


def test_the_sum_of_a_grade_is_that_of_its_subjects() -> None:
    cells = [Cell(SUBJECT, 7, Decimal("0.1")), Cell(CLASS, 7, Decimal("0.2")), Cell(SUBJECT, 5, Decimal(3))]
    assert hours.totals(cells) == {5: Decimal(3), 7: Decimal("0.3")}


def test_whose_time_is_over_is_not_named_as_a_teacher() -> None:
    gone, here, coming = uuid4(), uuid4(), uuid4()
    yesterday, tomorrow = TODAY.fromordinal(TODAY.toordinal() - 1), TODAY.fromordinal(TODAY.toordinal() + 1)
    teachers = [Teaching(gone, None, yesterday), Teaching(here, None, TODAY), Teaching(coming, tomorrow)]
    assert set(shown_teachers(teachers, TODAY)) == {here, coming}
    assert [teaches_on(one.since, one.until, TODAY) for one in teachers] == [False, True, False]
