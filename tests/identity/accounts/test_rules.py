"""Logins and passwords: pure."""

import secrets

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


@pytest.mark.parametrize(
    ("username", "family_name", "base"),
    [
        ("Anna.K", "Щукина", "anna.k"),
        ("", "Щукина", "shchukina"),
        (None, "Щукина", "shchukina"),
        ("李", "Щукина", "shchukina"),
        (None, "李", "user"),
    ],
)
def test_a_login_begins_with_the_user_name_or_else_the_family_name(username, family_name, base, monkeypatch):
    first = [base] if username == "Anna.K" else []
    for number, written in ((0, "10000"), (-1, "99999")):
        monkeypatch.setattr(secrets, "randbelow", lambda below, number=number: number % below)
        expected = [*first, *[base + written] * accounts_rules.CONSIDERED]
        assert accounts_rules.candidates(username, family_name) == expected


def test_passwords_hold_60_bits_and_no_letter_that_looks_like_another():
    passwords = {accounts_rules.new_password() for _ in range(50)}
    assert len(passwords) == 50
    assert all(len(password) == 14 for password in passwords)
    assert not set("".join(passwords)) & set("01lo")
