"""Names of people: pure."""

from services.identity.people.rules import LONGEST_SEARCH_NAME, full_name, search_name


def test_a_name_is_searched_by_its_folded_form_and_shown_as_it_is_written():
    assert search_name("Королёва", "АННА", "") == "королева анна"
    assert full_name("Королёва", "Анна", "") == "Королёва Анна"


def test_a_folded_name_fits_its_column():
    assert len(search_name("\u0390" * 200, "\u0390" * 200, "\u0390" * 200)) == LONGEST_SEARCH_NAME
