"""Names of classes: pure."""

import pytest

from services.identity.classes.rules import grade_of


@pytest.mark.parametrize(
    ("stated", "name", "grade"),
    [
        (("08",), "8А", 8),
        ((), "8А", 8),
        ((), "10-Б", 10),
        ((), '1 "В"', 1),
        ((), "Klasa 1", None),
        ((), "1/2", None),
        ((), "8", None),
        ((), "13А", None),
        ((), "1st grade", None),
        (("05",), "Klasa 1", 5),
        (("08", "09"), "8А", None),
        (("KG",), "8А", 8),
    ],
)
def test_the_grade_of_a_class_is_stated_or_begins_its_name(stated, name, grade):
    assert grade_of(stated, name) == grade
