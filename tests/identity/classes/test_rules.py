"""Names of classes: pure."""

from datetime import date

import pytest
from uuid_utils.compat import uuid7

from kernel.errors import Conflict, Invalid
from services.identity.classes.rules import (
    KnownGrade,
    Stay,
    check_grade_may_be_said,
    checked_grade,
    grade_of,
    known_grade,
    new_classes,
    since_when,
)


@pytest.mark.parametrize(
    ("stated", "name", "grade"),
    [
        (("08",), "8А", 8),
        ((), "8А", 8),
        ((), "10-Б", 10),
        ((), '1 "В"', 1),
        ((), "Klasa 1", None),
        ((), "1/2", None),
        ((), "8", 8),
        ((), "1 класс", 1),
        ((), "1-й класс", 1),
        ((), "1 й", 1),
        ((), '1 "А"', 1),
        ((), "1-А", 1),
        ((), "1-а класс", 1),
        ((), "7 кадетский", 7),
        ((), "11 «Б» физмат", 11),
        ((), "Клуб робототехники", None),
        ((), "8 9А", None),
        ((), "2026/27", None),
        ((), "1.2", None),
        ((), "", None),
        ((), "13А", None),
        ((), "1st grade", None),
        (("05",), "Klasa 1", 5),
        (("08", "09"), "8А", None),
        (("KG",), "8А", 8),
    ],
)
def test_p01_the_grade_of_a_class_is_stated_or_begins_its_name(stated, name, grade):
    assert grade_of(stated, name) == grade


def test_a_class_is_made_once_however_its_name_is_written():
    given = [("8А", None), ("8 а", 7), (" 10  «Б» ", None), ("Хор", None), ("2-A", 3)]
    assert list(new_classes(given).values()) == [("8А", 8), ("10 «Б»", 10), ("Хор", None), ("2-A", 3)]


def test_a_class_has_a_name():
    with pytest.raises(Invalid) as refused:
        new_classes([("8А", None), ("  ", 7)])
    assert (refused.value.rule, refused.value.field) == ("class-without-name", "classes.1.name")
    assert str(refused.value) == "Name the class."


def test_what_the_import_or_the_name_states_counts_before_what_a_person_said():
    said, several = KnownGrade(5), KnownGrade(None, several=True)
    assert known_grade(6, said) == known_grade(6, several) == KnownGrade(6)
    assert known_grade(None, said) == said
    assert known_grade(None, several) == several
    assert known_grade(None, KnownGrade(None)) == KnownGrade(None)


def test_a_person_says_a_grade_or_that_there_are_several():
    for said in (KnownGrade(1), KnownGrade(None, several=True)):
        assert checked_grade(said) == said
    for both_or_nothing in (KnownGrade(5, several=True), KnownGrade(None)):
        with pytest.raises(Invalid) as refused:
            checked_grade(both_or_nothing)
        assert (refused.value.rule, refused.value.field) == ("grade-or-several", "grade")
        assert str(refused.value) == (
            "Say a grade from 1 to 11, or that the class is of several grades, none of them the first."
        )


def test_a_stated_grade_is_not_changed_by_hand():
    check_grade_may_be_said("Клуб", None)
    with pytest.raises(Conflict) as refused:
        check_grade_may_be_said("7А", 7)
    assert (refused.value.rule, refused.value.params) == ("grade-stated", {"school_class": "7А", "grade": 7})
    assert refused.value.field == "grade"
    assert str(refused.value) == (
        "“7А” is of grade 7: so its name or the imported data say. What is wrong there is "
        "corrected in the school's information system, and imported again."
    )


def test_the_day_since_when_somebody_is_in_a_class_or_in_none_is_known_from_the_times():
    first, second = uuid7(), uuid7()
    early, late = date(2026, 9, 1), date(2026, 11, 9)
    stays = [Stay(first, early, date(2026, 10, 24)), Stay(second, late, None), Stay(first, late, None)]
    assert since_when(first, stays) == late
    assert since_when(first, stays[:2]) == early
    assert since_when(first, stays[1:2]) is None
    assert since_when(None, stays) == date(2026, 10, 25)
    assert since_when(None, stays[1:]) is None
