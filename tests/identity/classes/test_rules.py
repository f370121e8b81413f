"""Names of classes: pure."""

import pytest

from kernel.errors import Invalid
from services.identity.classes.rules import grade_of, new_classes


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
