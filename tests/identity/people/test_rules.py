"""Names of people: pure."""

from services.identity.people.rules import folded, full_name


def test_names_are_compared_without_case_spaces_and_dots_of_yo():
    assert folded("  Королёва   АННА ") == "королева анна"
    assert full_name("Королёва", "Анна", "") == "Королёва Анна"
