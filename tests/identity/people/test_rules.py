"""Names and contacts of people: pure."""

import pytest

from kernel.errors import Invalid
from services.identity.people.rules import LONGEST_SEARCH_NAME, check_email, check_phone, full_name, search_name


def test_a_name_is_searched_by_its_folded_form_and_shown_as_it_is_written():
    assert search_name("Королёва", "АННА", "") == "королева анна"
    assert full_name("Королёва", "Анна", "") == "Королёва Анна"
    assert search_name("Королёва", "АННА", "Львовна") == "королева анна львовна"
    assert full_name("Королёва", "Анна", "Львовна") == "Королёва Анна Львовна"


def test_a_folded_name_fits_its_column():
    assert len(search_name("\u0390" * 200, "\u0390" * 200, "\u0390" * 200)) == LONGEST_SEARCH_NAME


@pytest.mark.parametrize("email", ["anna@example.org", "a.b+c@mail.school-5.example.рф", "анна@пример.рф"])
def test_d08_addresses_that_letters_reach(email):
    check_email(email)


@pytest.mark.parametrize("email", ["user@localhost", "user@host.", "user@.org", "user@10.0.0.1", "user@x.o", "абв"])
def test_d08_addresses_that_letters_do_not_reach(email):
    with pytest.raises(Invalid) as refused:
        check_email(email)
    assert (refused.value.rule, refused.value.field) == ("email-unreachable", "email")
    assert str(refused.value) == f"Letters do not reach {email}: an address looks like anna@example.org."


@pytest.mark.parametrize(
    "phone", ["+7 (846) 123-45-67", "88461234567", "2-31-15", "8 927 1234567 доб. 12", "+44 20 7946 0958, ext 5"]
)
def test_d08_telephone_numbers(phone):
    check_phone(phone)


@pytest.mark.parametrize("phone", ["абв", "1234", "+7 900 000-00-00 маме", "+7 +7 900 0000000", "1" * 16, "доб. 12"])
def test_d08_what_is_no_telephone_number(phone):
    with pytest.raises(Invalid) as refused:
        check_phone(phone)
    assert (refused.value.rule, refused.value.field) == ("phone-number", "phone")
    assert str(refused.value) == (
        f"{phone} is no telephone number: write it as +7 846 123-45-67 or +7 846 123-45-67 ext. 12."
    )
