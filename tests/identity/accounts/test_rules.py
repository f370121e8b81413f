"""Logins and passwords: pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.accounts import rules as accounts_rules


@pytest.mark.parametrize(
    ("text", "latin"),
    [("Щукина", "shchukina"), ("Łukasz", "lukasz"), ("O'Brien-Смит", "obrien-smit"), ("Ё ж", "ezh"), ("李", "")],
)
def test_logins_are_written_in_latin_letters(text, latin):
    assert accounts_rules.transliterated(text) == latin


@given(st.text(), st.text())
def test_everyone_can_be_given_a_login(username, family_name):
    candidates = accounts_rules.candidates(username, family_name)
    assert len(candidates) >= accounts_rules.CONSIDERED
    assert all(candidate and len(candidate) <= 120 for candidate in candidates)
    assert [accounts_rules.folded(candidate) for candidate in candidates] == candidates


def test_passwords_hold_60_bits_and_no_letter_that_looks_like_another():
    passwords = {accounts_rules.new_password() for _ in range(50)}
    assert len(passwords) == 50
    assert all(len(password) == 14 for password in passwords)
    assert not set("".join(passwords)) & set("01lo")
